//! What is forgiven in an assertion, and no more: padding, the other alphabet in thumbprints, dates as fractions or text.

use std::fmt;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD_NO_PAD;
use serde_json::Value;

use crate::base64url;
use crate::claims::LAST_NUMERIC_DATE;
use crate::header::JoseHeader;

/// The longest text that a thumbprint can be: SHA-256 in hexadecimal.
const MAX_THUMBPRINT: usize = 64;

/// Decodes a segment: base64url, with its padding or without.
pub(super) fn segment(text: &str) -> Option<Vec<u8>> {
    base64url::decode(unpadded(text)?)
}

/// The text without its padding (RFC 4648 §3.2), which is all there or not at all.
fn unpadded(text: &str) -> Option<&str> {
    let bare = text.trim_end_matches('=');
    let padding = text.len() - bare.len();
    (padding == 0 || padding <= 2 && text.len().is_multiple_of(4)).then_some(bare)
}

/// A NumericDate (RFC 7519 §2), also as text; fractions are cut off. From 0 to the end of the year 9999.
pub(super) fn date(value: &Value) -> Option<i64> {
    let seconds = match value {
        Value::Number(number) => number.as_i64().or_else(|| whole(number.as_f64()?))?,
        Value::String(digits) if digits.bytes().all(|b| b.is_ascii_digit()) => digits.parse().ok()?,
        _ => return None,
    };
    (0..=LAST_NUMERIC_DATE).contains(&seconds).then_some(seconds)
}

/// The whole seconds of a time that a double holds exactly enough.
fn whole(seconds: f64) -> Option<i64> {
    const LAST: f64 = LAST_NUMERIC_DATE as f64;
    (0.0..=LAST).contains(&seconds).then_some(seconds as i64)
}

/// The name that an assertion gives its key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Thumbprint {
    /// RFC 7515 §4.1.7
    Sha1([u8; 20]),
    /// RFC 7515 §4.1.8
    Sha256([u8; 32]),
}

impl Thumbprint {
    /// The strongest that the header has. One that is there and cannot be read does not give way to a weaker one.
    pub(super) fn named_by(header: &JoseHeader) -> Option<Self> {
        if let Some(text) = &header.x5t_s256 {
            return Self::sha256(base64(text)?);
        }
        if let Some(text) = &header.x5t {
            return Self::sha1(base64(text)?);
        }
        let kid = header.kid.as_ref()?;
        let bytes = hexadecimal(kid).or_else(|| base64(kid))?;
        Self::sha1(bytes.clone()).or_else(|| Self::sha256(bytes))
    }

    fn sha1(bytes: Vec<u8>) -> Option<Self> {
        bytes.try_into().ok().map(Self::Sha1)
    }

    fn sha256(bytes: Vec<u8>) -> Option<Self> {
        bytes.try_into().ok().map(Self::Sha256)
    }
}

impl fmt::Display for Thumbprint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let bytes: &[u8] = match self {
            Self::Sha1(bytes) => bytes,
            Self::Sha256(bytes) => bytes,
        };
        bytes.iter().try_for_each(|byte| write!(f, "{byte:02X}"))
    }
}

fn base64(text: &str) -> Option<Vec<u8>> {
    if text.len() > MAX_THUMBPRINT {
        return None;
    }
    let bare = unpadded(text)?;
    base64url::decode(bare).or_else(|| STANDARD_NO_PAD.decode(bare).ok())
}

fn hexadecimal(text: &str) -> Option<Vec<u8>> {
    if !matches!(text.len(), 40 | MAX_THUMBPRINT) {
        return None;
    }
    let nibble = |b: u8| char::from(b).to_digit(16).and_then(|digit| u8::try_from(digit).ok());
    text.as_bytes().chunks(2).map(|pair| Some(nibble(pair[0])? << 4 | nibble(pair[1])?)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn ca_22_padding_may_be_there_or_not_and_nothing_else_may() {
        for good in ["-_8", "-_8=", "AA", "AA==", ""] {
            assert!(segment(good).is_some(), "{good}");
        }
        for bad in ["-_8==", "AA=", "AA===", "-_9", "+/8", "-_8 ", "-_\n8", "-", "=", "A=A="] {
            assert_eq!(segment(bad), None, "{bad}");
        }
    }

    #[test]
    fn ca_18_a_date_is_a_number_or_digits_within_bounds() {
        for (value, seconds) in [
            (json!(1_700_000_000), 1_700_000_000),
            (json!(1_700_000_000.75), 1_700_000_000),
            (json!("1700000000"), 1_700_000_000),
            (json!(0), 0),
        ] {
            assert_eq!(date(&value), Some(seconds));
        }
        for value in [
            json!(-1),
            json!(-0.5),
            json!(1e300),
            json!(u64::MAX),
            json!(LAST_NUMERIC_DATE + 1),
            json!(""),
            json!("-1"),
            json!("+1"),
            json!(" 1"),
            json!("1.5"),
            json!("1e9"),
            json!("99999999999999999999"),
            json!("253402300800"),
            json!(null),
            json!(true),
            json!([1_700_000_000]),
        ] {
            assert_eq!(date(&value), None, "{value}");
        }
    }

    fn named(header: Value) -> Option<String> {
        let header = JoseHeader::parse(header.to_string().as_bytes()).unwrap();
        Thumbprint::named_by(&header).map(|thumbprint| thumbprint.to_string())
    }

    #[test]
    fn a_thumbprint_is_read_in_every_spelling_that_libraries_use() {
        let sha1 = "FBFF".repeat(10);
        for text in
            ["-__7__v_-__7__v_-__7__v_-_8", "-__7__v_-__7__v_-__7__v_-_8=", "+//7//v/+//7//v/+//7//v/+/8="]
        {
            let hex = named(json!({ "alg": "RS256", "x5t": text })).unwrap();
            assert_eq!(hex.len(), 40);
            assert!(hex.starts_with("FBFFFB"), "{hex}");
        }
        for kid in [sha1.clone(), sha1.to_lowercase()] {
            assert_eq!(named(json!({ "alg": "RS256", "kid": kid })), Some(sha1.clone()));
        }
        let sha256 = named(json!({ "alg": "PS256", "x5t#S256": "A".repeat(43) + "=" }));
        assert_eq!(sha256, Some("0".repeat(64)));
    }

    #[test]
    fn ca_12_a_name_that_cannot_be_read_does_not_give_way_to_a_weaker_one() {
        let good = "AAAAAAAAAAAAAAAAAAAAAAAAAAA";
        assert!(named(json!({ "alg": "RS256", "x5t": good })).is_some());
        for header in [
            json!({ "alg": "RS256" }),
            json!({ "alg": "RS256", "x5t": "?", "kid": good }),
            json!({ "alg": "RS256", "x5t#S256": good, "x5t": good }),
            json!({ "alg": "RS256", "x5t": "A".repeat(1000) }),
            json!({ "alg": "RS256", "x5t": "" }),
            json!({ "alg": "RS256", "kid": "contoso-1" }),
            json!({ "alg": "RS256", "kid": "é".repeat(20) }),
        ] {
            assert_eq!(named(header.clone()), None, "{header}");
        }
    }
}
