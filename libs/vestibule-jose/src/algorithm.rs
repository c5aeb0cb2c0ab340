//! The signature algorithms that can be said.
//!
//! Owns their names (RFC 7518 §3.1) and parameters. Owns no choice: a key carries its algorithm, see
//! [`VerifyingKey`](crate::VerifyingKey).

use aws_lc_rs::signature::{RSA_PKCS1_2048_8192_SHA256, RSA_PSS_2048_8192_SHA256, RsaParameters};

/// A JWS signature algorithm (RFC 7518 §3.1).
///
/// `none` and the HMAC algorithms are absent by design: a public key can then never be mistaken for a shared secret
/// (RFC 8725 §2.1, §3.2).
///
/// ```
/// use vestibule_jose::Algorithm;
///
/// assert_eq!(Algorithm::Rs256.as_str(), "RS256");
/// assert_eq!(Algorithm::from_name("PS256"), Some(Algorithm::Ps256));
/// assert_eq!(Algorithm::from_name("none"), None);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Algorithm {
    /// RSASSA-PKCS1-v1_5 with SHA-256 (RFC 7518 §3.3). What Entra signs with.
    Rs256,
    /// RSASSA-PSS with SHA-256, MGF1 with SHA-256 and a salt of 32 bytes (RFC 7518 §3.5).
    Ps256,
}

impl Algorithm {
    /// The value of `alg`, case-sensitive.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Rs256 => "RS256",
            Self::Ps256 => "PS256",
        }
    }

    /// The algorithm of that exact name, or `None`.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        [Self::Rs256, Self::Ps256].into_iter().find(|algorithm| algorithm.as_str() == name)
    }

    pub(crate) fn parameters(self) -> &'static RsaParameters {
        match self {
            Self::Rs256 => &RSA_PKCS1_2048_8192_SHA256,
            Self::Ps256 => &RSA_PSS_2048_8192_SHA256,
        }
    }
}
