//! The OpenAPI document (3.0.3), from the table of operations and the tables of the resources.

use serde_json::{Map, Value, json};

use crate::authorize::{application_permissions, delegated_permissions};
use crate::odata::schema::{EntityType, Kind, Property, Writable};
use crate::operations::{self, Answers, Operation, Takes};

/// The document, for a Graph at this address.
pub fn document(graph: &str) -> Value {
    let mut paths: Map<String, Value> = Map::new();
    let mut entities: Vec<&'static EntityType> = Vec::new();
    for operation in operations::all() {
        let mentioned = match (operation.takes, operation.answers) {
            (Takes::New(entity) | Takes::Changes(entity), _)
            | (_, Answers::Entity(entity) | Answers::Created(entity) | Answers::Collection(entity)) => {
                Some(entity)
            }
            _ => None,
        };
        entities.extend(mentioned.filter(|entity| !entities.iter().any(|known| known.name == entity.name)));
        let path = paths.entry(operation.path).or_insert_with(|| json!({}));
        if let Value::Object(methods) = path {
            methods.insert(operation.method.as_str().to_ascii_lowercase(), describe(operation));
        }
    }
    let mut schemas: Map<String, Value> = Map::new();
    for entity in entities {
        schemas.insert(format!("microsoft.graph.{}", entity.name), whole(entity));
        schemas.insert(format!("microsoft.graph.{}.new", entity.name), written(entity, true));
        schemas.insert(format!("microsoft.graph.{}.changes", entity.name), written(entity, false));
    }
    schemas.insert(
        "reference".into(),
        json!({
            "type": "object", "required": ["@odata.id"], "properties": { "@odata.id": { "type": "string" } },
        }),
    );
    schemas.insert("error".into(), error());
    json!({
        "openapi": "3.0.3",
        "info": {
            "title": "Vestibule: Microsoft Graph",
            "version": "v1.0",
            "description": "The part of Microsoft Graph v1.0 that Vestibule answers.",
        },
        "servers": [{ "url": format!("{graph}/v1.0") }],
        "security": [{ "bearer": [] }],
        "paths": paths,
        "components": {
            "securitySchemes": { "bearer": { "type": "http", "scheme": "bearer", "bearerFormat": "JWT" } },
            "schemas": schemas,
            "responses": { "refused": {
                "description": "It is not, and why.",
                "content": { "application/json": { "schema": { "$ref": "#/components/schemas/error" } } },
            } },
        },
    })
}

fn describe(operation: &Operation) -> Value {
    let mut parameters: Vec<Value> = keys(operation.path)
        .map(|key| json!({ "name": key, "in": "path", "required": true, "schema": { "type": "string" } }))
        .collect();
    parameters.extend(query_options(operation.answers));
    let mut described = json!({
        "summary": operation.summary,
        "operationId": operation_id(operation),
        "parameters": parameters,
        "responses": responses(operation),
        "description": rights(operation),
    });
    if let Some(schema) = request_schema(operation.takes) {
        let required = !matches!(operation.takes, Takes::Arguments(_));
        described["requestBody"] =
            json!({ "required": required, "content": { "application/json": { "schema": schema } } });
    }
    described
}

fn rights(operation: &Operation) -> String {
    let one_of = |permissions: Vec<&str>| match permissions.is_empty() {
        true => "none".to_owned(),
        false => permissions.join(", "),
    };
    let mut lines = Vec::new();
    for action in operation.needs {
        lines.push(format!(
            "To {}: delegated {}; application {}.",
            action.words(),
            one_of(delegated_permissions(*action)),
            one_of(application_permissions(*action))
        ));
    }
    lines.join("\n")
}

fn operation_id(operation: &Operation) -> String {
    let words = operation.path.split(['/', '.', '$', '{', '}']).filter(|word| !word.is_empty());
    let words: Vec<_> = words.collect();
    format!("{}.{}", operation.method.as_str().to_ascii_lowercase(), words.join("."))
}

fn keys(path: &'static str) -> impl Iterator<Item = &'static str> {
    path.split('/').filter_map(|word| word.strip_prefix('{')?.strip_suffix('}'))
}

fn query_options(answers: Answers) -> Vec<Value> {
    let option = |name: &str, schema: Value| json!({ "name": name, "in": "query", "schema": schema });
    let text = || json!({ "type": "string" });
    let mut options = match answers {
        Answers::Entity(_) => vec![option("$select", text()), option("$expand", text())],
        Answers::Collection(_) => vec![
            option("$select", text()),
            option("$filter", text()),
            option("$search", text()),
            option("$orderby", text()),
            option("$expand", text()),
            option("$top", json!({ "type": "integer", "minimum": 1, "maximum": 999 })),
            option("$count", json!({ "type": "boolean" })),
            option("$skiptoken", text()),
        ],
        Answers::Count => vec![option("$filter", text()), option("$search", text())],
        _ => Vec::new(),
    };
    if matches!(answers, Answers::Collection(_) | Answers::Count) {
        options.push(json!({ "name": "ConsistencyLevel", "in": "header", "schema": { "type": "string", "enum": ["eventual"] } }));
    }
    options
}

fn request_schema(takes: Takes) -> Option<Value> {
    let reference = |name: String| json!({ "$ref": format!("#/components/schemas/{name}") });
    match takes {
        Takes::Nothing => None,
        Takes::New(entity) => Some(reference(format!("microsoft.graph.{}.new", entity.name))),
        Takes::Changes(entity) => Some(reference(format!("microsoft.graph.{}.changes", entity.name))),
        Takes::Reference => Some(reference("reference".into())),
        Takes::Arguments(properties) => Some(members(properties.iter())),
    }
}

fn responses(operation: &Operation) -> Value {
    let reference = |entity: &EntityType| json!({ "$ref": format!("#/components/schemas/microsoft.graph.{}", entity.name) });
    let content = |schema: Value| json!({ "application/json": { "schema": schema } });
    let mut good = json!({ "description": "It is so." });
    match operation.answers {
        Answers::NoContent => {}
        Answers::Entity(entity) | Answers::Created(entity) => good["content"] = content(reference(entity)),
        Answers::Collection(entity) => {
            good["content"] = content(json!({ "type": "object", "properties": {
                "@odata.context": { "type": "string" },
                "@odata.count": { "type": "integer" },
                "@odata.nextLink": { "type": "string" },
                "value": { "type": "array", "items": reference(entity) },
            } }));
        }
        Answers::Value(property) => {
            good["content"] = content(json!({ "type": "object", "properties": {
                "@odata.context": { "type": "string" }, "value": kind(&property.kind, property.nullable) } }));
        }
        Answers::Count => good["content"] = json!({ "text/plain": { "schema": { "type": "string" } } }),
    }
    let refused = json!({ "$ref": "#/components/responses/refused" });
    let mut responses = Map::new();
    responses.insert(operation.answers.status().to_string(), good);
    responses.insert("4XX".into(), refused.clone());
    responses.insert("5XX".into(), refused);
    Value::Object(responses)
}

fn whole(entity: &EntityType) -> Value {
    members(entity.properties.iter())
}

fn written(entity: &EntityType, new: bool) -> Value {
    let writable = |property: &&Property| match property.writable {
        Writable::Always => true,
        Writable::OnCreate => new,
        Writable::Never => false,
    };
    members(entity.properties.iter().filter(writable))
}

fn members<'p>(properties: impl Iterator<Item = &'p Property>) -> Value {
    let described: Map<String, Value> = properties
        .map(|property| (property.name.to_owned(), kind(&property.kind, property.nullable)))
        .collect();
    json!({ "type": "object", "properties": described })
}

fn kind(kind_of: &Kind, nullable: bool) -> Value {
    let mut described = match kind_of {
        Kind::String => json!({ "type": "string" }),
        Kind::Boolean => json!({ "type": "boolean" }),
        Kind::Int32 => json!({ "type": "integer", "format": "int32" }),
        Kind::Guid => json!({ "type": "string", "format": "uuid" }),
        Kind::DateTime => json!({ "type": "string", "format": "date-time" }),
        Kind::Binary => json!({ "type": "string", "format": "byte" }),
        Kind::Collection(element) => json!({ "type": "array", "items": kind(element, false) }),
        Kind::Complex(properties) => members(properties.iter()),
        Kind::Any => json!({}),
    };
    if nullable {
        described["nullable"] = json!(true);
    }
    described
}

fn error() -> Value {
    let text = json!({ "type": "string" });
    json!({ "type": "object", "required": ["error"], "properties": { "error": {
        "type": "object",
        "required": ["code", "message"],
        "properties": {
            "code": text, "message": text, "target": text,
            "details": { "type": "array", "items": { "type": "object", "properties": {
                "code": text, "message": text, "target": text } } },
            "innerError": { "type": "object", "properties": {
                "date": text, "request-id": text, "client-request-id": text } },
        },
    } } })
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn the_document_has_every_operation_and_names_nothing_that_is_not_in_it() {
        let document = document("https://localhost:8443/graph");
        let mut ids = HashSet::new();
        for operation in operations::all() {
            let described =
                &document["paths"][operation.path][operation.method.as_str().to_ascii_lowercase()];
            assert_eq!(described["summary"], operation.summary);
            assert!(ids.insert(described["operationId"].as_str().unwrap().to_owned()), "{described}");
        }
        let text = document.to_string();
        for reference in text.split("\"#/components/").skip(1) {
            let (section, name) = reference.split('"').next().unwrap().split_once('/').unwrap();
            assert!(document["components"][section].get(name).is_some(), "{section} {name}");
        }
    }

    #[test]
    fn ga_05_what_is_written_is_less_than_what_is_read() {
        let document = document("https://localhost:8443/graph");
        let schemas = &document["components"]["schemas"];
        assert!(schemas["microsoft.graph.user"]["properties"].get("id").is_some());
        assert!(schemas["microsoft.graph.user.changes"]["properties"].get("id").is_none());
        assert!(schemas["microsoft.graph.user.changes"]["properties"].get("displayName").is_some());
    }
}
