//! Logout tokens (OpenID Connect Back-Channel Logout 1.0 §2.4): the same in both dialects but for the issuer.

use serde::{Serialize, Serializer, ser::SerializeMap as _};

use crate::ids::{ClientId, SessionId};

/// The member of `events` that makes a token a logout token.
pub const EVENT: &str = "http://schemas.openid.net/event/backchannel-logout";

/// What an application is told when a session ended that it was used with. It has no `nonce`, which would make an ID token
/// of it (§2.4).
#[derive(Debug, Serialize)]
pub struct LogoutToken<'a> {
    /// The application.
    pub aud: ClientId,
    /// The issuer of its ID tokens.
    pub iss: &'a str,
    /// Issued at.
    pub iat: i64,
    /// Expires: after two minutes.
    pub exp: i64,
    /// What happened: the session ended, and there is nothing to add to that.
    pub events: Ended,
    /// The token's id, by which an application knows it again. The same in every attempt to tell.
    pub jti: &'a str,
    /// The session, as its ID tokens name it.
    pub sid: SessionId,
    /// The user, as its ID tokens name them.
    pub sub: &'a str,
}

/// `{"http://schemas.openid.net/event/backchannel-logout": {}}`
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Ended;

impl Serialize for Ended {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut events = serializer.serialize_map(Some(1))?;
        events.serialize_entry(EVENT, &serde_json::Map::new())?;
        events.end()
    }
}
