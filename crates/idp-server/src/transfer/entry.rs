//! An object of the file, whose members are taken one after the other. What is left at the end is unknown.

use jiff::Timestamp;
use serde_json::{Map, Value};
use uuid::Uuid;

use super::faults::Faults;

/// An object with its path and what was found wrong with it.
pub(super) struct Entry<'f> {
    pub(super) at: String,
    members: Map<String, Value>,
    pub(super) faults: &'f mut Faults,
}

/// A GUID in the form with hyphens.
pub(super) fn guid_of(text: &str) -> Option<Uuid> {
    if text.len() == 36 { Uuid::try_parse(text).ok() } else { None }
}

impl<'f> Entry<'f> {
    pub(super) const fn new(at: String, members: Map<String, Value>, faults: &'f mut Faults) -> Self {
        Self { at, members, faults }
    }

    /// Something is wrong with a member.
    pub(super) fn fault(&mut self, member: &str, why: impl std::fmt::Display) {
        self.faults.add(format_args!("{}.{member}", self.at), why);
    }

    /// Takes a member out; null is as if it were not there.
    pub(super) fn take(&mut self, name: &str) -> Option<Value> {
        self.members.remove(name).filter(|value| !value.is_null())
    }

    /// Whether a member is there, be it null.
    pub(super) fn said(&self, name: &str) -> bool {
        self.members.contains_key(name)
    }

    /// Looks at a member that is text.
    pub(super) fn peek(&self, name: &str) -> Option<&str> {
        self.members.get(name).and_then(Value::as_str)
    }

    fn typed<T>(&mut self, name: &str, what: &str, read: impl FnOnce(&Value) -> Option<T>) -> Option<T> {
        let value = self.take(name)?;
        let read = read(&value);
        if read.is_none() {
            self.fault(name, format_args!("it is not {what}"));
        }
        read
    }

    pub(super) fn text(&mut self, name: &str) -> Option<String> {
        self.typed(name, "text", |value| value.as_str().map(str::to_owned))
    }

    /// Text that must be there.
    pub(super) fn required(&mut self, name: &str) -> Option<String> {
        if self.members.get(name).is_none_or(Value::is_null) {
            self.fault(name, "it is missing");
        }
        self.text(name)
    }

    pub(super) fn flag(&mut self, name: &str) -> Option<bool> {
        self.typed(name, "true or false", Value::as_bool)
    }

    pub(super) fn number(&mut self, name: &str) -> Option<u32> {
        self.typed(name, "a number that is possible here", |value| u32::try_from(value.as_u64()?).ok())
    }

    pub(super) fn guid(&mut self, name: &str) -> Option<Uuid> {
        let read = |value: &Value| guid_of(value.as_str()?).filter(|id| !id.is_nil() && !id.is_max());
        self.typed(name, "a GUID", read)
    }

    pub(super) fn time(&mut self, name: &str) -> Option<Timestamp> {
        let read = |value: &Value| {
            let at: Timestamp = value.as_str()?.parse().ok()?;
            Timestamp::from_second(at.as_second()).ok()
        };
        self.typed(name, "a time such as 2026-01-31T12:00:00Z", read)
    }

    pub(super) fn texts(&mut self, name: &str) -> Vec<String> {
        let read = |value: &Value| {
            value.as_array()?.iter().map(|text| text.as_str().map(str::to_owned)).collect::<Option<Vec<_>>>()
        };
        self.typed(name, "a list of texts", read).unwrap_or_default()
    }

    /// The objects of a list.
    pub(super) fn objects(&mut self, name: &str) -> Vec<Map<String, Value>> {
        let read = |value: &Value| {
            value.as_array()?.iter().map(|entry| entry.as_object().cloned()).collect::<Option<Vec<_>>>()
        };
        self.typed(name, "a list of objects", read).unwrap_or_default()
    }

    /// Everything that was not taken.
    pub(super) fn rest(&mut self) -> Map<String, Value> {
        std::mem::take(&mut self.members)
    }

    /// There is nothing else that the object may have.
    pub(super) fn end(mut self) {
        let unknown: Vec<_> = self.members.keys().cloned().collect();
        for name in unknown {
            self.fault(&name, "there is no such member");
        }
    }
}
