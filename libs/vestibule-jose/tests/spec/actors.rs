//! Who takes part: two issuers with a key each, and an attacker who can sign any bytes with a key of one's own.

use std::sync::OnceLock;

use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::rsa::KeyPair;
use aws_lc_rs::signature::{RSA_PKCS1_SHA256, RSA_PSS_SHA256, RsaSignatureEncoding};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Value, json};
use vestibule_jose::{
    Algorithm, JwtError, KeyId, SigningKey, ValidClaims, Validation, VerifiedJwt, Verifier, VerifyingKey,
};

pub const ISSUER: &str = "https://login.example/contoso/v2.0";
pub const AUDIENCE: &str = "api://orders";
pub const NOW: i64 = 1_750_000_000;

/// An issuer: our signing key, and the same key in raw form to sign what our own code would not.
pub struct Issuer {
    pub key: SigningKey,
    raw: KeyPair,
}

fn issuer(kid: &str) -> Issuer {
    let pkcs8 = SigningKey::generate_pkcs8().unwrap();
    Issuer {
        key: SigningKey::from_pkcs8(&pkcs8, KeyId::new(kid).unwrap()).unwrap(),
        raw: KeyPair::from_pkcs8(&pkcs8).unwrap(),
    }
}

/// The issuer that is trusted.
pub fn contoso() -> &'static Issuer {
    static KEY: OnceLock<Issuer> = OnceLock::new();
    KEY.get_or_init(|| issuer("contoso-1"))
}

/// Another issuer with a good key of its own.
pub fn fabrikam() -> &'static Issuer {
    static KEY: OnceLock<Issuer> = OnceLock::new();
    KEY.get_or_init(|| issuer("fabrikam-1"))
}

impl Issuer {
    pub fn verifying(&self, algorithm: Algorithm) -> VerifyingKey {
        VerifyingKey::new(algorithm, Some(self.key.kid().clone()), self.key.public()).unwrap()
    }

    /// A verifier that trusts this issuer's RS256 key and no other.
    pub fn verifier(&self) -> Verifier {
        Verifier::new([self.verifying(Algorithm::Rs256)]).unwrap()
    }

    /// A token with a good RS256 signature over any header and any payload.
    pub fn sign_raw(&self, header: &[u8], payload: &[u8]) -> String {
        self.sign_input(&RSA_PKCS1_SHA256, format!("{}.{}", encode(header), encode(payload)))
    }

    pub fn sign_raw_pss(&self, header: &[u8], payload: &[u8]) -> String {
        self.sign_input(&RSA_PSS_SHA256, format!("{}.{}", encode(header), encode(payload)))
    }

    /// Signs a signing input that may be no base64url at all.
    pub fn sign_text(&self, signing_input: &str) -> String {
        self.sign_input(&RSA_PKCS1_SHA256, signing_input.to_owned())
    }

    fn sign_input(&self, encoding: &'static RsaSignatureEncoding, input: String) -> String {
        let mut signature = vec![0; self.raw.public_modulus_len()];
        self.raw.sign(encoding, &SystemRandom::new(), input.as_bytes(), &mut signature).unwrap();
        format!("{input}.{}", encode(&signature))
    }

    /// A token with the usual header and this payload.
    pub fn sign_payload(&self, payload: &str) -> String {
        let header = json!({ "typ": "JWT", "alg": "RS256", "kid": self.key.kid().as_str() });
        self.sign_raw(header.to_string().as_bytes(), payload.as_bytes())
    }
}

pub fn encode(bytes: &[u8]) -> String {
    URL_SAFE_NO_PAD.encode(bytes)
}

/// Claims that every rule accepts at [`NOW`].
pub fn good_claims() -> Value {
    json!({
        "iss": ISSUER, "aud": AUDIENCE, "sub": "alice",
        "iat": NOW - 60, "nbf": NOW - 60, "exp": NOW + 3_600,
    })
}

/// [`good_claims`] with one member replaced, or removed when `value` is `None`.
pub fn claims_with(name: &str, value: Option<Value>) -> Value {
    let mut claims = good_claims();
    let members = claims.as_object_mut().unwrap();
    match value {
        Some(value) => members.insert(name.to_owned(), value),
        None => members.remove(name),
    };
    claims
}

/// Verifies a token that Contoso signed over `payload`.
pub fn verified(payload: &str) -> Result<VerifiedJwt, JwtError> {
    contoso().verifier().verify(&contoso().sign_payload(payload))
}

/// What the orders API expects.
pub fn orders() -> Validation<'static> {
    Validation::new(ISSUER, &[AUDIENCE], NOW)
}

/// What the orders API makes of `claims` when Contoso signed them.
pub fn accepted(claims: &Value) -> Result<ValidClaims, vestibule_jose::Refused> {
    orders().check(verified(&claims.to_string()).unwrap())
}
