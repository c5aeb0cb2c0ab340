//! What an object carries for others: members of its Graph resource that no rule here looks at.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

/// Members by their names in Graph. Which there may be, and of which type, is for the API to say.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Profile(Map<String, Value>);

impl Profile {
    /// With these members.
    pub const fn new(members: Map<String, Value>) -> Self {
        Self(members)
    }

    /// All members.
    pub const fn members(&self) -> &Map<String, Value> {
        &self.0
    }

    /// A member that is text, and not empty.
    pub fn text(&self, name: &str) -> Option<&str> {
        self.0.get(name)?.as_str().filter(|text| !text.is_empty())
    }

    /// The texts of a member that is a list.
    pub fn texts(&self, name: &str) -> impl Iterator<Item = &str> {
        self.0.get(name).and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_str)
    }

    /// Sets a member; `null` takes it away.
    pub fn set(&mut self, name: &str, value: Value) {
        if value.is_null() {
            self.0.remove(name);
        } else {
            self.0.insert(name.to_owned(), value);
        }
    }
}
