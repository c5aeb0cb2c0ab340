//! Issuer, audience and time: whether a verified token is meant for us and good now.
//!
//! Owns the registered claims of RFC 7519 §4.1 and the limit that a key's own issuer sets. Reads no clock: `now` is an
//! argument. Scopes, roles, tenants and replay are the caller's.

use std::fmt;

use serde::de::DeserializeOwned;

use crate::claims::{ClaimError, Claims};
use crate::verifier::VerifiedJwt;

/// Why a verified token is not accepted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refused {
    /// A claim is missing or cannot be read.
    #[error(transparent)]
    Claim(#[from] ClaimError),
    /// `iss` is not the expected issuer.
    #[error("the token is from another issuer")]
    Issuer,
    /// The key may not sign for this issuer.
    #[error("the key does not sign for this issuer")]
    KeyIssuer,
    /// None of `aud` is an expected audience.
    #[error("the token is for another audience")]
    Audience,
    /// `exp` has passed.
    #[error("the token has expired")]
    Expired,
    /// `nbf` is yet to come.
    #[error("the token is not valid yet")]
    NotYetValid,
    /// `iat` is yet to come.
    #[error("the token was issued in the future")]
    IssuedInTheFuture,
    /// `exp` is further from `iat` than the verifier accepts.
    #[error("the token lives too long")]
    Lifetime,
}

/// What a token has to say to be accepted. All times are seconds since 1970-01-01T00:00:00Z.
///
/// Required: `iss`, `aud`, `exp` and, unless [`issued_at_optional`](Self::issued_at_optional), `iat`. Checked when
/// present: `nbf`. Comparisons are exact, byte for byte (RFC 7519 §4.1.1, §4.1.3).
///
/// ```
/// # use vestibule_jose::*;
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # let key = SigningKey::from_pkcs8(&SigningKey::generate_pkcs8()?, KeyId::new("k1")?)?;
/// # let verifier = Verifier::new([VerifyingKey::new(Algorithm::Rs256, Some(key.kid().clone()), key.public())?])?;
/// let claims = serde_json::json!({ "iss": "i", "aud": ["api"], "iat": 1_000, "exp": 4_600 });
/// let token = key.sign(TokenHeader::KidOnly, &claims)?;
///
/// let expected = Validation::new("i", &["api", "api://api"], 4_700).leeway_seconds(60);
/// assert_eq!(expected.check(verifier.verify(&token)?).unwrap_err(), Refused::Expired);
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Copy, Debug)]
pub struct Validation<'a> {
    issuer: &'a str,
    audiences: &'a [&'a str],
    now: i64,
    leeway_seconds: u32,
    issued_at_required: bool,
    max_lifetime_seconds: Option<u32>,
}

impl<'a> Validation<'a> {
    /// How far two clocks may be apart unless [`leeway_seconds`](Self::leeway_seconds) says otherwise.
    pub const DEFAULT_LEEWAY_SECONDS: u32 = 300;

    /// Accepts tokens from `issuer` for any of `audiences` at `now`.
    #[must_use]
    pub fn new(issuer: &'a str, audiences: &'a [&'a str], now: i64) -> Self {
        Self {
            issuer,
            audiences,
            now,
            leeway_seconds: Self::DEFAULT_LEEWAY_SECONDS,
            issued_at_required: true,
            max_lifetime_seconds: None,
        }
    }

    /// How far the issuer's clock may be from ours, in seconds, for `exp`, `nbf` and `iat` alike. Zero is allowed.
    #[must_use]
    pub fn leeway_seconds(self, leeway_seconds: u32) -> Self {
        Self { leeway_seconds, ..self }
    }

    /// Accepts a token without `iat`, as RFC 7523 §3 does for assertions. When it is there, it is checked.
    #[must_use]
    pub fn issued_at_optional(self) -> Self {
        Self { issued_at_required: false, ..self }
    }

    /// Refuses tokens that live longer than this from `iat` to `exp`, in seconds. Makes `iat` required.
    #[must_use]
    pub fn max_lifetime_seconds(self, seconds: u32) -> Self {
        Self { max_lifetime_seconds: Some(seconds), ..self }
    }

    /// Checks a verified token and spends it.
    ///
    /// # Errors
    /// The first rule that does not hold, as [`Refused`].
    pub fn check(&self, jwt: VerifiedJwt) -> Result<ValidClaims, Refused> {
        let claims = jwt.claim_set();
        self.check_issuer(claims, jwt.key_issuer())?;
        self.check_audience(claims)?;
        let (expires_at, issued_at) = self.check_times(claims)?;
        Ok(ValidClaims { expires_at, issued_at, jwt })
    }

    fn check_issuer(&self, claims: &Claims, key_issuer: Option<&str>) -> Result<(), Refused> {
        let issuer = claims.str("iss")?;
        if issuer.is_empty() || issuer != self.issuer {
            return Err(Refused::Issuer);
        }
        // Entra: a key is published with the issuer it may sign for, so that one tenant's key is no other's.
        let permitted = match key_issuer.map(|template| (template, template.split_once(TENANT_PLACEHOLDER))) {
            None => true,
            Some((literal, None)) => issuer == literal,
            Some((_, Some((before, after)))) => {
                let tenant = claims.str("tid")?;
                let named = issuer.strip_prefix(before).and_then(|rest| rest.strip_suffix(after));
                // A tenant is never empty, and never the placeholder itself.
                !tenant.is_empty() && tenant != TENANT_PLACEHOLDER && named == Some(tenant)
            }
        };
        if permitted { Ok(()) } else { Err(Refused::KeyIssuer) }
    }

    fn check_audience(&self, claims: &Claims) -> Result<(), Refused> {
        let ours = claims
            .audiences()?
            .iter()
            .any(|audience| !audience.is_empty() && self.audiences.contains(audience));
        if ours { Ok(()) } else { Err(Refused::Audience) }
    }

    /// Answers `(exp, iat)`. An overflow is a refusal: it takes a `now` no clock shows.
    fn check_times(&self, claims: &Claims) -> Result<(i64, Option<i64>), Refused> {
        let leeway = i64::from(self.leeway_seconds);
        let latest_start = self.now.checked_add(leeway).ok_or(Refused::Expired)?;
        let earliest_end = self.now.checked_sub(leeway).ok_or(Refused::NotYetValid)?;

        // RFC 7519 §4.1.4: the current time has to be before `exp`.
        let expires_at = claims.optional_date("exp")?.ok_or(ClaimError::Missing("exp"))?;
        if expires_at <= earliest_end {
            return Err(Refused::Expired);
        }
        if claims.optional_date("nbf")?.is_some_and(|not_before| not_before > latest_start) {
            return Err(Refused::NotYetValid);
        }
        let issued_at = claims.optional_date("iat")?;
        if issued_at.is_some_and(|issued_at| issued_at > latest_start) {
            return Err(Refused::IssuedInTheFuture);
        }
        if issued_at.is_none() && (self.issued_at_required || self.max_lifetime_seconds.is_some()) {
            return Err(ClaimError::Missing("iat").into());
        }
        if let (Some(max), Some(issued_at)) = (self.max_lifetime_seconds, issued_at) {
            let lifetime = expires_at.checked_sub(issued_at).ok_or(Refused::Lifetime)?;
            if lifetime > i64::from(max) {
                return Err(Refused::Lifetime);
            }
        }
        Ok((expires_at, issued_at))
    }
}

/// Entra: stands for the tenant in the issuer of a key that every tenant shares.
const TENANT_PLACEHOLDER: &str = "{tenantid}";

/// The claims of a token that was verified and is meant for us, now. Only [`Validation::check`] makes one.
pub struct ValidClaims {
    expires_at: i64,
    issued_at: Option<i64>,
    jwt: VerifiedJwt,
}

impl ValidClaims {
    /// `exp`, in seconds since 1970-01-01T00:00:00Z.
    #[must_use]
    pub fn expires_at(&self) -> i64 {
        self.expires_at
    }

    /// `iat`, in seconds since 1970-01-01T00:00:00Z.
    #[must_use]
    pub fn issued_at(&self) -> Option<i64> {
        self.issued_at
    }

    /// `sub` (RFC 7519 §4.1.2): 1 to 255 bytes (OpenID Connect Core 1.0 §2) without control characters.
    ///
    /// # Errors
    /// [`ClaimError`] when it is missing or anything else.
    pub fn subject(&self) -> Result<&str, ClaimError> {
        let subject = self.jwt.str_claim("sub")?;
        let acceptable = (1..=255).contains(&subject.len()) && !subject.chars().any(char::is_control);
        if acceptable { Ok(subject) } else { Err(ClaimError::WrongType("sub")) }
    }

    /// A claim that has to be there and has to be a string.
    ///
    /// # Errors
    /// [`ClaimError::Missing`] or [`ClaimError::WrongType`].
    pub fn str_claim(&self, name: &'static str) -> Result<&str, ClaimError> {
        self.jwt.str_claim(name)
    }

    /// A claim that may be absent, but is a string when it is there.
    ///
    /// # Errors
    /// [`ClaimError::WrongType`].
    pub fn optional_str_claim(&self, name: &'static str) -> Result<Option<&str>, ClaimError> {
        self.jwt.optional_str_claim(name)
    }

    /// All claims as a type of the caller's. Members that the type does not know are ignored.
    ///
    /// # Errors
    /// [`ClaimError::Shape`].
    pub fn claims<T: DeserializeOwned>(&self) -> Result<T, ClaimError> {
        self.jwt.claims()
    }

    /// The verified token: its header and its key.
    #[must_use]
    pub fn jwt(&self) -> &VerifiedJwt {
        &self.jwt
    }
}

impl fmt::Debug for ValidClaims {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ValidClaims")
            .field("expires_at", &self.expires_at)
            .field("jwt", &self.jwt)
            .finish_non_exhaustive()
    }
}
