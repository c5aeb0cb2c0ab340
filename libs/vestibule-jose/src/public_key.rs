//! An RSA public key that passed its checks.
//!
//! Owns what an acceptable key is: size, exponent, encoding. Owns no name and no algorithm; see
//! [`Jwk`](crate::Jwk) and [`VerifyingKey`](crate::VerifyingKey).

use std::fmt;

use aws_lc_rs::encoding::{AsDer, PublicKeyX509Der};
use aws_lc_rs::rsa::PublicKeyComponents;
use aws_lc_rs::signature::ParsedPublicKey;

use crate::algorithm::Algorithm;
use crate::{base64url, rsa_der};

/// Why a key cannot be used.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum KeyError {
    /// Not the encoding that was promised, or numbers that form no RSA key.
    #[error("not a well-formed RSA key")]
    Malformed,
    /// Below 2048 or above 8192 bits (RFC 7518 §3.3: at least 2048).
    #[error("an RSA modulus has {min} to {max} bits, this one has {found}", min = RsaPublicKey::MIN_BITS, max = RsaPublicKey::MAX_BITS)]
    ModulusBits {
        /// The number of bits that the modulus has.
        found: usize,
    },
    /// Even, below 65537 or above 33 bits.
    #[error("an RSA public exponent is odd, at least 65537 and at most 33 bits")]
    Exponent,
    /// The certificate does not hold this key, or the `kid` is not its thumbprint.
    #[error("the certificate does not belong to this key")]
    OtherCertificate,
    /// The cryptographic library refused a private key, with its reason.
    #[error("private key refused: {0}")]
    Refused(String),
    /// No key could be generated.
    #[error("key generation failed")]
    Generation,
}

/// An RSA public key of 2048 to 8192 bits with an odd exponent of at least 65537.
///
/// Holding one means that the checks passed, and that it may be published: it has no private part.
///
/// ```
/// # use vestibule_jose::{KeyId, RsaPublicKey, SigningKey};
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # let pkcs8 = SigningKey::generate_pkcs8()?;
/// # let signing_key = SigningKey::from_pkcs8(&pkcs8, KeyId::new("k1")?)?;
/// let key = signing_key.public();
/// assert_eq!((key.bits(), key.e().as_str()), (2048, "AQAB"));
/// assert_eq!(&RsaPublicKey::from_spki_der(key.spki_der())?, key);
/// assert_eq!(&RsaPublicKey::from_components(key.modulus(), key.exponent())?, key);
/// # Ok(())
/// # }
/// ```
#[derive(Clone, PartialEq, Eq)]
pub struct RsaPublicKey {
    modulus: Box<[u8]>,
    exponent: Box<[u8]>,
    spki_der: Box<[u8]>,
}

impl RsaPublicKey {
    /// The smallest modulus, in bits (RFC 7518 §3.3, §3.5).
    pub const MIN_BITS: usize = 2048;
    /// The largest modulus, in bits: more would only cost the verifier time.
    pub const MAX_BITS: usize = 8192;

    /// A key from its two numbers, big-endian without leading zeros.
    ///
    /// # Errors
    /// [`KeyError::Malformed`] for leading zeros, an empty number or an even modulus; [`KeyError::ModulusBits`] and
    /// [`KeyError::Exponent`] for numbers out of bounds.
    pub fn from_components(modulus: &[u8], exponent: &[u8]) -> Result<Self, KeyError> {
        let found = bits(modulus).ok_or(KeyError::Malformed)?;
        if !(Self::MIN_BITS..=Self::MAX_BITS).contains(&found) {
            return Err(KeyError::ModulusBits { found });
        }
        if !is_odd(modulus) {
            return Err(KeyError::Malformed);
        }
        // An odd number of 17 bits is at least 65537; 33 bits is the most that the library can use.
        let exponent_bits = bits(exponent).ok_or(KeyError::Malformed)?;
        if !(17..=33).contains(&exponent_bits) || !is_odd(exponent) {
            return Err(KeyError::Exponent);
        }
        let spki: PublicKeyX509Der<'static> =
            PublicKeyComponents { n: modulus, e: exponent }.as_der().map_err(|_| KeyError::Malformed)?;
        Ok(Self { modulus: modulus.into(), exponent: exponent.into(), spki_der: spki.as_ref().into() })
    }

    /// A key from the members `n` and `e` of a JWK (RFC 7518 §6.3.1): base64url, big-endian, no leading zeros.
    ///
    /// # Errors
    /// As [`from_components`](Self::from_components), and [`KeyError::Malformed`] for other base64.
    pub fn from_jwk_members(n: &str, e: &str) -> Result<Self, KeyError> {
        let decode = |text| base64url::decode(text).ok_or(KeyError::Malformed);
        Self::from_components(&decode(n)?, &decode(e)?)
    }

    /// A key from `SubjectPublicKeyInfo` DER (RFC 5280 §4.1.2.7), the form inside a certificate.
    ///
    /// # Errors
    /// As [`from_components`](Self::from_components), and [`KeyError::Malformed`] for other DER.
    pub fn from_spki_der(der: &[u8]) -> Result<Self, KeyError> {
        let (modulus, exponent) = rsa_der::subject_public_key_info(der).ok_or(KeyError::Malformed)?;
        Self::from_components(modulus, exponent)
    }

    /// A key from `RSAPublicKey` DER (RFC 8017 §A.1.1).
    ///
    /// # Errors
    /// As [`from_components`](Self::from_components), and [`KeyError::Malformed`] for other DER.
    pub fn from_pkcs1_der(der: &[u8]) -> Result<Self, KeyError> {
        let (modulus, exponent) = rsa_der::rsa_public_key(der).ok_or(KeyError::Malformed)?;
        Self::from_components(modulus, exponent)
    }

    /// The modulus, big-endian without leading zeros.
    #[must_use]
    pub fn modulus(&self) -> &[u8] {
        &self.modulus
    }

    /// The public exponent, big-endian without leading zeros.
    #[must_use]
    pub fn exponent(&self) -> &[u8] {
        &self.exponent
    }

    /// The size of the modulus in bits.
    #[must_use]
    pub fn bits(&self) -> usize {
        bits(&self.modulus).unwrap_or_default()
    }

    /// The JWK member `n`: the modulus in base64url.
    #[must_use]
    pub fn n(&self) -> String {
        base64url::encode(&self.modulus)
    }

    /// The JWK member `e`: the exponent in base64url, usually `AQAB`.
    #[must_use]
    pub fn e(&self) -> String {
        base64url::encode(&self.exponent)
    }

    /// `SubjectPublicKeyInfo` DER (RFC 5280 §4.1.2.7).
    #[must_use]
    pub fn spki_der(&self) -> &[u8] {
        &self.spki_der
    }

    /// Whether a certificate holds this key: its DER contains the key's `SubjectPublicKeyInfo`.
    ///
    /// Guards against publishing a key under another key's certificate; it is no validation of the certificate.
    pub(crate) fn is_held_by(&self, certificate_der: &[u8]) -> bool {
        certificate_der.windows(self.spki_der.len()).any(|window| window == &*self.spki_der)
    }

    pub(crate) fn parse_for(&self, algorithm: Algorithm) -> Result<ParsedPublicKey, KeyError> {
        PublicKeyComponents { n: &*self.modulus, e: &*self.exponent }
            .to_parsed_public_key(algorithm.parameters())
            .map_err(|_| KeyError::Malformed)
    }
}

impl fmt::Debug for RsaPublicKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RsaPublicKey")
            .field("bits", &self.bits())
            .field("n", &self.n())
            .field("e", &self.e())
            .finish()
    }
}

/// The bits of a positive number, or `None` when it is empty or starts with a zero byte.
fn bits(number: &[u8]) -> Option<usize> {
    let first = number.first().filter(|first| **first != 0)?;
    Some(number.len() * 8 - first.leading_zeros() as usize)
}

fn is_odd(number: &[u8]) -> bool {
    number.last().is_some_and(|last| last & 1 == 1)
}
