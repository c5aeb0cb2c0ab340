//! Published keys, one and many (RFC 7517), in Entra's form.
//!
//! Owns the JSON that goes out, with public members only, and the way from a key set to a [`Verifier`]. What is taken
//! from a foreign document is decided in `jwks_reader`.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde::ser::{Serialize, SerializeMap as _, Serializer};

use crate::algorithm::Algorithm;
use crate::jwks_reader;
use crate::public_key::{KeyError, RsaPublicKey};
use crate::strict_json::JsonError;
use crate::thumbprint::KeyId;
use crate::verifier::{Verifier, VerifierError};
use crate::verifying_key::VerifyingKey;

/// An RSA signature key as it is published.
///
/// Serialises to `kty`, `use`, `kid`, `x5t`, `n`, `e`, `x5c`, `cloud_instance_name` and `issuer`, in this order, absent
/// ones left out. It holds an [`RsaPublicKey`], so a private member cannot be said.
///
/// ```no_run
/// # use vestibule_jose::{Jwk, RsaPublicKey};
/// # fn certificate_of(_: &RsaPublicKey) -> Vec<u8> { unimplemented!() }
/// # fn publish(key: &RsaPublicKey) -> Result<(), Box<dyn std::error::Error>> {
/// let jwk = Jwk::with_certificate(key, &certificate_of(key))?
///     .cloud_instance_name("microsoftonline.com")
///     .issuer("https://login.example/{tenantid}/v2.0");
/// assert!(serde_json::to_string(&jwk)?.starts_with(r#"{"kty":"RSA","use":"sig","kid":""#));
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Jwk {
    pub(crate) key: RsaPublicKey,
    /// Not serialised: Entra publishes no `alg`.
    pub(crate) algorithm: Algorithm,
    pub(crate) kid: Option<KeyId>,
    pub(crate) x5t: Option<KeyId>,
    pub(crate) x5c: Vec<String>,
    pub(crate) cloud_instance_name: Option<String>,
    pub(crate) issuer: Option<String>,
}

impl Jwk {
    /// A key named by its certificate (DER): `kid` and `x5t` are the certificate's SHA-1 thumbprint, `x5c` is the
    /// certificate in standard base64 (RFC 7517 §4.7). It verifies RS256.
    ///
    /// # Errors
    /// [`KeyError::OtherCertificate`] when the certificate does not hold this key.
    pub fn with_certificate(key: &RsaPublicKey, certificate_der: &[u8]) -> Result<Self, KeyError> {
        if !key.is_held_by(certificate_der) {
            return Err(KeyError::OtherCertificate);
        }
        let thumbprint = KeyId::from_certificate_der(certificate_der);
        Ok(Self {
            key: key.clone(),
            algorithm: Algorithm::Rs256,
            kid: Some(thumbprint.clone()),
            x5t: Some(thumbprint),
            x5c: vec![STANDARD.encode(certificate_der)],
            cloud_instance_name: None,
            issuer: None,
        })
    }

    /// Sets `issuer`: whom the key signs for. Entra: `{tenantid}` in it stands for any tenant.
    #[must_use]
    pub fn issuer(self, issuer: &str) -> Self {
        Self { issuer: Some(issuer.to_owned()), ..self }
    }

    /// Sets `cloud_instance_name`, a host name.
    #[must_use]
    pub fn cloud_instance_name(self, name: &str) -> Self {
        Self { cloud_instance_name: Some(name.to_owned()), ..self }
    }

    /// The member `kid`.
    #[must_use]
    pub fn kid(&self) -> Option<&KeyId> {
        self.kid.as_ref()
    }

    /// The key itself.
    #[must_use]
    pub fn public(&self) -> &RsaPublicKey {
        &self.key
    }

    /// The key made ready to verify, limited to the published `issuer` if there is one.
    ///
    /// # Errors
    /// [`KeyError::Malformed`] when the library cannot use the numbers.
    pub fn verifying_key(&self) -> Result<VerifyingKey, KeyError> {
        let key = VerifyingKey::new(self.algorithm, self.kid.clone(), &self.key)?.with_x5t(self.x5t.clone());
        Ok(match &self.issuer {
            Some(issuer) => key.for_issuer(issuer),
            None => key,
        })
    }
}

impl Serialize for Jwk {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut members = serializer.serialize_map(None)?;
        members.serialize_entry("kty", "RSA")?;
        members.serialize_entry("use", "sig")?;
        if let Some(kid) = &self.kid {
            members.serialize_entry("kid", kid)?;
        }
        if let Some(x5t) = &self.x5t {
            members.serialize_entry("x5t", x5t)?;
        }
        members.serialize_entry("n", &self.key.n())?;
        members.serialize_entry("e", &self.key.e())?;
        if !self.x5c.is_empty() {
            members.serialize_entry("x5c", &self.x5c)?;
        }
        if let Some(name) = &self.cloud_instance_name {
            members.serialize_entry("cloud_instance_name", name)?;
        }
        if let Some(issuer) = &self.issuer {
            members.serialize_entry("issuer", issuer)?;
        }
        members.end()
    }
}

/// Why a key set document was refused as a whole.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum JwksError {
    /// Longer than [`Jwks::MAX_BYTES`].
    #[error("the key set is longer than {} bytes", Jwks::MAX_BYTES)]
    TooLarge,
    /// Not an acceptable JSON object.
    #[error("key set: {0}")]
    Json(JsonError),
    /// No `keys` array (RFC 7517 §5).
    #[error("the key set has no array of keys")]
    NoKeys,
    /// More than [`Jwks::MAX_KEYS`] entries, usable or not.
    #[error("the key set has more than {} keys", Jwks::MAX_KEYS)]
    TooManyKeys,
}

/// A JWK Set (RFC 7517 §5).
///
/// ```
/// # use vestibule_jose::Jwks;
/// let foreign = Jwks::parse(br#"{"keys":[{"kty":"oct","kid":"1","k":"c2VjcmV0"}]}"#)?;
/// assert!(foreign.keys.is_empty());
/// # Ok::<(), vestibule_jose::JwksError>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq, serde::Serialize)]
pub struct Jwks {
    /// The keys, in no meaningful order.
    pub keys: Vec<Jwk>,
}

impl Jwks {
    /// The longest document that is read: 512 KiB.
    pub const MAX_BYTES: usize = 512 * 1024;
    /// The most entries in a document.
    pub const MAX_KEYS: usize = Verifier::MAX_KEYS;

    /// Reads a foreign key set and keeps the keys that can verify (RFC 7517 §5: others are to be ignored).
    ///
    /// Dropped: anything but `"kty":"RSA"`; a `use` other than `sig`; `key_ops` without `verify`; an `alg` other than
    /// RS256 and PS256; private or symmetric members; numbers that [`RsaPublicKey`] refuses; a `kid` that is no
    /// [`KeyId`]; and different keys under one `kid`, all of them. A key without `alg` verifies RS256.
    ///
    /// # Errors
    /// [`JwksError`] when the document as a whole cannot be trusted to mean one thing.
    pub fn parse(document: &[u8]) -> Result<Self, JwksError> {
        jwks_reader::read(document).map(|keys| Self { keys })
    }

    /// A verifier that trusts these keys.
    ///
    /// # Errors
    /// [`VerifierError`] when there are too many or two share a name, which cannot be for a set from
    /// [`parse`](Self::parse). A key that the library cannot use is left out.
    pub fn verifier(&self) -> Result<Verifier, VerifierError> {
        Verifier::new(self.keys.iter().filter_map(|jwk| jwk.verifying_key().ok()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Jwks;
    use crate::rfc_keys::{RFC7515_A2_CERTIFICATE, RFC7515_A2_KEY};
    use aws_lc_rs::signature::KeyPair as _;

    fn published() -> Jwk {
        let key = RsaPublicKey::from_pkcs1_der(RFC7515_A2_KEY.pair().public_key().as_ref()).unwrap();
        Jwk::with_certificate(&key, &STANDARD.decode(RFC7515_A2_CERTIFICATE).unwrap()).unwrap()
    }

    #[test]
    fn ds_02_a_published_key_has_entras_members_in_entras_order_and_no_other() {
        let jwk =
            published().issuer("https://login.example/{tenantid}/v2.0").cloud_instance_name("login.example");
        let n = jwk.public().n();
        let expected = format!(
            r#"{{"keys":[{{"kty":"RSA","use":"sig","kid":"LuhpgAjPdYc6YRUe24O3BBuEor8","x5t":"LuhpgAjPdYc6YRUe24O3BBuEor8","n":"{n}","e":"AQAB","x5c":["{RFC7515_A2_CERTIFICATE}"],"cloud_instance_name":"login.example","issuer":"https://login.example/{{tenantid}}/v2.0"}}]}}"#
        );
        assert_eq!(serde_json::to_string(&Jwks { keys: vec![jwk] }).unwrap(), expected);
    }

    #[test]
    fn the_v1_document_leaves_the_issuer_out() {
        let json = serde_json::to_string(&published()).unwrap();
        assert!(!json.contains("issuer") && !json.contains("cloud_instance_name"), "{json}");
    }

    #[test]
    fn what_is_published_reads_back_the_same() {
        let jwks = Jwks { keys: vec![published().issuer("i")] };
        assert_eq!(Jwks::parse(&serde_json::to_vec(&jwks).unwrap()), Ok(jwks));
    }

    #[test]
    fn a_registered_certificate_answers_to_both_thumbprints() {
        let certificate = STANDARD.decode(RFC7515_A2_CERTIFICATE).unwrap();
        let jwk = published();
        let key = VerifyingKey::of_certificate(Algorithm::Ps256, jwk.public(), &certificate).unwrap();
        for hint in [
            crate::header::KeyHint::Kid("LuhpgAjPdYc6YRUe24O3BBuEor8"),
            crate::header::KeyHint::X5t("LuhpgAjPdYc6YRUe24O3BBuEor8"),
            // Computed independently from the same file.
            crate::header::KeyHint::X5tS256("DUgAuWtQ58GUHQLjHfguIVZ2woTGLA99JxdBxT4249k"),
        ] {
            assert!(key.answers_to(hint));
        }
        assert!(!key.answers_to(crate::header::KeyHint::X5tS256("LuhpgAjPdYc6YRUe24O3BBuEor8")));
        assert!(matches!(
            VerifyingKey::of_certificate(Algorithm::Ps256, jwk.public(), b"another certificate"),
            Err(KeyError::OtherCertificate)
        ));
    }
}
