//! Microsoft Graph over HTTP: with tokens that a sign-in brought, and every operation of its own document asked by those who
//! may not.

use http::Method;
use serde_json::{Value, json};
use spec::answer::Answer;
use spec::cast::{
    Application, Person, Tenant, alice, automation, bob, contoso, explorer, fabrikam, fabrikam_automation,
};
use spec::client::{Client, client};
use spec::tokens::Jwt;
use spec::world::random_text;

use crate::flows::tokens_of;

const GRAPH: &str = "/graph/v1.0";

/// Somebody with a token for Graph.
pub(crate) struct Caller {
    pub(crate) client: Client,
    pub(crate) token: String,
}

pub(crate) async fn person(person: &Person) -> Caller {
    let tokens = tokens_of(person, explorer(), "https://graph.microsoft.com/.default").await;
    Caller { client: client(), token: tokens.access().to_owned() }
}

pub(crate) async fn alone(tenant: &Tenant, application: Application) -> Caller {
    let client = client();
    let form = application.for_itself("https://graph.microsoft.com/.default");
    let token = client.token(tenant, &form).await.tokens().access().to_owned();
    Caller { client, token }
}

impl Caller {
    pub(crate) async fn send(&self, method: Method, path: &str, body: Option<&Value>) -> Answer {
        let request = self.client.request(method, &format!("{GRAPH}{path}")).bearer(&self.token);
        match body {
            Some(body) => request.body("application/json", body.to_string()).send().await,
            None => request.send().await,
        }
    }

    pub(crate) async fn get(&self, path: &str) -> Answer {
        self.send(Method::GET, path, None).await
    }
}

pub(crate) fn json_of(answer: &Answer) -> Value {
    serde_json::from_slice(&answer.body).unwrap_or_else(|_| panic!("{}", answer.shown()))
}

/// Every operation of the document: its method and its path.
async fn operations() -> Vec<(Method, String)> {
    let document = json_of(client().get(&format!("{GRAPH}/openapi.json")).await.is(200));
    let mut operations = Vec::new();
    for (path, methods) in document["paths"].as_object().unwrap() {
        for method in methods.as_object().unwrap().keys() {
            let method = Method::from_bytes(method.to_uppercase().as_bytes()).unwrap();
            operations.push((method, path.clone()));
        }
    }
    assert!(operations.len() > 60, "{}", operations.len());
    operations
}

/// The path with this id wherever a key stands.
fn with_keys(path: &str, id: &str) -> String {
    let keyed = |piece: &str| if piece.starts_with('{') { id.to_owned() } else { piece.to_owned() };
    path.split('/').map(keyed).collect::<Vec<_>>().join("/")
}

#[tokio::test]
async fn whoever_signed_in_reads_themselves_and_a_daemon_reads_the_directory() {
    let bob = person(&bob()).await;
    let claims = Jwt::read(&bob.token).claims;
    assert_eq!(claims.str("ver"), "1.0", "tokens for Graph have the v1.0 form");
    let me = bob.get("/me").await;
    me.is(200).is_not_stored().is_hardened();
    assert_eq!(json_of(&me)["userPrincipalName"], "bob@contoso.test");
    let daemon = alone(&contoso(), automation()).await;
    let found = daemon.get("/users?$filter=userPrincipalName%20eq%20'bob@contoso.test'").await;
    found.is(200);
    assert_eq!(json_of(&found)["value"][0]["displayName"], json_of(&me)["displayName"]);
    daemon.get("/me").await.is(400);
}

#[tokio::test]
async fn an_administrator_makes_a_user_who_signs_in_and_is_gone_when_deleted() {
    let alice = person(&alice()).await;
    let name = format!("u{}", &random_text().to_lowercase().replace(['-', '_'], "x")[..12]);
    let upn = format!("{name}@contoso.test");
    let body = json!({
        "accountEnabled": true, "displayName": "A New Person", "mailNickname": name, "userPrincipalName": upn,
        "passwordProfile": { "password": "Correct-Horse-7", "forceChangePasswordNextSignIn": false },
    });
    let made = alice.send(Method::POST, "/users", Some(&body)).await;
    made.is(201).repeats_no_secret();
    let id = json_of(&made)["id"].as_str().unwrap().to_owned();
    let newcomer = Person {
        tenant: contoso().id,
        id: id.clone(),
        upn: upn.clone(),
        password: "Correct-Horse-7".into(),
        roles: Vec::new(),
    };
    let newcomer = person(&newcomer).await;
    newcomer.get("/me").await.is(200);
    newcomer.send(Method::DELETE, &format!("/users/{}", bob().id), None).await.is(403);
    alice.send(Method::DELETE, &format!("/users/{id}"), None).await.is(204);
    newcomer.get("/me").await.is(401);
    alice.send(Method::DELETE, &format!("/directory/deletedItems/{id}"), None).await.is(204);
}

#[tokio::test]
async fn nobody_asks_graph_anything_without_a_token() {
    let client = client();
    for (method, path) in operations().await {
        let path = format!("{GRAPH}{}", with_keys(&path, &bob().id));
        let answer = client.request(method, &path).send().await;
        answer.is(401);
        assert_eq!(json_of(&answer)["error"]["code"], "InvalidAuthenticationToken", "{}", answer.shown());
    }
}

/// CN-15: with ids of another organisation, by whoever may do everything in their own.
#[tokio::test]
async fn cn_15_no_operation_finds_what_is_another_organisations() {
    let foreigner = alone(&fabrikam(), fabrikam_automation()).await;
    for (method, path) in operations().await.into_iter().filter(|(_, path)| path.contains('{')) {
        let asked = with_keys(&path, &bob().id);
        let answer = foreigner.send(method.clone(), &asked, Some(&json!({}))).await;
        let status = answer.status.as_u16();
        // What nobody alone may do is refused before anything is looked for.
        assert!(matches!(status, 404 | 403), "{method} {asked}: {}", answer.shown());
        if status == 403 {
            let own =
                foreigner.send(method.clone(), &with_keys(&path, &foreigner_user()), Some(&json!({}))).await;
            assert_eq!(own.status.as_u16(), 403, "{method} {path}: it tells theirs from its own");
        }
    }
}

fn foreigner_user() -> String {
    spec::cast::dave().id
}

/// GA-07, GA-09: a plain user, with an application that may everything, changes nothing of an administrator's.
#[tokio::test]
async fn ga_07_a_plain_user_changes_nothing_of_an_administrators() {
    let (bob, alice) = (person(&bob()).await, alice());
    let before = json_of(bob.get(&format!("/users/{}", alice.id)).await.is(200));
    let body = json!({ "displayName": "Mallory" });
    for (method, path) in operations().await {
        let writes = method != Method::GET && !path.to_lowercase().contains("/getmember");
        let harmless = ["/directoryObjects/getByIds", "/groups", "/applications"].contains(&path.as_str())
            || path.to_lowercase().contains("/checkmember");
        if !writes || harmless || path.starts_with("/me") {
            continue;
        }
        let asked = with_keys(&path, &alice.id);
        let answer = bob.send(method.clone(), &asked, Some(&body)).await;
        assert!(matches!(answer.status.as_u16(), 400 | 403 | 404), "{method} {asked}: {}", answer.shown());
    }
    let after = json_of(bob.get(&format!("/users/{}", alice.id)).await.is(200));
    assert_eq!(before, after);
}

#[tokio::test]
async fn a_batch_is_one_principals() {
    let bob = person(&bob()).await;
    let one = |id: &str, url: &str| json!({ "id": id, "method": "GET", "url": url });
    let body = json!({ "requests": [one("1", "/me"), one("2", "/auditLogs/nothing")] });
    let answer = bob.send(Method::POST, "/$batch", Some(&body)).await;
    answer.is(200);
    let responses = json_of(&answer)["responses"].clone();
    assert_eq!((&responses[0]["status"], &responses[1]["status"]), (&json!(200), &json!(404)));
    let nested = json!({ "requests": [one("1", "/$batch")] });
    bob.send(Method::POST, "/$batch", Some(&nested)).await.is(400);
}
