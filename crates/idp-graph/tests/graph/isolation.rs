//! Two organisations: what is one's is not there for the other.

use http::Method;
use idp_graph::operations;
use serde_json::json;

use crate::world::*;

/// CN-15: every operation with a key, by every method, with ids of another tenant: not found, never forbidden, and never
/// anything else.
#[tokio::test]
async fn cn_15_another_tenants_ids_are_not_found_by_any_operation() {
    let world = World::new().await;
    let group =
        json!({ "displayName": "g", "mailEnabled": false, "mailNickname": "g", "securityEnabled": true });
    let group = world.of(ALICE).post("/groups", group).await.is(201).id();
    let deleted = world.of(ALICE).delete(&format!("/users/{}", BEN.id)).await;
    deleted.is(204);
    let assignment = format!("62e9039469f542379190012177145e10{}", ALICE.id.guid().simple());
    let carol = world.as_person(FABRIKAM, CAROL, "Directory.AccessAsUser.All");
    let mut asked = 0;
    for operation in operations::all() {
        let own_role = operation.path.starts_with("/directoryRole")
            || operation.path.starts_with("/roleManagement/directory/roleDefinitions");
        if !operation.path.contains('{') || own_role {
            continue;
        }
        let foreign = if operation.path.starts_with("/groups") {
            group.clone()
        } else if operation.path.starts_with("/directory/deletedItems") {
            BEN.id.to_string()
        } else if operation.path.contains("roleAssignments") {
            assignment.clone()
        } else {
            BOB.id.to_string()
        };
        let path = operation.path.replace("{id}", &foreign);
        let path = path.replace("{member}", &BOB.id.to_string()).replace("{owner}", &BOB.id.to_string());
        let method = Method::from_bytes(operation.method.as_str().as_bytes()).unwrap();
        let body = json!({});
        let answer = carol.send(method.clone(), &path, Some(body)).await;
        assert_eq!(answer.status.as_u16(), 404, "{method} {path}: {}", answer.text);
        assert_eq!(answer.json["error"]["code"], "Request_ResourceNotFound", "{method} {path}");
        asked += 1;
    }
    assert!(asked > 30, "{asked}");
}

/// CN-14: a list has what is one's own.
#[tokio::test]
async fn cn_14_lists_and_counts_are_of_ones_own_tenant() {
    let world = World::new().await;
    let carol = world.as_person(FABRIKAM, CAROL, "Directory.AccessAsUser.All");
    let users = carol.get("/users").await.is(200);
    assert_eq!(users.each("userPrincipalName"), ["carol@fabrikam.test"]);
    let eventual =
        world.as_person(FABRIKAM, CAROL, "Directory.AccessAsUser.All").header("consistencylevel", "eventual");
    assert_eq!(eventual.get("/users/$count").await.is(200).text, "1");
    let ids = json!({ "ids": [ALICE.id, CAROL.id] });
    let found = carol.post("/directoryObjects/getByIds", ids).await.is(200);
    assert_eq!(found.each("displayName"), ["Carol"]);
    for filter in ["userPrincipalName eq 'alice@contoso.test'", "startswith(displayName,'A')"] {
        assert_eq!(carol.get(&format!("/users?$filter={filter}")).await.is(200).json["value"], json!([]));
    }
}

/// CN-14, GA-03: a place in one tenant's list is no place in another's.
#[tokio::test]
async fn ga_03_a_page_token_of_another_tenant_or_another_query_is_refused() {
    let world = World::new().await;
    let first = world.of(ALICE).get("/users?$top=2").await.is(200);
    let next = first.json["@odata.nextLink"].as_str().unwrap();
    let next = next.strip_prefix(&format!("{ORIGIN}/graph/v1.0")).unwrap().to_owned();
    world.of(ALICE).get(&next).await.is(200);
    let carol = world.as_person(FABRIKAM, CAROL, "Directory.AccessAsUser.All");
    carol.get(&next).await.refused(400, "Directory_ExpiredPageToken");
    let token = next.split("$skiptoken=").nth(1).unwrap();
    let alice = world.of(ALICE);
    alice.get(&format!("/groups?$skiptoken={token}")).await.refused(400, "Directory_ExpiredPageToken");
    let other = format!("/users?$filter=accountEnabled eq true&$skiptoken={token}");
    alice.get(&other).await.refused(400, "Directory_ExpiredPageToken");
    for forged in ["x", "AAAA", &token[..token.len() - 2], &format!("{token}A")] {
        alice.get(&format!("/users?$skiptoken={forged}")).await.refused(400, "Directory_ExpiredPageToken");
    }
}

/// GA-12: a guest reads themselves.
#[tokio::test]
async fn ga_12_a_guest_enumerates_nothing() {
    let world = World::new().await;
    let greta = world.as_person(CONTOSO, GRETA, "User.Read.All Group.Read.All Directory.Read.All");
    greta.get("/me").await.is(200);
    greta.get(&format!("/users/{}", GRETA.id)).await.is(200);
    greta.get("/me/memberOf").await.is(200);
    for path in [
        "/users".to_owned(),
        "/users/$count".into(),
        "/groups".into(),
        "/directoryRoles".into(),
        format!("/users/{}", ALICE.id),
        "/users/alice@contoso.test".into(),
        // Whether somebody exists is not theirs to know.
        "/users/nobody@contoso.test".into(),
        format!("/directoryObjects/{}", ALICE.id),
    ] {
        greta.get(&path).await.denied();
    }
    let ids = json!({ "ids": [ALICE.id, GRETA.id] });
    let found = greta.post("/directoryObjects/getByIds", ids).await.is(200);
    assert_eq!(found.each("id"), [GRETA.id.to_string()]);
}
