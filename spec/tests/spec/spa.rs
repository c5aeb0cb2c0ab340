//! Single-page applications: who may read an answer, and who must send an `Origin`.

use http::Method;
use spec::cast::{API_DEFAULT, alice, contoso, daemon, native, spa, web};
use spec::client::{client, token_path};
use vestibule_wire::aadsts::Aadsts;

use crate::flows::{SignIn, USUAL};

#[tokio::test]
async fn cd_15_a_single_pages_code_is_redeemed_across_origins_only() {
    let client = client();
    let sign_in = SignIn::of(&alice(), spa(), USUAL).await;
    client.token(&contoso(), &sign_in.redeems()).await.refused(Aadsts::CrossOriginRequired);
    let answer =
        client.token_request(&contoso().id, &sign_in.redeems()).header("origin", spa().origin()).send().await;
    answer.tokens();
    assert_eq!(answer.header("access-control-allow-origin"), Some(&*spa().origin()));
    assert_eq!(answer.header("access-control-allow-credentials"), None);
    assert!(
        answer.header("vary").unwrap_or_default().to_ascii_lowercase().contains("origin"),
        "{:?}",
        answer.headers
    );
}

#[tokio::test]
async fn cd_15_any_other_code_is_not() {
    let client = client();
    for application in [web(), native()] {
        let sign_in = SignIn::of(&alice(), application, USUAL).await;
        let answer = client
            .token_request(&contoso().id, &sign_in.redeems())
            .header("origin", spa().origin())
            .send()
            .await;
        let refusal = answer.refused(Aadsts::CrossOriginForbidden);
        assert!(refusal.message.contains(&spa().origin()), "{}", refusal.message);
        sign_in.tokens(&client, &contoso()).await;
    }
}

#[tokio::test]
async fn cd_15_the_same_holds_for_refresh_tokens() {
    let client = client();
    let page = SignIn::of(&alice(), spa(), USUAL).await.tokens(&client, &contoso()).await;
    client.token(&contoso(), &spa().refreshes(page.refresh())).await.refused(Aadsts::CrossOriginRequired);
    let server = SignIn::of(&alice(), web(), USUAL).await.tokens(&client, &contoso()).await;
    let request = client
        .token_request(&contoso().id, &web().refreshes(server.refresh()))
        .header("origin", spa().origin());
    request.send().await.refused(Aadsts::CrossOriginForbidden);
}

#[tokio::test]
async fn cd_16_pages_of_other_origins_cannot_read_tokens() {
    let client = client();
    for origin in [
        "https://evil.example",
        "null",
        "http://localhost:3001",
        "https://localhost:3000.evil.example",
        "HTTP://LOCALHOST:3000",
        "http://localhost:3000/",
        "*",
    ] {
        let sign_in = SignIn::of(&alice(), spa(), USUAL).await;
        let answer =
            client.token_request(&contoso().id, &sign_in.redeems()).header("origin", origin).send().await;
        if answer.status == 200 {
            answer.is_for_its_own_origin();
        } else {
            answer.is_a_refusal();
            assert_ne!(answer.header("access-control-allow-origin"), Some("*"));
        }
    }
}

#[tokio::test]
async fn cd_16_a_page_cannot_use_a_secret() {
    let client = client();
    let request = client
        .token_request(&contoso().id, &daemon().for_itself(API_DEFAULT))
        .header("origin", "https://evil.example");
    let answer = request.send().await;
    assert_ne!(
        answer.header("access-control-allow-origin"),
        Some("https://evil.example"),
        "{}",
        answer.shown()
    );
}

#[tokio::test]
async fn an_error_can_be_read_so_that_msal_knows_what_to_do() {
    let client = client();
    let request = client.token_request(&contoso().id, &spa().refreshes("x")).header("origin", spa().origin());
    let answer = request.send().await;
    answer.refused(Aadsts::GrantInvalid);
    assert_eq!(answer.header("access-control-allow-origin"), Some(&*spa().origin()));
}

#[tokio::test]
async fn a_preflight_says_which_headers_may_be_sent() {
    let client = client();
    let preflight = |origin: &str| {
        client
            .request(Method::OPTIONS, &token_path("common"))
            .header("origin", origin)
            .header("access-control-request-method", "POST")
            .header("access-control-request-headers", "content-type,x-client-sku")
            .send()
    };
    let answer = preflight(&spa().origin()).await;
    answer.is(204).is_hardened();
    assert_eq!(answer.header("access-control-allow-origin"), Some(&*spa().origin()));
    assert!(answer.header("access-control-allow-methods").unwrap().contains("POST"));
    assert!(answer.header("access-control-allow-headers").unwrap().contains("content-type"));
    assert_eq!(answer.header("access-control-allow-credentials"), None);
    let answer = preflight("null").await;
    assert_eq!(answer.header("access-control-allow-origin"), None, "`null` is nobody's origin");
}
