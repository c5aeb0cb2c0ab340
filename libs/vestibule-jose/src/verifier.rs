//! The steps that turn text into a [`VerifiedJwt`].
//!
//! Owns their order, the choice of the key and the proof that they passed. Issuer, audience and time are
//! [`Validation`](crate::Validation)'s; fetching and refreshing keys is the caller's.

use std::fmt;
use std::sync::Arc;

use serde::de::DeserializeOwned;

use crate::algorithm::Algorithm;
use crate::claims::{ClaimError, Claims};
use crate::compact::Compact;
use crate::header::JoseHeader;
use crate::strict_json::JsonError;
use crate::verifying_key::VerifyingKey;

/// A part of the compact form.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Segment {
    /// The JOSE header.
    Header,
    /// The claims.
    Payload,
    /// The signature.
    Signature,
}

/// Why a token was refused. Carries nothing of the token.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum JwtError {
    /// Longer than the verifier accepts, in bytes.
    #[error("the token is longer than {limit} bytes")]
    TooLarge {
        /// The longest accepted token, in bytes.
        limit: usize,
    },
    /// Not three non-empty segments: a JWE, the JSON serialisation, an unsigned token or something else altogether.
    #[error("the token is not a compact JWS")]
    NotCompact,
    /// A segment is not canonical unpadded base64url.
    #[error("the {0:?} segment is not canonical base64url")]
    Base64(Segment),
    /// The header is not an acceptable JSON object.
    #[error("JOSE header: {0}")]
    Header(JsonError),
    /// A header member is missing or no string.
    #[error("the JOSE header member {0} is missing or not a string")]
    HeaderMember(&'static str),
    /// A header member that changes the meaning of the token: `crit`, `b64` or `zip`.
    #[error("the JOSE header member {0} is not supported")]
    UnsupportedHeader(&'static str),
    /// The header names no key, and there is not exactly one to try.
    #[error("the JOSE header names no key")]
    NoKeyNamed,
    /// No key answers to the name in the header. The keys may be out of date.
    #[error("no key answers to the name in the JOSE header")]
    UnknownKey,
    /// `alg` is not the key's own algorithm.
    #[error("the JOSE header's alg is not the key's algorithm")]
    AlgorithmMismatch,
    /// The signature is not the key's over this token.
    #[error("the signature does not match")]
    Signature,
    /// The signature is good, but the payload is not an acceptable JSON object.
    #[error("claims: {0}")]
    Claims(JsonError),
}

/// Why keys cannot make a [`Verifier`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum VerifierError {
    /// More than [`Verifier::MAX_KEYS`].
    #[error("more than {} keys", Verifier::MAX_KEYS)]
    TooManyKeys,
    /// Two keys share a `kid` and an algorithm.
    #[error("two keys share a kid")]
    DuplicateKeyId,
}

/// Verifies compact JWTs with a fixed set of keys.
///
/// One certificate may be in the set twice, once for each algorithm that its owner may use.
#[derive(Clone, Debug)]
pub struct Verifier {
    keys: Box<[VerifyingKey]>,
    max_token_bytes: usize,
}

impl Verifier {
    /// The most keys in one set.
    pub const MAX_KEYS: usize = 100;
    /// The longest token that is looked at unless [`accepting_up_to`](Self::accepting_up_to) says otherwise: 16 KiB.
    pub const DEFAULT_MAX_TOKEN_BYTES: usize = 16 * 1024;

    /// A verifier that trusts exactly these keys. With none, it refuses everything.
    ///
    /// # Errors
    /// [`VerifierError::TooManyKeys`]; [`VerifierError::DuplicateKeyId`] when a name would be ambiguous.
    ///
    /// ```
    /// # use vestibule_jose::{JwtError, Verifier};
    /// let nobody = Verifier::new([]).unwrap();
    /// assert_eq!(nobody.verify("a.b").unwrap_err(), JwtError::NotCompact);
    /// ```
    pub fn new(keys: impl IntoIterator<Item = VerifyingKey>) -> Result<Self, VerifierError> {
        let keys: Box<[_]> = keys.into_iter().take(Self::MAX_KEYS + 1).collect();
        if keys.len() > Self::MAX_KEYS {
            return Err(VerifierError::TooManyKeys);
        }
        for (i, key) in keys.iter().enumerate() {
            let same_name = |other: &VerifyingKey| {
                key.kid().is_some() && key.kid() == other.kid() && key.algorithm() == other.algorithm()
            };
            if keys[..i].iter().any(same_name) {
                return Err(VerifierError::DuplicateKeyId);
            }
        }
        Ok(Self { keys, max_token_bytes: Self::DEFAULT_MAX_TOKEN_BYTES })
    }

    /// Changes the longest accepted token, in bytes.
    #[must_use]
    pub fn accepting_up_to(self, max_token_bytes: usize) -> Self {
        Self { max_token_bytes, ..self }
    }

    /// Verifies a compact JWT (RFC 7515 §5.2, RFC 7519 §7.2, RFC 8725 §3).
    ///
    /// Nothing of the payload is looked at before the signature is known to be good.
    ///
    /// # Errors
    /// The first step that fails, as a [`JwtError`].
    ///
    /// ```
    /// # use vestibule_jose::{Algorithm, JwtError, KeyId, SigningKey, TokenHeader, Verifier, VerifyingKey};
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let pkcs8 = SigningKey::generate_pkcs8()?;
    /// # let key = SigningKey::from_pkcs8(&pkcs8, KeyId::new("k1")?)?;
    /// # let token = key.sign(TokenHeader::KidOnly, &serde_json::json!({ "sub": "alice" }))?;
    /// let verifier = Verifier::new([VerifyingKey::new(Algorithm::Rs256, Some(key.kid().clone()), key.public())?])?;
    /// assert_eq!(verifier.verify(&token)?.str_claim("sub")?, "alice");
    ///
    /// let unsigned = format!("eyJhbGciOiJub25lIn0.{}.", token.split('.').nth(1).unwrap());
    /// assert_eq!(verifier.verify(&unsigned).unwrap_err(), JwtError::NotCompact);
    /// # Ok(())
    /// # }
    /// ```
    pub fn verify(&self, token: &str) -> Result<VerifiedJwt, JwtError> {
        // 1. The size is bounded before any byte is read.
        if token.len() > self.max_token_bytes {
            return Err(JwtError::TooLarge { limit: self.max_token_bytes });
        }
        // 2. Three segments.
        let compact = Compact::split(token)?;
        // 3. Each in its one canonical spelling.
        let segments = compact.decode()?;
        // 4. The header, strictly.
        let header = JoseHeader::parse(&segments.header)?;
        // 5. It names one of our keys.
        let candidates = self.keys_named_by(&header)?;
        // 6. RFC 8725 §3.1: the key says which algorithm, the header has to agree.
        let agrees = |key: &&&VerifyingKey| key.algorithm().as_str() == header.alg;
        let key = candidates.iter().find(agrees).ok_or(JwtError::AlgorithmMismatch)?;
        // 7. The signature.
        if !key.has_signed(compact.signing_input.as_bytes(), &segments.signature) {
            return Err(JwtError::Signature);
        }
        // 8. Only now the claims.
        let claims = Claims::parse(&segments.payload).map_err(JwtError::Claims)?;
        Ok(VerifiedJwt {
            algorithm: key.algorithm(),
            key_issuer: key.issuer().cloned(),
            header_kid: header.kid,
            header_typ: header.typ,
            claims,
        })
    }

    /// The keys that the header can mean, never none: those that answer to its name, one per algorithm, or the only
    /// key there is when the header names none.
    fn keys_named_by(&self, header: &JoseHeader) -> Result<Vec<&VerifyingKey>, JwtError> {
        let Some(hint) = header.key_hint() else {
            return match &*self.keys {
                [only] => Ok(vec![only]),
                _ => Err(JwtError::NoKeyNamed),
            };
        };
        let named: Vec<_> = self.keys.iter().filter(|key| key.answers_to(hint)).collect();
        if named.is_empty() { Err(JwtError::UnknownKey) } else { Ok(named) }
    }
}

/// A JWT whose form, key, algorithm and signature were checked. Only [`Verifier::verify`] makes one.
///
/// It says who signed, not that the token is meant for us or still good: spend it on
/// [`Validation::check`](crate::Validation::check). Not `Clone`, and `Debug` shows no claims.
pub struct VerifiedJwt {
    algorithm: Algorithm,
    key_issuer: Option<Arc<str>>,
    header_kid: Option<String>,
    header_typ: Option<String>,
    claims: Claims,
}

impl VerifiedJwt {
    /// The algorithm of the key that signed.
    #[must_use]
    pub fn algorithm(&self) -> Algorithm {
        self.algorithm
    }

    /// The `kid` of the header (RFC 7515 §4.1.4).
    #[must_use]
    pub fn header_kid(&self) -> Option<&str> {
        self.header_kid.as_deref()
    }

    /// The `typ` of the header (RFC 7515 §4.1.9), as sent. RFC 8725 §3.11: tells kinds of token apart.
    #[must_use]
    pub fn header_typ(&self) -> Option<&str> {
        self.header_typ.as_deref()
    }

    /// The issuer that the signing key is limited to; see [`VerifyingKey::for_issuer`].
    #[must_use]
    pub fn key_issuer(&self) -> Option<&str> {
        self.key_issuer.as_deref()
    }

    /// All claims as a type of the caller's. Members that the type does not know are ignored.
    ///
    /// # Errors
    /// [`ClaimError::Shape`].
    pub fn claims<T: DeserializeOwned>(&self) -> Result<T, ClaimError> {
        self.claims.read()
    }

    /// A claim that has to be there and has to be a string.
    ///
    /// # Errors
    /// [`ClaimError::Missing`] or [`ClaimError::WrongType`].
    pub fn str_claim(&self, name: &'static str) -> Result<&str, ClaimError> {
        self.claims.str(name)
    }

    /// A claim that may be absent, but is a string when it is there.
    ///
    /// # Errors
    /// [`ClaimError::WrongType`].
    pub fn optional_str_claim(&self, name: &'static str) -> Result<Option<&str>, ClaimError> {
        self.claims.optional_str(name)
    }

    pub(crate) fn claim_set(&self) -> &Claims {
        &self.claims
    }
}

impl fmt::Debug for VerifiedJwt {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("VerifiedJwt")
            .field("algorithm", &self.algorithm)
            .field("header_kid", &self.header_kid)
            .field("header_typ", &self.header_typ)
            .finish_non_exhaustive()
    }
}
