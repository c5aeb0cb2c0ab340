//! The v1.0 endpoints: `resource` in place of `scope`, numbers as texts, ID tokens in the v1.0 form.

use http::Method;
use spec::browser::browser;
use spec::cast::{Application, alice, api, bob, contoso, daemon, native, saas, spa, web};
use spec::client::{Client, client};
use spec::form::Form;
use spec::ordered::Ordered;
use spec::tokens::{Jwt, Tokens};
use vestibule_wire::aadsts::Aadsts;

use crate::discovery::document;

const API: &str = "api://contoso-api";
const GRAPH: &str = "https://graph.microsoft.com/";

fn token_path(tenant: &str) -> String {
    format!("/{tenant}/oauth2/token")
}

fn authorize_at(tenant: &str, request: &Form) -> String {
    format!("/{tenant}/oauth2/authorize?{}", request.encode())
}

/// As ADAL asks: no scope, no proof key.
fn asks(application: &Application) -> Form {
    application.authorizes("").without("scope").with("nonce", "n")
}

/// Signs alice in at the v1.0 endpoint and redeems the code there, for a resource.
async fn tokens_for(client: &Client, application: &Application, resource: &str) -> Tokens {
    let request = asks(application).with("resource", resource);
    let returned = browser().sign_in(&alice(), &authorize_at(&contoso().id, &request)).await.returned();
    let form = application.redeems(returned.code()).with("resource", resource);
    client.post(&token_path(&contoso().id), &form).await.is(200).tokens()
}

#[tokio::test]
async fn the_document_of_the_v1_endpoints() {
    let client = client();
    let path = "/.well-known/openid-configuration";
    let by_id = document(&client.get(&format!("/{}{path}", contoso().id)).await);
    let host = client.origin().trim_start_matches("https://");
    let shown =
        by_id.clone().replacing(client.origin(), "https://localhost:8443").replacing(host, "localhost:8443");
    insta::assert_json_snapshot!(shown);
    assert_eq!(document(&client.get(&format!("/Contoso.test{path}")).await), by_id);
    let common = document(&client.get(&format!("/common{path}")).await);
    assert_eq!(common.str("issuer"), format!("{}/{{tenantid}}/", client.origin()));
    assert_eq!(common.str("token_endpoint"), format!("{}/common/oauth2/token", client.origin()));
}

#[tokio::test]
async fn a_daemon_gets_a_token_for_a_resource() {
    let client = client();
    for resource in [API, &api().client_id] {
        let form = daemon().asks("client_credentials").with("resource", resource);
        let answer = client.post(&token_path("contoso.test"), &form).await;
        answer.is(200).is_not_stored().is_hardened();
        let json = answer.json();
        assert_eq!(
            json.names(),
            [
                "token_type",
                "expires_in",
                "ext_expires_in",
                "expires_on",
                "not_before",
                "resource",
                "access_token"
            ]
        );
        // ADAL and the service write every number as a text here.
        let number = |name| json.str(name).parse::<i64>().unwrap();
        assert!((3500..5400).contains(&number("expires_in")));
        assert!(number("expires_on") > number("not_before"));
        assert_eq!(json.str("resource"), resource);
        let claims = Jwt::verified(&client, &contoso(), json.str("access_token")).await.claims;
        assert_eq!(
            claims.str("ver"),
            "2.0",
            "the resource says which form its tokens have, not the endpoint"
        );
    }
}

#[tokio::test]
async fn a_person_gets_everything_with_a_code() {
    let client = client();
    let tokens = tokens_for(&client, &web(), API).await;
    assert_eq!(
        tokens.json.names(),
        [
            "token_type",
            "scope",
            "expires_in",
            "ext_expires_in",
            "expires_on",
            "not_before",
            "resource",
            "access_token",
            "refresh_token",
            "id_token"
        ]
    );
    assert_eq!(tokens.scope(), ["Tasks.Read", "Tasks.ReadWrite"]);
    let id = Jwt::verified(&client, &contoso(), tokens.id()).await;
    insta::assert_json_snapshot!(id.snapshot(client.origin()));
    assert_eq!(id.claims.str("iss"), format!("{}/{}/", client.origin(), contoso().id));
}

#[tokio::test]
async fn one_refresh_token_is_good_for_several_resources_in_either_dialect() {
    let client = client();
    let tokens = tokens_for(&client, &web(), API).await;
    let refreshes = web().refreshes(tokens.refresh());
    for (resource, audience) in [(API, api().client_id), (GRAPH, GRAPH.to_owned())] {
        let form = refreshes.clone().with("resource", resource);
        let renewed = client.post(&token_path(&contoso().id), &form).await.is(200).tokens();
        assert_eq!(renewed.json.str("resource"), resource, "the sign of a token for several resources");
        assert_eq!(Jwt::read(renewed.access()).claims.str("aud"), audience);
        assert!(renewed.json.get("id_token").is_some());
    }
    // What one dialect gives, the other takes.
    let v2 = client.token(&contoso(), &refreshes.with("scope", "User.Read")).await.tokens();
    assert_eq!(v2.scope(), ["User.Read"]);
}

#[tokio::test]
async fn a_code_of_one_dialect_is_redeemed_in_the_other() {
    let client = client();
    let request = asks(&web()).with("resource", API);
    let returned = browser().sign_in(&bob(), &authorize_at("common", &request)).await;
    // `common`: the account says which tenant. This program is for one tenant only.
    returned.page();
    let request = asks(&saas()).with("resource", API);
    let returned = browser().sign_in(&bob(), &authorize_at("common", &request)).await.returned();
    assert_eq!(returned.get("iss"), format!("{}/{}/", client.origin(), contoso().id));
    let tokens = client.token_at("common", &saas().redeems(returned.code())).await.tokens();
    assert_eq!(Jwt::read(tokens.id()).claims.str("ver"), "2.0");
}

#[tokio::test]
async fn signing_in_without_a_resource_brings_an_id_token_and_userinfo() {
    let client = client();
    let returned = browser().sign_in(&alice(), &authorize_at(&contoso().id, &asks(&web()))).await.returned();
    let tokens = client.post(&token_path(&contoso().id), &web().redeems(returned.code())).await.tokens();
    let id = Jwt::verified(&client, &contoso(), tokens.id()).await.claims;
    assert_eq!((id.str("upn"), id.str("nonce")), ("alice@contoso.test", "n"));
    for method in [Method::GET, Method::POST] {
        let path = format!("/{}/openid/userinfo?schema=openid", contoso().id);
        let answer = client.request(method, &path).bearer(tokens.access()).send().await;
        assert_eq!(answer.is(200).json().str("sub"), id.str("sub"));
    }
}

#[tokio::test]
async fn az_27_scope_is_passed_over_and_resource_is_one_name() {
    let client = client();
    let form = daemon().asks("client_credentials");
    let path = token_path(&contoso().id);
    client.post(&path, &form).await.refused(Aadsts::ParameterMissing);
    client.post(&path, &form.clone().with("scope", "nonsense \u{1}")).await.refused(Aadsts::ParameterMissing);
    for resource in ["a b", "api://contoso-api/.default User.Read", " api://contoso-api"] {
        let answer = client.post(&path, &form.clone().with("resource", resource)).await;
        answer.refused(Aadsts::ParameterInvalid);
    }
    for resource in ["api://nobody", "API://CONTOSO-API", "api://contoso-api/"] {
        let answer = client.post(&path, &form.clone().with("resource", resource)).await;
        answer.refused(Aadsts::ResourceNotFound);
    }
    let request = asks(&web()).with("resource", "a b");
    let returned = browser().open(&authorize_at(&contoso().id, &request)).await.returned();
    returned.refused(Aadsts::ParameterInvalid, &request);
}

#[tokio::test]
async fn v2_has_no_resource() {
    let form = daemon().asks("client_credentials").with("resource", API);
    client().token(&contoso(), &form).await.refused(Aadsts::ResourceParameterUnsupported);
}

#[tokio::test]
async fn resource_may_come_in_any_case_of_path_and_with_an_api_version() {
    let form = daemon().asks("client_credentials").with("resource", API);
    for path in ["/CONTOSO.test/OAuth2/Token", "/contoso.test//oauth2/token?api-version=1.0"] {
        client().post(path, &form).await.is(200);
    }
}

#[tokio::test]
async fn az_45_a_native_program_of_that_time_needs_no_proof_key_and_a_single_page_does() {
    let client = client();
    let tokens = tokens_for(&client, &native(), API).await;
    assert_eq!(Jwt::read(tokens.access()).claims.str("azpacr"), "0");
    let request = asks(&spa()).with("resource", API);
    let returned = browser().open(&authorize_at(&contoso().id, &request)).await.returned();
    returned.refused(Aadsts::CodeChallengeRequired, &request);
}

#[tokio::test]
async fn ui_07_an_id_token_in_the_v1_form_ends_its_session() {
    let client = client();
    let mut browser = browser();
    let request = asks(&web());
    let landing = browser.sign_in(&alice(), &authorize_at(&contoso().id, &request)).await;
    let form = web().redeems(landing.returned().code());
    let tokens = client.post(&token_path(&contoso().id), &form).await.tokens();
    let hint = Form::new().with("id_token_hint", tokens.id());
    let page = browser.open(&format!("/{}/oauth2/logout?{}", contoso().id, hint.encode())).await.page();
    assert!(page.form_with("account").is_none() && page.forms().is_empty(), "{}", page.text());
    let silent = asks(&web()).with("prompt", "none");
    let returned = browser.open(&authorize_at(&contoso().id, &silent)).await.returned();
    returned.refused(Aadsts::LoginRequired, &silent);
}

#[tokio::test]
async fn an_administrator_consents_for_everybody_with_prompt_admin_consent() {
    let request = asks(&web()).with("resource", API).with("prompt", "admin_consent");
    let landing = browser().sign_in(&alice(), &authorize_at(&contoso().id, &request)).await;
    let page = landing.page();
    assert!(page.text().contains("Contoso Web"), "{}", page.text());
    // v2.0 has an endpoint for it, and not this word.
    let request = web().authorizes("openid").with("prompt", "admin_consent");
    let returned = browser().open(&spec::browser::authorize_at(&contoso().id, &request)).await.returned();
    returned.refused(Aadsts::PromptUnsupported, &request);
}

#[tokio::test]
async fn the_way_back_is_for_conversations_only() {
    let page = browser().open(&format!("/{}/oauth2/authorize/resume", contoso().id)).await.page();
    assert!(page.has("[role=alert]") || page.text().contains("AADSTS"), "{}", page.text());
}

#[tokio::test]
async fn v1_errors_have_the_same_body() {
    let form = daemon().asks("client_credentials").with("resource", API).with("client_secret", "wrong");
    let answer = client().post(&token_path(&contoso().id), &form).await;
    answer.refused(Aadsts::InvalidClientSecret);
    let Ordered::Object(_) = answer.json() else { panic!("{}", answer.shown()) };
}
