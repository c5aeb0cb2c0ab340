//! Signing keys: one ring for all tenants. The current key signs; the next one is published well before it does.

mod certificate;

use jiff::Timestamp;
use vestibule_jose::{Jwk, KeyError, KeyId, SigningKey, Verifier, VerifierError};

pub use certificate::{CertificateError, self_signed};

use crate::randomness::Randomness;
use crate::sealed::{NotSealedHere, Purpose, Sealer};

/// Where a key is in its life.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum KeyStage {
    /// Published, and not yet signing.
    Next,
    /// Signing.
    Current,
    /// Published until the last token it signed has expired.
    Retired,
}

impl KeyStage {
    /// The word in the store.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Next => "next",
            Self::Current => "current",
            Self::Retired => "retired",
        }
    }

    /// Reads the word back.
    pub fn parse(word: &str) -> Option<Self> {
        [Self::Next, Self::Current, Self::Retired].into_iter().find(|stage| stage.as_str() == word)
    }
}

/// A key as it is stored: its private part sealed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredKey {
    /// `kid`, which is also `x5t`: base64url of the SHA-1 of the certificate.
    pub kid: String,
    /// Where it is in its life.
    pub stage: KeyStage,
    /// The PKCS#8 private key, sealed for this `kid`.
    pub sealed: Vec<u8>,
    /// The certificate, DER.
    pub certificate: Vec<u8>,
    /// When it was made.
    pub created_at: Timestamp,
}

/// Why keys could not be made or read.
#[derive(Debug, thiserror::Error)]
pub enum KeyRingError {
    /// The master key is not the one the keys were sealed under.
    #[error(
        "the signing keys in the store were sealed under another master key; start with the master key file this store was made with"
    )]
    OtherMasterKey(#[from] NotSealedHere),
    /// There is no current key.
    #[error("the store has no current signing key")]
    NoCurrentKey,
    /// A key is damaged.
    #[error("a signing key could not be read: {0}")]
    Damaged(#[from] KeyError),
    /// A certificate could not be made.
    #[error("{0}")]
    Certificate(#[from] CertificateError),
    /// The keys cannot be told apart.
    #[error("the signing keys could not be assembled: {0}")]
    Verifier(#[from] VerifierError),
}

impl StoredKey {
    /// Makes an RSA-2048 key with a self-signed certificate. Takes about 70 ms.
    pub fn generate(
        stage: KeyStage,
        sealer: &Sealer,
        now: Timestamp,
        random: &dyn Randomness,
    ) -> Result<Self, KeyRingError> {
        let pkcs8 = SigningKey::generate_pkcs8()?;
        let certificate = self_signed(&pkcs8, now)?;
        let kid = KeyId::from_certificate_der(&certificate).as_str().to_owned();
        let sealed = sealer.seal_bytes(Purpose::SigningKey, kid.as_bytes(), pkcs8.to_vec(), now, random);
        Ok(Self { kid, stage, sealed, certificate, created_at: now })
    }
}

/// The keys, parsed once.
#[derive(Debug)]
pub struct KeyRing {
    current: SigningKey,
    published: Vec<Jwk>,
    verifier: Verifier,
}

impl KeyRing {
    /// Opens and parses the stored keys.
    pub fn open(stored: &[StoredKey], sealer: &Sealer) -> Result<Self, KeyRingError> {
        let mut current = None;
        let mut published = Vec::new();
        for key in stored {
            let pkcs8 = sealer.open_bytes(Purpose::SigningKey, key.kid.as_bytes(), key.sealed.clone())?;
            let parsed = SigningKey::from_pkcs8(&pkcs8, KeyId::from_certificate_der(&key.certificate))?;
            published.push(parsed.jwk(&key.certificate)?);
            if key.stage == KeyStage::Current {
                current = Some(parsed);
            }
        }
        let verifying = published.iter().map(Jwk::verifying_key).collect::<Result<Vec<_>, _>>()?;
        let verifier = Verifier::new(verifying)?;
        Ok(Self { current: current.ok_or(KeyRingError::NoCurrentKey)?, published, verifier })
    }

    /// The key that signs.
    pub const fn current(&self) -> &SigningKey {
        &self.current
    }

    /// Every key that may have signed a token somebody still holds, and the next one.
    pub fn published(&self) -> &[Jwk] {
        &self.published
    }

    /// Verifies our own tokens.
    pub const fn verifier(&self) -> &Verifier {
        &self.verifier
    }
}
