//! `application/x-www-form-urlencoded`, read strictly: bounded, UTF-8 only, no parameter twice.
//!
//! OAuth parameters must not repeat (RFC 6749 §3.1 and §3.2), and "first wins" here with "last wins" elsewhere is how
//! two parsers are made to disagree. So a repetition is remembered as such and no value is given for it.

use std::borrow::Cow;
use std::collections::BTreeMap;

/// At most this many parameters in one request. MSAL sends about twenty-five.
pub const MAX_PARAMETERS: usize = 100;

/// At most this many bytes in one parameter's value.
pub const MAX_VALUE: usize = 16 * 1024;

/// Why a form could not be read at all.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MalformedForm {
    /// A percent sign without two hexadecimal digits, text that is not UTF-8, or a NUL.
    Encoding,
    /// More than [`MAX_PARAMETERS`] parameters, or a value longer than [`MAX_VALUE`] bytes.
    TooLarge,
}

/// The parameters of one request.
#[derive(Debug, Clone, Default)]
pub struct Form {
    values: BTreeMap<String, Value>,
}

#[derive(Debug, Clone)]
enum Value {
    Once(String),
    Repeated,
}

impl Form {
    /// Reads a query string or a form body.
    ///
    /// ```
    /// # use vestibule_wire::form::Form;
    /// let form = Form::parse(b"scope=a+b&state=x&state=y").unwrap();
    /// assert_eq!(form.get("scope"), Some("a b"));
    /// assert_eq!(form.get("state"), None);
    /// assert_eq!(form.repeated().collect::<Vec<_>>(), ["state"]);
    /// ```
    pub fn parse(bytes: &[u8]) -> Result<Self, MalformedForm> {
        let mut form = Self::default();
        form.add(bytes)?;
        Ok(form)
    }

    /// Adds a second source (a POST body beside a query): a parameter in both is a repetition (AZ-14).
    pub fn add(&mut self, bytes: &[u8]) -> Result<(), MalformedForm> {
        for pair in bytes.split(|b| *b == b'&').filter(|pair| !pair.is_empty()) {
            if self.values.len() >= MAX_PARAMETERS {
                return Err(MalformedForm::TooLarge);
            }
            let (name, value) = match pair.iter().position(|b| *b == b'=') {
                Some(at) => (&pair[..at], &pair[at + 1..]),
                None => (pair, &[][..]),
            };
            if name.len() > 256 || value.len() > MAX_VALUE {
                return Err(MalformedForm::TooLarge);
            }
            let (name, value) = (decode(name)?, decode(value)?);
            self.values
                .entry(name)
                .and_modify(|existing| *existing = Value::Repeated)
                .or_insert(Value::Once(value));
        }
        Ok(())
    }

    /// The value of a parameter that was sent exactly once and is not empty.
    ///
    /// RFC 6749 §3.1: a parameter without a value is treated as if it were omitted.
    pub fn get(&self, name: &str) -> Option<&str> {
        match self.values.get(name) {
            Some(Value::Once(value)) if !value.is_empty() => Some(value),
            _ => None,
        }
    }

    /// Whether the parameter was sent at all, even empty or repeatedly.
    pub fn has(&self, name: &str) -> bool {
        self.values.contains_key(name)
    }

    /// The parameters that were sent more than once, in alphabetical order.
    pub fn repeated(&self) -> impl Iterator<Item = &str> {
        self.values
            .iter()
            .filter(|(_, value)| matches!(value, Value::Repeated))
            .map(|(name, _)| name.as_str())
    }

    /// The names of all parameters, in alphabetical order.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.values.keys().map(String::as_str)
    }

    /// Whether this parameter was sent more than once.
    pub fn is_repeated(&self, name: &str) -> bool {
        matches!(self.values.get(name), Some(Value::Repeated))
    }
}

fn decode(bytes: &[u8]) -> Result<String, MalformedForm> {
    let spaced: Cow<'_, [u8]> = if bytes.contains(&b'+') {
        bytes.iter().map(|b| if *b == b'+' { b' ' } else { *b }).collect::<Vec<_>>().into()
    } else {
        bytes.into()
    };
    // `percent_decode` passes a broken escape through; here it is an error, so that nobody downstream decodes twice.
    let mut rest = &spaced[..];
    while let Some(at) = rest.iter().position(|b| *b == b'%') {
        match rest.get(at + 1..at + 3) {
            Some(digits) if digits.iter().all(u8::is_ascii_hexdigit) => rest = &rest[at + 3..],
            _ => return Err(MalformedForm::Encoding),
        }
    }
    let decoded =
        percent_encoding::percent_decode(&spaced).decode_utf8().map_err(|_| MalformedForm::Encoding)?;
    if decoded.contains('\0') {
        return Err(MalformedForm::Encoding);
    }
    Ok(decoded.into_owned())
}

/// Writes name–value pairs as a query string or form body: UTF-8, space as `+`, everything but unreserved escaped.
///
/// ```
/// assert_eq!(vestibule_wire::form::encode([("state", "a b&c")]), "state=a+b%26c");
/// ```
pub fn encode<'a>(pairs: impl IntoIterator<Item = (&'a str, &'a str)>) -> String {
    url::form_urlencoded::Serializer::new(String::new()).extend_pairs(pairs).finish()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cd_21_broken_escapes_nul_and_invalid_utf8_are_refused() {
        for body in [&b"a=%"[..], b"a=%2", b"a=%zz", b"a=%00", b"a=%ff%fe", b"%gg=1"] {
            assert_eq!(Form::parse(body).unwrap_err(), MalformedForm::Encoding, "{body:?}");
        }
    }

    #[test]
    fn cd_21_ten_thousand_fields_are_refused() {
        let body: String = (0..10_000).map(|i| format!("p{i}=1&")).collect();
        assert_eq!(Form::parse(body.as_bytes()).unwrap_err(), MalformedForm::TooLarge);
        let long = format!("a={}", "x".repeat(MAX_VALUE + 1));
        assert_eq!(Form::parse(long.as_bytes()).unwrap_err(), MalformedForm::TooLarge);
    }

    #[test]
    fn az_13_a_repeated_parameter_has_no_value() {
        let form = Form::parse(b"client_id=a&client_id=a").unwrap();
        assert_eq!(form.get("client_id"), None);
        assert!(form.is_repeated("client_id"));
    }

    #[test]
    fn az_14_a_parameter_in_query_and_body_is_repeated() {
        let mut form = Form::parse(b"client_id=a").unwrap();
        form.add(b"client_id=a").unwrap();
        assert!(form.is_repeated("client_id"));
    }

    #[test]
    fn an_empty_parameter_counts_as_omitted() {
        let form = Form::parse(b"a=&b").unwrap();
        assert_eq!((form.get("a"), form.get("b")), (None, None));
        assert!(form.has("a") && form.has("b"));
    }
}
