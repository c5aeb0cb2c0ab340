//! How many client secrets and passwords may be wrong, before no more of them are looked at.
//!
//! Client secrets are counted for an application at an address (CA-09): whoever guesses the secret of an application from
//! elsewhere does not lock it out.
//!
//! Passwords are counted at an address, and everywhere together (LG-06): whoever tries one password at a thousand accounts
//! fails at each but once, so that no account is locked. Browsers that are familiar with the account they sign in to are
//! left out of it all: for them the lockout of the account is enough, and no stranger keeps them out.

use std::net::IpAddr;

use jiff::{SignedDuration, Timestamp};
use vestibule_wire::ids::ClientId;

use super::allowances::Allowances;
use super::tally::Tally;
use super::{Limits, Network, TooOften};

const WINDOW: SignedDuration = SignedDuration::from_mins(10);

/// Failures of late.
pub(super) struct Failures {
    secrets: Tally<(ClientId, Network)>,
    passwords: Tally<Network>,
    passwords_of_all: Tally<()>,
}

impl Failures {
    pub(super) fn new(allowances: &Allowances) -> Self {
        Self {
            secrets: Tally::new(allowances.wrong_secrets, WINDOW),
            passwords: Tally::new(allowances.wrong_passwords, WINDOW),
            passwords_of_all: Tally::new(allowances.wrong_passwords_of_all, WINDOW),
        }
    }

    pub(super) fn forget_idle(&self, now: Timestamp) {
        self.secrets.forget_idle(now);
        self.passwords.forget_idle(now);
        self.passwords_of_all.forget_idle(now);
    }
}

impl Limits {
    /// Whether a secret for this application is looked at, from this address.
    pub fn may_show_secret(
        &self,
        client: ClientId,
        address: Option<IpAddr>,
        now: Timestamp,
    ) -> Result<(), TooOften> {
        let Some(network) = self.network(address) else { return Ok(()) };
        self.failures.secrets.look(&(client, network), now).map_err(|used_up| used_up.seen_at(now))
    }

    /// The secret was wrong.
    pub fn secret_was_wrong(&self, client: ClientId, address: Option<IpAddr>, now: Timestamp) {
        if let Some(network) = self.network(address) {
            self.failures.secrets.count((client, network), now);
        }
    }

    /// Whether it is to be put on record that no more secrets are looked at: once in their time.
    pub fn secrets_are_news(&self, client: ClientId, address: Option<IpAddr>, now: Timestamp) -> bool {
        self.network(address).is_some_and(|network| self.failures.secrets.is_news(&(client, network), now))
    }

    /// Whether a password is looked at, from this address.
    pub fn may_try_password(&self, address: Option<IpAddr>, now: Timestamp) -> Result<(), TooOften> {
        if let Some(network) = self.network(address) {
            self.failures.passwords.look(&network, now).map_err(|used_up| used_up.seen_at(now))?;
        }
        self.failures.passwords_of_all.look(&(), now).map_err(|used_up| used_up.seen_at(now))
    }

    /// The password was wrong, or of nobody, or there were too many for its account.
    pub fn password_was_wrong(&self, address: Option<IpAddr>, now: Timestamp) {
        if let Some(network) = self.network(address) {
            self.failures.passwords.count(network, now);
        }
        self.failures.passwords_of_all.count((), now);
    }

    /// Whether it is to be put on record that no more passwords are looked at: once in their time for an address, and once
    /// for all.
    pub fn passwords_are_news(&self, address: Option<IpAddr>, now: Timestamp) -> bool {
        let of_address =
            self.network(address).is_some_and(|network| self.failures.passwords.is_news(&network, now));
        of_address || self.failures.passwords_of_all.is_news(&(), now)
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use idp_domain::clock::Clock;

    use super::super::Addresses;
    use super::*;

    const NOW: Timestamp = Timestamp::UNIX_EPOCH;

    struct Standing;

    impl Clock for Standing {
        fn now(&self) -> Timestamp {
            NOW
        }
    }

    fn limits(addresses: Addresses) -> Limits {
        let clock: Arc<dyn Clock> = Arc::new(Standing);
        Limits::new(addresses, &clock)
    }

    fn address(n: u32) -> Option<IpAddr> {
        Some(std::net::Ipv4Addr::from(0x0a00_0000 + n).into())
    }

    fn after(minutes: i64) -> Timestamp {
        Timestamp::from_second(minutes * 60).unwrap()
    }

    fn client(n: u128) -> ClientId {
        ClientId::from_u128(n)
    }

    #[test]
    fn ca_09_of_a_thousand_secrets_twenty_are_looked_at_and_nobody_elsewhere_is_locked_out() {
        let limits = limits(Addresses::Apart);
        let mut looked_at = 0;
        let mut news = 0;
        for _ in 0..1000 {
            if limits.may_show_secret(client(1), address(1), NOW).is_ok() {
                looked_at += 1;
                limits.secret_was_wrong(client(1), address(1), NOW);
            } else {
                news += u32::from(limits.secrets_are_news(client(1), address(1), NOW));
            }
        }
        assert_eq!((looked_at, news), (20, 1));
        let wait = limits.may_show_secret(client(1), address(1), NOW);
        assert_eq!(wait, Err(TooOften { retry_after: 600 }));
        assert!(limits.may_show_secret(client(1), address(2), NOW).is_ok(), "the client itself, elsewhere");
        assert!(limits.may_show_secret(client(2), address(1), NOW).is_ok(), "another client, there");
        assert!(limits.may_show_secret(client(1), address(1), after(10)).is_ok());
    }

    #[test]
    fn ca_09_behind_a_proxy_nobody_locks_a_client_out_with_wrong_secrets() {
        let limits = limits(Addresses::Shared);
        for _ in 0..1000 {
            limits.secret_was_wrong(client(1), address(1), NOW);
        }
        assert!(limits.may_show_secret(client(1), address(1), NOW).is_ok());
        assert!(!limits.secrets_are_news(client(1), address(1), NOW));
    }

    /// One password at a thousand accounts, from so many addresses: how many are looked at, and how often it is news.
    fn spray(limits: &Limits, addresses: u32) -> (u32, u32) {
        let (mut looked_at, mut news) = (0, 0);
        for n in 0..1000 {
            let from = address(n % addresses);
            if limits.may_try_password(from, NOW).is_ok() {
                looked_at += 1;
                limits.password_was_wrong(from, NOW);
            } else {
                news += u32::from(limits.passwords_are_news(from, NOW));
            }
        }
        (looked_at, news)
    }

    #[test]
    fn lg_06_one_password_at_a_thousand_accounts_is_not_looked_at_for_all_of_them() {
        let apart = limits(Addresses::Apart);
        assert_eq!(spray(&apart, 1), (100, 1), "from one address");
        assert!(apart.may_try_password(address(2), NOW).is_ok(), "another address");
        assert!(apart.may_try_password(address(0), after(10)).is_ok());
        assert_eq!(spray(&limits(Addresses::Apart), 200), (500, 1), "from two hundred");
        assert_eq!(spray(&limits(Addresses::Shared), 200), (500, 1), "behind a proxy");
    }
}
