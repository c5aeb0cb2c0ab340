//! Directory roles, in both ways of asking for them.

use idp_domain::audit::Activity;
use idp_domain::directory::role;
use serde_json::json;

use crate::world::*;

fn reference(person: Person) -> serde_json::Value {
    json!({ "@odata.id": format!("https://graph.microsoft.com/v1.0/directoryObjects/{}", person.id) })
}

#[tokio::test]
async fn a_role_is_given_and_taken_away() {
    let world = World::new().await;
    let alice = world.of(ALICE);
    let roles = alice.get("/directoryRoles?$filter=displayName eq 'User Administrator'").await.is(200);
    assert_eq!(roles.each("roleTemplateId"), [role::USER_ADMINISTRATOR.to_string()]);
    let members = format!("/directoryRoles/{}/members", role::USER_ADMINISTRATOR);
    assert_eq!(alice.get(&members).await.is(200).each("displayName"), ["Ursula"]);
    // Whoever may read roles and not people is told who, and no more.
    let reader = world.as_application(&["RoleManagement.Read.Directory"]).get(&members).await.is(200);
    assert_eq!(
        (&reader.json["value"][0]["id"], &reader.json["value"][0]["mail"]),
        (&json!(URSULA.id), &json!(null))
    );
    alice.post(&format!("{members}/$ref"), reference(BOB)).await.is(204);
    alice.post(&format!("{members}/$ref"), reference(BOB)).await.is(400);
    let by_template = format!("/directoryRoles(roleTemplateId='{}')/members", role::USER_ADMINISTRATOR);
    assert_eq!(alice.get(&by_template).await.is(200).json["value"].as_array().unwrap().len(), 2);
    // At once.
    world.of(BOB).patch(&format!("/users/{}", BEN.id), json!({ "jobTitle": "x" })).await.is(204);
    alice.delete(&format!("{members}/{}/$ref", BOB.id)).await.is(204);
    alice.delete(&format!("{members}/{}/$ref", BOB.id)).await.not_found();
    world.of(BOB).patch(&format!("/users/{}", BEN.id), json!({ "jobTitle": "y" })).await.denied();
    let events: Vec<_> = world.recorded().await.iter().map(|event| event.activity).collect();
    assert!(
        events.contains(&Activity::RoleAssigned) && events.contains(&Activity::RoleRemoved),
        "{events:?}"
    );
}

#[tokio::test]
async fn an_assignment_is_the_same_in_other_words() {
    let world = World::new().await;
    let alice = world.of(ALICE);
    let path = "/roleManagement/directory/roleAssignments";
    let body = json!({ "principalId": BOB.id, "roleDefinitionId": role::GLOBAL_READER.to_string(), "directoryScopeId": "/" });
    let id = alice.post(path, body.clone()).await.is(201).id();
    alice.post(path, body).await.is(400);
    let mine = alice.get(&format!("{path}?$filter=principalId eq '{}'", BOB.id)).await.is(200);
    assert_eq!(mine.each("roleDefinitionId"), [role::GLOBAL_READER.to_string()]);
    assert_eq!(alice.get(&format!("{path}/{id}")).await.is(200).json["principalId"], BOB.id.to_string());
    alice.delete(&format!("{path}/{id}")).await.is(204);
    alice.get(&format!("{path}/{id}")).await.not_found();
    let partly = json!({ "principalId": BOB.id, "roleDefinitionId": role::GLOBAL_READER.to_string(), "directoryScopeId": "/x" });
    alice.post(path, partly).await.is(400);
    let definitions = alice.get("/roleManagement/directory/roleDefinitions").await.is(200);
    assert_eq!(definitions.json["value"].as_array().unwrap().len(), role::ALL.len());
}

#[tokio::test]
async fn ga_10_nobody_gives_themselves_more_than_they_could_give_others() {
    let world = World::new().await;
    let privileged = format!("/directoryRoles/{}/members/$ref", role::GLOBAL_ADMINISTRATOR);
    let plain = format!("/directoryRoles/{}/members/$ref", role::USER_ADMINISTRATOR);
    for person in [BOB, HELEN, URSULA, PETER] {
        world.of(person).post(&privileged, reference(person)).await.denied();
    }
    for person in [BOB, HELEN, URSULA] {
        world.of(person).post(&plain, reference(BOB)).await.denied();
    }
    world.of(PETER).post(&plain, reference(BOB)).await.is(204);
    let alone = world.as_application(&["Directory.ReadWrite.All", "User.ReadWrite.All"]);
    alone.post(&plain, reference(BEN)).await.denied();
    let managing = world.as_application(&["RoleManagement.ReadWrite.Directory"]);
    managing.post(&plain, reference(BEN)).await.is(204);
    let body = json!({ "principalId": BOB.id, "roleDefinitionId": role::GLOBAL_ADMINISTRATOR.to_string() });
    world.of(PETER).post("/roleManagement/directory/roleAssignments", body).await.denied();
}
