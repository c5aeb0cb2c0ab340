//! Lists: filters, orders, pages, counts.

use std::time::{Duration, Instant};

use idp_domain::changes::{Change, Changes};
use idp_domain::directory::{Upn, User};
use serde_json::json;
use vestibule_wire::ids::UserId;

use crate::world::*;

#[tokio::test]
async fn a_list_is_read_page_by_page_and_nothing_is_missed_or_told_twice() {
    let world = World::new().await;
    let alice = world.of(ALICE);
    for query in
        ["$top=3", "$top=3&$orderby=displayName desc", "$top=2&$filter=accountEnabled eq true", "$top=999"]
    {
        let (mut found, mut path) = (Vec::new(), format!("/users?{query}"));
        loop {
            let page = alice.get(&path).await.is(200);
            found.extend(page.each("userPrincipalName").into_iter().map(str::to_owned));
            let Some(next) = page.json["@odata.nextLink"].as_str() else { break };
            path = next.strip_prefix(&format!("{ORIGIN}/graph/v1.0")).unwrap().to_owned();
        }
        let ordered = found.clone();
        found.sort_unstable();
        found.dedup();
        assert_eq!(found.len(), 8, "{query}: {ordered:?}");
        if query.contains("desc") {
            found.reverse();
            assert_eq!(ordered, found);
        }
    }
}

#[tokio::test]
async fn filters_find_what_they_say() {
    let world = World::new().await;
    let alice = world.of(ALICE).header("consistencylevel", "eventual");
    for (filter, names) in [
        ("userPrincipalName eq 'BOB@contoso.test'", vec!["Bob"]),
        ("startswith(displayName,'b')", vec!["Ben", "Bob"]),
        ("displayName in ('Alice','Bob')", vec!["Alice", "Bob"]),
        ("userType eq 'Guest'", vec!["Greta"]),
        ("startswith(displayName,'b') and mail eq 'ben@contoso.test'", vec!["Ben"]),
        ("displayName eq 'Nobody'", vec![]),
        (
            "id in ('00000000-0000-0000-0000-000000000b0b','00000000-0000-0000-0000-0000000a11ce')",
            vec!["Alice", "Bob"],
        ),
        ("id eq '00000000-0000-0000-0000-000000000b0b' and displayName eq 'Alice'", vec![]),
        (
            "identities/any(i:i/issuerAssignedId eq 'bob@contoso.test' and i/issuer eq 'contoso.test')",
            vec!["Bob"],
        ),
        ("endswith(mail,'ce@contoso.test')", vec!["Alice"]),
        ("displayName ne 'Bob' and startswith(displayName,'B')", vec!["Ben"]),
    ] {
        let answer = alice.get(&format!("/users?$count=true&$filter={filter}")).await.is(200);
        let mut found = answer.each("displayName");
        found.sort_unstable();
        assert_eq!(found, names, "{filter}");
        assert_eq!(answer.json["@odata.count"], names.len(), "{filter}");
    }
    assert_eq!(alice.get("/users/$count").await.is(200).text, "8");
    assert_eq!(alice.get("/users/$count?$filter=userType eq 'Guest'").await.is(200).text, "1");
    world.of(ALICE).get("/users/$count").await.refused(400, "Request_UnsupportedQuery");
    world.of(ALICE).get("/users?$filter=displayName ne 'Bob'").await.refused(400, "Request_UnsupportedQuery");
    let found = alice.get("/users?$search=\"displayName:urs\"").await.is(200);
    assert_eq!(found.each("displayName"), ["Ursula"]);
    let counted = alice.get("/users?$count=true&$top=1").await.is(200);
    assert_eq!(counted.json["@odata.count"], 8);
}

/// A filter that no index serves looks at so many objects and no more: a page may be empty, and lead on.
#[tokio::test]
async fn a_page_that_finds_nothing_leads_on() {
    let world = World::new().await;
    let template = world.app.store.user(CONTOSO, BOB.id).await.unwrap().unwrap();
    let mut changes = Changes::none();
    for number in 0..5_500_u128 {
        let upn = Upn::parse(&format!("n{number}@contoso.test")).unwrap();
        let id = UserId::from_u128((1 << 100) + number);
        let mut user = User { id, upn, display_name: format!("N{number}"), ..template.clone() };
        user.password = None;
        user.profile.set("department", json!(if number == 5_499 { "last" } else { "other" }));
        changes.add(Change::CreateUser(Box::new(user)));
    }
    world.app.store.commit(changes).await.unwrap();
    let alice = world.of(ALICE);
    let first = alice.get("/users?$filter=department eq 'last'").await.is(200);
    assert_eq!(first.json["value"], json!([]));
    let next = first.json["@odata.nextLink"].as_str().unwrap().strip_prefix(&format!("{ORIGIN}/graph/v1.0"));
    let second = alice.get(next.unwrap()).await.is(200);
    assert_eq!(second.each("displayName"), ["N5499"]);
    assert!(second.json.get("@odata.nextLink").is_none());
    let by_name = Instant::now();
    let found = alice.get("/users?$filter=userPrincipalName eq 'n5499@contoso.test'").await.is(200);
    assert_eq!(found.each("displayName"), ["N5499"]);
    assert!(by_name.elapsed() < Duration::from_millis(200), "an index leads there: {:?}", by_name.elapsed());
}

#[tokio::test]
async fn ga_01_what_is_no_query_is_refused() {
    let world = World::new().await;
    let alice = world.of(ALICE);
    for query in [
        "$filter=passwordHash eq 'x'",
        "$filter=displayName eq 'a' or 1 eq 1",
        "$filter=displayName eq 'a';drop table users",
        "$filter=displayName eq 'a' union select",
        "$select=password",
        "$orderby=displayName;drop table users",
        "$orderby=passwordProfile",
        "$expand=password",
        "$skip=1",
        "$top=0",
        "$top=-1",
        "$top=1000000000",
        "$unknown=1",
    ] {
        let answer = alice.get(&format!("/users?{query}")).await;
        assert_eq!(answer.status.as_u16(), 400, "{query}: {}", answer.text);
    }
    let answer = alice.get("/users?$top=1000").await.is(400);
    assert_eq!(answer.message(), "Invalid page size specified: '1000'. Must be between 1 and 999 inclusive.");
    let answer = alice.get("/users?$select=x").await.is(400);
    assert_eq!(answer.message(), "Could not find a property named 'x' on type 'microsoft.graph.user'.");
}

#[tokio::test]
async fn ga_02_deep_nesting_is_refused_at_once() {
    let world = World::new().await;
    let alice = world.of(ALICE);
    let deep = format!("/users?$filter={}displayName eq 'a'{}", "(".repeat(2000), ")".repeat(2000));
    let began = Instant::now();
    alice.get(&deep).await.is(400);
    assert!(began.elapsed() < Duration::from_millis(500), "{:?}", began.elapsed());
}

#[tokio::test]
async fn objects_are_read_by_their_ids_whatever_they_are() {
    let world = World::new().await;
    let alice = world.of(ALICE);
    let ids =
        json!({ "ids": [ALICE.id, PORTAL_PRINCIPAL, BOB.id, BOB.id], "types": ["user", "servicePrincipal"] });
    let found = alice.post("/directoryObjects/getByIds", ids).await.is(200);
    assert_eq!(
        found.each("@odata.type"),
        ["#microsoft.graph.user", "#microsoft.graph.servicePrincipal", "#microsoft.graph.user"]
    );
    let users = json!({ "ids": [ALICE.id, PORTAL_PRINCIPAL], "types": ["user"] });
    assert_eq!(alice.post("/directoryObjects/getByIds", users).await.is(200).each("displayName"), ["Alice"]);
    alice.post("/directoryObjects/getByIds", json!({ "ids": ["x"] })).await.is(400);
    alice.post("/directoryObjects/getByIds", json!({})).await.is(400);
    let object = alice.get(&format!("/directoryObjects/{}", BOB.id)).await.is(200);
    assert_eq!(object.json["@odata.type"], "#microsoft.graph.user");
}
