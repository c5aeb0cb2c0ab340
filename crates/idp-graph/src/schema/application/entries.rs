//! Lists of objects: read into their types, each with what its type does not know, so that a manifest comes back as it
//! was; and shown with it.

use idp_domain::applications::Application;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value, json};

use crate::error::{Fault, MemberFault};

/// Where delegated permissions stand.
pub(super) const SCOPES: &str = "api/oauth2PermissionScopes";
/// Where app roles stand.
pub(super) const ROLES: &str = "appRoles";

/// What is kept of entries, by the path of their list and their ids. No member of Graph has this name.
pub(super) const KEPT: &str = "@entries";

/// Reads the entries of a list.
pub(super) fn read<T: DeserializeOwned>(path: &str, value: &Value, faults: &mut Vec<MemberFault>) -> Vec<T> {
    let list = match value {
        Value::Null => return Vec::new(),
        Value::Array(list) => list,
        _ => {
            faults.push(MemberFault::new(path, Fault::Type("Collection")));
            return Vec::new();
        }
    };
    let mut read = Vec::with_capacity(list.len());
    for (index, entry) in list.iter().enumerate() {
        match serde_json::from_value(without_nulls(entry)) {
            Ok(entry) => read.push(entry),
            Err(error) => {
                let why = format!("it cannot be read: {error}.");
                faults.push(MemberFault::new(format!("{path}[{index}]"), Fault::Value(why)));
            }
        }
    }
    read
}

/// Null says that there is no value, which the types say by leaving a member out.
fn without_nulls(value: &Value) -> Value {
    match value {
        Value::Object(members) => {
            let there = members.iter().filter(|(_, value)| !value.is_null());
            Value::Object(there.map(|(name, value)| (name.clone(), without_nulls(value))).collect())
        }
        Value::Array(list) => list.iter().map(without_nulls).collect(),
        other => other.clone(),
    }
}

/// Keeps what the type of the entries does not know of them.
pub(super) fn keep<T: Serialize>(application: &mut Application, path: &str, value: &Value, read: &[T]) {
    let mut kept = Map::new();
    for (given, read) in value.as_array().into_iter().flatten().zip(read) {
        let (Some(given), Ok(Value::Object(known))) = (given.as_object(), serde_json::to_value(read)) else {
            continue;
        };
        let Some(id) = known.get("id").and_then(Value::as_str) else { continue };
        let unknown = |(name, value): &(&String, &Value)| {
            // What everything registered here has, and what says nothing.
            !known.contains_key(*name) && *name != "origin" && !value.is_null() && !name.contains('@')
        };
        let more: Map<_, _> =
            given.iter().filter(unknown).map(|(name, value)| (name.clone(), value.clone())).collect();
        if !more.is_empty() {
            kept.insert(id.to_owned(), Value::Object(more));
        }
    }
    let mut all =
        application.other.members().get(KEPT).and_then(Value::as_object).cloned().unwrap_or_default();
    if kept.is_empty() {
        all.remove(path);
    } else {
        all.insert(path.to_owned(), Value::Object(kept));
    }
    application.other.set(KEPT, if all.is_empty() { Value::Null } else { Value::Object(all) });
}

/// Shows the entries of a list with what was kept of them.
pub(super) fn show<T: Serialize>(application: &Application, path: &str, entries: &[T]) -> Value {
    let kept = application.other.members().get(KEPT).and_then(|kept| kept.get(path));
    let show = |entry: &T| {
        let mut shown = json!(entry);
        shown["origin"] = json!("Application");
        let more = shown["id"].as_str().and_then(|id| kept?.get(id)?.as_object()).cloned();
        for (name, value) in more.into_iter().flatten() {
            shown[name] = value;
        }
        shown
    };
    entries.iter().map(show).collect()
}
