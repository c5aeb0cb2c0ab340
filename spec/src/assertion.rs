//! Client assertions (RFC 7523 §2.2): as they should be, and as nobody should write them.

use aws_lc_rs::digest::{SHA256, digest};
use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::rsa::KeyPair;
use aws_lc_rs::signature::{RSA_PKCS1_SHA256, RSA_PSS_SHA256, RsaSignatureEncoding};
use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use serde_json::{Value, json};

use crate::cast::Application;
use crate::form::Form;
use crate::world::{now, random_guid};

/// `client_assertion_type`
pub const JWT_BEARER: &str = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";

/// An assertion, not yet signed.
#[derive(Debug, Clone)]
pub struct Assertion {
    /// The JOSE header.
    pub header: Value,
    /// The claims.
    pub claims: Value,
}

/// A private key that signs anything.
pub struct Signer(KeyPair);

impl Assertion {
    /// What a library would write for an application, to an audience.
    pub fn of(application: &Application, audience: &str) -> Self {
        let thumbprint = digest(&SHA256, &certificate_of(application));
        let client = &application.client_id;
        Self {
            header: json!({ "alg": "PS256", "typ": "JWT", "x5t#S256": URL_SAFE_NO_PAD.encode(thumbprint) }),
            claims: json!({
                "iss": client, "sub": client, "aud": audience,
                "jti": random_guid(), "nbf": now(), "exp": now() + 600,
            }),
        }
    }

    /// With this claim.
    #[must_use]
    pub fn claiming(mut self, name: &str, value: impl Into<Value>) -> Self {
        self.claims[name] = value.into();
        self
    }

    /// Without a claim.
    #[must_use]
    pub fn without(mut self, name: &str) -> Self {
        self.claims.as_object_mut().unwrap().remove(name);
        self
    }

    /// With this member in the header.
    #[must_use]
    pub fn headed(mut self, name: &str, value: impl Into<Value>) -> Self {
        self.header[name] = value.into();
        self
    }

    /// Without a member of the header.
    #[must_use]
    pub fn beheaded(mut self, name: &str) -> Self {
        self.header.as_object_mut().unwrap().remove(name);
        self
    }

    /// What is to be signed.
    pub fn input(&self) -> String {
        format!("{}.{}", encode(&self.header.to_string()), encode(&self.claims.to_string()))
    }

    /// Signed by PS256.
    pub fn ps256(&self, signer: &Signer) -> String {
        signer.ps256(&self.input())
    }

    /// Signed by RS256.
    pub fn rs256(&self, signer: &Signer) -> String {
        signer.rs256(&self.input())
    }
}

impl Signer {
    /// A key in PKCS#8, in PEM.
    pub fn new(pem: &str) -> Self {
        Self(KeyPair::from_pkcs8(&der_of(pem)).unwrap())
    }

    /// The key of an application that has a certificate.
    pub fn of(application: &Application) -> Self {
        Self::new(application.private_key.as_deref().unwrap())
    }

    /// Appends a PS256 signature to any text.
    pub fn ps256(&self, input: &str) -> String {
        self.sign(&RSA_PSS_SHA256, input)
    }

    /// Appends an RS256 signature to any text.
    pub fn rs256(&self, input: &str) -> String {
        self.sign(&RSA_PKCS1_SHA256, input)
    }

    fn sign(&self, encoding: &'static RsaSignatureEncoding, input: &str) -> String {
        let mut signature = vec![0; self.0.public_modulus_len()];
        self.0.sign(encoding, &SystemRandom::new(), input.as_bytes(), &mut signature).unwrap();
        format!("{input}.{}", URL_SAFE_NO_PAD.encode(signature))
    }
}

impl Application {
    /// A token request for itself with an assertion.
    pub fn asserts(&self, assertion: &str, scope: &str) -> Form {
        let form = self.for_itself(scope).without("client_secret");
        form.with("client_assertion_type", JWT_BEARER).with("client_assertion", assertion)
    }
}

/// The certificate of an application that has one, in DER.
pub fn certificate_of(application: &Application) -> Vec<u8> {
    der_of(application.certificate.as_deref().unwrap())
}

/// A segment.
pub fn encode(text: &str) -> String {
    URL_SAFE_NO_PAD.encode(text)
}

fn der_of(pem: &str) -> Vec<u8> {
    let body: String = pem.lines().filter(|line| !line.starts_with("-----")).collect();
    STANDARD.decode(body).unwrap()
}
