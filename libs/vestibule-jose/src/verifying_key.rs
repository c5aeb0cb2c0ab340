//! A public key with its one algorithm.
//!
//! Owns what a key answers to (`kid`, `x5t`, `x5t#S256`), whom it may sign for, and the signature check itself. The
//! choice among keys is [`Verifier`](crate::Verifier)'s.

use std::fmt;
use std::sync::Arc;

use aws_lc_rs::signature::ParsedPublicKey;

use crate::algorithm::Algorithm;
use crate::header::KeyHint;
use crate::public_key::{KeyError, RsaPublicKey};
use crate::thumbprint::{KeyId, X5tS256};

/// An RSA public key, parsed once, that verifies with one algorithm only (RFC 8725 §3.1).
///
/// ```
/// # use vestibule_jose::{Algorithm, KeyId, SigningKey, VerifyingKey};
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # let pkcs8 = SigningKey::generate_pkcs8()?;
/// # let signing_key = SigningKey::from_pkcs8(&pkcs8, KeyId::new("k1")?)?;
/// let key = VerifyingKey::new(Algorithm::Rs256, Some(KeyId::new("k1")?), signing_key.public())?
///     .for_issuer("https://login.example/{tenantid}/v2.0");
/// assert_eq!(key.algorithm(), Algorithm::Rs256);
/// # Ok(())
/// # }
/// ```
#[derive(Clone)]
pub struct VerifyingKey {
    algorithm: Algorithm,
    kid: Option<KeyId>,
    x5t: Option<KeyId>,
    x5t_s256: Option<X5tS256>,
    issuer: Option<Arc<str>>,
    parsed: ParsedPublicKey,
}

impl VerifyingKey {
    /// A key that answers to `kid`, or to no name at all.
    ///
    /// # Errors
    /// [`KeyError::Malformed`] when the library cannot use the numbers.
    pub fn new(algorithm: Algorithm, kid: Option<KeyId>, key: &RsaPublicKey) -> Result<Self, KeyError> {
        let parsed = key.parse_for(algorithm)?;
        Ok(Self { algorithm, kid, x5t: None, x5t_s256: None, issuer: None, parsed })
    }

    /// The key of a registered certificate (DER), as for client assertions: it answers to `x5t`, to `x5t#S256`, and
    /// to `kid` with the value of `x5t`.
    ///
    /// The certificate is not validated, only matched to `key`.
    ///
    /// # Errors
    /// [`KeyError::OtherCertificate`] when the certificate does not hold `key`.
    pub fn of_certificate(
        algorithm: Algorithm,
        key: &RsaPublicKey,
        certificate_der: &[u8],
    ) -> Result<Self, KeyError> {
        if !key.is_held_by(certificate_der) {
            return Err(KeyError::OtherCertificate);
        }
        let thumbprint = KeyId::from_certificate_der(certificate_der);
        Ok(Self {
            x5t: Some(thumbprint.clone()),
            x5t_s256: Some(X5tS256::from_certificate_der(certificate_der)),
            ..Self::new(algorithm, Some(thumbprint), key)?
        })
    }

    /// Makes the key answer to a header's `x5t` too.
    pub(crate) fn with_x5t(self, x5t: Option<KeyId>) -> Self {
        Self { x5t, ..self }
    }

    /// Limits the key to tokens of one issuer; [`Validation`](crate::Validation) enforces it.
    ///
    /// Entra: the JWKS member `issuer`. `{tenantid}` in it stands for the token's own `tid` claim.
    #[must_use]
    pub fn for_issuer(self, issuer: &str) -> Self {
        Self { issuer: Some(issuer.into()), ..self }
    }

    /// The algorithm that the key verifies with.
    #[must_use]
    pub fn algorithm(&self) -> Algorithm {
        self.algorithm
    }

    /// The name of the key.
    #[must_use]
    pub fn kid(&self) -> Option<&KeyId> {
        self.kid.as_ref()
    }

    pub(crate) fn issuer(&self) -> Option<&Arc<str>> {
        self.issuer.as_ref()
    }

    pub(crate) fn answers_to(&self, hint: KeyHint<'_>) -> bool {
        match hint {
            KeyHint::Kid(name) => self.kid.as_ref().is_some_and(|kid| kid.as_str() == name),
            KeyHint::X5t(name) => self.x5t.as_ref().is_some_and(|x5t| x5t.as_str() == name),
            KeyHint::X5tS256(name) => self.x5t_s256.as_ref().is_some_and(|x5t| x5t.as_str() == name),
        }
    }

    /// Whether `signature` is this key's over `message`. The length must be the modulus's own (RFC 8017 §8.2.2).
    pub(crate) fn has_signed(&self, message: &[u8], signature: &[u8]) -> bool {
        self.parsed.verify_sig(message, signature).is_ok()
    }
}

impl fmt::Debug for VerifyingKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("VerifyingKey")
            .field("algorithm", &self.algorithm)
            .field("kid", &self.kid)
            .field("issuer", &self.issuer)
            .finish_non_exhaustive()
    }
}
