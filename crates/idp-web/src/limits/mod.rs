//! Limits on what asks for no credentials: how often an address and an application may ask ([`rate`]), and how many codes a
//! browser and an address may guess ([`guesses`]).
//!
//! Each node counts for itself, in memory and bounded: an anonymous visitor stores nothing. What must hold whatever
//! happens, such as the lockout of an account, is counted in the store.

mod guesses;
mod rate;

use std::net::{IpAddr, Ipv6Addr};
use std::sync::Arc;

use axum::body::Body;
use http::Response;
use http::header::{HeaderValue, RETRY_AFTER};
use idp_domain::clock::Clock;
use jiff::Timestamp;
use vestibule_wire::aadsts::Aadsts;
use vestibule_wire::ids::ClientId;

use crate::answer;
use crate::request::RequestInfo;
use crate::show::{self, Context};
use crate::state::App;

pub use guesses::{Guess, TooManyGuesses};

use guesses::Guesses;
use rate::Rate;

/// How often one address may ask one endpoint, a minute. People behind one address share it.
const PER_ADDRESS: u32 = 60;
/// How often all users of one application may ask one endpoint, a minute.
const PER_CLIENT: u32 = 600;

/// Whether clients can be told apart by their addresses.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Addresses {
    /// They can: each is limited.
    #[default]
    Apart,
    /// They cannot: all have that of a proxy in front, or all are this machine. None is limited.
    Shared,
}

/// What is limited.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Endpoint {
    /// Where devices ask for codes.
    DeviceAuthorization,
    /// Where people type them.
    DeviceEntry,
}

/// The limits of a node.
pub struct Limits {
    addresses: Addresses,
    of_addresses: Rate<(Endpoint, Network)>,
    of_clients: Rate<(Endpoint, ClientId)>,
    guesses: Guesses,
}

/// It was too often. When it is worth trying again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TooOften {
    /// Seconds; at least one.
    pub retry_after: u64,
}

/// What one customer of a network has: an IPv4 address, or the first 64 bits of an IPv6 address.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct Network(IpAddr);

impl Limits {
    /// Nobody has asked yet.
    pub fn new(addresses: Addresses, clock: &Arc<dyn Clock>) -> Self {
        Self {
            addresses,
            of_addresses: Rate::per_minute(PER_ADDRESS, clock),
            of_clients: Rate::per_minute(PER_CLIENT, clock),
            guesses: Guesses::default(),
        }
    }

    /// An address asks.
    pub fn by_address(&self, endpoint: Endpoint, address: Option<IpAddr>) -> Result<(), TooOften> {
        match self.network(address) {
            Some(network) => self.of_addresses.check(&(endpoint, network)),
            None => Ok(()),
        }
    }

    /// An application asks, whoever uses it. For applications that exist: there are only so many of those.
    pub fn by_client(&self, endpoint: Endpoint, client: ClientId) -> Result<(), TooOften> {
        self.of_clients.check(&(endpoint, client))
    }

    /// Somebody guesses a code. It counts as wrong until it is said to have been right.
    pub fn guess(
        &self,
        browser: [u8; 32],
        address: Option<IpAddr>,
        now: Timestamp,
    ) -> Result<Guess<'_>, TooManyGuesses> {
        self.guesses.guess(browser, self.network(address), now)
    }

    /// Forgets whoever has not asked for so long that it makes no difference.
    pub fn forget_idle(&self, now: Timestamp) {
        self.of_addresses.forget_idle();
        self.of_clients.forget_idle();
        self.guesses.forget_idle(now);
    }

    fn network(&self, address: Option<IpAddr>) -> Option<Network> {
        address.filter(|_| self.addresses == Addresses::Apart).map(Network::of)
    }
}

impl Network {
    fn of(address: IpAddr) -> Self {
        match address {
            IpAddr::V4(_) => Self(address),
            IpAddr::V6(address) => {
                let [a, b, c, d, ..] = address.segments();
                Self(Ipv6Addr::new(a, b, c, d, 0, 0, 0, 0).into())
            }
        }
    }
}

/// Whether two addresses are one customer's, as far as can be told.
pub fn are_neighbours(one: IpAddr, other: IpAddr) -> bool {
    Network::of(one) == Network::of(other)
}

/// "Not now" for a program, with the number of seconds after which it is worth asking again. MSAL takes whole seconds only.
pub fn refuse(app: &App, info: &RequestInfo, too_often: TooOften) -> Response<Body> {
    when(answer::error(app, &Aadsts::TooManyRequests.bare(), info), too_often)
}

/// The same for a person.
pub fn refuse_on_page(
    app: &App,
    info: &RequestInfo,
    too_often: TooOften,
    context: Context,
) -> Response<Body> {
    when(show::error(app, info, &Aadsts::TooManyRequests.bare(), context), too_often)
}

fn when(mut response: Response<Body>, too_often: TooOften) -> Response<Body> {
    response.headers_mut().insert(RETRY_AFTER, HeaderValue::from(too_often.retry_after));
    response
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::atomic::{AtomicI64, Ordering};

    #[derive(Default)]
    struct Hand(AtomicI64);

    impl Clock for Hand {
        fn now(&self) -> Timestamp {
            Timestamp::from_second(self.0.load(Ordering::SeqCst)).unwrap()
        }
    }

    fn limits(addresses: Addresses) -> (Limits, Arc<Hand>) {
        let hand = Arc::new(Hand::default());
        let clock: Arc<dyn Clock> = hand.clone();
        (Limits::new(addresses, &clock), hand)
    }

    fn address(text: &str) -> Option<IpAddr> {
        Some(text.parse().unwrap())
    }

    #[test]
    fn dc_14_an_address_may_ask_so_often_a_minute_and_is_told_when_again() {
        let (limits, hand) = limits(Addresses::Apart);
        let ask = |of: &str| limits.by_address(Endpoint::DeviceAuthorization, address(of));
        for _ in 0..PER_ADDRESS {
            assert_eq!(ask("192.0.2.1"), Ok(()));
        }
        assert_eq!(ask("192.0.2.1"), Err(TooOften { retry_after: 1 }));
        assert_eq!(ask("192.0.2.2"), Ok(()), "its neighbour is not concerned");
        assert_eq!(
            limits.by_address(Endpoint::DeviceEntry, address("192.0.2.1")),
            Ok(()),
            "nor another endpoint"
        );
        hand.0.fetch_add(1, Ordering::SeqCst);
        assert_eq!(ask("192.0.2.1"), Ok(()));
        assert!(ask("192.0.2.1").is_err());
    }

    #[test]
    fn dc_14_a_customer_with_many_addresses_of_version_6_is_one_customer() {
        let (limits, _) = limits(Addresses::Apart);
        let ask = |of: String| limits.by_address(Endpoint::DeviceAuthorization, address(&of));
        for n in 0..PER_ADDRESS {
            assert_eq!(ask(format!("2001:db8:1:2::{n:x}")), Ok(()));
        }
        assert!(ask("2001:db8:1:2:ffff::1".into()).is_err());
        assert!(ask("2001:db8:1:3::1".into()).is_ok());
    }

    #[test]
    fn dc_14_an_application_is_limited_wherever_its_users_are() {
        let (limits, _) = limits(Addresses::Shared);
        let ask = |client| limits.by_client(Endpoint::DeviceAuthorization, ClientId::from_u128(client));
        for _ in 0..PER_CLIENT {
            assert_eq!(ask(1), Ok(()));
        }
        assert!(ask(1).is_err() && ask(2).is_ok());
    }

    #[test]
    fn behind_a_proxy_no_address_is_limited() {
        let (limits, _) = limits(Addresses::Shared);
        for _ in 0..PER_ADDRESS * 2 {
            assert_eq!(limits.by_address(Endpoint::DeviceEntry, address("192.0.2.1")), Ok(()));
        }
    }
}
