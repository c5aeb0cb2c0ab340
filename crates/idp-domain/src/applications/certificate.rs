//! Certificates of applications: their public keys verify what the application signs. The certificate is a container;
//! nothing but the application's registration vouches for it, so no chain is built.

use aws_lc_rs::digest::{SHA1_FOR_LEGACY_USE_ONLY, digest};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use jiff::Timestamp;
use uuid::Uuid;
use vestibule_jose::client_assertion::CertificateKey;
use vestibule_jose::{KeyError, RsaPublicKey};
use x509_parser::prelude::{FromDer as _, X509Certificate, parse_x509_pem};

use super::{Certificate, ParsedKey};

/// The largest certificate that is looked at, in bytes.
const MAX: usize = 16 * 1024;

/// Why a certificate cannot be taken.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum BadCertificate {
    /// Not one certificate in DER or PEM.
    #[error("it is not one X.509 certificate in DER or PEM, or is larger than {MAX} bytes")]
    Malformed,
    /// The key is of a kind or size that nothing is verified with here.
    #[error("its key cannot be used: {0}")]
    Key(#[from] KeyError),
    /// A date of the certificate cannot be said.
    #[error("its dates cannot be read")]
    Dates,
}

impl Certificate {
    /// Reads a certificate, in DER or as PEM text.
    pub fn read(id: Uuid, display_name: Option<String>, bytes: &[u8]) -> Result<Self, BadCertificate> {
        if bytes.len() > MAX {
            return Err(BadCertificate::Malformed);
        }
        // Some programs send the text of a PEM file where Graph documents DER.
        let pem = if bytes.starts_with(b"-----BEGIN") { Some(of_pem(bytes)?) } else { None };
        let der = pem.as_deref().unwrap_or(bytes);
        let (rest, parsed) = X509Certificate::from_der(der).map_err(|_| BadCertificate::Malformed)?;
        if !rest.is_empty() {
            return Err(BadCertificate::Malformed);
        }
        RsaPublicKey::from_spki_der(parsed.public_key().raw)?;
        let at = |time: x509_parser::time::ASN1Time| {
            Timestamp::from_second(time.timestamp()).map_err(|_| BadCertificate::Dates)
        };
        let validity = parsed.validity();
        Ok(Self {
            id,
            display_name: display_name.or_else(|| Some(parsed.subject().to_string())),
            der: STANDARD.encode(der),
            thumbprint: STANDARD.encode(digest(&SHA1_FOR_LEGACY_USE_ONLY, der)),
            starts_at: at(validity.not_before)?,
            expires_at: at(validity.not_after)?,
            parsed: ParsedKey::default(),
        })
    }

    /// The certificate in DER.
    pub fn der_bytes(&self) -> Option<Vec<u8>> {
        STANDARD.decode(&self.der).ok()
    }

    /// Its public key.
    pub fn public_key(&self) -> Option<RsaPublicKey> {
        let der = self.der_bytes()?;
        let (_, parsed) = X509Certificate::from_der(&der).ok()?;
        RsaPublicKey::from_spki_der(parsed.public_key().raw).ok()
    }

    /// Its key, ready to verify assertions; none if the certificate is not one. Parsed once.
    pub fn key(&self) -> Option<&CertificateKey> {
        let parse = || CertificateKey::new(&self.public_key()?, &self.der_bytes()?).ok().map(Box::new);
        self.parsed.0.get_or_init(parse).as_deref()
    }

    /// Whether it counts now.
    pub fn is_valid_at(&self, now: Timestamp) -> bool {
        self.starts_at <= now && now < self.expires_at
    }
}

fn of_pem(text: &[u8]) -> Result<Vec<u8>, BadCertificate> {
    let (rest, block) = parse_x509_pem(text).map_err(|_| BadCertificate::Malformed)?;
    // A private key in the same file has no business here.
    if block.label != "CERTIFICATE" || rest.iter().any(|b| !b.is_ascii_whitespace()) {
        return Err(BadCertificate::Malformed);
    }
    Ok(block.contents)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::keys::self_signed;

    #[test]
    fn a_certificate_is_read_in_der_and_in_pem_and_says_the_same() {
        let pkcs8 = vestibule_jose::SigningKey::generate_pkcs8().unwrap();
        let now = Timestamp::from_second(1_800_000_000).unwrap();
        let der = self_signed(&pkcs8, now).unwrap();
        let read = Certificate::read(Uuid::nil(), None, &der).unwrap();
        assert!(read.is_valid_at(now) && !read.is_valid_at(Timestamp::UNIX_EPOCH));
        assert_eq!(STANDARD.decode(&read.thumbprint).unwrap().len(), 20);
        assert!(read.public_key().is_some());

        let pem =
            format!("-----BEGIN CERTIFICATE-----\n{}\n-----END CERTIFICATE-----\n", STANDARD.encode(&der));
        assert_eq!(Certificate::read(Uuid::nil(), None, pem.as_bytes()).unwrap(), read);

        let mut longer = der.clone();
        longer.push(0);
        let twice = pem.repeat(2);
        for bad in [&der[..der.len() - 1], &longer, twice.as_bytes(), b"", b"-----BEGIN", &[0; MAX + 1]] {
            assert_eq!(Certificate::read(Uuid::nil(), None, bad), Err(BadCertificate::Malformed));
        }
    }
}
