//! Tokens from the authorize endpoint (RFC 6749 §4.2, OpenID Connect Core §3.2 and §3.3): for programs that were allowed
//! them, in a fragment or a form, tied together by hashes.

use spec::browser::{Returned, authorize_at, browser};
use spec::cast::{Application, alice, api, bob, classic, contoso, portal};
use spec::client::{Client, client};
use spec::form::Form;
use spec::tokens::Jwt;
use vestibule_jose::Algorithm;
use vestibule_jose::hash::half_hash;
use vestibule_wire::aadsts::Aadsts;

use crate::flows::USUAL;

fn asks(application: &Application, response_type: &str) -> Form {
    application.authorizes(USUAL).with("response_type", response_type).with("nonce", "n-1")
}

async fn brought(application: &Application, response_type: &str) -> Returned {
    let request = asks(application, response_type);
    let returned = browser().sign_in(&alice(), &authorize_at(&contoso().id, &request)).await.returned();
    assert_eq!(returned.get("state"), request.get("state").unwrap());
    returned
}

/// The ID token, verified, with the hashes of what came beside it.
async fn id_token(client: &Client, returned: &Returned) -> Jwt {
    let id = Jwt::verified(client, &contoso(), returned.get("id_token")).await;
    let hash = |name: &str| returned.fields.get(name).map(|value| half_hash(Algorithm::Rs256, value));
    let claim = |name: &str| id.claims.get(name).and_then(|value| value.as_str()).map(str::to_owned);
    assert_eq!(claim("c_hash"), hash("code"), "OpenID Connect Core §3.3.2.11");
    assert_eq!(claim("at_hash"), hash("access_token"), "OpenID Connect Core §3.2.2.10");
    assert_eq!(id.claims.str("nonce"), "n-1");
    id
}

#[tokio::test]
async fn each_response_type_brings_what_its_words_say() {
    let client = client();
    for (asked, expected) in [
        ("id_token", vec!["id_token"]),
        ("token", vec!["access_token", "token_type", "expires_in", "scope"]),
        ("id_token token", vec!["access_token", "token_type", "expires_in", "scope", "id_token"]),
        ("token id_token", vec!["access_token", "token_type", "expires_in", "scope", "id_token"]),
        ("code id_token", vec!["code", "id_token"]),
        ("code token", vec!["access_token", "token_type", "expires_in", "scope", "code"]),
        (
            "code id_token token",
            vec!["access_token", "token_type", "expires_in", "scope", "code", "id_token"],
        ),
    ] {
        let returned = brought(&portal(), asked).await;
        assert_eq!(returned.mode, "fragment", "{asked}");
        let names: Vec<_> = returned.fields.pairs().map(|(name, _)| name).collect();
        assert_eq!(names, [&expected[..], &["session_state", "iss", "state"]].concat(), "{asked}");
        if returned.has("id_token") {
            id_token(&client, &returned).await;
        }
        if returned.has("access_token") {
            let access = Jwt::verified(&client, &contoso(), returned.get("access_token")).await.claims;
            assert_eq!((access.str("aud"), access.str("azpacr")), (&*api().client_id, "0"));
            assert_eq!(returned.get("token_type"), "Bearer");
        }
    }
}

#[tokio::test]
async fn a_hybrid_code_is_redeemed_and_its_id_token_is_of_the_same_person() {
    let client = client();
    let request = asks(&portal(), "code id_token").with("response_mode", "form_post");
    let landing = browser().sign_in(&alice(), &authorize_at(&contoso().id, &request)).await;
    let returned = landing.returned();
    assert_eq!(returned.mode, "form_post");
    let first = id_token(&client, &returned).await.claims;
    let tokens = client.token(&contoso(), &portal().redeems(returned.code())).await.tokens();
    let second = Jwt::verified(&client, &contoso(), tokens.id()).await.claims;
    for claim in ["iss", "sub", "aud", "nonce", "sid"] {
        assert_eq!(first.str(claim), second.str(claim), "OpenID Connect Core §3.3.3.6");
    }
    assert!(second.get("c_hash").is_none() && second.get("at_hash").is_none());
    assert!(tokens.json.get("refresh_token").is_some());
}

#[tokio::test]
async fn a_hidden_frame_renews_by_the_session_and_is_answered_by_redirect_only() {
    let client = client();
    let mut browser = browser();
    let first = asks(&classic(), "id_token");
    browser.sign_in(&alice(), &authorize_at(&contoso().id, &first)).await.returned();
    // As ADAL.js does, at the v1.0 endpoint.
    let renew = classic()
        .authorizes("")
        .without("scope")
        .with("response_type", "token")
        .with("resource", "api://contoso-api")
        .with("prompt", "none")
        .with("login_hint", "alice@contoso.test")
        .with("state", "a-guid|api://contoso-api");
    let address = |request: &Form| format!("/{}/oauth2/authorize?{}", contoso().id, request.encode());
    let returned = browser.open(&address(&renew)).await.returned();
    assert_eq!((returned.mode, returned.get("state")), ("fragment", "a-guid|api://contoso-api"));
    let access = Jwt::verified(&client, &contoso(), returned.get("access_token")).await.claims;
    assert_eq!(access.str("aud"), api().client_id);
    assert!(!returned.has("refresh_token") && !returned.has("id_token"));
    // AZ-35, AZ-37: without the session there is an answer too, and no page.
    let nobody = renew.with("login_hint", "bob@contoso.test");
    let returned = browser.open(&address(&nobody)).await.returned();
    assert_eq!(returned.mode, "fragment");
    returned.refused(Aadsts::LoginRequired, &nobody);
}

#[tokio::test]
async fn az_23_an_id_token_answers_a_nonce() {
    for (nonce, asked) in [(None, "id_token"), (Some(""), "id_token"), (None, "code id_token")] {
        let request = match nonce {
            None => asks(&portal(), asked).without("nonce"),
            Some(nonce) => asks(&portal(), asked).with("nonce", nonce),
        };
        let returned = browser().open(&authorize_at(&contoso().id, &request)).await.returned();
        assert_eq!(returned.mode, "fragment");
        assert!(returned.refused(Aadsts::ParameterMissing, &request).contains("'nonce'"));
    }
    // An access token alone answers none.
    let request = asks(&portal(), "token").without("nonce");
    let landing = browser().sign_in(&alice(), &authorize_at(&contoso().id, &request)).await;
    assert!(landing.returned().has("access_token"));
}

#[tokio::test]
async fn az_17_no_token_travels_in_a_query() {
    let mut signed_in = browser();
    let first = asks(&portal(), "id_token");
    signed_in.sign_in(&alice(), &authorize_at(&contoso().id, &first)).await.returned();
    for asked in ["id_token", "token", "id_token token", "code id_token", "code token", "code id_token token"]
    {
        let request = asks(&portal(), asked).with("response_mode", "query");
        let returned = signed_in.open(&authorize_at(&contoso().id, &request)).await.returned();
        assert_eq!(returned.mode, "fragment");
        returned.refused(Aadsts::ResponseModeUnsupported, &request);
    }
}

#[tokio::test]
async fn an_id_token_needs_openid() {
    let request = asks(&portal(), "id_token").with("scope", "profile api://contoso-api/Tasks.Read");
    let returned = browser().open(&authorize_at(&contoso().id, &request)).await.returned();
    returned.refused(Aadsts::ScopeInvalid, &request);
}

#[tokio::test]
async fn none_tells_that_it_would_work() {
    let request = asks(&portal(), "none");
    let returned = browser().sign_in(&bob(), &authorize_at(&contoso().id, &request)).await.returned();
    let names: Vec<_> = returned.fields.pairs().map(|(name, _)| name).collect();
    assert_eq!((returned.mode, names), ("query", vec!["session_state", "iss", "state"]));
}

#[tokio::test]
async fn a_form_carries_tokens_as_well_as_errors() {
    let request = asks(&classic(), "id_token token").with("response_mode", "form_post");
    let returned = browser().sign_in(&alice(), &authorize_at(&contoso().id, &request)).await.returned();
    assert_eq!(returned.mode, "form_post");
    assert!(returned.has("access_token") && returned.has("id_token") && !returned.has("code"));
    assert_eq!(returned.to, classic().redirect_uri());
}

#[tokio::test]
async fn a_single_page_needs_its_proof_key_only_with_a_code() {
    let request = asks(&classic(), "code id_token");
    let returned = browser().open(&authorize_at(&contoso().id, &request)).await.returned();
    returned.refused(Aadsts::CodeChallengeRequired, &request);
}
