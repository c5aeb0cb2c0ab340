//! What an administrator takes away or changes counts at once, for what is under way and for what was begun before: secrets,
//! applications, accounts, assignments. Each test makes what it takes away.

use std::time::Duration;

use serde_json::{Value, json};
use spec::browser::{Landing, authorize_at, browser};
use spec::cast::{Application, Person, alice, bob, contoso, native};
use spec::client::client;
use spec::form::Form;
use spec::world::{now, random_guid, within};
use vestibule_wire::aadsts::Aadsts;

use crate::flows::{SignIn, tokens_of};
use crate::graph::{Caller, json_of, person};
use crate::graph_applications::Registered;

const GRAPH_DEFAULT: &str = "https://graph.microsoft.com/.default";
const WORDS: &str = "openid profile offline_access User.Read";
const PASSWORD: &str = "Correct-Horse-7";

/// A web application with a secret, to which everybody's consent was given.
async fn web_application(alice: &Caller) -> (Registered, Application) {
    let body =
        json!({ "displayName": "Fleeting", "web": { "redirectUris": ["https://registered.example/in"] } });
    let made = alice.registers(body).await;
    let (secret, _) = alice.secret_of(&made).await;
    let grant = json!({ "clientId": made.principal, "consentType": "AllPrincipals", "resourceId": alice.graph().await,
        "scope": WORDS });
    alice.post("/oauth2PermissionGrants", grant).await.is(201);
    let program = made.program(&secret, &contoso());
    (made, program)
}

/// Somebody new, who must set another password first or not.
async fn newcomer(alice: &Caller, must_change: bool) -> Person {
    let name = format!("n{}", &random_guid()[..8]);
    let upn = format!("{name}@contoso.test");
    let body = json!({ "accountEnabled": true, "displayName": "New", "mailNickname": name, "userPrincipalName": upn,
        "passwordProfile": { "password": PASSWORD, "forceChangePasswordNextSignIn": must_change } });
    let id = json_of(alice.post("/users", body).await.is(201))["id"].as_str().unwrap().to_owned();
    Person { tenant: contoso().id, id, upn, password: PASSWORD.into(), roles: Vec::new() }
}

fn password_of(person: &Person, password: &str) -> Form {
    let form = native().asks("password").with("scope", "openid offline_access User.Read");
    form.with("username", &person.upn).with("password", password)
}

async fn adds(alice: &Caller, made: &Registered, credential: Value) -> (String, Value) {
    let path = format!("/applications/{}/addPassword", made.id);
    let made = json_of(alice.post(&path, json!({ "passwordCredential": credential })).await.is(200));
    let secret = made["secretText"].as_str().unwrap().to_owned();
    spec::secrets::record(&secret);
    (secret, made["keyId"].clone())
}

#[tokio::test]
async fn ca_03_several_secrets_are_good_until_each_is_taken_away() {
    let alice = person(&alice()).await;
    let made = alice.registers(json!({ "displayName": "Rotating" })).await;
    let asks = |secret: &str| made.program(secret, &contoso()).for_itself(GRAPH_DEFAULT);
    let mut secrets = Vec::new();
    for _ in 0..3 {
        secrets.push(adds(&alice, &made, json!({})).await);
    }
    while let Some((taken, key)) = secrets.pop() {
        for (secret, _) in &secrets {
            client().token(&contoso(), &asks(secret)).await.tokens();
        }
        client().token(&contoso(), &asks(&taken)).await.tokens();
        let remove = format!("/applications/{}/removePassword", made.id);
        alice.post(&remove, json!({ "keyId": key })).await.is(204);
        client().token(&contoso(), &asks(&taken)).await.refused(Aadsts::InvalidClientSecret);
    }
}

#[tokio::test]
async fn ca_02_a_secret_out_of_its_time_is_told_apart_from_a_wrong_one_and_does_not_spoil_the_others() {
    let alice = person(&alice()).await;
    let made = alice.registers(json!({ "displayName": "Early" })).await;
    let credential =
        json!({ "startDateTime": "2090-01-01T00:00:00Z", "endDateTime": "2091-01-01T00:00:00Z" });
    let (early, key) = adds(&alice, &made, credential).await;
    let (now, _) = adds(&alice, &made, json!({})).await;
    let ask = async |secret: &str| {
        client().token(&contoso(), &made.program(secret, &contoso()).for_itself(GRAPH_DEFAULT)).await
    };
    ask(&early).await.refused(Aadsts::ClientSecretExpired);
    ask(&now).await.tokens();
    let remove = format!("/applications/{}/removePassword", made.id);
    alice.post(&remove, json!({ "keyId": key })).await.is(204);
    ask(&early).await.refused(Aadsts::InvalidClientSecret);
    ask(&now).await.tokens();
}

#[tokio::test]
async fn az_30_a_deleted_application_ends_every_flow_of_its_own() {
    let caller = person(&alice()).await;
    let (made, program) = web_application(&caller).await;
    let client = client();
    let tokens = SignIn::of(&bob(), program.clone(), WORDS).await.tokens(&client, &contoso()).await;
    let mut signed_in = SignIn::of(&bob(), program.clone(), WORDS).await;
    let address = authorize_at(&contoso().id, &program.authorizes(WORDS));
    let mut arriving = browser();
    let begun = arriving.open(&address).await;
    let silent = authorize_at(&contoso().id, &program.authorizes(WORDS).with("prompt", "none"));

    caller.delete(&format!("/applications/{}", made.id)).await.is(204);
    // Somebody between two pages; somebody with a session; a code; a refresh token.
    let told = |landing: Landing, who: &str| {
        let page = landing.page();
        assert!(page.text().contains("AADSTS700016"), "{who}: {}", page.text());
    };
    told(arriving.continue_as(&bob(), begun).await, "who was signing in");
    told(signed_in.browser.open(&address).await, "who is signed in");
    told(signed_in.browser.open(&silent).await, "whose program asks silently");
    client.token(&contoso(), &signed_in.redeems()).await.refused(Aadsts::ApplicationNotFound);
    client.token(&contoso(), &program.refreshes(tokens.refresh())).await.refused(Aadsts::ApplicationNotFound);

    // What comes back begins anew: what was given out before the end stays void.
    for id in [&made.id, &made.principal] {
        let restored = caller.post(&format!("/directory/deletedItems/{id}/restore"), json!({})).await;
        assert!(matches!(restored.status.as_u16(), 200 | 404), "{}", restored.shown());
    }
    client.token(&contoso(), &program.refreshes(tokens.refresh())).await.refused(Aadsts::GrantInvalid);
    SignIn::of(&bob(), program.clone(), WORDS).await.tokens(&client, &contoso()).await;
}

#[tokio::test]
async fn az_30_a_disabled_application_ends_every_flow_of_its_own_until_it_is_enabled() {
    let caller = person(&alice()).await;
    let (made, program) = web_application(&caller).await;
    let client = client();
    let tokens = SignIn::of(&bob(), program.clone(), WORDS).await.tokens(&client, &contoso()).await;
    let mut signed_in = SignIn::of(&bob(), program.clone(), WORDS).await;
    let switch = async |enabled: bool| {
        let path = format!("/servicePrincipals/{}", made.principal);
        caller.patch(&path, json!({ "accountEnabled": enabled })).await.is(204);
    };
    switch(false).await;
    client.token(&contoso(), &program.refreshes(tokens.refresh())).await.refused(Aadsts::ApplicationDisabled);
    client.token(&contoso(), &signed_in.redeems()).await.refused(Aadsts::ApplicationDisabled);
    let address = authorize_at(&contoso().id, &program.authorizes(WORDS));
    let page = signed_in.browser.open(&address).await.page();
    assert!(page.text().contains("AADSTS7000112"), "{}", page.text());
    switch(true).await;
    client.token(&contoso(), &signed_in.redeems()).await.tokens();
}

#[tokio::test]
async fn rt_10_who_must_be_assigned_now_is_refused_at_the_next_refresh() {
    let caller = person(&alice()).await;
    let (made, program) = web_application(&caller).await;
    let client = client();
    let tokens = SignIn::of(&bob(), program.clone(), WORDS).await.tokens(&client, &contoso()).await;
    let path = format!("/servicePrincipals/{}", made.principal);
    caller.patch(&path, json!({ "appRoleAssignmentRequired": true })).await.is(204);
    let refresh = program.refreshes(tokens.refresh());
    client.token(&contoso(), &refresh).await.refused(Aadsts::UserNotAssigned);
    let assigned = json!({ "principalId": bob().id, "resourceId": made.principal,
        "appRoleId": "00000000-0000-0000-0000-000000000000" });
    caller.post(&format!("{path}/appRoleAssignedTo"), assigned).await.is(201);
    client.token(&contoso(), &refresh).await.tokens();
}

#[tokio::test]
async fn rt_08_an_account_that_is_disabled_revoked_or_gone_gets_nothing_more() {
    let caller = person(&alice()).await;
    let client = client();
    let somebody = newcomer(&caller, false).await;
    let tokens = tokens_of(&somebody, native(), WORDS).await;
    let began = now();
    let refresh = native().refreshes(tokens.refresh());
    let path = format!("/users/{}", somebody.id);
    caller.patch(&path, json!({ "accountEnabled": false })).await.is(204);
    client.token(&contoso(), &refresh).await.refused(Aadsts::UserDisabled);
    client.token(&contoso(), &password_of(&somebody, PASSWORD)).await.refused(Aadsts::UserDisabled);
    caller.patch(&path, json!({ "accountEnabled": true })).await.is(204);
    client.token(&contoso(), &refresh).await.tokens();
    // What began in the second of a revocation outlives it.
    within(Duration::from_secs(3), "the next second", || (now() > began).then_some(())).await;
    caller.post(&format!("{path}/revokeSignInSessions"), json!({})).await.is(200);
    client.token(&contoso(), &refresh).await.refused(Aadsts::GrantRevoked);
    caller.delete(&path).await.is(204);
    caller.delete(&format!("/directory/deletedItems/{}", somebody.id)).await.is(204);
    client.token(&contoso(), &refresh).await.refused(Aadsts::UserNotFound);
}

#[tokio::test]
async fn ro_04_lg_02_a_program_hears_that_a_password_must_be_changed_and_that_an_account_is_locked() {
    let caller = person(&alice()).await;
    let client = client();
    let fresh = newcomer(&caller, true).await;
    client.token(&contoso(), &password_of(&fresh, PASSWORD)).await.refused(Aadsts::PasswordExpired);
    client.token(&contoso(), &password_of(&fresh, "wrong")).await.refused(Aadsts::PasswordWrong);
    let guessed = newcomer(&caller, false).await;
    for n in 0..10 {
        client.token(&contoso(), &password_of(&guessed, &format!("guess-number-{n}"))).await.is_a_refusal();
    }
    client.token(&contoso(), &password_of(&guessed, PASSWORD)).await.refused(Aadsts::AccountLocked);
}
