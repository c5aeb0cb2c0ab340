//! JSON objects without duplicates or deep nesting.
//!
//! Owns the reading of untrusted JSON text into a map: RFC 8259 grammar, every member name once at every level
//! (RFC 7515 §4, RFC 7519 §4), nesting bounded. Owns no meaning of members and no size cap; callers bound the text.

use std::cell::Cell;
use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Number, Value};

/// How many objects and arrays may stand inside one another, the outermost included.
pub const MAX_DEPTH: u8 = 16;

/// Why a text is not an acceptable JSON object. Carries nothing of the text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum JsonError {
    /// Not JSON as RFC 8259 defines it, not UTF-8, trailing data, or a number that no double can hold.
    #[error("not well-formed JSON")]
    Malformed,
    /// Well-formed, but an array, a string, a number or a literal.
    #[error("not a JSON object")]
    NotAnObject,
    /// A member name occurs twice in one object, escapes resolved.
    #[error("a JSON member occurs twice")]
    DuplicateMember,
    /// Nested more than [`MAX_DEPTH`] levels.
    #[error("JSON nested too deeply")]
    TooDeep,
}

/// Reads one JSON object.
///
/// # Errors
/// See [`JsonError`].
///
/// ```
/// use vestibule_jose::strict_json::{JsonError, parse_object};
///
/// assert_eq!(parse_object(br#"{"aud":"api"}"#).unwrap()["aud"], "api");
/// assert_eq!(parse_object(br#"{"aud":"api","\u0061ud":"b"}"#), Err(JsonError::DuplicateMember));
/// ```
pub fn parse_object(text: &[u8]) -> Result<Map<String, Value>, JsonError> {
    let fault = Cell::new(JsonError::Malformed);
    let mut reader = serde_json::Deserializer::from_slice(text);
    let root = Strict { depth_left: MAX_DEPTH, fault: &fault };
    let value = root.deserialize(&mut reader).map_err(|_| fault.get())?;
    reader.end().map_err(|_| JsonError::Malformed)?;
    match value {
        Value::Object(members) => Ok(members),
        _ => Err(JsonError::NotAnObject),
    }
}

/// Reads one value. `serde` errors are text, so the reason travels beside them in `fault`.
#[derive(Clone, Copy)]
struct Strict<'fault> {
    depth_left: u8,
    fault: &'fault Cell<JsonError>,
}

impl Strict<'_> {
    fn refuse<E: serde::de::Error>(self, fault: JsonError) -> E {
        self.fault.set(fault);
        E::custom(fault)
    }

    fn descend<E: serde::de::Error>(self) -> Result<Self, E> {
        match self.depth_left.checked_sub(1) {
            Some(depth_left) => Ok(Self { depth_left, ..self }),
            None => Err(self.refuse(JsonError::TooDeep)),
        }
    }
}

impl<'de> DeserializeSeed<'de> for Strict<'_> {
    type Value = Value;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Value, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Strict<'_> {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a JSON value")
    }

    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_bool<E>(self, value: bool) -> Result<Value, E> {
        Ok(Value::Bool(value))
    }

    fn visit_i64<E>(self, value: i64) -> Result<Value, E> {
        Ok(Value::Number(value.into()))
    }

    fn visit_u64<E>(self, value: u64) -> Result<Value, E> {
        Ok(Value::Number(value.into()))
    }

    fn visit_f64<E: serde::de::Error>(self, value: f64) -> Result<Value, E> {
        Number::from_f64(value).map(Value::Number).ok_or_else(|| self.refuse(JsonError::Malformed))
    }

    fn visit_str<E>(self, value: &str) -> Result<Value, E> {
        Ok(Value::String(value.to_owned()))
    }

    fn visit_string<E>(self, value: String) -> Result<Value, E> {
        Ok(Value::String(value))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Value, A::Error> {
        let inner = self.descend()?;
        let mut values = Vec::new();
        while let Some(value) = items.next_element_seed(inner)? {
            values.push(value);
        }
        Ok(Value::Array(values))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<Value, A::Error> {
        let inner = self.descend()?;
        let mut object = Map::new();
        while let Some(name) = members.next_key::<String>()? {
            if object.insert(name, members.next_value_seed(inner)?).is_some() {
                return Err(self.refuse(JsonError::DuplicateMember));
            }
        }
        Ok(Value::Object(object))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn nested(levels: usize) -> Vec<u8> {
        let inner = levels - 1;
        format!("{{\"a\":{}1{}}}", "[".repeat(inner), "]".repeat(inner)).into_bytes()
    }

    #[test]
    fn jw_22_a_duplicate_member_is_refused_at_every_level() {
        for text in [
            r#"{"aud":"a","aud":"a"}"#,
            r#"{"a":{"b":1,"c":2,"b":1}}"#,
            r#"{"a":[[{"b":1,"b":2}]]}"#,
            r#"{"aud":"a","\u0061\u0075\u0064":"b"}"#,
        ] {
            assert_eq!(parse_object(text.as_bytes()), Err(JsonError::DuplicateMember), "{text}");
        }
        parse_object(br#"{"a":{"b":1},"c":{"b":1},"B":0}"#).unwrap();
    }

    #[test]
    fn jw_24_what_is_not_rfc_8259_json_is_refused() {
        let cases: &[&[u8]] = &[
            b"",
            b" ",
            b"{",
            b"{}x",
            b"{}{}",
            b"\xef\xbb\xbf{}",
            b"{\"a\":\"\xff\"}",
            b"{\"a\":NaN}",
            b"{\"a\":Infinity}",
            b"{\"a\":1e400}",
            b"{\"a\":01}",
            b"{\"a\":1,}",
            b"{'a':1}",
            b"{/*c*/\"a\":1}",
            b"{\"a\":\"\\ud800\"}",
            b"{\"a\":\"\x00\"}",
        ];
        for text in cases {
            assert_eq!(parse_object(text), Err(JsonError::Malformed), "{}", text.escape_ascii());
        }
    }

    #[test]
    fn jw_24_nesting_is_bounded_and_never_overflows_the_stack() {
        parse_object(&nested(MAX_DEPTH.into())).unwrap();
        assert_eq!(parse_object(&nested(usize::from(MAX_DEPTH) + 1)), Err(JsonError::TooDeep));
        assert_eq!(parse_object(&nested(10_000)), Err(JsonError::TooDeep));
    }

    #[test]
    fn only_an_object_is_accepted_at_the_root() {
        for text in ["[]", "1", "null", "\"{}\"", "true"] {
            assert_eq!(parse_object(text.as_bytes()), Err(JsonError::NotAnObject), "{text}");
        }
    }

    #[test]
    fn values_keep_their_types() {
        let object =
            parse_object(br#" {"i":-1,"u":18446744073709551615,"f":1.0,"s":"x","n":null,"b":true} "#)
                .unwrap();
        assert_eq!(object["i"].as_i64(), Some(-1));
        assert_eq!(object["u"].as_u64(), Some(u64::MAX));
        assert!(object["f"].is_f64());
        assert_eq!(object["s"], "x");
        assert!(object["n"].is_null());
        assert_eq!(object["b"], true);
    }
}
