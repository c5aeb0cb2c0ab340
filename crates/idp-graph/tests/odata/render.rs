//! Answers, in whole.

use idp_graph::odata::options::QueryOptions;
use idp_graph::odata::render::{Page, Shape, entity, next_link, project, query_context};
use serde_json::{Map, Value, json};

use crate::entities::{ALICE, USER, people};

const BASE: &str = "https://graph.test/v1.0";

fn options(query: &str) -> QueryOptions {
    QueryOptions::parse(Some(query), &USER, true).unwrap()
}

fn shown(person: &Map<String, Value>, query: &str) -> Value {
    Value::Object(project(person, &USER, &options(query).select))
}

#[test]
fn the_default_properties_are_shown_nulls_included() {
    let mut bob = people().remove(1);
    bob.insert("secret".into(), json!("s3cret"));
    bob.insert("unknown".into(), json!(1));
    bob.insert("@odata.type".into(), json!("#microsoft.graph.user"));
    let id = "a1b2c3d4-0000-4000-8000-000000000002";
    assert_eq!(
        shown(&bob, ""),
        json!({"@odata.type": "#microsoft.graph.user", "id": id, "displayName": "Bob O'Brien",
               "userPrincipalName": "bob@contoso.test", "mail": null, "businessPhones": []})
    );
    assert_eq!(
        shown(&bob, "$select=mail,tags"),
        json!({"@odata.type": "#microsoft.graph.user", "mail": null, "tags": []})
    );
    let all = shown(&bob, "$select=*");
    assert_eq!(all["secret"], "s3cret");
    assert_eq!(all.get("unknown"), None, "what the table does not name does not exist");
}

#[test]
fn a_context_says_what_was_asked() {
    for (query, shape, expected) in [
        ("", Shape::Collection, "#users"),
        ("", Shape::Entity, "#users/$entity"),
        ("$select=id,displayName", Shape::Collection, "#users(id,displayName)"),
        ("$select=displayName,ID", Shape::Entity, "#users(displayName,id)/$entity"),
        ("$expand=memberOf", Shape::Collection, "#users(memberOf())"),
        (
            "$select=id&$expand=memberOf($select=id,displayName)",
            Shape::Entity,
            "#users(id,memberOf(id,displayName))/$entity",
        ),
    ] {
        assert_eq!(
            query_context(BASE, "users", &options(query), shape),
            format!("{BASE}/$metadata{expected}")
        );
    }
}

#[test]
fn a_collection_and_an_entity_are_wrapped() {
    let alice = project(&people()[0], &USER, &options("$select=id").select);
    assert_eq!(entity("c".into(), alice.clone()), json!({"@odata.context": "c", "id": ALICE}));
    let page = Page { value: vec![Value::Object(alice)], count: Some(7), next_link: Some("n".into()) };
    assert_eq!(
        page.into_body("c".into()).to_string(),
        format!(
            r#"{{"@odata.context":"c","@odata.count":7,"@odata.nextLink":"n","value":[{{"id":"{ALICE}"}}]}}"#
        )
    );
    assert_eq!(Page::default().into_body("c".into()), json!({"@odata.context": "c", "value": []}));
}

#[test]
fn the_next_link_is_this_query_with_another_token() {
    let url = format!("{BASE}/users");
    assert_eq!(next_link(&url, None, "a b"), format!("{url}?$skiptoken=a+b"));
    let query = "$top=5&%24skiptoken=old&$filter=displayName%20eq%20%27x%27&$skiptoken=old";
    assert_eq!(
        next_link(&url, Some(query), "new"),
        format!("{url}?$top=5&$filter=displayName%20eq%20%27x%27&$skiptoken=new")
    );
}
