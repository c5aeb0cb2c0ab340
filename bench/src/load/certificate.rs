//! Tokens for an application that proves itself with a certificate: one assertion, presented every time, as libraries do.

use std::time::{SystemTime, UNIX_EPOCH};

use anyhow::{Result, anyhow};
use rustls_pki_types::pem::PemObject as _;
use rustls_pki_types::{CertificateDer, PrivatePkcs8KeyDer};
use serde_json::json;
use vestibule_jose::{KeyId, SigningKey, TokenHeader};

use super::dev_json::DevJson;
use super::https::{Endpoint, Request};
use super::post_form;

/// Longer than any measurement.
const LIFE: u64 = 4 * 3600;

pub(super) fn tokens(dev: &DevJson, endpoint: &Endpoint) -> Result<Request> {
    let (program, api) = (dev.with_certificate()?, dev.application("api")?);
    let path = format!("/{}/oauth2/v2.0/token", program.tenant);
    let (certificate, key) = program.key_pair()?;
    let certificate =
        CertificateDer::from_pem_slice(certificate.as_bytes()).map_err(|fault| anyhow!("{fault}"))?;
    let key = PrivatePkcs8KeyDer::from_pem_slice(key.as_bytes()).map_err(|fault| anyhow!("{fault}"))?;
    let key = SigningKey::from_pkcs8(key.secret_pkcs8_der(), KeyId::from_certificate_der(&certificate))?;
    #[allow(clippy::disallowed_methods, reason = "an assertion is for now")]
    let now = SystemTime::now().duration_since(UNIX_EPOCH)?.as_secs();
    let (client, audience) = (&program.client_id, format!("{}{path}", dev.origin));
    let claims = json!({
        "iss": client, "sub": client, "aud": audience, "jti": "bench", "nbf": now, "exp": now + LIFE,
    });
    let assertion = key.sign(TokenHeader::KidAndX5t, &claims)?;
    let scope = format!("{}/.default", api.identifier_uri()?);
    let form = [
        ("grant_type", "client_credentials"),
        ("client_assertion_type", "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"),
        ("client_assertion", &assertion),
        ("client_id", client),
        ("scope", &scope),
    ];
    post_form(endpoint, &path, form)
}
