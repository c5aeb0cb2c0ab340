//! The administrator of a new installation: from the password on the screen to the first application.

use http::Method;
use spec::browser::{Browser, authorize_at};
use spec::form::Form;
use spec::secrets;
use spec::world::Pkce;

use crate::production::{installed, made};

#[tokio::test]
async fn cn_19_the_first_password_is_for_once_and_leads_to_the_first_application() {
    let installation = installed();
    let _running = installation.serve();
    let said = &made().said;
    let (tenant, application) = (said.value("Tenant"), said.value("Application"));
    let pkce = Pkce::new();
    let request = Form::new()
        .with("client_id", application)
        .with("response_type", "code")
        .with("redirect_uri", "http://localhost")
        .with("scope", "https://graph.microsoft.com/.default offline_access")
        .with("code_challenge", &pkce.challenge)
        .with("code_challenge_method", "S256");
    let mut browser = Browser::of(installation.client());
    let mut landing = browser.open(&authorize_at(tenant, &request)).await;
    let chosen = "Chosen-by-herself-2";
    secrets::record(chosen);
    for (field, value) in [
        ("loginfmt", said.value("Administrator")),
        ("passwd", said.value("Password")),
        ("newpasswd", chosen),
        ("stay", "no"),
    ] {
        let page = landing.page();
        let form = page.form_with(field).unwrap_or_else(|| panic!("{field}: {}", page.text()));
        let mut form = form.filled(field, value);
        if field == "newpasswd" {
            form = form.filled("newpasswdagain", value);
        }
        landing = browser.submit(&page, &form).await;
    }
    let code = landing.returned();
    // The password on the screen was for once.
    let mut later = Browser::of(installation.client());
    let page = later.open(&authorize_at(tenant, &request)).await.page();
    let form = page.form_with("loginfmt").unwrap().filled("loginfmt", said.value("Administrator"));
    let page = later.submit(&page, &form).await.page();
    let form = page.form_with("passwd").unwrap().filled("passwd", said.value("Password"));
    let page = later.submit(&page, &form).await.page();
    assert!(page.has("#passwordError"), "{}", page.text());
    let client = installation.client();
    let redeem = Form::new()
        .with("grant_type", "authorization_code")
        .with("client_id", application)
        .with("code", code.code())
        .with("redirect_uri", "http://localhost")
        .with("code_verifier", &pkce.verifier);
    let tokens = client.token_at(tenant, &redeem).await.tokens();
    let made = client
        .request(Method::POST, "/graph/v1.0/applications")
        .bearer(tokens.access())
        .body("application/json", r#"{"displayName":"The first"}"#)
        .send()
        .await;
    assert!(made.is(201).text().contains(r#""displayName":"The first""#), "{}", made.shown());
}

#[tokio::test]
async fn graph_may_have_a_host_of_its_own_where_nothing_else_is_answered() {
    let installation = installed();
    let own = format!("https://other.production.test:{}", installation.address().port());
    installation.configure("[store]", &format!("[graph]\norigin = \"{own}\"\n[store]"));
    let _running = installation.serve();
    let (graph, login) = (installation.client_of(&own), installation.client());
    let document = graph.get("/v1.0/openapi.json").await;
    let server = format!(r#""url":"{own}/v1.0""#);
    assert!(document.is(200).text().contains(&server), "{}", document.shown());
    assert_eq!(graph.get("/v1.0/users").await.status, 401);
    for path in ["/organizations/v2.0/.well-known/openid-configuration", "/", "/signin/account"] {
        assert_eq!(graph.get(path).await.status, 404, "{path}");
    }
    // The other way round there is no difference: its own host leads to the path, which is there in any case.
    assert_eq!(login.get("/graph/v1.0/users").await.status, 401);
    login.get("/organizations/v2.0/.well-known/openid-configuration").await.is(200);
}
