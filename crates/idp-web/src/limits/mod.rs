//! Limits on how often it may be asked, and on how often somebody may be wrong.
//!
//! | What | Who is counted | Where it is asked |
//! |---|---|---|
//! | requests | an address, by the kind of endpoint ([`endpoint`]) | one layer around all routes |
//! | requests of applications, requests to Graph | an application, a principal | where it is known who that is |
//! | user codes ([`guesses`]) | a browser, an address, everybody | where a code is looked up |
//! | client secrets, passwords ([`failures`]) | an application at an address; an address, everybody | where they are checked |
//! | the same request again (AZ-54) | a session, a family of refresh tokens | where it would be answered without a person |
//!
//! How many of each is one table, [`allowances`]. Each node counts for itself, in memory and bounded: an anonymous visitor
//! stores nothing. What must hold whatever happens, such as the lockout of an account, is counted in the store.

mod allowances;
mod endpoint;
mod failures;
mod guesses;
mod rate;
mod tally;

use std::net::{IpAddr, Ipv6Addr};
use std::sync::Arc;

use axum::body::Body;
use http::Response;
use http::header::{HeaderValue, RETRY_AFTER};
use idp_domain::clock::Clock;
use jiff::{SignedDuration, Timestamp};
use uuid::Uuid;
use vestibule_wire::aadsts::Aadsts;
use vestibule_wire::ids::{ClientId, TenantId};

use crate::answer;
use crate::request::RequestInfo;
use crate::show::{self, Context};
use crate::state::App;

pub use allowances::{Allowance, Allowances, Row};
pub use endpoint::{Asker, Endpoint};
pub use guesses::{Guess, TooManyGuesses};

use failures::Failures;
use guesses::Guesses;
use rate::Rate;
use tally::Tally;

/// Whether clients can be told apart by their addresses.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Addresses {
    /// They can: each is limited.
    #[default]
    Apart,
    /// They cannot: all have that of a proxy in front, or all are this machine. None is limited.
    Shared,
}

/// The limits of a node.
pub struct Limits {
    addresses: Addresses,
    of_addresses: OfAddresses,
    client_tokens: Rate<ClientId>,
    client_device_codes: Rate<ClientId>,
    graph_principals: Rate<(TenantId, ClientId, Uuid)>,
    same_requests: Tally<[u8; 32]>,
    failures: Failures,
    guesses: Guesses,
}

/// What an address has left of each kind.
struct OfAddresses {
    documents: Rate<Network>,
    pages: Rate<Network>,
    sign_in: Rate<Network>,
    tokens: Rate<Network>,
    device_codes: Rate<Network>,
    device_entry: Rate<Network>,
    graph: Rate<Network>,
}

/// It was too often. When it is worth trying again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TooOften {
    /// Seconds; at least one.
    pub retry_after: u64,
}

/// The same was asked again and again: whoever asks does not look at the answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Looping;

/// What one customer of a network has: an IPv4 address, or the first 64 bits of an IPv6 address.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct Network(IpAddr);

impl Limits {
    /// Nobody has asked yet, and everybody may as often as the table says.
    pub fn new(addresses: Addresses, clock: &Arc<dyn Clock>) -> Self {
        Self::allowing(&Allowances::default(), addresses, clock)
    }

    /// Nobody has asked yet.
    pub fn allowing(allowances: &Allowances, addresses: Addresses, clock: &Arc<dyn Clock>) -> Self {
        Self {
            addresses,
            of_addresses: OfAddresses::new(allowances, clock),
            client_tokens: Rate::per_minute(allowances.client_tokens, clock),
            client_device_codes: Rate::per_minute(allowances.client_device_codes, clock),
            graph_principals: Rate::per_minute(allowances.graph_principal, clock),
            same_requests: Tally::new(allowances.same_request, SignedDuration::from_mins(1)),
            failures: Failures::new(allowances),
            guesses: Guesses::default(),
        }
    }

    /// An address asks at an endpoint. Asked of every request, by the layer around all routes.
    pub fn by_address(&self, endpoint: Endpoint, address: Option<IpAddr>) -> Result<(), TooOften> {
        match self.network(address) {
            Some(network) => self.of_addresses.rate(endpoint).check(&network),
            None => Ok(()),
        }
    }

    /// An application that has proved who it is asks for tokens, from wherever.
    pub fn tokens_by_client(&self, client: ClientId) -> Result<(), TooOften> {
        self.client_tokens.check(&client)
    }

    /// An application asks for device codes, whoever uses it. For applications that exist: there are only so many of
    /// those.
    pub fn device_codes_by_client(&self, client: ClientId) -> Result<(), TooOften> {
        self.client_device_codes.check(&client)
    }

    /// A person, or an application by itself, asks Graph through an application (GA-18). `principal` is an object of the
    /// tenant.
    pub fn graph_by_principal(
        &self,
        tenant: TenantId,
        client: ClientId,
        principal: Uuid,
    ) -> Result<(), TooOften> {
        self.graph_principals.check(&(tenant, client, principal))
    }

    /// A request that nobody has to be asked about is made. `request` is a hash of whose it is and of everything in it that
    /// stays the same when a program asks again in a loop (AZ-54).
    pub fn same_request(&self, request: [u8; 32], now: Timestamp) -> Result<(), Looping> {
        self.same_requests.take(request, now).map_err(|_| Looping)
    }

    /// Somebody guesses a user code. It counts as wrong until it is said to have been right.
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
        self.client_tokens.forget_idle();
        self.client_device_codes.forget_idle();
        self.graph_principals.forget_idle();
        self.same_requests.forget_idle(now);
        self.failures.forget_idle(now);
        self.guesses.forget_idle(now);
    }

    fn network(&self, address: Option<IpAddr>) -> Option<Network> {
        address.filter(|_| self.addresses == Addresses::Apart).map(Network::of)
    }
}

impl OfAddresses {
    fn new(allowances: &Allowances, clock: &Arc<dyn Clock>) -> Self {
        let rate = |allowance| Rate::per_minute(allowance, clock);
        Self {
            documents: rate(allowances.documents),
            pages: rate(allowances.pages),
            sign_in: rate(allowances.sign_in),
            tokens: rate(allowances.tokens),
            device_codes: rate(allowances.device_codes),
            device_entry: rate(allowances.device_entry),
            graph: rate(allowances.graph),
        }
    }

    const fn rate(&self, endpoint: Endpoint) -> &Rate<Network> {
        match endpoint {
            Endpoint::Documents => &self.documents,
            Endpoint::Pages => &self.pages,
            Endpoint::SignIn => &self.sign_in,
            Endpoint::Tokens => &self.tokens,
            Endpoint::DeviceCodes => &self.device_codes,
            Endpoint::DeviceEntry => &self.device_entry,
            Endpoint::Graph => &self.graph,
        }
    }

    fn forget_idle(&self) {
        let Self { documents, pages, sign_in, tokens, device_codes, device_entry, graph } = self;
        for rate in [documents, pages, sign_in, tokens, device_codes, device_entry, graph] {
            rate.forget_idle();
        }
    }
}

impl TooOften {
    /// Says in an answer when it is worth asking again. MSAL takes whole seconds only.
    pub fn tell(self, response: &mut Response<Body>) {
        response.headers_mut().insert(RETRY_AFTER, HeaderValue::from(self.retry_after));
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

/// "Not now" for a program, with the number of seconds after which it is worth asking again.
pub fn refuse(app: &App, info: &RequestInfo, too_often: TooOften) -> Response<Body> {
    let mut response = answer::error(app, &Aadsts::TooManyRequests.bare(), info);
    too_often.tell(&mut response);
    response
}

/// The same for a person.
pub fn refuse_on_page(
    app: &App,
    info: &RequestInfo,
    too_often: TooOften,
    context: Context,
) -> Response<Body> {
    let mut response = show::error(app, info, &Aadsts::TooManyRequests.bare(), context);
    too_often.tell(&mut response);
    response
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicI64, Ordering};

    use super::*;

    #[derive(Default)]
    struct Hand(AtomicI64);

    impl Clock for Hand {
        fn now(&self) -> Timestamp {
            Timestamp::from_second(self.0.load(Ordering::SeqCst)).unwrap()
        }
    }

    /// How often an address may ask for device codes.
    const OF_ONE: u32 = 60;

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
        let ask = |of: &str| limits.by_address(Endpoint::DeviceCodes, address(of));
        for _ in 0..OF_ONE {
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
        let ask = |of: String| limits.by_address(Endpoint::DeviceCodes, address(&of));
        for n in 0..OF_ONE {
            assert_eq!(ask(format!("2001:db8:1:2::{n:x}")), Ok(()));
        }
        assert!(ask("2001:db8:1:2:ffff::1".into()).is_err());
        assert!(ask("2001:db8:1:3::1".into()).is_ok());
    }

    #[test]
    fn dc_14_an_application_is_limited_wherever_its_users_are() {
        let (limits, _) = limits(Addresses::Shared);
        let ask = |client| limits.device_codes_by_client(ClientId::from_u128(client));
        for _ in 0..600 {
            assert_eq!(ask(1), Ok(()));
        }
        assert!(ask(1).is_err() && ask(2).is_ok());
    }

    #[test]
    fn behind_a_proxy_no_address_is_limited() {
        let (limits, _) = limits(Addresses::Shared);
        for _ in 0..OF_ONE * 2 {
            assert_eq!(limits.by_address(Endpoint::DeviceEntry, address("192.0.2.1")), Ok(()));
        }
    }

    #[test]
    fn az_54_the_eleventh_time_within_a_minute_is_a_loop_and_another_request_is_not() {
        let (limits, _) = limits(Addresses::Shared);
        let at = |second| Timestamp::from_second(second).unwrap();
        for second in 0..10 {
            assert_eq!(limits.same_request([1; 32], at(second)), Ok(()));
        }
        assert_eq!(limits.same_request([1; 32], at(59)), Err(Looping));
        assert_eq!(limits.same_request([2; 32], at(59)), Ok(()));
        assert_eq!(limits.same_request([1; 32], at(60)), Ok(()));
    }

    #[test]
    fn ga_18_a_principal_is_limited_through_each_application_for_itself() {
        let hand: Arc<dyn Clock> = Arc::new(Hand::default());
        let few = Allowances { graph_principal: std::num::NonZeroU32::new(2), ..Allowances::none() };
        let limits = Limits::allowing(&few, Addresses::Shared, &hand);
        let ask = |client, principal| {
            let client = ClientId::from_u128(client);
            limits.graph_by_principal(TenantId::from_u128(1), client, Uuid::from_u128(principal))
        };
        assert!(ask(1, 1).is_ok() && ask(1, 1).is_ok());
        assert_eq!(ask(1, 1), Err(TooOften { retry_after: 30 }));
        assert!(ask(1, 2).is_ok() && ask(2, 1).is_ok());
    }
}
