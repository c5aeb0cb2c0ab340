//! Proof that whoever adds a key to an application holds one of its keys already (`addKey`, `removeKey`): a token signed
//! with that key, made out by the application itself for the directory.
//!
//! Source: "Generate proof-of-possession tokens for rolling keys", Microsoft Graph.

use jiff::Timestamp;
use vestibule_jose::{Algorithm, KeyId, Validation, Verifier, VerifyingKey};

use super::{Application, Certificate};

/// Whom the proof is for: the directory, by the id of its older API.
const AUDIENCE: &str = "00000002-0000-0000-c000-000000000000";
/// A proof lives ten minutes; some programs make their tokens for an hour unless told otherwise.
const MAX_LIFETIME: i64 = 3600;
/// How far clocks may be apart.
const LEEWAY: u32 = 300;

/// Proof that a key of the application was used just now. Made only by [`KeyPossession::prove`].
#[derive(Debug)]
pub struct KeyPossession(());

/// The token proves nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NotProved {
    /// The application has no certificate that counts now.
    #[error("the application has no valid certificate")]
    NoKey,
    /// The token is not signed by one of them, or not by the application for the directory, or not for now.
    #[error("the proof is not a current token of the application, signed with one of its valid certificates")]
    Token,
}

impl KeyPossession {
    /// Checks a proof.
    pub fn prove(application: &Application, proof: &str, now: Timestamp) -> Result<Self, NotProved> {
        let mut keys: Vec<VerifyingKey> = Vec::new();
        let mut seen = Vec::new();
        for certificate in application.certificates.iter().filter(|one| one.is_valid_at(now)) {
            if !seen.contains(&&certificate.thumbprint) {
                seen.push(&certificate.thumbprint);
                keys.extend(keys_of(certificate));
            }
        }
        if keys.is_empty() {
            return Err(NotProved::NoKey);
        }
        let verifier =
            Verifier::new(keys.into_iter().take(Verifier::MAX_KEYS)).map_err(|_| NotProved::NoKey)?;
        let jwt = verifier.verify(proof).map_err(|_| NotProved::Token)?;
        let issuer = jwt.str_claim("iss").map_err(|_| NotProved::Token)?.to_ascii_lowercase();
        // Documented as the id of the application; programs take either of the two for it.
        let own = [application.id.to_string(), application.client_id.to_string()];
        let expected = own.iter().find(|id| **id == issuer).ok_or(NotProved::Token)?;
        let claims = Validation::new(expected, &[AUDIENCE], now.as_second())
            .issued_at_optional()
            .leeway_seconds(LEEWAY)
            .check(jwt)
            .map_err(|_| NotProved::Token)?;
        // Programs leave `iat` out, so that its life is measured from now.
        if claims.expires_at() > now.as_second().saturating_add(MAX_LIFETIME) {
            return Err(NotProved::Token);
        }
        Ok(Self(()))
    }
}

/// The key under each name that libraries give it: the SHA-1 thumbprint in base64url, and in hexadecimal.
fn keys_of(certificate: &Certificate) -> Vec<VerifyingKey> {
    let (Some(der), Some(key)) = (certificate.der_bytes(), certificate.public_key()) else {
        return Vec::new();
    };
    let hex: String = aws_lc_rs::digest::digest(&aws_lc_rs::digest::SHA1_FOR_LEGACY_USE_ONLY, &der)
        .as_ref()
        .iter()
        .map(|byte| format!("{byte:02X}"))
        .collect();
    let mut keys = Vec::new();
    for algorithm in [Algorithm::Rs256, Algorithm::Ps256] {
        keys.extend(VerifyingKey::of_certificate(algorithm, &key, &der).ok());
        keys.extend(VerifyingKey::new(algorithm, KeyId::new(&hex).ok(), &key).ok());
    }
    keys
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};
    use uuid::Uuid;
    use vestibule_jose::{SigningKey, TokenHeader};

    use super::*;
    use crate::applications::microsoft_graph;
    use crate::keys::self_signed;

    const NOW: i64 = 1_800_000_000;

    fn at(seconds: i64) -> Timestamp {
        Timestamp::from_second(seconds).unwrap()
    }

    struct Keyed {
        application: Application,
        key: SigningKey,
    }

    fn keyed() -> Keyed {
        let pkcs8 = SigningKey::generate_pkcs8().unwrap();
        let der = self_signed(&pkcs8, at(NOW)).unwrap();
        let key = SigningKey::from_pkcs8(&pkcs8, KeyId::from_certificate_der(&der)).unwrap();
        let certificate = Certificate::read(Uuid::nil(), None, &der).unwrap();
        Keyed { application: Application { certificates: vec![certificate], ..microsoft_graph() }, key }
    }

    fn claims(application: &Application) -> Value {
        json!({ "iss": application.id, "aud": AUDIENCE, "nbf": NOW - 5, "exp": NOW + 600 })
    }

    #[test]
    fn a_token_signed_with_a_key_of_the_application_proves_it() {
        let Keyed { application, key } = keyed();
        let proof = key.sign(TokenHeader::KidOnly, &claims(&application)).unwrap();
        assert!(KeyPossession::prove(&application, &proof, at(NOW)).is_ok());
        assert_eq!(KeyPossession::prove(&microsoft_graph(), &proof, at(NOW)).unwrap_err(), NotProved::NoKey);
        let later = KeyPossession::prove(&application, &proof, at(NOW + 2000));
        assert_eq!(later.unwrap_err(), NotProved::Token);
        let decades = KeyPossession::prove(&application, &proof, at(NOW * 2));
        assert_eq!(decades.unwrap_err(), NotProved::NoKey, "the certificate has expired too");
    }

    #[test]
    fn another_key_issuer_audience_or_time_proves_nothing() {
        let Keyed { application, key } = keyed();
        let stranger = keyed().key;
        let good = claims(&application);
        let mut refused = vec![stranger.sign(TokenHeader::KidOnly, &good).unwrap()];
        for (name, value) in [
            ("iss", json!("00000000-0000-0000-0000-000000000009")),
            ("aud", json!("https://graph.microsoft.com")),
            ("exp", json!(NOW - 1000)),
            ("nbf", json!(NOW + 1000)),
            ("exp", json!(NOW + 4000)),
        ] {
            let mut bad = good.clone();
            bad[name] = value;
            refused.push(key.sign(TokenHeader::KidOnly, &bad).unwrap());
        }
        for proof in refused {
            let found = KeyPossession::prove(&application, &proof, at(NOW));
            assert_eq!(found.unwrap_err(), NotProved::Token);
        }
    }
}
