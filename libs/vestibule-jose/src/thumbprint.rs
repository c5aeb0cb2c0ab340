//! Names of keys: `kid`, and the certificate thumbprints `x5t` and `x5t#S256`.
//!
//! Owns how a name is computed from a certificate and what a name may look like. Parses no certificate: the thumbprint
//! is over the DER bytes as they are.

use std::fmt;
use std::sync::Arc;

use aws_lc_rs::digest::{SHA1_FOR_LEGACY_USE_ONLY, SHA256, digest};
use serde::{Serialize, Serializer};

use crate::base64url;

/// The `kid` of a key (RFC 7515 §4.1.4): a case-sensitive name, 1 to 256 bytes of UTF-8 without control characters.
///
/// Cloning is cheap.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct KeyId(Arc<str>);

/// Why a text cannot be a [`KeyId`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum KeyIdError {
    /// Empty or more than [`KeyId::MAX_BYTES`] bytes.
    #[error("a key identifier has 1 to {} bytes", KeyId::MAX_BYTES)]
    Length,
    /// Contains a control character.
    #[error("a key identifier has no control characters")]
    ControlCharacter,
}

impl KeyId {
    /// The longest `kid`, in bytes.
    pub const MAX_BYTES: usize = 256;

    /// A key identifier from its text, for example one read from a store.
    ///
    /// # Errors
    /// When it is empty, too long or has control characters.
    ///
    /// ```
    /// # use vestibule_jose::KeyId;
    /// assert!(KeyId::new("2010-12-29").is_ok());
    /// assert!(KeyId::new("").is_err());
    /// ```
    pub fn new(text: &str) -> Result<Self, KeyIdError> {
        if text.is_empty() || text.len() > Self::MAX_BYTES {
            return Err(KeyIdError::Length);
        }
        if text.chars().any(char::is_control) {
            return Err(KeyIdError::ControlCharacter);
        }
        Ok(Self(text.into()))
    }

    /// Entra: a signing key is named by the SHA-1 thumbprint of its certificate, so that `kid` equals `x5t`
    /// (RFC 7515 §4.1.7): base64url of 20 bytes, 27 characters.
    ///
    /// SHA-1 names the key here; nothing is trusted because of it.
    ///
    /// ```
    /// # use vestibule_jose::KeyId;
    /// # let certificate_der = b"abc";
    /// let kid = KeyId::from_certificate_der(certificate_der);
    /// assert_eq!(kid.as_str(), "qZk-NkcGgWq6PiVxeFDCbJzQ2J0");
    /// ```
    #[must_use]
    pub fn from_certificate_der(certificate_der: &[u8]) -> Self {
        Self(base64url::encode(digest(&SHA1_FOR_LEGACY_USE_ONLY, certificate_der).as_ref()).into())
    }

    /// The text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for KeyId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl Serialize for KeyId {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.0)
    }
}

/// The `x5t#S256` of a certificate (RFC 7515 §4.1.8): base64url of the SHA-256 of its DER, 43 characters.
///
/// ```
/// # use vestibule_jose::X5tS256;
/// # let certificate_der = b"abc";
/// let thumbprint = X5tS256::from_certificate_der(certificate_der);
/// assert_eq!(thumbprint.as_str(), "ungWv48Bz-pBQUDeXa4iI7ADYaOWF3qctBD_YfIAFa0");
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct X5tS256(Arc<str>);

impl X5tS256 {
    /// The thumbprint of the certificate with that DER.
    #[must_use]
    pub fn from_certificate_der(certificate_der: &[u8]) -> Self {
        Self(base64url::encode(digest(&SHA256, certificate_der).as_ref()).into())
    }

    /// The text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}
