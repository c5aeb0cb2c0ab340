//! From when until when a certificate holds (RFC 5280 §4.1.2.5).

use jiff::Timestamp;

/// Both ends are included.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Validity {
    pub(super) not_before: Timestamp,
    pub(super) not_after: Timestamp,
}

impl Validity {
    /// `None` for what is no certificate, or has dates beyond all reason.
    pub(super) fn of(der: &[u8]) -> Option<Self> {
        let (_, certificate) = x509_parser::parse_x509_certificate(der).ok()?;
        let at = |time: x509_parser::time::ASN1Time| Timestamp::from_second(time.timestamp()).ok();
        let validity = certificate.validity();
        Some(Self { not_before: at(validity.not_before)?, not_after: at(validity.not_after)? })
    }
}
