//! What a member holds, and what becomes of it on the way to the other form.

use serde_json::{Map, Value};

use super::error::{Faults, Reason};

/// Which way a manifest is going.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Direction {
    ToGraph,
    ToLegacy,
}

/// What a member holds. Null is fine everywhere: both APIs write it for "not set".
#[derive(Debug, Clone, Copy)]
pub(crate) enum Kind {
    Text,
    Flag,
    Integer,
    Texts,
    Object,
    /// A list of objects with these members; others are carried.
    Entries(&'static [Entry]),
}

/// A member of the objects in a list: its name in the old form, in the new, and what it holds.
#[derive(Debug)]
pub(crate) struct Entry {
    pub(crate) old: &'static str,
    pub(crate) new: &'static str,
    pub(crate) kind: Kind,
}

impl Kind {
    /// Takes a value to the other form. What is wrong goes into `faults`, and then the result means nothing.
    pub(crate) fn convert(
        self,
        direction: Direction,
        at: &str,
        mut value: Value,
        faults: &mut Faults,
    ) -> Value {
        match (&mut value, self) {
            (Value::Null, _) => {}
            (Value::Array(items), Self::Entries(entries)) => {
                for (index, item) in items.iter_mut().enumerate() {
                    let at = format!("{at}[{index}]");
                    match item {
                        Value::Object(members) => rename(direction, &at, members, entries, faults),
                        _ => faults.add(at, Reason::Expected("an object")),
                    }
                }
            }
            (Value::Array(items), Self::Texts) => {
                for (index, _) in items.iter().enumerate().filter(|(_, item)| !item.is_string()) {
                    faults.add(format!("{at}[{index}]"), Reason::Expected("a string"));
                }
            }
            (value, _) if !self.admits(value) => faults.add(at, Reason::Expected(self.name())),
            _ => {}
        }
        value
    }

    fn admits(self, value: &Value) -> bool {
        match self {
            Self::Text => value.is_string(),
            Self::Flag => value.is_boolean(),
            Self::Integer => value.is_i64() || value.is_u64(),
            Self::Texts | Self::Entries(_) => value.is_array(),
            Self::Object => value.is_object(),
        }
    }

    fn name(self) -> &'static str {
        match self {
            Self::Text => "a string",
            Self::Flag => "true or false",
            Self::Integer => "an integer",
            Self::Texts => "an array of strings",
            Self::Object => "an object",
            Self::Entries(_) => "an array of objects",
        }
    }
}

/// Renames the members of one object of a list.
///
/// The new spelling is taken in the old form too, and the old one in the new: documents of the time of change mix them
/// (the reference page of the old form shows `endDateTime`, the beta version of Microsoft Graph has `permissionIds`).
fn rename(
    direction: Direction,
    at: &str,
    members: &mut Map<String, Value>,
    entries: &[Entry],
    faults: &mut Faults,
) {
    for entry in entries {
        let (from, to) = match direction {
            Direction::ToGraph => (entry.old, entry.new),
            Direction::ToLegacy => (entry.new, entry.old),
        };
        if from != to && members.contains_key(from) && members.contains_key(to) {
            faults.add(format!("{at}.{from}"), Reason::Contradicts(format!("{at}.{to}")));
            continue;
        }
        for name in [from, to] {
            if let Some(value) = members.remove(name) {
                let value = entry.kind.convert(direction, &format!("{at}.{name}"), value, faults);
                members.insert(to.to_owned(), value);
                break;
            }
        }
    }
}
