//! Which ways of signing in an organisation leaves open: passwords for programs, sign-ins for another device. The matrix of
//! positions and grants is beside the server; here is who decides, what is said, and how a new organisation begins.

use http::Method;
use serde_json::{Value, json};
use spec::answer::Answer;
use spec::cast::{alice, automation, bob, contoso, native};
use spec::client::Client;
use spec::form::Form;
use spec::server::Server;
use vestibule_wire::aadsts::{Aadsts, OAuthError};

use crate::device_code::{Device, approves, asking_at, asks};
use crate::flows::USUAL;
use crate::graph::{Caller, json_of, person};
use crate::production::{installed, made};

const POLICY: &str = "/policies/authorizationPolicy";

/// Whoever may change the policy of a server of the test's own.
async fn automation_of(server: &Server) -> Caller {
    let client = Client::of(server);
    let form = automation().for_itself("https://graph.microsoft.com/.default");
    let token = client.token(&contoso(), &form).await.tokens().access().to_owned();
    Caller { client, token }
}

async fn set(caller: &Caller, body: Value) -> Answer {
    caller.send(Method::PATCH, POLICY, Some(&body)).await
}

fn password_of(person: &spec::cast::Person) -> Form {
    let form = native().asks("password").with("scope", USUAL);
    form.with("username", &person.upn).with("password", &person.password)
}

#[tokio::test]
async fn dc_10_ro_01_an_administrator_says_which_ways_of_signing_in_are_open() {
    let server = Server::own();
    let caller = automation_of(&server).await;
    let client = &caller.client;
    let policy = json_of(caller.get(POLICY).await.is(200));
    assert_eq!((&policy["passwordGrant"], &policy["deviceCode"]), (&json!("allowed"), &json!("allowed")));
    let waiting = Device::of(client, native(), &contoso().id, USUAL).await;
    let held = client.token(&contoso(), &password_of(&bob())).await.tokens().refresh().to_owned();

    set(&caller, json!({ "passwordGrant": "blocked", "deviceCode": "blockedForRoles" })).await.is(204);
    let answer = client.token(&contoso(), &password_of(&bob())).await;
    answer.refused(Aadsts::AccessBlocked);
    assert_eq!(answer.json().str("suberror"), "message_only");
    client.token(&contoso(), &native().refreshes(&held)).await.refused(Aadsts::AccessBlocked);
    // Alice has a role; Bob has none.
    let page = approves(&waiting, &alice()).await;
    assert!(page.text().contains("does not allow this way of signing in"), "{}", page.text());
    waiting.poll().await.refused(Aadsts::DeviceCodePending);
    approves(&waiting, &bob()).await;
    waiting.poll().await.tokens();
    let late = Device::of(client, native(), &contoso().id, USUAL).await;
    approves(&late, &bob()).await;

    set(&caller, json!({ "deviceCode": "blocked" })).await.is(204);
    late.poll().await.refused(Aadsts::AccessBlocked);
    let asked = client.post(&asking_at(&contoso().id), &asks(&native(), USUAL)).await;
    asked.refused_as(Aadsts::AccessBlocked, OAuthError::AccessDenied);
    // It is on record: who, and by what.
    let found = json_of(caller.get("/auditLogs/signIns?$top=20").await.is(200));
    let blocked: Vec<_> = found["value"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|event| event["status"]["errorCode"] == 53003)
        .collect();
    assert_eq!(blocked.len(), 5, "{found}");
    let mut people: Vec<_> = blocked.iter().filter_map(|event| event["userPrincipalName"].as_str()).collect();
    // Within one second events have no order.
    people.sort_unstable();
    assert_eq!(people, ["alice@contoso.test", "bob@contoso.test"], "{found}");
    set(&caller, json!({ "passwordGrant": "sometimes" })).await.is(400);
}

#[tokio::test]
async fn dc_10_whoever_administers_nothing_opens_nothing() {
    let bob = person(&bob()).await;
    set(&bob, json!({ "passwordGrant": "allowed" })).await.is(403);
}

#[tokio::test]
async fn ro_01_in_a_new_organisation_no_program_is_given_a_password() {
    let installation = installed();
    let _running = installation.serve();
    let said = &made().said;
    let form = Form::new()
        .with("grant_type", "password")
        .with("client_id", said.value("Application"))
        .with("username", said.value("Administrator"))
        .with("password", said.value("Password"))
        .with("scope", "openid");
    let answer = installation.client().token_at(said.value("Tenant"), &form).await;
    answer.refused(Aadsts::AccessBlocked);
}
