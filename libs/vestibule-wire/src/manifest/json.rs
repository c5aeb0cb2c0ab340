//! JSON text into values: bounded in depth, no member twice, and every repetition named by its path.

use std::cell::RefCell;
use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, Error, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Number, Value};

use super::error::{Faults, ManifestErrors, Reason};

/// How many objects and arrays may stand inside one another, the outermost included. Manifests need about eight.
pub const MAX_DEPTH: u8 = 32;

/// Reads a JSON text.
pub(crate) fn read(text: &str) -> Result<Value, ManifestErrors> {
    let state = State { faults: RefCell::default(), too_deep: RefCell::new(None) };
    let mut reader = serde_json::Deserializer::from_str(text);
    let root = Reader { at: &At::Top, depth_left: MAX_DEPTH, state: &state };
    let value = root.deserialize(&mut reader).and_then(|value| reader.end().map(|()| value));
    if let Some(member) = state.too_deep.into_inner() {
        let mut faults = state.faults.into_inner();
        faults.add(member, Reason::TooDeep);
        return faults.unless_any(Value::Null);
    }
    match value {
        Ok(value) => state.faults.into_inner().unless_any(value),
        Err(error) => {
            let reason = Reason::NotJson { line: error.line(), column: error.column() };
            Err(ManifestErrors::of_document(reason))
        }
    }
}

/// A name out of a document, fit for a message: no control characters, not endless.
pub(crate) fn printable(name: &str) -> String {
    name.chars().take(64).flat_map(char::escape_debug).collect()
}

struct State {
    faults: RefCell<Faults>,
    too_deep: RefCell<Option<String>>,
}

/// Where the reader is. Written out only when something is wrong there.
enum At<'a> {
    Top,
    Member(&'a At<'a>, &'a str),
    Item(&'a At<'a>, usize),
}

impl fmt::Display for At<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Top => Ok(()),
            Self::Member(Self::Top, name) => f.write_str(&printable(name)),
            Self::Member(parent, name) => write!(f, "{parent}.{}", printable(name)),
            Self::Item(parent, index) => write!(f, "{parent}[{index}]"),
        }
    }
}

#[derive(Clone, Copy)]
struct Reader<'a> {
    at: &'a At<'a>,
    depth_left: u8,
    state: &'a State,
}

impl<'a> Reader<'a> {
    fn descend<E: Error>(self) -> Result<u8, E> {
        self.depth_left.checked_sub(1).ok_or_else(|| {
            self.state.too_deep.replace(Some(self.at.to_string()));
            E::custom("nested too deeply")
        })
    }

    fn inside<'b>(self, at: &'b At<'b>, depth_left: u8) -> Reader<'b>
    where
        'a: 'b,
    {
        Reader { at, depth_left, state: self.state }
    }
}

impl<'de> DeserializeSeed<'de> for Reader<'_> {
    type Value = Value;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Value, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Reader<'_> {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a JSON value")
    }

    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_bool<E>(self, value: bool) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_i64<E>(self, value: i64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_u64<E>(self, value: u64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_f64<E: Error>(self, value: f64) -> Result<Value, E> {
        Number::from_f64(value).map(Value::Number).ok_or_else(|| E::custom("not a number of JSON"))
    }

    fn visit_str<E>(self, value: &str) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_string<E>(self, value: String) -> Result<Value, E> {
        Ok(Value::String(value))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Value, A::Error> {
        let depth_left = self.descend()?;
        let mut values = Vec::new();
        loop {
            let at = At::Item(self.at, values.len());
            match items.next_element_seed(self.inside(&at, depth_left))? {
                Some(value) => values.push(value),
                None => return Ok(Value::Array(values)),
            }
        }
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<Value, A::Error> {
        let depth_left = self.descend()?;
        let mut object = Map::new();
        while let Some(name) = members.next_key::<String>()? {
            let at = At::Member(self.at, &name);
            let value = members.next_value_seed(self.inside(&at, depth_left))?;
            if object.contains_key(&name) {
                self.state.faults.borrow_mut().add(at.to_string(), Reason::Duplicate);
            } else {
                object.insert(name, value);
            }
        }
        Ok(Value::Object(object))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn errors(text: &str) -> String {
        read(text).unwrap_err().to_string()
    }

    #[test]
    fn jw_22_every_repeated_member_is_named_escapes_resolved() {
        assert_eq!(
            errors(r#"{"web":{"a":1,"\u0061":2},"tags":[{"b":1},{"b":1,"b":1}],"web":0}"#),
            "web.a occurs twice; tags[1].b occurs twice; web occurs twice"
        );
    }

    #[test]
    fn ga_02_deep_nesting_is_refused() {
        let nested = |depth: usize| format!("{}{}", "[".repeat(depth), "]".repeat(depth));
        assert!(read(&nested(usize::from(MAX_DEPTH))).is_ok());
        for depth in [usize::from(MAX_DEPTH) + 1, 100_000] {
            assert!(errors(&nested(depth)).contains("nested too deeply"), "{depth}");
        }
    }

    #[test]
    fn text_that_is_not_json_is_refused_with_its_place() {
        assert_eq!(errors("{\n  \"name\": \"x\", // who\n}"), "the document is not JSON (line 2, column 16)");
        for text in ["", "{", "{}{}", "{\"a\":1,}", "{'a':1}", "{\"a\":NaN}", "{\"a\":1e400}"] {
            assert!(errors(text).contains("is not JSON"), "{text}");
        }
    }

    #[test]
    fn names_in_messages_are_short_and_printable() {
        let name = format!("\u{1b}[2J{}", "x".repeat(10_000));
        let text = format!("{{{name:?}:1,{name:?}:1}}").replace("\\u{1b}", "\\u001b");
        let message = errors(&text);
        assert!(message.len() < 200 && !message.contains('\u{1b}'), "{message}");
    }
}
