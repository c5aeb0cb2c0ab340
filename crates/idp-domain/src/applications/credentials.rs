//! What an application proves itself with: secrets, certificates, the tokens of others.

use std::sync::OnceLock;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use uuid::Uuid;
use vestibule_jose::client_assertion::CertificateKey;

/// A client secret: never the secret, always a keyed hash of it.
///
/// Secrets are made by the server from 256 random bits, so a fast keyed hash is as good as a slow one and does not put
/// a password hash on the token path.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ClientSecret {
    /// Names the secret to administrators.
    pub id: Uuid,
    /// [`crate::credentials::client_secret_hash`] of the secret.
    pub hash: [u8; 32],
    /// What it is for.
    #[serde(default)]
    pub display_name: Option<String>,
    /// Its first three characters, to tell secrets apart.
    #[serde(default)]
    pub hint: Option<String>,
    /// Before this it is refused.
    #[serde(default = "always", with = "jiff::fmt::serde::timestamp::second::required")]
    pub starts_at: Timestamp,
    /// After this it is refused.
    #[serde(with = "jiff::fmt::serde::timestamp::second::required")]
    pub expires_at: Timestamp,
}

const fn always() -> Timestamp {
    Timestamp::UNIX_EPOCH
}

/// A certificate, whose key signs client assertions.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Certificate {
    /// Names it to administrators.
    pub id: Uuid,
    /// What it is for.
    pub display_name: Option<String>,
    /// The certificate in DER, in base64.
    pub der: String,
    /// SHA-1 of the DER, in base64 (`customKeyIdentifier`).
    pub thumbprint: String,
    /// Before this it is refused.
    #[serde(with = "jiff::fmt::serde::timestamp::second::required")]
    pub starts_at: Timestamp,
    /// After this it is refused.
    #[serde(with = "jiff::fmt::serde::timestamp::second::required")]
    pub expires_at: Timestamp,
    /// Its key, once somebody has asked for it.
    #[serde(skip)]
    pub parsed: ParsedKey,
}

/// The key of a certificate, parsed when it is first asked for. It follows from the certificate, so that two certificates
/// do not differ by it. Applications are kept parsed, and their keys with them.
#[derive(Debug, Clone, Default)]
pub struct ParsedKey(pub(super) OnceLock<Option<Box<CertificateKey>>>);

impl PartialEq for ParsedKey {
    fn eq(&self, _: &Self) -> bool {
        true
    }
}

impl Eq for ParsedKey {}

/// Whose tokens an application may present instead of a credential of its own (`federatedIdentityCredential`).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FederatedCredential {
    /// The object id.
    pub id: Uuid,
    /// Unique in the application; cannot be changed.
    pub name: String,
    /// The issuer of the tokens.
    pub issuer: String,
    /// Their subject.
    pub subject: String,
    /// Their audience; exactly one.
    pub audiences: Vec<String>,
    /// What it is for.
    pub description: Option<String>,
}
