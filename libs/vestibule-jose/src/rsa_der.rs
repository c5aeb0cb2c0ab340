//! The two DER forms of an RSA public key, read down to modulus and exponent.
//!
//! Owns `RSAPublicKey` (RFC 8017 §A.1.1) and `SubjectPublicKeyInfo` with `rsaEncryption` (RFC 3279 §2.3.1), strict DER
//! only. Judges no sizes; see `public_key`.

const INTEGER: u8 = 0x02;
const BIT_STRING: u8 = 0x03;
const SEQUENCE: u8 = 0x30;

/// OID 1.2.840.113549.1.1.1 and the NULL that RFC 3279 §2.3.1 demands beside it.
const RSA_ENCRYPTION: &[u8] = b"\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x01\x01\x05\x00";

/// `(modulus, exponent)`, big-endian without leading zeros.
pub(crate) type Members<'der> = (&'der [u8], &'der [u8]);

/// Reads `RSAPublicKey ::= SEQUENCE { modulus INTEGER, publicExponent INTEGER }`.
pub(crate) fn rsa_public_key(der: &[u8]) -> Option<Members<'_>> {
    let body = whole(der, SEQUENCE)?;
    let (modulus, rest) = element(body, INTEGER)?;
    let exponent = whole(rest, INTEGER)?;
    Some((positive(modulus)?, positive(exponent)?))
}

/// Reads `SubjectPublicKeyInfo ::= SEQUENCE { algorithm, subjectPublicKey BIT STRING }`.
pub(crate) fn subject_public_key_info(der: &[u8]) -> Option<Members<'_>> {
    let body = whole(der, SEQUENCE)?;
    let (algorithm, rest) = element(body, SEQUENCE)?;
    if algorithm != RSA_ENCRYPTION {
        return None;
    }
    let (unused_bits, key) = whole(rest, BIT_STRING)?.split_first()?;
    if *unused_bits != 0 {
        return None;
    }
    rsa_public_key(key)
}

/// Whether `der` is one SEQUENCE from its first byte to its last.
pub(crate) fn is_one_sequence(der: &[u8]) -> bool {
    whole(der, SEQUENCE).is_some()
}

/// The content of an element that fills `input`.
fn whole(input: &[u8], tag: u8) -> Option<&[u8]> {
    let (content, rest) = element(input, tag)?;
    rest.is_empty().then_some(content)
}

/// The content of the first element, and what follows it.
fn element(input: &[u8], tag: u8) -> Option<(&[u8], &[u8])> {
    let (found, rest) = input.split_first()?;
    if *found != tag {
        return None;
    }
    let (length, rest) = length(rest)?;
    rest.split_at_checked(length)
}

/// A definite length in its shortest form, below 64 KiB: the largest key needs two length bytes.
fn length(input: &[u8]) -> Option<(usize, &[u8])> {
    match input {
        [short @ 0..=0x7f, rest @ ..] => Some((usize::from(*short), rest)),
        [0x81, one @ 0x80..=0xff, rest @ ..] => Some((usize::from(*one), rest)),
        [0x82, high @ 1..=0xff, low, rest @ ..] => {
            Some((usize::from(u16::from_be_bytes([*high, *low])), rest))
        }
        _ => None,
    }
}

/// A positive INTEGER in its shortest form, its sign byte removed.
fn positive(content: &[u8]) -> Option<&[u8]> {
    match content {
        [0, magnitude @ ..] if magnitude.first().is_some_and(|first| *first >= 0x80) => Some(magnitude),
        [1..=0x7f, ..] => Some(content),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_small_key_reads_in_both_forms() {
        let pkcs1 = b"\x30\x09\x02\x02\x00\x8f\x02\x03\x01\x00\x01";
        let members: Members<'_> = (b"\x8f", b"\x01\x00\x01");
        assert_eq!(rsa_public_key(pkcs1), Some(members));

        let mut spki = b"\x30\x1d\x30\x0d".to_vec();
        spki.extend_from_slice(RSA_ENCRYPTION);
        spki.extend_from_slice(b"\x03\x0c\x00");
        spki.extend_from_slice(pkcs1);
        assert_eq!(subject_public_key_info(&spki), Some(members));

        for end in 0..spki.len() {
            assert_eq!(subject_public_key_info(&spki[..end]), None, "cut at {end}");
        }
        spki.push(0);
        assert_eq!(subject_public_key_info(&spki), None, "trailing data");
    }

    #[test]
    fn ber_liberties_are_refused() {
        let cases: &[&[u8]] = &[
            b"\x30\x81\x09\x02\x02\x00\x8f\x02\x03\x01\x00\x01", // long form for a short length
            b"\x30\x80\x02\x02\x00\x8f\x02\x03\x01\x00\x01\x00\x00", // indefinite length
            b"\x30\x08\x02\x01\x8f\x02\x03\x01\x00\x01",         // negative modulus
            b"\x30\x0a\x02\x03\x00\x00\x8f\x02\x03\x01\x00\x01", // two sign bytes
            b"\x30\x08\x02\x02\x00\x8f\x02\x02\x00\x01",         // needless sign byte
            b"\x30\x06\x02\x02\x00\x8f\x02\x00",                 // empty exponent
        ];
        for der in cases {
            assert_eq!(rsa_public_key(der), None, "{}", der.escape_ascii());
        }
    }
}
