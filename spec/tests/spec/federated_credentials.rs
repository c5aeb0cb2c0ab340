//! Federated credentials: a program proves itself with the token of another issuer, which its registration trusts
//! (workload identity federation).

use std::time::{Duration, Instant};

use serde_json::{Value, json};
use spec::answer::Answer;
use spec::assertion::JWT_BEARER;
use spec::cast::{API_DEFAULT, alice, api, certificate_daemon, contoso, daemon, web};
use spec::client::{Client, client};
use spec::form::Form;
use spec::issuer::{Issuer, IssuerKey, Reply, reheaded};
use spec::server::Server;
use spec::tokens::Jwt;
use spec::world::now;
use vestibule_wire::aadsts::{Aadsts, OAuthError};

use crate::graph::person;
use crate::graph_applications::Registered;

const EXCHANGE: &str = "api://AzureADTokenExchange";
const WORKLOAD: &str = "system:serviceaccount:orders:worker";

/// An application that trusts an issuer to speak of a workload.
struct Scene {
    client: Client,
    key: IssuerKey,
    issuer: Issuer,
    application: Registered,
}

async fn trusting(issuer: &str, subject: &str, audience: &str) -> Registered {
    let administrator = person(&alice()).await;
    let application = administrator.registers(json!({ "displayName": "Worker" })).await;
    let credential =
        json!({ "name": "workload", "issuer": issuer, "subject": subject, "audiences": [audience] });
    let path = format!("/applications/{}/federatedIdentityCredentials", application.id);
    administrator.post(&path, credential).await.is(201);
    application
}

async fn scene() -> Scene {
    let key = IssuerKey::new("one");
    let issuer = Issuer::start(Server::shared(), &key).await;
    let application = trusting(issuer.name(), WORKLOAD, EXCHANGE).await;
    Scene { client: client(), key, issuer, application }
}

async fn present(client: &Client, application: &Registered, token: &str) -> Answer {
    let form = Form::new()
        .with("grant_type", "client_credentials")
        .with("client_id", &application.client_id)
        .with("scope", API_DEFAULT)
        .with("client_assertion_type", JWT_BEARER)
        .with("client_assertion", token);
    client.token(&contoso(), &form).await
}

impl Scene {
    fn claims(&self) -> Value {
        self.issuer.claims(WORKLOAD, EXCHANGE)
    }

    fn with(&self, name: &str, value: impl Into<Value>) -> Value {
        let mut claims = self.claims();
        claims[name] = value.into();
        claims
    }

    async fn present(&self, token: &str) -> Answer {
        present(&self.client, &self.application, token).await
    }

    async fn presents(&self, claims: &Value) -> Answer {
        self.present(&self.key.sign(claims)).await
    }

    /// How often it was asked for its keys.
    fn fetches(&self) -> usize {
        self.issuer.asked().iter().filter(|path| *path == "/keys").count()
    }
}

#[track_caller]
fn refused(answer: &Answer, code: Aadsts) {
    answer.refused_as(code, OAuthError::InvalidClient);
}

#[tokio::test]
async fn a_workload_gets_tokens_with_the_token_of_its_issuer_for_as_long_as_that_lives() {
    let scene = scene().await;
    let token = scene.key.sign(&scene.claims());
    for _ in 0..3 {
        let tokens = scene.present(&token).await.tokens();
        let claims = Jwt::verified(&scene.client, &contoso(), tokens.access()).await.claims;
        assert_eq!(claims.str("azp"), scene.application.client_id);
        assert_eq!(claims.str("azpacr"), "2");
        assert_eq!(claims.str("oid"), scene.application.principal);
    }
    // Kubernetes writes a list of one.
    scene.presents(&scene.with("aud", json!([EXCHANGE]))).await.tokens();
    assert_eq!(scene.issuer.asked(), ["/.well-known/openid-configuration", "/keys"], "asked once");
}

#[tokio::test]
async fn many_at_once_ask_the_issuer_once() {
    let scene = scene().await;
    let token = scene.key.sign(&scene.claims());
    let requests: Vec<_> = (0..32)
        .map(|_| {
            let (client, token) = (scene.client.clone(), token.clone());
            let application = Registered {
                id: String::new(),
                principal: String::new(),
                client_id: scene.application.client_id.clone(),
            };
            tokio::spawn(async move { present(&client, &application, &token).await })
        })
        .collect();
    for request in requests {
        request.await.unwrap().tokens();
    }
    assert_eq!(scene.fetches(), 1);
}

#[tokio::test]
async fn ca_26_what_the_registration_does_not_name_is_refused_and_nobody_is_asked() {
    let scene = scene().await;
    for subject in
        ["system:serviceaccount:orders:other", "System:ServiceAccount:orders:worker", "*", "system:*", ""]
    {
        refused(&scene.presents(&scene.with("sub", subject)).await, Aadsts::FederatedSubjectUnknown);
    }
    for audience in [
        json!("api://azureadtokenexchange"),
        json!("api://AzureADTokenExchange/"),
        json!(scene.client.origin()),
        json!([EXCHANGE, "https://elsewhere.example"]),
        json!([]),
    ] {
        refused(&scene.presents(&scene.with("aud", audience)).await, Aadsts::FederatedAudienceUnknown);
    }
    for issuer in [
        scene.issuer.name().to_uppercase(),
        format!("{}/", scene.issuer.name()),
        scene.issuer.name().replace("localhost", "127.0.0.1"),
        "https://token.actions.githubusercontent.com".to_owned(),
        "x".to_owned(),
    ] {
        refused(&scene.presents(&scene.with("iss", issuer)).await, Aadsts::FederatedIssuerUnknown);
    }
    // Another application's trust is its own.
    for program in [daemon(), certificate_daemon()] {
        let form = program.asserts(&scene.key.sign(&scene.claims()), API_DEFAULT);
        refused(&scene.client.token(&contoso(), &form).await, Aadsts::NoFederatedCredentials);
    }
    assert_eq!(scene.issuer.asked(), Vec::<String>::new());
}

#[tokio::test]
async fn ca_26_a_token_that_is_not_the_issuers_or_not_for_now_is_refused() {
    let scene = scene().await;
    scene.presents(&scene.claims()).await.tokens();
    let mallory = IssuerKey::new("one");
    refused(&scene.present(&mallory.sign(&scene.claims())).await, Aadsts::AssertionNotProved);
    let good = scene.key.sign(&scene.claims());
    for header in [
        json!({ "alg": "PS256", "kid": "one" }),
        json!({ "alg": "none", "kid": "one" }),
        json!({ "alg": "HS256", "kid": "one" }),
        json!({ "alg": "RS256", "kid": "one", "typ": "JWT", "x": 1 }),
        json!({ "alg": "RS256", "kid": "one", "jwk": mallory.jwk() }),
    ] {
        refused(&scene.present(&reheaded(&good, &header)).await, Aadsts::AssertionNotProved);
    }
    for (name, value) in [("exp", now() - 400), ("nbf", now() + 400), ("iat", now() + 400)] {
        refused(&scene.presents(&scene.with(name, value)).await, Aadsts::AssertionOutOfTime);
    }
    assert_eq!(scene.fetches(), 1, "none of these was a reason to ask again");
}

#[tokio::test]
async fn ca_27_a_new_key_of_the_issuer_is_found_and_strange_ones_do_not_make_the_server_ask_forever() {
    let scene = scene().await;
    scene.presents(&scene.claims()).await.tokens();
    let next = IssuerKey::new("two");
    scene.issuer.publishes(&[&scene.key, &next]);
    scene.present(&next.sign(&scene.claims())).await.tokens();
    assert_eq!(scene.fetches(), 2);
    for n in 0..20 {
        let header = json!({ "alg": "RS256", "kid": format!("nobody-{n}") });
        let token = reheaded(&scene.key.sign(&scene.claims()), &header);
        refused(&scene.present(&token).await, Aadsts::AssertionNotProved);
    }
    assert_eq!(scene.fetches(), 2);
}

#[tokio::test]
async fn ca_27_an_issuer_that_answers_badly_is_refused_quickly_and_left_alone_for_a_while() {
    let canary = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    canary.set_nonblocking(true).unwrap();
    let elsewhere = format!("https://{}/keys", canary.local_addr().unwrap());
    let many: Vec<Value> = (0..10_000).map(|n| json!({ "kty": "RSA", "kid": n.to_string() })).collect();
    let many = json!({ "keys": many }).to_string().into_bytes();
    let body = |text: &str| Reply::Body(text.as_bytes().to_vec());
    for reply in [
        Reply::Redirect(elsewhere.clone()),
        Reply::Redirect("https://169.254.169.254/latest/meta-data/".to_owned()),
        Reply::Body(vec![b' '; 600 * 1024]),
        Reply::Body(many),
        Reply::Status(500),
        body("<html></html>"),
        body("{\"keys\":7}"),
        Reply::Never,
        Reply::Slowly,
    ] {
        let scene = scene().await;
        scene.issuer.keys(reply.clone());
        let began = Instant::now();
        refused(&scene.presents(&scene.claims()).await, Aadsts::FederatedIssuerFailed);
        assert!(began.elapsed() < Duration::from_secs(8), "{reply:?}");
        scene.issuer.publishes(&[&scene.key]);
        refused(&scene.presents(&scene.claims()).await, Aadsts::FederatedIssuerFailed);
        assert_eq!(scene.fetches(), 1, "{reply:?}");
    }
    assert!(canary.accept().is_err(), "nobody came");
}

#[tokio::test]
async fn ca_27_a_configuration_that_is_another_issuers_or_leads_elsewhere_is_refused() {
    let canary = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    canary.set_nonblocking(true).unwrap();
    let port = canary.local_addr().unwrap().port();
    for (issuer, jwks_uri) in [
        (Some("https://elsewhere.example"), None),
        (Some(""), None),
        (None, Some(format!("http://localhost:{port}/keys"))),
        (None, Some("https://169.254.169.254/keys".to_owned())),
        (None, Some("https://[::ffff:10.0.0.1]/keys".to_owned())),
        (None, Some("file:///etc/passwd".to_owned())),
        (None, Some(String::new())),
    ] {
        let scene = scene().await;
        let own = format!("{}/keys", scene.issuer.name());
        let configuration = json!({
            "issuer": issuer.unwrap_or(scene.issuer.name()),
            "jwks_uri": jwks_uri.unwrap_or(own),
        });
        scene.issuer.configures(Reply::Body(configuration.to_string().into()));
        refused(&scene.presents(&scene.claims()).await, Aadsts::FederatedIssuerFailed);
        assert_eq!(scene.fetches(), 0);
    }
    assert!(canary.accept().is_err(), "nobody came");
}

#[tokio::test]
async fn ca_26_of_this_servers_own_tokens_only_those_of_applications_for_themselves_are_taken() {
    let client = client();
    let issuer = contoso().issuer(Server::shared());
    let own = client.token(&contoso(), &daemon().for_itself(API_DEFAULT)).await.tokens();
    let subject = Jwt::read(own.access()).claims.str("sub").to_owned();
    let application = trusting(&issuer, &subject, &api().client_id).await;
    present(&client, &application, own.access()).await.tokens();

    let people = crate::flows::tokens_of(&alice(), web(), crate::flows::USUAL).await;
    let claims = Jwt::read(people.access()).claims;
    let application = trusting(&issuer, claims.str("sub"), &api().client_id).await;
    refused(&present(&client, &application, people.access()).await, Aadsts::FederatedTokenForbidden);
    // An ID token is for its client.
    let id_token = people.json.str("id_token");
    let claims = Jwt::read(id_token).claims;
    let application = trusting(&issuer, claims.str("sub"), &web().client_id).await;
    refused(&present(&client, &application, id_token).await, Aadsts::FederatedTokenForbidden);
}
