//! Client assertions (RFC 7523 §2.2) as real clients write them.
//!
//! Every other token has one acceptable spelling here. Assertions have several, because the libraries that write them
//! were never held to one, and they are in use as they are:
//!
//! | what is forgiven | who does it |
//! |---|---|
//! | `=` at the end of the three segments | azure-identity for Python, asynchronous |
//! | `=` at the end of `x5t` and `x5t#S256` | MSAL Python, azure-identity, ADAL Python |
//! | `x5t` and `x5t#S256` in standard base64 | MSAL Go, MSAL Java |
//! | the thumbprint in hexadecimal or base64url as `kid` | older programs |
//! | a fraction in `exp`, `nbf` and `iat` | MSAL Python |
//! | `exp`, `nbf` and `iat` as strings of digits | MSAL.NET |
//! | no `iat`, no `nbf`, no `typ` | ADAL, MSAL Go, MSAL Java and others |
//! | `x5c` of any kind, with line breaks in it | MSAL Python, MSAL.NET; nobody looks at it |
//!
//! Nothing is forgiven that decides whom to believe: three segments, one JSON object without duplicates each, no `crit`,
//! `b64` or `zip`, RS256 or PS256, and the key of a certificate that the caller chose to trust ([`CertificateKey`]). How a
//! text is spelled does not change what was signed: the signature is over the segments as they came.
//!
//! ```text
//! &str ── ClientAssertion::read ──▶ ClientAssertion ── CertificateKey::verify ──▶ VerifiedAssertion
//!         form, JSON, types         claims nobody       key, alg, typ,             claims of whoever
//!                                   vouches for         signature                  holds the key
//! ```
//!
//! Owns no rule about the values of claims and reads no clock.

mod certificate_key;
mod lenient;

use serde_json::{Map, Value};

pub use certificate_key::{CertificateKey, NotVerified};

use crate::claims::ClaimError;
use crate::header::JoseHeader;
use crate::strict_json;
use crate::verifier::{JwtError, Segment};
use lenient::Thumbprint;

/// Why a text is no client assertion. Carries nothing of the text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum MalformedAssertion {
    /// Not a compact JWS, or not of JSON objects.
    #[error(transparent)]
    Jwt(#[from] JwtError),
    /// A claim is missing or of the wrong type.
    #[error(transparent)]
    Claim(#[from] ClaimError),
}

/// What an assertion says. Times are whole seconds since 1970-01-01T00:00:00Z.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AssertionClaims {
    /// `iss`
    pub issuer: String,
    /// `sub`
    pub subject: String,
    /// `aud`
    pub audience: AssertionAudience,
    /// `exp`
    pub expires_at: i64,
    /// `nbf`
    pub not_before: Option<i64>,
    /// `iat`
    pub issued_at: Option<i64>,
    /// `jti`
    pub id: Option<String>,
}

/// `aud` (RFC 7519 §4.1.3), in the form it was sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum AssertionAudience {
    /// A string.
    One(String),
    /// An array of strings, be it of one.
    List(Vec<String>),
}

/// An assertion that could be read. Nobody vouches for what it says: `Debug` shows none of it.
pub struct ClientAssertion {
    text: Box<str>,
    /// How much of the text was signed.
    signed: usize,
    signature: Box<[u8]>,
    algorithm: String,
    typ: Option<String>,
    thumbprint: Option<Thumbprint>,
    claims: AssertionClaims,
}

impl ClientAssertion {
    /// The longest assertion that is looked at, in bytes. A chain of certificates in `x5c` makes them long.
    pub const MAX_BYTES: usize = 16 * 1024;

    /// Reads an assertion.
    ///
    /// # Errors
    /// [`MalformedAssertion`]. That `alg` is not acceptable, or no key is named, shows when it is verified.
    ///
    /// ```
    /// use vestibule_jose::client_assertion::{ClientAssertion, MalformedAssertion};
    /// use vestibule_jose::{ClaimError, JwtError};
    ///
    /// let not_compact = MalformedAssertion::Jwt(JwtError::NotCompact);
    /// assert_eq!(ClientAssertion::read("a.b").unwrap_err(), not_compact);
    /// let no_issuer = MalformedAssertion::Claim(ClaimError::Missing("iss"));
    /// assert_eq!(ClientAssertion::read("eyJhbGciOiJSUzI1NiJ9.e30.AA==").unwrap_err(), no_issuer);
    /// ```
    pub fn read(text: &str) -> Result<Self, MalformedAssertion> {
        if text.len() > Self::MAX_BYTES {
            return Err(JwtError::TooLarge { limit: Self::MAX_BYTES }.into());
        }
        let (signing_input, signature) = text.rsplit_once('.').ok_or(JwtError::NotCompact)?;
        let (header, payload) = signing_input.split_once('.').ok_or(JwtError::NotCompact)?;
        if payload.contains('.') {
            return Err(JwtError::NotCompact.into());
        }
        let decode = |text, segment| lenient::segment(text).ok_or(JwtError::Base64(segment));
        let header = JoseHeader::parse(&decode(header, Segment::Header)?)?;
        let payload = decode(payload, Segment::Payload)?;
        let members = strict_json::parse_object(&payload).map_err(JwtError::Claims)?;
        Ok(Self {
            signed: signing_input.len(),
            signature: decode(signature, Segment::Signature)?.into(),
            thumbprint: Thumbprint::named_by(&header),
            algorithm: header.alg,
            typ: header.typ,
            claims: AssertionClaims::of(&members)?,
            text: text.into(),
        })
    }

    /// What it claims. Good for finding out whose assertion it would be, and for nothing else.
    #[must_use]
    pub fn claimed(&self) -> &AssertionClaims {
        &self.claims
    }

    /// The thumbprint that names its key, in upper-case hexadecimal.
    #[must_use]
    pub fn thumbprint(&self) -> Option<String> {
        self.thumbprint.as_ref().map(Thumbprint::to_string)
    }

    /// The assertion as it came. Whoever verifies it by other rules than a certificate's starts from there.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }

    /// What was signed: the first two segments as they came.
    #[must_use]
    pub fn signing_input(&self) -> &str {
        &self.text[..self.signed]
    }
}

impl std::fmt::Debug for ClientAssertion {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("ClientAssertion").finish_non_exhaustive()
    }
}

/// An assertion that the holder of a certificate's key has signed. Only [`CertificateKey::verify`] makes one.
///
/// It says who signed, not that the assertion is meant for us or good now.
#[derive(Debug)]
pub struct VerifiedAssertion<'a>(&'a ClientAssertion);

impl<'a> VerifiedAssertion<'a> {
    /// What the holder of the key says.
    #[must_use]
    pub fn claims(&self) -> &'a AssertionClaims {
        &self.0.claims
    }

    /// What was signed.
    #[must_use]
    pub fn signing_input(&self) -> &'a str {
        self.0.signing_input()
    }
}

impl AssertionClaims {
    fn of(members: &Map<String, Value>) -> Result<Self, ClaimError> {
        Ok(Self {
            issuer: text(members, "iss")?.ok_or(ClaimError::Missing("iss"))?,
            subject: text(members, "sub")?.ok_or(ClaimError::Missing("sub"))?,
            audience: AssertionAudience::of(members)?,
            expires_at: date(members, "exp")?.ok_or(ClaimError::Missing("exp"))?,
            not_before: date(members, "nbf")?,
            issued_at: date(members, "iat")?,
            id: text(members, "jti")?,
        })
    }
}

impl AssertionAudience {
    fn of(members: &Map<String, Value>) -> Result<Self, ClaimError> {
        match members.get("aud").ok_or(ClaimError::Missing("aud"))? {
            Value::String(one) => Ok(Self::One(one.clone())),
            Value::Array(several) => {
                let texts = several.iter().map(|one| one.as_str().map(str::to_owned));
                texts.collect::<Option<_>>().map(Self::List).ok_or(ClaimError::WrongType("aud"))
            }
            _ => Err(ClaimError::WrongType("aud")),
        }
    }
}

fn text(members: &Map<String, Value>, name: &'static str) -> Result<Option<String>, ClaimError> {
    match members.get(name) {
        None => Ok(None),
        Some(Value::String(text)) => Ok(Some(text.clone())),
        Some(_) => Err(ClaimError::WrongType(name)),
    }
}

fn date(members: &Map<String, Value>, name: &'static str) -> Result<Option<i64>, ClaimError> {
    match members.get(name) {
        None => Ok(None),
        Some(value) => lenient::date(value).map(Some).ok_or(ClaimError::WrongType(name)),
    }
}
