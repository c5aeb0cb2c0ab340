//! JSON with its members in the order of the wire. Duplicate members do not parse.

use std::fmt;

use serde::de::{Deserialize, Deserializer, Error as _, MapAccess, SeqAccess, Visitor};
use serde::ser::{Serialize, SerializeMap as _, Serializer};
use serde_json::Value;

/// A JSON value.
#[derive(Debug, Clone, PartialEq)]
pub enum Ordered {
    /// An object.
    Object(Vec<(String, Ordered)>),
    /// An array.
    Array(Vec<Ordered>),
    /// Anything else.
    Leaf(Value),
}

impl Ordered {
    /// Reads a document.
    pub fn parse(bytes: &[u8]) -> Self {
        match serde_json::from_slice(bytes) {
            Ok(value) => value,
            Err(error) => panic!("not JSON ({error}): {}", String::from_utf8_lossy(bytes)),
        }
    }

    /// The names of the members.
    pub fn names(&self) -> Vec<&str> {
        match self {
            Self::Object(members) => members.iter().map(|(name, _)| name.as_str()).collect(),
            _ => panic!("not an object: {self:?}"),
        }
    }

    /// A member, if it is there.
    pub fn get(&self, name: &str) -> Option<&Self> {
        match self {
            Self::Object(members) => {
                members.iter().find(|(existing, _)| existing == name).map(|(_, value)| value)
            }
            _ => None,
        }
    }

    /// A member that must be a string.
    #[track_caller]
    pub fn str(&self, name: &str) -> &str {
        match self.get(name) {
            Some(Self::Leaf(Value::String(text))) => text,
            other => panic!("{name} is no string: {other:?}"),
        }
    }

    /// A member that may be missing, and is a string otherwise.
    #[track_caller]
    pub fn optional_str(&self, name: &str) -> Option<&str> {
        self.get(name).map(|_| self.str(name))
    }

    /// A member that must be a whole number.
    #[track_caller]
    pub fn number(&self, name: &str) -> i64 {
        match self.get(name) {
            Some(Self::Leaf(Value::Number(number))) => number.as_i64().unwrap(),
            other => panic!("{name} is no number: {other:?}"),
        }
    }

    /// A member that must be an array.
    #[track_caller]
    pub fn array(&self, name: &str) -> &[Self] {
        match self.get(name) {
            Some(Self::Array(items)) => items,
            other => panic!("{name} is no array: {other:?}"),
        }
    }

    /// A member that must be an array of strings.
    #[track_caller]
    pub fn strings(&self, name: &str) -> Vec<&str> {
        let text = |item: &'_ Self| match item {
            Self::Leaf(Value::String(_)) => (),
            other => panic!("{name} holds {other:?}"),
        };
        self.array(name).iter().inspect(|item| text(item)).filter_map(Self::as_str).collect()
    }

    /// The value, if it is a string.
    pub fn as_str(&self) -> Option<&str> {
        match self {
            Self::Leaf(Value::String(text)) => Some(text),
            _ => None,
        }
    }

    /// With a placeholder for every member of one of these names, at any depth: what differs between two runs.
    #[must_use]
    pub fn redacted(self, names: &[&str]) -> Self {
        match self {
            Self::Object(members) => Self::Object(
                members
                    .into_iter()
                    .map(|(name, value)| {
                        let hidden = names.contains(&name.as_str());
                        let value =
                            if hidden { Self::text(&format!("[{name}]")) } else { value.redacted(names) };
                        (name, value)
                    })
                    .collect(),
            ),
            Self::Array(items) => Self::Array(items.into_iter().map(|item| item.redacted(names)).collect()),
            leaf => leaf,
        }
    }

    /// With one text for another in every string: the origin of this run for one that is always the same.
    #[must_use]
    pub fn replacing(self, from: &str, to: &str) -> Self {
        match self {
            Self::Object(members) => Self::Object(
                members.into_iter().map(|(name, value)| (name, value.replacing(from, to))).collect(),
            ),
            Self::Array(items) => {
                Self::Array(items.into_iter().map(|item| item.replacing(from, to)).collect())
            }
            Self::Leaf(Value::String(text)) => Self::text(&text.replace(from, to)),
            leaf => leaf,
        }
    }

    fn text(text: &str) -> Self {
        Self::Leaf(Value::String(text.to_owned()))
    }
}

impl Serialize for Ordered {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Object(members) => {
                let mut map = serializer.serialize_map(Some(members.len()))?;
                for (name, value) in members {
                    map.serialize_entry(name, value)?;
                }
                map.end()
            }
            Self::Array(items) => items.serialize(serializer),
            Self::Leaf(value) => value.serialize(serializer),
        }
    }
}

impl<'de> Deserialize<'de> for Ordered {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(Reader)
    }
}

struct Reader;

impl<'de> Visitor<'de> for Reader {
    type Value = Ordered;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("JSON")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Ordered, A::Error> {
        let mut members: Vec<(String, Ordered)> = Vec::new();
        while let Some((name, value)) = map.next_entry::<String, Ordered>()? {
            if members.iter().any(|(existing, _)| *existing == name) {
                return Err(A::Error::custom(format!("the member {name} twice")));
            }
            members.push((name, value));
        }
        Ok(Ordered::Object(members))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Ordered, A::Error> {
        let mut read = Vec::new();
        while let Some(item) = items.next_element()? {
            read.push(item);
        }
        Ok(Ordered::Array(read))
    }

    fn visit_str<E>(self, text: &str) -> Result<Ordered, E> {
        Ok(Ordered::text(text))
    }

    fn visit_bool<E>(self, value: bool) -> Result<Ordered, E> {
        Ok(Ordered::Leaf(value.into()))
    }

    fn visit_i64<E>(self, value: i64) -> Result<Ordered, E> {
        Ok(Ordered::Leaf(value.into()))
    }

    fn visit_u64<E>(self, value: u64) -> Result<Ordered, E> {
        Ok(Ordered::Leaf(value.into()))
    }

    fn visit_f64<E>(self, value: f64) -> Result<Ordered, E> {
        Ok(Ordered::Leaf(value.into()))
    }

    fn visit_unit<E>(self) -> Result<Ordered, E> {
        Ok(Ordered::Leaf(Value::Null))
    }
}
