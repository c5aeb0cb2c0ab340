//! Members of nested objects by their dotted path: `web.implicitGrantSettings.enableIdTokenIssuance`.
//!
//! Paths come from the table only; names in documents may contain dots (`odata.type`) and are never split.

use serde_json::{Map, Value};

pub(crate) fn get<'map>(map: &'map Map<String, Value>, path: &str) -> Option<&'map Value> {
    match path.split_once('.') {
        None => map.get(path),
        Some((head, rest)) => get(map.get(head)?.as_object()?, rest),
    }
}

/// Takes a member out, and with it each object that this leaves empty.
pub(crate) fn remove(map: &mut Map<String, Value>, path: &str) -> Option<Value> {
    let Some((head, rest)) = path.split_once('.') else { return map.remove(path) };
    let inner = map.get_mut(head)?.as_object_mut()?;
    let value = remove(inner, rest)?;
    if inner.is_empty() {
        map.remove(head);
    }
    Some(value)
}

/// Whether `path` is vacant: no member there, and nothing but objects on the way.
pub(crate) fn is_free(map: &Map<String, Value>, path: &str) -> bool {
    match path.split_once('.') {
        None => !map.contains_key(path),
        Some((head, rest)) => match map.get(head) {
            None => true,
            Some(Value::Object(inner)) => is_free(inner, rest),
            Some(_) => false,
        },
    }
}

/// Puts a member where [`is_free`] said there is room.
pub(crate) fn insert(map: &mut Map<String, Value>, path: &str, value: Value) {
    match path.split_once('.') {
        None => {
            map.insert(path.to_owned(), value);
        }
        Some((head, rest)) => {
            let inner = map.entry(head).or_insert_with(|| Value::Object(Map::new()));
            if let Value::Object(inner) = inner {
                insert(inner, rest, value);
            }
        }
    }
}

/// Adds the members of `from`, objects into objects. What is there already stays.
pub(crate) fn merge(into: &mut Map<String, Value>, from: Map<String, Value>) {
    for (name, value) in from {
        match (into.get_mut(&name), value) {
            (Some(Value::Object(there)), Value::Object(more)) => merge(there, more),
            (Some(_), _) => {}
            (None, value) => {
                into.insert(name, value);
            }
        }
    }
}

/// The objects that `path` goes through, the outermost first: `a.b.c` goes through `a` and `a.b`.
pub(crate) fn containers(path: &str) -> impl Iterator<Item = &str> {
    path.match_indices('.').map(|(at, _)| &path[..at])
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn object(value: Value) -> Map<String, Value> {
        value.as_object().unwrap().clone()
    }

    #[test]
    fn taking_the_last_member_takes_the_emptied_objects_too() {
        let mut map = object(json!({"web": {"grant": {"id": true}}, "api": {}}));
        assert_eq!(remove(&mut map, "web.grant.id"), Some(json!(true)));
        assert_eq!(Value::Object(map), json!({"api": {}}));
    }

    #[test]
    fn taking_what_is_not_there_changes_nothing() {
        let before = object(json!({"web": {}, "api": 5}));
        let mut map = before.clone();
        assert_eq!((remove(&mut map, "web.grant"), remove(&mut map, "api.scopes")), (None, None));
        assert_eq!(map, before);
    }

    #[test]
    fn a_path_through_something_else_than_an_object_is_not_free() {
        let map = object(json!({"web": 5, "api": {"scopes": null}}));
        for (path, free) in [("web", false), ("web.x", false), ("api.scopes", false), ("api.x.y", true)] {
            assert_eq!(is_free(&map, path), free, "{path}");
        }
    }

    #[test]
    fn the_containers_of_a_path_are_its_beginnings() {
        assert_eq!(containers("a.b.c").collect::<Vec<_>>(), ["a", "a.b"]);
        assert_eq!(containers("a").count(), 0);
    }
}
