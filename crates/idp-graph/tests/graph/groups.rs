//! Groups, members and owners.

use idp_domain::directory::role;
use serde_json::{Value, json};

use crate::world::*;

fn group(name: &str) -> Value {
    json!({ "displayName": name, "mailEnabled": false, "mailNickname": name, "securityEnabled": true })
}

fn reference(id: impl std::fmt::Display) -> Value {
    json!({ "@odata.id": format!("https://graph.microsoft.com/v1.0/directoryObjects/{id}") })
}

#[tokio::test]
async fn a_group_is_made_filled_and_emptied() {
    let world = World::new().await;
    let bob = world.as_person(CONTOSO, BOB, "Group.ReadWrite.All User.Read.All");
    let id = bob.post("/groups", group("bakers")).await.is(201).id();
    let owners = bob.get(&format!("/groups/{id}/owners")).await.is(200);
    assert_eq!(owners.each("displayName"), ["Bob"], "who makes it owns it");
    let members = format!("/groups/{id}/members");
    bob.post(&format!("{members}/$ref"), reference(BEN.id)).await.is(204);
    let answer =
        bob.post(&format!("{members}/$ref"), reference(BEN.id)).await.refused(400, "Request_BadRequest");
    assert_eq!(
        answer.message(),
        "One or more added object references already exist for the following modified properties: 'members'."
    );
    let bound =
        json!({ "members@odata.bind": [format!("https://x/v1.0/users/{}", ADA.id)], "description": "d" });
    bob.patch(&format!("/groups/{id}"), bound).await.is(204);
    let listed = bob.get(&members).await.is(200);
    let mut names = listed.each("displayName");
    names.sort_unstable();
    assert_eq!(names, ["Ada", "Ben"]);
    assert_eq!(listed.each("@odata.type"), ["#microsoft.graph.user"; 2]);
    let users = bob.get(&format!("{members}/microsoft.graph.user?$select=userPrincipalName")).await.is(200);
    assert_eq!(users.json["value"].as_array().unwrap().len(), 2);
    assert_eq!(bob.get(&format!("{members}/microsoft.graph.group")).await.is(200).json["value"], json!([]));
    let expanded = bob.get(&format!("/groups/{id}?$expand=members($select=id)")).await.is(200);
    assert_eq!(expanded.json["members"].as_array().unwrap().len(), 2);
    bob.delete(&format!("{members}/{}/$ref", BEN.id)).await.is(204);
    bob.delete(&format!("{members}/{}/$ref", BEN.id)).await.not_found();
    bob.post(&format!("{members}/$ref"), reference("00000000-0000-4000-8000-000000000001")).await.not_found();
    bob.post(&format!("{members}/$ref"), json!({ "@odata.id": "nonsense" })).await.is(400);
    bob.post(&format!("{members}/$ref"), reference(&id)).await.is(400);
    bob.delete(&format!("/groups/{id}")).await.is(204);
    bob.get(&members).await.not_found();
}

#[tokio::test]
async fn somebody_belongs_through_groups_within_groups() {
    let world = World::new().await;
    let alice = world.of(ALICE);
    let (outer, inner) = (
        alice.post("/groups", group("outer")).await.is(201).id(),
        alice.post("/groups", group("inner")).await.is(201).id(),
    );
    alice.post(&format!("/groups/{outer}/members/$ref"), reference(&inner)).await.is(204);
    alice.post(&format!("/groups/{inner}/members/$ref"), reference(HELEN.id)).await.is(204);
    // A circle does no harm.
    alice.post(&format!("/groups/{inner}/members/$ref"), reference(&outer)).await.is(204);
    let direct = alice.get("/users/helen@contoso.test/memberOf").await.is(200);
    assert_eq!(direct.each("displayName"), ["Helpdesk Administrator", "inner"]);
    let all = alice.get("/users/helen@contoso.test/transitiveMemberOf").await.is(200);
    let mut names = all.each("displayName");
    names.sort_unstable();
    assert_eq!(names, ["Helpdesk Administrator", "inner", "outer"]);
    let groups = alice.get("/users/helen@contoso.test/memberOf/microsoft.graph.group").await.is(200);
    assert_eq!(groups.each("mailNickname"), ["inner"]);
    let roles = world.of(HELEN).get("/me/transitiveMemberOf/microsoft.graph.directoryRole").await.is(200);
    assert_eq!(roles.each("displayName"), ["Helpdesk Administrator"]);
    let ids = |answer: &Answer| {
        let mut ids: Vec<_> = answer.json["value"]
            .as_array()
            .unwrap()
            .iter()
            .map(|id| id.as_str().unwrap().to_owned())
            .collect();
        ids.sort_unstable();
        ids
    };
    let mut both = vec![outer.clone(), inner.clone()];
    both.sort_unstable();
    let only = json!({ "securityEnabledOnly": true });
    let groups = world.of(HELEN).post("/me/getMemberGroups", only.clone()).await.is(200);
    assert_eq!(ids(&groups), both);
    let objects = alice.post(&format!("/users/{}/getMemberObjects", HELEN.id), only.clone()).await.is(200);
    assert!(ids(&objects).contains(&role::HELPDESK_ADMINISTRATOR.to_string()));
    let objects = alice.post(&format!("/directoryObjects/{}/getMemberGroups", HELEN.id), only).await.is(200);
    assert_eq!(ids(&objects), both);
    let asked = json!({ "groupIds": [outer, "00000000-0000-4000-8000-000000000001"] });
    let found = alice.post("/users/helen@contoso.test/checkMemberGroups", asked).await.is(200);
    assert_eq!(ids(&found), std::slice::from_ref(&outer));
    let members = alice.get(&format!("/groups/{outer}/transitiveMembers/microsoft.graph.user")).await.is(200);
    assert_eq!(members.each("displayName"), ["Helen"]);
    assert_eq!(alice.get(&format!("/groups/{inner}/memberOf")).await.is(200).each("id"), [&outer]);
}

#[tokio::test]
async fn ga_10_role_assignable_groups_are_not_for_owners() {
    let world = World::new().await;
    let mut body = group("admins");
    body["isAssignableToRole"] = json!(true);
    body["owners@odata.bind"] = json!([format!("https://x/v1.0/users/{}", BOB.id)]);
    for person in [BOB, URSULA] {
        world.of(person).post("/groups", body.clone()).await.denied();
    }
    let id = world.of(PETER).post("/groups", body).await.is(201).id();
    for person in [BOB, URSULA] {
        let asking = world.of(person);
        asking.post(&format!("/groups/{id}/members/$ref"), reference(BOB.id)).await.denied();
        asking.post(&format!("/groups/{id}/owners/$ref"), reference(URSULA.id)).await.denied();
        asking.patch(&format!("/groups/{id}"), json!({ "displayName": "x" })).await.denied();
        asking.delete(&format!("/groups/{id}")).await.denied();
    }
    let alone = world.as_application(&["Group.ReadWrite.All", "Directory.ReadWrite.All"]);
    alone.post(&format!("/groups/{id}/members/$ref"), reference(BOB.id)).await.denied();
    world.of(PETER).post(&format!("/groups/{id}/members/$ref"), reference(BOB.id)).await.is(204);
    let nested = world.of(ALICE).post("/groups", group("nested")).await.is(201).id();
    world.of(ALICE).post(&format!("/groups/{id}/members/$ref"), reference(nested)).await.is(400);
    let changed = json!({ "isAssignableToRole": false });
    world.of(ALICE).patch(&format!("/groups/{id}"), changed).await.is(400);
}

#[tokio::test]
async fn ga_10_nobody_adds_themselves_to_what_is_not_theirs() {
    let world = World::new().await;
    let id = world.of(ALICE).post("/groups", group("closed")).await.is(201).id();
    let bob = world.as_person(CONTOSO, BOB, "Group.ReadWrite.All Directory.AccessAsUser.All");
    bob.post(&format!("/groups/{id}/members/$ref"), reference(BOB.id)).await.denied();
    bob.post(&format!("/groups/{id}/owners/$ref"), reference(BOB.id)).await.denied();
    bob.patch(&format!("/groups/{id}"), json!({ "members@odata.bind": [] })).await.denied();
    world.of(ALICE).post(&format!("/groups/{id}/owners/$ref"), reference(BOB.id)).await.is(204);
    bob.post(&format!("/groups/{id}/members/$ref"), reference(BOB.id)).await.is(204);
    let dynamic = json!({ "displayName": "all", "mailEnabled": false, "mailNickname": "all", "securityEnabled": true,
        "groupTypes": ["DynamicMembership"], "membershipRule": "true" });
    world.of(ALICE).post("/groups", dynamic).await.is(400);
}

#[tokio::test]
async fn a_list_tells_no_more_of_members_than_may_be_read() {
    let world = World::new().await;
    let id = world.of(ALICE).post("/groups", group("bakers")).await.is(201).id();
    world.of(ALICE).post(&format!("/groups/{id}/members/$ref"), reference(BEN.id)).await.is(204);
    let alone = world.as_application(&["GroupMember.Read.All"]);
    let listed = alone.get(&format!("/groups/{id}/members")).await.is(200);
    assert_eq!(listed.each("id"), [BEN.id.to_string()]);
    assert_eq!(listed.json["value"][0]["displayName"], Value::Null, "{}", listed.text);
    let hidden = alone.get(&format!("/groups/{id}/members?$filter=startswith(displayName,'B')")).await;
    assert_eq!(hidden.is(200).json["value"], json!([]), "what is not told is not found");
    let told = world.as_application(&["GroupMember.Read.All", "User.Read.All"]);
    let told = told.get(&format!("/groups/{id}/members")).await.is(200);
    assert_eq!(told.each("displayName"), ["Ben"]);
}
