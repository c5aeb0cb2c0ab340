//! A private key, parsed once, and the token it signs.
//!
//! Owns the RS256 signature and the JOSE header of our own tokens. Owns no claims: they are whatever the caller
//! serialises. Owns no key storage and no rollover.

use std::fmt;

use aws_lc_rs::encoding::{AsDer, Pkcs8V1Der};
use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::rsa::{KeyPair, KeySize};
use aws_lc_rs::signature::{KeyPair as _, RSA_PKCS1_SHA256};
use serde::Serialize;
use zeroize::Zeroizing;

use crate::base64url::{self, SegmentWriter};
use crate::jwk::Jwk;
use crate::public_key::{KeyError, RsaPublicKey};
use crate::rsa_der;
use crate::thumbprint::KeyId;

/// Room for the usual token: 1 to 1.6 KiB, signature included. A longer one grows.
const TYPICAL_TOKEN_BYTES: usize = 2048;

const MAX_SIGNATURE_BYTES: usize = RsaPublicKey::MAX_BITS / 8;

/// Which JOSE header a token gets.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum TokenHeader {
    /// `{"typ":"JWT","alg":"RS256","kid":k}`. Entra: v2.0 tokens.
    KidOnly,
    /// `{"typ":"JWT","alg":"RS256","x5t":k,"kid":k}`. Entra: v1.0 tokens.
    KidAndX5t,
    /// `{"typ":"logout+jwt","alg":"RS256","kid":k}`: a logout token (OpenID Connect Back-Channel Logout 1.0 §2.4).
    Logout,
}

/// Why claims could not be signed.
#[derive(Debug, thiserror::Error)]
pub enum SignError {
    /// The claims could not be serialised as JSON.
    #[error("the claims cannot be serialised")]
    Claims(#[source] serde_json::Error),
    /// The claims serialise to something other than a JSON object (RFC 7519 §4).
    #[error("the claims are not a JSON object")]
    NotAnObject,
    /// The signature could not be computed.
    #[error("the signature could not be computed")]
    Signature,
}

/// An RSA private key that signs with RS256 (RFC 7518 §3.3).
///
/// The key is parsed and the headers are encoded when it is made, so that signing costs one RSA operation, one
/// serialisation and one allocation. `Debug` shows the name and the size only.
pub struct SigningKey {
    kid: KeyId,
    kid_only: Box<str>,
    kid_and_x5t: Box<str>,
    logout: Box<str>,
    public: RsaPublicKey,
    pair: KeyPair,
}

impl SigningKey {
    /// A key from an unencrypted PKCS#8 `PrivateKeyInfo` in DER (RFC 5208), and its name.
    ///
    /// # Errors
    /// [`KeyError::Malformed`] when it is not one DER element, [`KeyError::Refused`] when it is no consistent RSA key
    /// of 2048 to 8192 bits, [`KeyError::Exponent`] when its public exponent is below 65537.
    ///
    /// ```
    /// # use vestibule_jose::{KeyId, SigningKey};
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let pkcs8 = SigningKey::generate_pkcs8()?;
    /// let key = SigningKey::from_pkcs8(&pkcs8, KeyId::new("k1")?)?;
    /// assert_eq!(key.public().bits(), 2048);
    /// # Ok(())
    /// # }
    /// ```
    pub fn from_pkcs8(der: &[u8], kid: KeyId) -> Result<Self, KeyError> {
        // The library would overlook bytes after the key.
        if !rsa_der::is_one_sequence(der) {
            return Err(KeyError::Malformed);
        }
        let pair = KeyPair::from_pkcs8(der).map_err(|reason| KeyError::Refused(reason.to_string()))?;
        Self::from_key_pair(pair, kid)
    }

    /// Generates an RSA key of 2048 bits and answers its PKCS#8 DER, wiped when dropped.
    ///
    /// Randomness is the cryptographic library's own. Takes about 70 milliseconds.
    ///
    /// # Errors
    /// [`KeyError::Generation`].
    pub fn generate_pkcs8() -> Result<Zeroizing<Vec<u8>>, KeyError> {
        let pair = KeyPair::generate(KeySize::Rsa2048).map_err(|_| KeyError::Generation)?;
        let der: Pkcs8V1Der<'static> = pair.as_der().map_err(|_| KeyError::Generation)?;
        Ok(Zeroizing::new(der.as_ref().to_vec()))
    }

    fn from_key_pair(pair: KeyPair, kid: KeyId) -> Result<Self, KeyError> {
        let public = RsaPublicKey::from_pkcs1_der(pair.public_key().as_ref())?;
        // A JSON string, quotes and escapes included.
        let k = serde_json::Value::from(kid.as_str());
        let encoded = |json: String| format!("{}.", base64url::encode(json.as_bytes())).into_boxed_str();
        Ok(Self {
            kid_only: encoded(format!(r#"{{"typ":"JWT","alg":"RS256","kid":{k}}}"#)),
            kid_and_x5t: encoded(format!(r#"{{"typ":"JWT","alg":"RS256","x5t":{k},"kid":{k}}}"#)),
            logout: encoded(format!(r#"{{"typ":"logout+jwt","alg":"RS256","kid":{k}}}"#)),
            kid,
            public,
            pair,
        })
    }

    /// The name that goes into the header.
    #[must_use]
    pub fn kid(&self) -> &KeyId {
        &self.kid
    }

    /// The public half: `n`, `e` and DER.
    #[must_use]
    pub fn public(&self) -> &RsaPublicKey {
        &self.public
    }

    /// The published form of this key, with the certificate (DER) that it is named by.
    ///
    /// # Errors
    /// [`KeyError::OtherCertificate`] when the certificate does not hold this key or its SHA-1 thumbprint is not the
    /// `kid`: such an entry would make every client reject our tokens.
    pub fn jwk(&self, certificate_der: &[u8]) -> Result<Jwk, KeyError> {
        let jwk = Jwk::with_certificate(&self.public, certificate_der)?;
        if jwk.kid() == Some(&self.kid) { Ok(jwk) } else { Err(KeyError::OtherCertificate) }
    }

    /// Signs `claims` as a compact JWS (RFC 7515 §7.1) with RS256.
    ///
    /// The claims are serialised in their own member order. Time is the caller's business: put `iat`, `nbf` and `exp`
    /// in.
    ///
    /// # Errors
    /// [`SignError::Claims`] and [`SignError::NotAnObject`] for claims that are no JSON object,
    /// [`SignError::Signature`] when the library fails.
    ///
    /// ```
    /// # use vestibule_jose::{KeyId, SigningKey, TokenHeader};
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let pkcs8 = SigningKey::generate_pkcs8()?;
    /// # let key = SigningKey::from_pkcs8(&pkcs8, KeyId::new("k1")?)?;
    /// let token = key.sign(TokenHeader::KidOnly, &serde_json::json!({ "sub": "alice" }))?;
    /// assert_eq!(token.split('.').count(), 3);
    /// # Ok(())
    /// # }
    /// ```
    pub fn sign<C: Serialize + ?Sized>(&self, header: TokenHeader, claims: &C) -> Result<String, SignError> {
        let mut token = String::with_capacity(TYPICAL_TOKEN_BYTES);
        token.push_str(match header {
            TokenHeader::KidOnly => &self.kid_only,
            TokenHeader::KidAndX5t => &self.kid_and_x5t,
            TokenHeader::Logout => &self.logout,
        });
        let mut payload = SegmentWriter::new(&mut token);
        serde_json::to_writer(&mut payload, claims).map_err(SignError::Claims)?;
        if payload.finish() != Some(b'{') {
            return Err(SignError::NotAnObject);
        }
        self.append_signature(&mut token)?;
        Ok(token)
    }

    /// Appends `.` and the signature over what `signing_input` holds.
    fn append_signature(&self, signing_input: &mut String) -> Result<(), SignError> {
        let mut buffer = [0; MAX_SIGNATURE_BYTES];
        let signature = &mut buffer[..self.public.modulus().len()];
        // The generator blinds the RSA operation; RS256 itself is deterministic.
        self.pair
            .sign(&RSA_PKCS1_SHA256, &SystemRandom::new(), signing_input.as_bytes(), signature)
            .map_err(|_| SignError::Signature)?;
        signing_input.push('.');
        base64url::append(signature, signing_input);
        Ok(())
    }
}

impl fmt::Debug for SigningKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SigningKey")
            .field("kid", &self.kid)
            .field("bits", &self.public.bits())
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rfc_keys::{
        PrintedKey, RFC7515_A2_CERTIFICATE, RFC7515_A2_KEY, RFC7515_A2_TOKEN, RFC7520_KEY, RFC7520_TOKEN,
        SMALL_PKCS8,
    };
    use crate::{Algorithm, JsonError, JwtError, Verifier, VerifyingKey};
    use base64::Engine as _;
    use base64::engine::general_purpose::STANDARD;

    fn key(printed: &PrintedKey, kid: &str) -> SigningKey {
        SigningKey::from_key_pair(printed.pair(), KeyId::new(kid).unwrap()).unwrap()
    }

    fn verifier(key: &SigningKey, kid: Option<KeyId>) -> Verifier {
        Verifier::new([VerifyingKey::new(Algorithm::Rs256, kid, key.public()).unwrap()]).unwrap()
    }

    fn resign(key: &SigningKey, token: &str) -> String {
        let mut again = token.rsplit_once('.').unwrap().0.to_owned();
        key.append_signature(&mut again).unwrap();
        again
    }

    fn first_segment(token: &str) -> String {
        String::from_utf8(base64url::decode(token.split('.').next().unwrap()).unwrap()).unwrap()
    }

    #[test]
    fn rfc_7515_a2_signs_and_verifies_to_the_printed_bytes() {
        let key = key(&RFC7515_A2_KEY, "unnamed");
        assert_eq!(resign(&key, RFC7515_A2_TOKEN), RFC7515_A2_TOKEN);

        let jwt = verifier(&key, None).verify(RFC7515_A2_TOKEN).unwrap();
        assert_eq!(jwt.str_claim("iss"), Ok("joe"));
        assert_eq!((jwt.header_kid(), jwt.header_typ()), (None, None));
    }

    #[test]
    fn rfc_7520_section_4_1_signs_and_verifies_to_the_printed_bytes() {
        let key = key(&RFC7520_KEY, "bilbo.baggins@hobbiton.example");
        assert_eq!(resign(&key, RFC7520_TOKEN), RFC7520_TOKEN);

        // The signature is good; only then is the payload found to be prose.
        let verifier = verifier(&key, Some(key.kid().clone()));
        assert_eq!(verifier.verify(RFC7520_TOKEN).unwrap_err(), JwtError::Claims(JsonError::Malformed));
        let forged = RFC7520_TOKEN.replace("SXTi", "SXTj");
        assert_eq!(verifier.verify(&forged).unwrap_err(), JwtError::Signature);
    }

    #[test]
    fn the_headers_are_entras_byte_for_byte() {
        let key = key(&RFC7515_A2_KEY, "k");
        let header = |form| first_segment(&key.sign(form, &serde_json::json!({})).unwrap());
        assert_eq!(header(TokenHeader::KidOnly), r#"{"typ":"JWT","alg":"RS256","kid":"k"}"#);
        assert_eq!(header(TokenHeader::KidAndX5t), r#"{"typ":"JWT","alg":"RS256","x5t":"k","kid":"k"}"#);
        assert_eq!(header(TokenHeader::Logout), r#"{"typ":"logout+jwt","alg":"RS256","kid":"k"}"#);
    }

    #[test]
    fn a_kid_cannot_break_out_of_the_header() {
        let key = key(&RFC7515_A2_KEY, r#"k","alg":"none"#);
        let token = key.sign(TokenHeader::KidAndX5t, &serde_json::json!({ "sub": "alice" })).unwrap();
        let jwt = verifier(&key, Some(key.kid().clone())).verify(&token).unwrap();
        assert_eq!(jwt.header_kid(), Some(r#"k","alg":"none"#));
    }

    #[test]
    fn claims_that_are_no_object_are_not_signed() {
        let key = key(&RFC7515_A2_KEY, "k");
        for claims in [serde_json::json!([]), serde_json::json!("{}"), serde_json::json!(null)] {
            assert!(
                matches!(key.sign(TokenHeader::KidOnly, &claims), Err(SignError::NotAnObject)),
                "{claims}"
            );
        }
        let unserialisable = std::collections::BTreeMap::from([((1, 2), 3)]);
        assert!(matches!(key.sign(TokenHeader::KidOnly, &unserialisable), Err(SignError::Claims(_))));
    }

    #[test]
    fn jw_05_a_private_key_below_2048_bits_is_refused() {
        let der = STANDARD.decode(SMALL_PKCS8).unwrap();
        let refused = SigningKey::from_pkcs8(&der, KeyId::new("k").unwrap()).unwrap_err();
        assert_eq!(refused, KeyError::Refused("TooSmall".into()));
    }

    #[test]
    fn a_damaged_private_key_is_refused() {
        let good = SigningKey::generate_pkcs8().unwrap();
        let from = |der: &[u8]| SigningKey::from_pkcs8(der, KeyId::new("k").unwrap()).map(|_| ());
        assert_eq!(from(&good), Ok(()));
        let mut flipped = good.to_vec();
        flipped[400] ^= 1;
        let mut longer = good.to_vec();
        longer.push(0);
        assert!(matches!(from(&flipped), Err(KeyError::Refused(_))));
        for bad in [&longer[..], &good[..good.len() - 1], b"", b"-----BEGIN PRIVATE KEY-----"] {
            assert_eq!(from(bad), Err(KeyError::Malformed));
        }
    }

    #[test]
    fn debug_shows_the_name_and_the_size_only() {
        let shown = format!("{:?}", key(&RFC7515_A2_KEY, "k"));
        assert_eq!(shown, r#"SigningKey { kid: KeyId("k"), bits: 2048, .. }"#);
    }

    #[test]
    fn ds_08_a_key_is_published_only_under_its_own_certificate() {
        let certificate = STANDARD.decode(RFC7515_A2_CERTIFICATE).unwrap();
        let kid = KeyId::from_certificate_der(&certificate);
        // Computed independently from the same file.
        assert_eq!(kid.as_str(), "LuhpgAjPdYc6YRUe24O3BBuEor8");

        let jwk = key(&RFC7515_A2_KEY, kid.as_str()).jwk(&certificate).unwrap();
        assert_eq!(jwk.kid(), Some(&kid));
        for wrong in [key(&RFC7515_A2_KEY, "another-name"), key(&RFC7520_KEY, kid.as_str())] {
            assert_eq!(wrong.jwk(&certificate), Err(KeyError::OtherCertificate));
        }
    }
}
