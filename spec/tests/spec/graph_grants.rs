//! What is granted over Graph: delegated permissions and app roles, from the grant to what comes of it at the token endpoint.

use serde_json::{Value, json};
use spec::cast::{alice, bob, contoso, dave, fabrikam, fabrikam_automation};
use spec::client::client;
use spec::tokens::Jwt;
use spec::world::random_guid;
use vestibule_wire::aadsts::Aadsts;

use crate::flows::{SignIn, redeem};
use crate::graph::{alone, json_of, person};
use crate::graph_applications::{USER_READ_WRITE_ALL, code_of};

#[tokio::test]
async fn cn_07_withdrawing_or_narrowing_a_grant_ends_the_refresh_tokens_that_came_of_it() {
    let alice = person(&alice()).await;
    let body =
        json!({ "displayName": "Reader", "web": { "redirectUris": ["https://registered.example/in"] } });
    let made = alice.registers(body).await;
    let (secret, _) = alice.secret_of(&made).await;
    let reader = made.program(&secret, &contoso());
    let scope = "openid offline_access https://graph.microsoft.com/User.Read";
    let grant = json!({ "clientId": made.principal, "consentType": "AllPrincipals", "resourceId": alice.graph().await,
        "scope": "openid profile offline_access User.Read Group.Read.All" });
    let granted = json_of(alice.post("/oauth2PermissionGrants", grant.clone()).await.is(201));
    let path = format!("/oauth2PermissionGrants/{}", granted["id"].as_str().unwrap());
    assert_eq!(
        code_of(alice.post("/oauth2PermissionGrants", grant.clone()).await.is(409)),
        "Request_MultipleObjectsWithSameKeyValue"
    );
    let filter = format!("/oauth2PermissionGrants?$filter=clientId%20eq%20'{}'", made.principal);
    assert_eq!(json_of(alice.get(&filter).await.is(200))["value"].as_array().unwrap().len(), 1);

    let refreshed = |token: String| {
        let form = reader.refreshes(&token);
        let reader = reader.clone();
        async move { redeem(&client(), &reader, &contoso(), &form).await }
    };
    let signed_in = || async {
        let sign_in = SignIn::of(&bob(), reader.clone(), scope).await;
        sign_in.tokens(&client(), &contoso()).await.refresh().to_owned()
    };
    let token = signed_in().await;
    // More than before takes nothing away.
    alice
        .patch(&path, json!({ "scope": "openid profile offline_access User.Read Group.Read.All Mail.Read" }))
        .await
        .is(204);
    let token = refreshed(token).await.tokens().refresh().to_owned();
    alice.patch(&path, json!({ "scope": "openid profile offline_access User.Read" })).await.is(204);
    refreshed(token).await.is(400);

    let token = signed_in().await;
    alice.delete(&path).await.is(204);
    refreshed(token).await.is(400);
    alice.get(&path).await.is(404);
    // Who may not, may not.
    person(&bob()).await.post("/oauth2PermissionGrants", grant).await.is(403);
}

#[tokio::test]
async fn a_role_is_assigned_once_and_is_in_tokens_until_it_is_taken_away() {
    let alice = person(&alice()).await;
    let role = random_guid();
    let roles = json!([{ "id": role, "isEnabled": true, "value": "Do.It", "displayName": "d", "description": "d",
        "allowedMemberTypes": ["Application"] }]);
    let resource = alice.registers(json!({ "displayName": "Doer", "appRoles": roles })).await;
    let path = format!("/applications/{}", resource.id);
    let uri = format!("api://{}", resource.client_id);
    let body = json!({ "identifierUris": [uri], "api": { "requestedAccessTokenVersion": 2 } });
    alice.patch(&path, body).await.is(204);
    let required = json!({ "appRoleAssignmentRequired": true });
    alice.patch(&format!("/servicePrincipals/{}", resource.principal), required).await.is(204);
    let asker = alice.registers(json!({ "displayName": "Asker" })).await;
    let (secret, _) = alice.secret_of(&asker).await;
    let asks = asker.program(&secret, &contoso()).for_itself(&format!("{uri}/.default"));
    let token = || async { client().token(&contoso(), &asks).await };
    token().await.refused(Aadsts::NotAssignedToRole);

    let made = alice.assigns(&asker.principal, &resource.principal, &role).await;
    let assignment = json_of(made.is(201));
    assert_eq!(assignment["principalDisplayName"], "Asker");
    assert_eq!(assignment["resourceDisplayName"], "Doer");
    let again = alice.assigns(&asker.principal, &resource.principal, &role).await;
    assert!(again.is(400).text().contains("Permission being assigned already exists on the object"));
    // Roles of applications are not people's, and none is another's.
    alice.assigns(&bob().id, &resource.principal, &role).await.is(400);
    alice.assigns(&asker.principal, &resource.principal, &random_guid()).await.is(400);
    alice.assigns(&dave().id, &resource.principal, &role).await.is(400);
    assert_eq!(Jwt::read(token().await.tokens().access()).claims.strings("roles"), ["Do.It"]);

    let seen = format!("/servicePrincipals/{}/appRoleAssignments", asker.principal);
    assert_eq!(json_of(alice.get(&seen).await.is(200))["value"][0], assignment_shown(&assignment));
    let seen = format!("/servicePrincipals/{}/appRoleAssignedTo", resource.principal);
    // What is disabled gets nothing, and nothing is issued for it.
    let enabled = |id: &str, enabled: bool| {
        let (alice, path) = (&alice, format!("/servicePrincipals/{id}"));
        async move {
            alice.patch(&path, json!({ "accountEnabled": enabled })).await.is(204);
        }
    };
    enabled(&resource.principal, false).await;
    token().await.refused(Aadsts::ResourceDisabled);
    enabled(&resource.principal, true).await;
    enabled(&asker.principal, false).await;
    token().await.refused(Aadsts::ApplicationDisabled);
    enabled(&asker.principal, true).await;
    token().await.tokens();
    alice.delete(&format!("{seen}/{}", assignment["id"].as_str().unwrap())).await.is(204);
    token().await.refused(Aadsts::NotAssignedToRole);
}

/// What a list shows of what an answer showed.
fn assignment_shown(made: &Value) -> Value {
    let members = made.as_object().unwrap().iter().filter(|(name, _)| !name.starts_with('@'));
    Value::Object(members.map(|(name, value)| (name.clone(), value.clone())).collect())
}

/// An application that may keep what is its own keeps that, and nothing else.
#[tokio::test]
async fn cn_09_an_application_that_may_keep_its_own_keeps_nothing_else() {
    const OWNED_BY: &str = "18a4783c-866b-4cc7-a460-3d5e5662c884";
    let alice = person(&alice()).await;
    let made = alice.registers(json!({ "displayName": "Keeper" })).await;
    alice.assigns(&made.principal, &alice.graph().await, OWNED_BY).await.is(201);
    let (secret, _) = alice.secret_of(&made).await;
    let keeper = alone(&contoso(), made.program(&secret, &contoso())).await;
    let own = keeper.registers(json!({ "displayName": "Kept" })).await;
    let owners = json_of(keeper.get(&format!("/applications/{}/owners", own.id)).await.is(200));
    assert_eq!(owners["value"][0]["id"], made.principal);
    keeper.secret_of(&own).await;
    keeper.patch(&format!("/applications/{}", own.id), json!({ "displayName": "Kept Well" })).await.is(204);
    let other = alice.registers(json!({ "displayName": "Not Kept" })).await;
    keeper.get(&format!("/applications/{}", other.id)).await.is(200);
    for path in [format!("/applications/{}", other.id), format!("/servicePrincipals/{}", other.principal)] {
        keeper.patch(&path, json!({ "notes": "mine" })).await.is(403);
        keeper.post(&format!("{path}/addPassword"), json!({})).await.is(403);
        keeper.delete(&path).await.is(403);
    }
    // It cannot make itself more than it is (GA-10).
    keeper.assigns(&made.principal, &keeper.graph().await, USER_READ_WRITE_ALL).await.is(403);
    let foreign = json!({ "displayName": "Foreign", "signInAudience": "AzureADMultipleOrgs" });
    let fabrikams = alone(&fabrikam(), fabrikam_automation()).await;
    let foreign = json_of(fabrikams.post("/applications", foreign).await.is(201));
    let answer = keeper.post("/servicePrincipals", json!({ "appId": foreign["appId"] })).await;
    assert_eq!(code_of(answer.is(400)), "NoBackingApplicationObject");
}

/// The role that every resource has says that somebody may use it, and no more.
#[tokio::test]
async fn people_are_assigned_and_listed_page_by_page() {
    let alice = person(&alice()).await;
    let made = alice.registers(json!({ "displayName": "For Some" })).await;
    let none = "00000000-0000-0000-0000-000000000000";
    for person in [bob().id, spec::cast::alice().id] {
        alice.assigns(&person, &made.principal, none).await.is(201);
    }
    let mut path = format!("/servicePrincipals/{}/appRoleAssignedTo?$top=1", made.principal);
    let mut seen = Vec::new();
    loop {
        let page = json_of(alice.get(&path).await.is(200));
        let values = page["value"].as_array().unwrap();
        seen.extend(values.iter().map(|one| one["principalDisplayName"].as_str().unwrap().to_owned()));
        let Some(next) = page["@odata.nextLink"].as_str() else { break };
        path = next.split("/graph/v1.0").nth(1).unwrap().to_owned();
    }
    seen.sort();
    assert_eq!(seen, ["Alice Archer", "Bob Baker"]);
    let of_bob = json_of(alice.get("/users/bob@contoso.test/appRoleAssignments").await.is(200));
    let mine =
        of_bob["value"].as_array().unwrap().iter().find(|one| one["resourceId"] == made.principal.as_str());
    let id = mine.unwrap_or_else(|| panic!("{of_bob}"))["id"].as_str().unwrap().to_owned();
    // One person's assignment is not another's.
    alice.delete(&format!("/users/{}/appRoleAssignments/{id}", spec::cast::alice().id)).await.is(404);
    alice.delete(&format!("/users/{}/appRoleAssignments/{id}", bob().id)).await.is(204);
    alice.delete(&format!("/users/{}/appRoleAssignments/{id}", bob().id)).await.is(404);
}
