//! UserInfo (OpenID Connect Core §5.3): who the token is about, as far as it was granted.

use http::Method;
use spec::answer::Answer;
use spec::cast::{TASKS_READ, alice, contoso, daemon, web};
use spec::client::{Client, client};
use spec::tokens::{Jwt, Tokens};
use vestibule_wire::aadsts::Aadsts;

use crate::flows::{USUAL, tokens_of};

const PATH: &str = "/oidc/userinfo";

async fn ask(client: &Client, token: &str) -> Answer {
    client.request(Method::GET, PATH).bearer(token).send().await
}

async fn graph_tokens(scope: &str) -> Tokens {
    tokens_of(&alice(), web(), scope).await
}

/// RFC 6750 §3: 401, with a challenge that says why.
#[track_caller]
fn is_challenged(answer: &Answer, challenge: &str) {
    answer.refused(Aadsts::TokenInvalid);
    assert_eq!(answer.header("www-authenticate"), Some(challenge), "{}", answer.shown());
}

#[tokio::test]
async fn ui_03_the_subject_is_that_of_the_id_token() {
    let client = client();
    let tokens = graph_tokens("openid profile email User.Read").await;
    for method in [Method::GET, Method::POST] {
        let answer = client.request(method, PATH).bearer(tokens.access()).send().await;
        answer.is(200).is_not_stored().is_hardened();
        let json = answer.json();
        let id_token = Jwt::verified(&client, &contoso(), tokens.id()).await.claims;
        assert_eq!(json.str("sub"), id_token.str("sub"));
        assert_eq!(
            (json.str("name"), json.str("given_name"), json.str("family_name")),
            ("Alice Archer", "Alice", "Archer")
        );
        assert_eq!(json.str("email"), "alice@contoso.test");
        assert_eq!(json.names(), ["sub", "name", "family_name", "given_name", "email"]);
    }
}

#[tokio::test]
async fn ui_02_only_what_was_granted_is_told() {
    let client = client();
    for (scope, expected) in [
        ("openid", vec!["sub"]),
        ("openid email", vec!["sub", "email"]),
        ("openid profile", vec!["sub", "name", "family_name", "given_name"]),
    ] {
        let json = ask(&client, graph_tokens(scope).await.access()).await.json();
        assert_eq!(json.names(), expected, "{scope}");
    }
    let without = graph_tokens("User.Read").await;
    let answer = ask(&client, without.access()).await;
    answer.is(403).issues_nothing();
    assert!(answer.header("www-authenticate").unwrap().contains("insufficient_scope"), "{}", answer.shown());
}

#[tokio::test]
async fn ui_01_a_token_for_something_else_is_refused() {
    let client = client();
    let other = tokens_of(&alice(), web(), USUAL).await;
    let app_only =
        client.token(&contoso(), &daemon().for_itself("https://graph.microsoft.com/.default")).await.tokens();
    for token in [other.access(), other.id(), other.refresh(), app_only.access()] {
        is_challenged(&ask(&client, token).await, "Bearer error=\"invalid_token\"");
    }
}

#[tokio::test]
async fn jw_01_to_jw_03_a_token_that_we_did_not_sign_is_refused() {
    let client = client();
    let token = graph_tokens("openid").await.access().to_owned();
    let [header, claims, signature] = token.split('.').collect::<Vec<_>>()[..] else { panic!("{token}") };
    let encode = |text: &str| base64::Engine::encode(&base64::engine::general_purpose::URL_SAFE_NO_PAD, text);
    let flipped = format!("{}{}", if signature.starts_with('A') { "B" } else { "A" }, &signature[1..]);
    let kid = Jwt::read(&token).header.str("kid").to_owned();
    let mut forged = vec![
        format!("{header}.{claims}."),
        format!("{header}.{claims}"),
        format!("{header}.{claims}.{flipped}"),
        format!("{token}."),
        format!("{token}="),
        format!("{header}.{claims}.{signature}.x"),
        format!("{header}..{signature}"),
        token.replace('.', ".."),
        token.to_lowercase(),
        "x".repeat(20_000),
        "..".to_owned(),
        encode("{}"),
    ];
    for alg in ["none", "None", "nOnE", "HS256", "RS512", "PS256", "ES256", ""] {
        let header = encode(&format!(r#"{{"typ":"JWT","alg":"{alg}","kid":"{kid}"}}"#));
        forged.extend([format!("{header}.{claims}."), format!("{header}.{claims}.{signature}")]);
    }
    for header in [
        r#"{"alg":"RS256"}"#,
        r#"{"alg":"RS256","kid":"unknown"}"#,
        r#"{"alg":"RS256","kid":"../../etc/passwd"}"#,
        r#"{"kid":"KID"}"#,
        r#"{"alg":"RS256","kid":"KID","crit":["exp"]}"#,
        r#"{"alg":"RS256","kid":"KID","b64":false}"#,
    ] {
        forged.push(format!("{}.{claims}.{signature}", encode(&header.replace("KID", &kid))));
    }
    let issued = Jwt::read(&token).claims;
    let richer = serde_json::to_string(&issued).unwrap().replace("\"openid\"", "\"openid profile email\"");
    forged.push(format!("{header}.{}.{signature}", encode(&richer)));
    for token in forged {
        is_challenged(&ask(&client, &token).await, "Bearer error=\"invalid_token\"");
    }
}

#[tokio::test]
async fn ui_04_a_token_in_the_query_or_the_body_is_not_looked_at() {
    let client = client();
    let token = graph_tokens("openid").await.access().to_owned();
    is_challenged(&client.get(&format!("{PATH}?access_token={token}")).await, "Bearer");
    let form = spec::form::Form::new().with("access_token", &token);
    is_challenged(&client.post(PATH, &form).await, "Bearer");
}

#[tokio::test]
async fn jw_35_the_header_holds_one_bearer_token() {
    let client = client();
    let token = graph_tokens("openid").await.access().to_owned();
    for scheme in ["Bearer", "bearer", "BEARER"] {
        client.request(Method::GET, PATH).authorization(&format!("{scheme} {token}")).send().await.is(200);
    }
    for header in [
        format!("Bearer {token}, Bearer {token}"),
        format!("Bearer  {token}"),
        token.clone(),
        format!("Basic {token}"),
        format!("Bearer {token} x"),
        "Bearer".to_owned(),
        "Bearer ".to_owned(),
        format!("Bearer\t{token}"),
    ] {
        let answer = client.request(Method::GET, PATH).authorization(&header).send().await;
        answer.is_a_refusal();
        assert!([400, 401].contains(&answer.status.as_u16()), "{}", answer.shown());
    }
    let twice = client.request(Method::GET, PATH).bearer(&token).bearer(&token).send().await;
    assert!([400, 401].contains(&twice.status.as_u16()), "{}", twice.shown());
}

#[tokio::test]
async fn az_47_userinfo_takes_get_and_post() {
    let client = client();
    for method in [Method::PUT, Method::DELETE, Method::TRACE] {
        client.request(method, PATH).send().await.refused(Aadsts::MethodNotAllowed);
    }
}

#[tokio::test]
async fn a_page_may_read_it_with_a_token_and_without_cookies() {
    let client = client();
    let tokens = graph_tokens("openid").await;
    let answer = client
        .request(Method::GET, PATH)
        .bearer(tokens.access())
        .header("origin", "http://localhost:3000")
        .send()
        .await;
    assert_eq!(answer.is(200).header("access-control-allow-origin"), Some("*"));
    assert_eq!(answer.header("access-control-allow-credentials"), None);
    let preflight = client
        .request(Method::OPTIONS, PATH)
        .header("origin", "http://localhost:3000")
        .header("access-control-request-method", "GET");
    let answer = preflight.header("access-control-request-headers", "authorization").send().await;
    assert!(answer.is(204).header("access-control-allow-headers").unwrap().contains("authorization"));
}

#[tokio::test]
async fn a_token_for_the_api_needs_no_userinfo() {
    let tokens = tokens_of(&alice(), web(), TASKS_READ).await;
    is_challenged(&ask(&client(), tokens.access()).await, "Bearer error=\"invalid_token\"");
}
