//! A user type and four users, small enough to know by heart.

use idp_graph::odata::schema::{
    EntityType, Kind, Navigation, any, boolean, collection, complex, date_time, guid, guids, int32, string,
    strings,
};
use serde_json::{Map, Value, json};

pub(crate) static USER: EntityType = EntityType::directory("user", "users")
    .properties(&[
        guid("id").shown().filterable().required(),
        string("displayName").shown().filterable().sortable().writable().required(),
        string("userPrincipalName").shown().filterable().sortable().writable().required(),
        string("mail").shown().filterable().sortable_when_advanced(),
        string("description").filterable_when_advanced(),
        string("secret"),
        boolean("accountEnabled").filterable().writable(),
        int32("rank").filterable(),
        date_time("createdDateTime").filterable(),
        strings("businessPhones").shown(),
        strings("tags").filterable().writable(),
        guids("roleIds").filterable(),
        complex("office", &[string("city").filterable(), string("room")]),
        collection(
            "identities",
            &Kind::Complex(&[string("issuer").filterable(), string("issuerAssignedId").filterable()]),
        )
        .filterable(),
        any("extra").filterable(),
    ])
    .navigations(&[Navigation::many("memberOf", &GROUP), Navigation::one("manager", &USER)]);

pub(crate) static GROUP: EntityType = EntityType::directory("group", "groups")
    .properties(&[guid("id").shown().filterable(), string("displayName").shown().filterable().sortable()])
    .navigations(&[Navigation::many("members", &USER)]);

/// An entry of a log: everything may be asked at once.
pub(crate) static SIGN_IN: EntityType =
    EntityType::open("signIn", "signIns").properties(&[string("displayName").filterable().sortable()]);

pub(crate) const ALICE: &str = "a1b2c3d4-0000-4000-8000-000000000001";

/// Indexed, the most selective first.
pub(crate) const INDEXED: &[&str] =
    &["id", "userPrincipalName", "identities/issuerAssignedId", "tags", "displayName"];

pub(crate) fn people() -> Vec<Map<String, Value>> {
    let people = json!([
        {"id": ALICE, "displayName": "Alice", "userPrincipalName": "alice@contoso.test",
         "mail": "alice@contoso.test", "accountEnabled": true, "rank": 3,
         "createdDateTime": "2026-01-01T00:00:00Z", "tags": ["red", "Blue"], "roleIds": [ALICE],
         "office": {"city": "Köln", "room": "7"}, "businessPhones": [],
         "identities": [{"issuer": "contoso.test", "issuerAssignedId": "al"},
                        {"issuer": "other.test", "issuerAssignedId": "ice"}],
         "extra": {"a": {"b": 1}}},
        {"id": "a1b2c3d4-0000-4000-8000-000000000002", "displayName": "Bob O'Brien",
         "userPrincipalName": "bob@contoso.test", "mail": null, "accountEnabled": false, "rank": -1,
         "createdDateTime": "2026-06-01T12:00:00Z", "tags": [], "office": null, "identities": []},
        {"id": "a1b2c3d4-0000-4000-8000-000000000003", "displayName": "ÉMILE Zola",
         "userPrincipalName": "emile@fabrikam.test", "accountEnabled": true, "rank": 10,
         "createdDateTime": "2026-08-13T21:24:29.5Z", "tags": ["red"], "description": "Project Apollo lead"},
        {"id": "a1b2c3d4-0000-4000-8000-000000000004", "displayName": "x",
         "userPrincipalName": "x@fabrikam.test"},
    ]);
    let people = people.as_array().into_iter().flatten();
    people.filter_map(|person| person.as_object().cloned()).collect()
}

pub(crate) fn named(name: &str) -> Map<String, Value> {
    Map::from_iter([("displayName".to_owned(), Value::String(name.to_owned()))])
}
