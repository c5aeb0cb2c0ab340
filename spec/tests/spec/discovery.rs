//! `GET /{tenant}/v2.0/.well-known/openid-configuration` (OpenID Connect Discovery §4).

use http::Method;
use spec::answer::Answer;
use spec::cast::{contoso, daemon};
use spec::client::client;
use spec::form::Form;
use spec::ordered::Ordered;
use vestibule_wire::aadsts::Aadsts;

fn path(authority: &str) -> String {
    format!("/{authority}/v2.0/.well-known/openid-configuration")
}

/// A public document, for anybody and for a day.
#[track_caller]
pub(crate) fn document(answer: &Answer) -> Ordered {
    answer.is(200).is_hardened();
    assert_eq!(answer.header("cache-control"), Some("max-age=86400, private"), "{}", answer.shown());
    assert_eq!(answer.header("access-control-allow-origin"), Some("*"));
    assert_eq!(answer.header("access-control-allow-credentials"), None);
    assert_eq!(answer.header("cross-origin-resource-policy"), Some("cross-origin"));
    assert!(answer.headers_named("set-cookie").is_empty());
    answer.json()
}

#[tokio::test]
async fn the_document_of_a_tenant() {
    let client = client();
    let by_id = document(&client.get(&path(&contoso().id)).await)
        .replacing(client.origin(), "https://localhost:8443");
    insta::assert_json_snapshot!(
        by_id.replacing(client.origin().trim_start_matches("https://"), "localhost:8443")
    );
}

#[tokio::test]
async fn a_tenant_asked_for_by_domain_is_described_by_its_id() {
    let client = client();
    let by_id = document(&client.get(&path(&contoso().id)).await);
    for authority in ["contoso.test", "CONTOSO.test", &contoso().id.to_uppercase()] {
        assert_eq!(document(&client.get(&path(authority)).await), by_id, "{authority}");
    }
}

#[tokio::test]
async fn the_document_of_an_alias_has_an_issuer_with_a_place_for_the_tenant() {
    let client = client();
    for alias in ["common", "organizations"] {
        let json = document(&client.get(&path(alias)).await);
        assert_eq!(json.str("issuer"), format!("{}/{{tenantid}}/v2.0", client.origin()));
        assert_eq!(json.str("token_endpoint"), format!("{}/{alias}/oauth2/v2.0/token", client.origin()));
        assert_eq!(json.get("tenant_region_scope"), Some(&Ordered::Leaf(serde_json::Value::Null)));
    }
    let common =
        document(&client.get(&path("common")).await).replacing(client.origin(), "https://localhost:8443");
    insta::assert_json_snapshot!(
        common.replacing(client.origin().trim_start_matches("https://"), "localhost:8443")
    );
}

#[tokio::test]
async fn the_document_of_consumers_has_the_issuer_of_personal_accounts() {
    const PERSONAL: &str = "9188040d-6c67-4c5b-b112-36a304b66dad";
    let client = client();
    for authority in ["consumers", PERSONAL] {
        let json = document(&client.get(&path(authority)).await);
        assert_eq!(json.str("issuer"), format!("{}/{PERSONAL}/v2.0", client.origin()));
        assert_eq!(json.str("token_endpoint"), format!("{}/consumers/oauth2/v2.0/token", client.origin()));
    }
}

#[tokio::test]
async fn every_address_in_the_document_is_on_our_origin_and_of_our_tenant() {
    let client = client();
    let json = document(&client.get(&path("contoso.test")).await);
    let Ordered::Object(members) = &json else { panic!("{json:?}") };
    for (name, value) in members.iter().filter_map(|(name, value)| Some((name, value.as_str()?))) {
        if value.starts_with("http") {
            assert!(value.starts_with(&format!("{}/", client.origin())), "{name}: {value}");
            assert!(name == "userinfo_endpoint" || value.contains(&contoso().id), "{name}: {value}");
        }
    }
}

#[tokio::test]
async fn ds_01_an_unknown_tenant_is_an_invalid_tenant() {
    let client = client();
    for authority in ["nowhere.test", "11111111-1111-4111-8111-111111111111"] {
        let answer = client.get(&path(authority)).await;
        let refusal = answer.refused(Aadsts::TenantNotFound);
        assert!(refusal.message.contains(authority), "{}", refusal.message);
        assert_eq!(
            answer.header("access-control-allow-origin"),
            Some("*"),
            "MSAL in a browser has to read it"
        );
        insta::allow_duplicates! {
            insta::assert_json_snapshot!(refusal.snapshot(client.origin()).replacing(authority, "[tenant]"));
        }
    }
}

#[tokio::test]
async fn az_48_the_origin_is_configured_and_no_header_changes_it() {
    let client = client();
    let usual = document(&client.get(&path("common")).await);
    for (name, value) in [
        ("host", "evil.example"),
        ("x-forwarded-host", "evil.example"),
        ("x-forwarded-proto", "http"),
        ("x-forwarded-port", "80"),
        ("forwarded", "host=evil.example;proto=http"),
        ("x-original-host", "evil.example"),
        ("x-original-url", "/evil"),
        ("x-rewrite-url", "/evil"),
        ("x-forwarded-prefix", "/evil"),
    ] {
        let answer = client.request(Method::GET, &path("common")).header(name, value).send().await;
        assert_eq!(document(&answer), usual, "{name}");
        let headers = format!("{:?}", answer.headers);
        assert!(!headers.contains("evil"), "{headers}");
    }
}

#[tokio::test]
async fn az_49_paths_are_in_any_case_and_slashes_may_double() {
    let client = client();
    let usual = document(&client.get(&path("contoso.test")).await);
    for path in [
        "/Contoso.Test/V2.0/.Well-Known/OpenID-Configuration",
        "/contoso.test//v2.0/.well-known/openid-configuration",
        "//contoso.test/v2.0//.well-known//openid-configuration",
        "/contoso.test/v2.0/.well-known/openid-configuration?",
        "/contoso.test/v2.0/.well-known/openid-configuration?x-client-SKU=MSAL&appid=x",
        "/contoso%2etest/v2.0/.well-known/openid-configuration",
    ] {
        assert_eq!(document(&client.get(path).await), usual, "{path}");
    }
}

#[tokio::test]
async fn az_49_hostile_segments_are_refused_in_json() {
    let client = client();
    for segment in [
        "contoso",
        "a..b",
        "%00",
        "contoso.test%00",
        "%2e%2e%2f",
        "contoso.test%2ffabrikam.test",
        "%c0%ae",
        "%ff%fe",
        "%f0%28%8c%28",
    ] {
        let answer = client.get(&path(segment)).await;
        assert_eq!(answer.status, 400, "{segment}: {}", answer.shown());
        answer.is_a_refusal();
    }
}

#[tokio::test]
async fn ds_09_documents_are_for_everybody_and_preflights_are_answered() {
    let client = client();
    for path in [path("common"), "/common/discovery/v2.0/keys".to_owned()] {
        let request = client.request(Method::GET, &path).header("origin", "https://anybody.example");
        document(&request.send().await);
        let preflight = client
            .request(Method::OPTIONS, &path)
            .header("origin", "https://anybody.example")
            .header("access-control-request-method", "GET")
            .header("access-control-request-headers", "client-request-id");
        let answer = preflight.send().await;
        answer.is(204).is_hardened();
        assert!(answer.header("access-control-allow-origin").is_some(), "{:?}", answer.headers);
        assert!(answer.header("access-control-allow-methods").unwrap().contains("GET"));
        assert_eq!(answer.header("access-control-allow-credentials"), None);
    }
}

#[tokio::test]
async fn az_47_documents_are_read_and_nothing_else() {
    let client = client();
    for path in [
        path("common"),
        "/common/discovery/v2.0/keys".to_owned(),
        "/common/discovery/instance".to_owned(),
        "/common/userrealm/a@contoso.test".to_owned(),
    ] {
        for method in [Method::POST, Method::PUT, Method::DELETE, Method::PATCH, Method::TRACE] {
            let answer = client.request(method, &path).send().await;
            answer.is(405).is_hardened();
            assert!(answer.header("allow").unwrap().contains("GET"), "{:?}", answer.headers);
        }
        let head = client.request(Method::HEAD, &path).send().await;
        assert!(head.body.is_empty());
    }
}

#[tokio::test]
async fn a_wrong_method_on_a_document_is_answered_in_entras_words() {
    client().request(Method::DELETE, &path("common")).send().await.refused(Aadsts::MethodNotAllowed);
}

/// Entra has neither (RFC 7662, RFC 7009), and no client looks for them: nothing says what a token is worth to anybody, and
/// what a person wants ended is ended by signing out or by Microsoft Graph.
#[tokio::test]
async fn ui_14_nobody_is_told_what_a_token_is_worth() {
    let client = client();
    let tokens = client.token(&contoso(), &daemon().for_itself("api://contoso-api/.default")).await.tokens();
    let form = Form::new().with("token", tokens.access()).with("client_id", daemon().client_id);
    for (version, word) in [
        ("/v2.0", "introspect"),
        ("", "introspect"),
        ("/v2.0", "revoke"),
        ("", "revoke"),
        ("", "introspection"),
    ] {
        let path = format!("/{}/oauth2{version}/{word}", contoso().id);
        client.post(&path, &form).await.is(404).repeats_no_secret();
    }
    for version in ["/v2.0", ""] {
        let path = format!("/{}{version}/.well-known/openid-configuration", contoso().id);
        let document = client.get(&path).await.json();
        for endpoint in ["introspection_endpoint", "revocation_endpoint"] {
            assert!(!document.names().contains(&endpoint), "{endpoint}");
        }
    }
}
