//! The JOSE header of a received token (RFC 7515 §4).
//!
//! Owns which members are read, which are refused and which are never looked at. Nothing in a header is believed: it
//! names a key, and the key decides.

use serde_json::{Map, Value};

use crate::strict_json;
use crate::verifier::JwtError;

/// Members that would change how the token is to be read. Whoever ignores them reads another token than was meant.
///
/// `crit`: RFC 7515 §4.1.11, and we implement no extension. `b64`: RFC 7797. `zip`: RFC 7516 §4.1.3.
const REFUSED: [&str; 3] = ["crit", "b64", "zip"];

/// What we read of a header. `jwk`, `jku`, `x5u` and `x5c` are not here, so no code can trust a key that came with
/// the token (RFC 8725 §3.10).
pub(crate) struct JoseHeader {
    pub(crate) alg: String,
    pub(crate) typ: Option<String>,
    pub(crate) kid: Option<String>,
    pub(crate) x5t: Option<String>,
    pub(crate) x5t_s256: Option<String>,
}

/// How a header names its key.
#[derive(Clone, Copy)]
pub(crate) enum KeyHint<'header> {
    Kid(&'header str),
    X5t(&'header str),
    X5tS256(&'header str),
}

impl JoseHeader {
    pub(crate) fn parse(bytes: &[u8]) -> Result<Self, JwtError> {
        let mut members = strict_json::parse_object(bytes).map_err(JwtError::Header)?;
        if let Some(refused) = REFUSED.into_iter().find(|name| members.contains_key(*name)) {
            return Err(JwtError::UnsupportedHeader(refused));
        }
        Ok(Self {
            alg: text(&mut members, "alg")?.ok_or(JwtError::HeaderMember("alg"))?,
            typ: text(&mut members, "typ")?,
            kid: text(&mut members, "kid")?,
            x5t: text(&mut members, "x5t")?,
            x5t_s256: text(&mut members, "x5t#S256")?,
        })
    }

    /// The strongest name that the header gives its key: `kid`, then the thumbprints that client libraries send
    /// instead.
    pub(crate) fn key_hint(&self) -> Option<KeyHint<'_>> {
        let kid = self.kid.as_deref().map(KeyHint::Kid);
        let x5t_s256 = || self.x5t_s256.as_deref().map(KeyHint::X5tS256);
        let x5t = || self.x5t.as_deref().map(KeyHint::X5t);
        kid.or_else(x5t_s256).or_else(x5t)
    }
}

fn text(members: &mut Map<String, Value>, name: &'static str) -> Result<Option<String>, JwtError> {
    match members.remove(name) {
        None => Ok(None),
        Some(Value::String(text)) => Ok(Some(text)),
        Some(_) => Err(JwtError::HeaderMember(name)),
    }
}
