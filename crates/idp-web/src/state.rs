//! What every request needs of a node. Nothing in it would be missed by another node.

use std::sync::Arc;

use idp_domain::clock::Clock;
use idp_domain::keys::KeyRing;
use idp_domain::randomness::Randomness;
use idp_domain::sealed::Sealer;
use idp_domain::store::Store;
use idp_domain::tokens::{AccessTokenLifetime, Mint};
use jiff::Timestamp;

use crate::back_channel::BackChannel;
use crate::graph_address::GraphAddress;
use crate::limits::Limits;
use crate::outbound::IssuerKeys;
use crate::passwords::PasswordPool;

/// The state of a node.
pub struct App {
    /// The store.
    pub store: Arc<dyn Store>,
    /// The signing keys, parsed.
    pub keys: KeyRing,
    /// Seals what travels.
    pub sealer: Sealer,
    /// Where slow hashing runs.
    pub passwords: PasswordPool,
    /// The public origin. Configuration; never the `Host` header (AZ-48).
    pub origin: Origin,
    /// Where Graph is reached.
    pub graph: GraphAddress,
    /// The keys of other issuers, by the one client for requests to elsewhere.
    pub issuers: IssuerKeys,
    /// Whoever is to be told that a session ended, by the same client.
    pub back_channel: BackChannel,
    /// How long access tokens live.
    pub lifetime: AccessTokenLifetime,
    /// How often strangers may ask.
    pub limits: Limits,
    /// The clock.
    pub clock: Box<dyn Clock>,
    /// Randomness.
    pub random: Box<dyn Randomness>,
}

/// The state as handlers take it.
pub type Shared = Arc<App>;

impl App {
    /// Now.
    pub fn now(&self) -> Timestamp {
        self.clock.now()
    }

    /// Where Graph is: what stands before `/v1.0` in its addresses.
    pub fn graph(&self) -> &str {
        self.graph.base()
    }

    /// What issuing needs.
    pub fn mint(&self) -> Mint<'_> {
        Mint {
            keys: &self.keys,
            sealer: &self.sealer,
            origin: self.origin.as_str(),
            graph: self.graph.base(),
            lifetime: self.lifetime,
            random: &*self.random,
        }
    }
}

/// The public origin: scheme, host and port under which clients reach this server.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Origin {
    text: String,
    authority_at: usize,
}

/// The text is not an origin.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "'{0}' is not an origin: write it like https://login.example.org or https://localhost:8443, without a path"
)]
pub struct NotAnOrigin(String);

impl Origin {
    /// Reads an `https` origin without a trailing slash. MSAL takes nothing but `https`.
    pub fn parse(text: &str) -> Result<Self, NotAnOrigin> {
        let refuse = || NotAnOrigin(text.to_owned());
        let uri: http::Uri = text.parse().map_err(|_| refuse())?;
        let host = uri.host().filter(|host| !host.is_empty()).ok_or_else(refuse)?;
        let canonical = match uri.port_u16() {
            Some(port) if port != 443 => format!("https://{}:{port}", host.to_ascii_lowercase()),
            _ => format!("https://{}", host.to_ascii_lowercase()),
        };
        let written = text.strip_suffix('/').unwrap_or(text);
        let same = written.eq_ignore_ascii_case(&canonical)
            || written.eq_ignore_ascii_case(&format!("{canonical}:443"));
        if same { Ok(Self { text: canonical, authority_at: "https://".len() }) } else { Err(refuse()) }
    }

    /// `https://host[:port]`
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// `host[:port]`
    pub fn authority(&self) -> &str {
        &self.text[self.authority_at..]
    }

    /// `host`
    pub fn host(&self) -> &str {
        let authority = self.authority();
        match authority.rsplit_once(':') {
            Some((host, port)) if port.bytes().all(|b| b.is_ascii_digit()) => host,
            _ => authority,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn az_48_the_origin_is_an_https_origin_and_nothing_more() {
        assert_eq!(
            Origin::parse("https://Login.Example.org/").unwrap().as_str(),
            "https://login.example.org"
        );
        let local = Origin::parse("https://localhost:8443").unwrap();
        assert_eq!((local.authority(), local.host()), ("localhost:8443", "localhost"));
        assert_eq!(Origin::parse("https://a.example:443").unwrap().as_str(), "https://a.example");
        for text in [
            "http://a.example",
            "https://a.example/x",
            "https://u@a.example",
            "a.example",
            "",
            "https://",
            "https://a.example?x",
        ] {
            assert!(Origin::parse(text).is_err(), "{text}");
        }
    }
}
