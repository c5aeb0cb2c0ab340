//! The self-signed certificate that names a signing key: its SHA-1 is the `kid`, and relying parties find it in `x5c`.

use jiff::Timestamp;
use jiff::tz::TimeZone;
use rcgen::{CertificateParams, DistinguishedName, DnType, KeyPair, PKCS_RSA_SHA256};

/// A certificate could not be made.
#[derive(Debug, thiserror::Error)]
#[error("a certificate for the signing key could not be made: {0}")]
pub struct CertificateError(#[from] rcgen::Error);

/// Makes a certificate, DER, for a PKCS#8 key: valid for ten years, from a day ago. Relying parties do not check its
/// dates; the key's own life is decided by the ring.
pub fn self_signed(pkcs8: &[u8], now: Timestamp) -> Result<Vec<u8>, CertificateError> {
    let pair = KeyPair::from_pkcs8_der_and_sign_algo(&pkcs8.into(), &PKCS_RSA_SHA256)?;
    let date = now.to_zoned(TimeZone::UTC).date();
    let mut params = CertificateParams::default();
    let day =
        |years: i32| rcgen::date_time_ymd(i32::from(date.year()) + years, date.month().unsigned_abs(), 1);
    params.not_before = day(0);
    params.not_after = day(10);
    let mut name = DistinguishedName::new();
    name.push(DnType::CommonName, "Vestibule token signing");
    params.distinguished_name = name;
    Ok(params.self_signed(&pair)?.der().to_vec())
}
