//! The public key of a registered certificate: what it answers to, and what it has signed.

use aws_lc_rs::digest::{SHA1_FOR_LEGACY_USE_ONLY, SHA256, digest};

use super::lenient::Thumbprint;
use super::{ClientAssertion, VerifiedAssertion};
use crate::algorithm::Algorithm;
use crate::public_key::{KeyError, RsaPublicKey};
use crate::verifying_key::VerifyingKey;

/// The key of a certificate, parsed once, that verifies assertions with RS256 and PS256: its owner may use either.
#[derive(Clone, Debug)]
pub struct CertificateKey {
    sha1: Thumbprint,
    sha256: Thumbprint,
    rs256: VerifyingKey,
    ps256: VerifyingKey,
}

/// Why an assertion is not the certificate owner's.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NotVerified {
    /// The header names another key, or none.
    #[error("the assertion names another key")]
    OtherKey,
    /// `typ` says that it is another kind of token (RFC 8725 §3.11).
    #[error("the assertion is another kind of token")]
    Type,
    /// `alg` is neither RS256 nor PS256.
    #[error("the assertion's alg is not acceptable")]
    Algorithm,
    /// The signature is not this key's over this assertion.
    #[error("the signature does not match")]
    Signature,
}

impl CertificateKey {
    /// The key of a certificate (DER).
    ///
    /// The certificate is not validated, only matched to `key`.
    ///
    /// # Errors
    /// [`KeyError::OtherCertificate`] when the certificate does not hold `key`.
    pub fn new(key: &RsaPublicKey, certificate_der: &[u8]) -> Result<Self, KeyError> {
        let mut sha1 = [0; 20];
        sha1.copy_from_slice(digest(&SHA1_FOR_LEGACY_USE_ONLY, certificate_der).as_ref());
        let mut sha256 = [0; 32];
        sha256.copy_from_slice(digest(&SHA256, certificate_der).as_ref());
        Ok(Self {
            sha1: Thumbprint::Sha1(sha1),
            sha256: Thumbprint::Sha256(sha256),
            rs256: VerifyingKey::of_certificate(Algorithm::Rs256, key, certificate_der)?,
            ps256: VerifyingKey::of_certificate(Algorithm::Ps256, key, certificate_der)?,
        })
    }

    /// Whether the assertion names this key. An assertion that names none has none: no key is ever tried out.
    #[must_use]
    pub fn is_named_by(&self, assertion: &ClientAssertion) -> bool {
        assertion.thumbprint.as_ref().is_some_and(|named| *named == self.sha1 || *named == self.sha256)
    }

    /// Verifies an assertion.
    ///
    /// # Errors
    /// The first step that fails, as [`NotVerified`].
    pub fn verify<'a>(&self, assertion: &'a ClientAssertion) -> Result<VerifiedAssertion<'a>, NotVerified> {
        if !self.is_named_by(assertion) {
            return Err(NotVerified::OtherKey);
        }
        if assertion.typ.as_ref().is_some_and(|typ| !typ.eq_ignore_ascii_case("JWT")) {
            return Err(NotVerified::Type);
        }
        let key = match Algorithm::from_name(&assertion.algorithm) {
            Some(Algorithm::Rs256) => &self.rs256,
            Some(Algorithm::Ps256) => &self.ps256,
            None => return Err(NotVerified::Algorithm),
        };
        if key.has_signed(assertion.signing_input().as_bytes(), &assertion.signature) {
            Ok(VerifiedAssertion(assertion))
        } else {
            Err(NotVerified::Signature)
        }
    }
}
