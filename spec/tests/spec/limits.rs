//! Limits, on servers that have some: how often it may be asked, how often somebody may be wrong, and what a loop is. Which
//! route has which limit, and what another address hears, is tested with the server in process.

use std::sync::OnceLock;

use spec::answer::Answer;
use spec::browser::{Browser, authorize_at};
use spec::cast::{API_DEFAULT, alice, automation, bob, contoso, daemon, explorer, native, web};
use spec::client::Client;
use spec::form::Form;
use spec::page::Page;
use spec::server::Server;
use vestibule_wire::aadsts::Aadsts;

use crate::flows::{SignIn, USUAL};
use crate::graph::{Caller, json_of};

/// A server where loops, wrong secrets and requests to Graph are limited.
fn limited() -> &'static Server {
    static LIMITED: OnceLock<Server> = OnceLock::new();
    LIMITED.get_or_init(|| {
        Server::with(&[
            "--limit",
            "same_request=10",
            "--limit",
            "wrong_secrets=3",
            "--limit",
            "graph_principal=5",
        ])
    })
}

/// The seconds to wait.
#[track_caller]
fn wait(answer: &Answer) -> u32 {
    assert_eq!(answer.status, 429, "{}", answer.shown());
    answer.is_hardened();
    answer
        .header("retry-after")
        .and_then(|text| text.parse().ok())
        .unwrap_or_else(|| panic!("{}", answer.shown()))
}

#[tokio::test]
async fn az_54_a_program_that_sends_the_browser_here_in_a_loop_is_told_so() {
    let begun =
        SignIn::with(Browser::at(limited()), &alice(), web(), |request| request.with("scope", USUAL)).await;
    let mut browser = begun.browser;
    let asks = |n: usize, scope: &str| {
        let own = [("state", format!("state-{n}")), ("nonce", format!("nonce-{n}"))];
        own.into_iter().fold(web().authorizes(scope).with("prompt", "none"), |form, (name, value)| {
            form.with(name, value)
        })
    };
    for n in 0..10 {
        browser.open(&authorize_at(&contoso().id, &asks(n, USUAL))).await.returned().code();
    }
    let eleventh = asks(10, USUAL);
    let returned = browser.open(&authorize_at(&contoso().id, &eleventh)).await.returned();
    returned.refused(Aadsts::RequestLoop, &eleventh);
    assert_eq!(returned.get("error"), "invalid_grant");
    // A page that renews tokens for many resources asks many things, and none of them again.
    for scope in ["openid", "User.Read", "api://contoso-api/Tasks.Read", "openid profile"] {
        browser.open(&authorize_at(&contoso().id, &asks(11, scope))).await.returned().code();
    }
    // Another session asks for the first time.
    SignIn::with(Browser::at(limited()), &bob(), web(), |request| request.with("scope", USUAL)).await;
}

#[tokio::test]
async fn az_54_a_sign_in_that_is_refreshed_in_a_loop_is_told_so() {
    let client = Client::of(limited());
    let begun =
        SignIn::with(Browser::at(limited()), &alice(), native(), |request| request.with("scope", USUAL))
            .await;
    let mut token = begun.tokens(&client, &contoso()).await.refresh().to_owned();
    for _ in 0..10 {
        token = client.token(&contoso(), &native().refreshes(&token)).await.tokens().refresh().to_owned();
    }
    let refusal = client.token(&contoso(), &native().refreshes(&token)).await.refused(Aadsts::RequestLoop);
    assert_eq!(refusal.json.str("error"), "invalid_grant");
    client.token(&contoso(), &native().refreshes(&token).with("scope", "User.Read")).await.tokens();
}

#[tokio::test]
async fn ca_09_guessing_the_secret_of_a_client_ends_after_a_few_and_is_on_record_once() {
    let client = Client::of(limited());
    let guess =
        |n: usize| daemon().for_itself(API_DEFAULT).with("client_secret", format!("guess-number-{n}"));
    for n in 0..3 {
        client.token(&contoso(), &guess(n)).await.refused(Aadsts::InvalidClientSecret);
    }
    for n in 3..9 {
        let answer = client.token(&contoso(), &guess(n)).await;
        answer.refused(Aadsts::TooManyRequests);
        assert!(wait(&answer) <= 600);
    }
    // Other clients at this address go on, and one of them reads the record.
    let reader = automation().for_itself("https://graph.microsoft.com/.default");
    let token = client.token(&contoso(), &reader).await.tokens().access().to_owned();
    let record = Caller { client, token }.get("/auditLogs/directoryAudits").await;
    let record = json_of(record.is(200));
    let guessed = |event: &&serde_json::Value| event["activityDisplayName"] == "secrets guessed";
    let guessed: Vec<_> = record["value"].as_array().unwrap().iter().filter(guessed).collect();
    assert_eq!(guessed.len(), 1, "{record}");
    assert_eq!(guessed[0]["initiatedBy"]["app"]["appId"], daemon().client_id);
}

/// Tries a password for somebody of this name, on a page of a browser that nobody knows.
async fn tries(server: &Server, account: &str) -> Page {
    let mut browser = Browser::at(server);
    let request = web().authorizes(USUAL).with("login_hint", account);
    let page = browser.open(&authorize_at(&contoso().id, &request)).await.page();
    let form = page.form_with("passwd").unwrap().filled("passwd", "Summer-2026!");
    browser.submit(&page, &form).await.page()
}

#[tokio::test]
async fn lg_06_one_password_at_many_accounts_ends_after_a_few_in_the_same_words_for_all() {
    let server = Server::with(&["--limit", "wrong_passwords=4"]);
    for n in 0..4 {
        let page = tries(&server, &format!("user{n}@contoso.test")).await;
        assert!(page.form_with("passwd").is_some(), "{}", page.text());
    }
    let mut said = Vec::new();
    for account in ["nobody@contoso.test", &bob().upn] {
        let page = tries(&server, account).await;
        assert!(wait(&page.answer) <= 600);
        assert!(page.text().contains("AADSTS90055"), "{}", page.text());
        said.push(page.text_of("h1"));
    }
    assert_eq!(said[0], said[1]);
    // A program that was given passwords is told the same.
    let given = Form::new()
        .with("grant_type", "password")
        .with("client_id", native().client_id)
        .with("username", bob().upn)
        .with("password", bob().password)
        .with("scope", "openid");
    wait(&Client::of(&server).token(&contoso(), &given).await);
}

#[tokio::test]
async fn ga_18_who_asks_graph_without_end_is_told_when_to_come_back() {
    let client = Client::of(limited());
    let begun = SignIn::with(Browser::at(limited()), &alice(), explorer(), |request| {
        request.with("scope", "https://graph.microsoft.com/User.Read")
    })
    .await;
    let token = begun.tokens(&client, &contoso()).await.access().to_owned();
    let caller = Caller { client, token };
    for _ in 0..5 {
        caller.get("/me").await.is(200);
    }
    let refused = caller.get("/me").await;
    assert!(wait(&refused) <= 60);
    assert_eq!(json_of(&refused)["error"]["code"], "TooManyRequests");
}

#[tokio::test]
async fn dc_14_documents_and_tokens_are_limited_for_an_address_too() {
    let server = Server::with(&["--limit", "documents=3", "--limit", "tokens=3"]);
    let client = Client::of(&server);
    for _ in 0..3 {
        client.get("/common/discovery/v2.0/keys").await.is(200);
        client.token(&contoso(), &daemon().for_itself(API_DEFAULT)).await.tokens();
    }
    let keys = client.get("/common/discovery/v2.0/keys").await;
    assert_eq!((wait(&keys) <= 60, keys.header("access-control-allow-origin")), (true, Some("*")));
    let token = client.token(&contoso(), &daemon().for_itself(API_DEFAULT)).await;
    token.refused(Aadsts::TooManyRequests);
    assert!(wait(&token) <= 60);
}
