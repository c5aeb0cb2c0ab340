//! Answers: what `$select` leaves of an entity, `@odata.context`, and the envelope of a collection.

use serde_json::{Map, Value, json};
use vestibule_wire::form;

use super::expand::Expand;
use super::options::{QueryOptions, Select};
use super::schema::{EntityType, Kind};

/// Whether a context is that of several objects or of one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shape {
    /// `#users`
    Collection,
    /// `#users/$entity`
    Entity,
}

/// What is shown of an entity, given with all its properties.
///
/// What is shown and has no value is there as null, or as an empty array. Annotations (`@odata.type`) always stay.
/// Entra: directory objects show exactly what `$select` names; `id` comes along only if it is named.
pub fn project(entity: &Map<String, Value>, kind: &EntityType, select: &Select) -> Map<String, Value> {
    let annotations = entity.iter().filter(|(name, _)| name.starts_with('@'));
    let mut shown: Map<String, Value> =
        annotations.map(|(name, value)| (name.clone(), value.clone())).collect();
    for property in kind.properties.iter().filter(|property| select.shows(property)) {
        let value = entity.get(property.name).cloned().filter(|value| !value.is_null());
        let missing = || if matches!(property.kind, Kind::Collection(_)) { json!([]) } else { Value::Null };
        shown.insert(property.name.to_owned(), value.unwrap_or_else(missing));
    }
    shown
}

/// `@odata.context`. `base` is where Graph is, with its version and no slash at the end.
///
/// ```text
/// {base}/$metadata#users                     {base}/$metadata#users/$entity
/// {base}/$metadata#users(id,displayName)     {base}/$metadata#groups(displayName,members())/$entity
/// ```
pub fn context(base: &str, set: &str, select: &Select, expand: &[Expand], shape: Shape) -> String {
    let mut names = selected(select);
    names.extend(
        expand.iter().map(|one| format!("{}({})", one.navigation.name, selected(&one.select).join(","))),
    );
    let names = if names.is_empty() { String::new() } else { format!("({})", names.join(",")) };
    let entity = if shape == Shape::Entity { "/$entity" } else { "" };
    format!("{base}/$metadata#{set}{names}{entity}")
}

fn selected(select: &Select) -> Vec<String> {
    match select {
        Select::Default | Select::All => Vec::new(),
        Select::Properties(properties) => {
            properties.iter().map(|property| property.name.to_owned()).collect()
        }
    }
}

/// The context of an answer to a query.
pub fn query_context(base: &str, set: &str, options: &QueryOptions, shape: Shape) -> String {
    context(base, set, &options.select, &options.expand, shape)
}

/// One entity with its context.
pub fn entity(context: String, mut entity: Map<String, Value>) -> Value {
    entity.insert("@odata.context".to_owned(), Value::String(context));
    Value::Object(entity)
}

/// A page of a collection.
#[derive(Debug, Clone, Default)]
pub struct Page {
    /// The objects, projected already.
    pub value: Vec<Value>,
    /// How many there are on all pages, if the client asked.
    pub count: Option<u64>,
    /// Where the next page is, if there is one.
    pub next_link: Option<String>,
}

impl Page {
    /// The body of the answer.
    pub fn into_body(self, context: String) -> Value {
        let mut body = Map::new();
        body.insert("@odata.context".to_owned(), Value::String(context));
        if let Some(count) = self.count {
            body.insert("@odata.count".to_owned(), count.into());
        }
        if let Some(next_link) = self.next_link {
            body.insert("@odata.nextLink".to_owned(), Value::String(next_link));
        }
        body.insert("value".to_owned(), Value::Array(self.value));
        Value::Object(body)
    }
}

/// The address of the next page: that of this one (`url`, without its query) with another `$skiptoken`. Clients follow
/// it verbatim.
pub fn next_link(url: &str, query: Option<&str>, skip_token: &str) -> String {
    let is_token = |pair: &&str| {
        let name = pair.split('=').next().unwrap_or_default();
        name == "$skiptoken" || name.eq_ignore_ascii_case("%24skiptoken")
    };
    let pairs = query.unwrap_or_default().split('&').filter(|pair| !pair.is_empty());
    let mut pairs: Vec<String> = pairs.filter(|pair| !is_token(pair)).map(str::to_owned).collect();
    let value = form::encode([("", skip_token)]);
    pairs.push(format!("$skiptoken{value}"));
    format!("{url}?{}", pairs.join("&"))
}
