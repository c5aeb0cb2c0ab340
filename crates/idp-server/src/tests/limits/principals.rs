//! What is limited when it is known who asks: an application at the token endpoint, a principal at Graph (GA-18).

use axum::body::Body;
use http::Request;
use http::header::{AUTHORIZATION, CONTENT_TYPE};
use jiff::SignedDuration;
use serde_json::json;

use super::{address, limited, times};
use crate::development::cast::{PASSWORD, PEOPLE, Program};
use crate::tests::{Answer, World, program};

const FOR_ITSELF: [(&str, &str); 2] =
    [("grant_type", "client_credentials"), ("scope", "api://contoso-api/.default")];

#[tokio::test]
async fn an_application_may_ask_for_tokens_so_often_and_only_it_uses_that_up() {
    let world = limited(|allowances| allowances.client_tokens = times(3)).await;
    let stranger = Program { secret: Some("wrong"), key_pair: None, ..*program("daemon") };
    for n in 0..20 {
        assert_eq!(world.token_from(address(n), &stranger, &FOR_ITSELF).await.refusal(), 7_000_215);
    }
    for n in 0..3 {
        assert!(world.token_from(address(n), program("daemon"), &FOR_ITSELF).await.is_ok());
    }
    let refused = world.token_from(address(9), program("daemon"), &FOR_ITSELF).await;
    assert_eq!((refused.refusal(), refused.wait()), (90055, 20));
    world.pass(SignedDuration::from_secs(20));
    assert!(world.token_from(address(9), program("daemon"), &FOR_ITSELF).await.is_ok());
}

/// A token for Graph, of a person who gave their password to the program.
async fn graph_token(world: &World, upn: &str) -> String {
    let grant = [
        ("grant_type", "password"),
        ("username", upn),
        ("password", PASSWORD),
        ("scope", "https://graph.microsoft.com/User.Read"),
    ];
    world.token(program("web"), &grant).await.text("access_token")
}

async fn me(world: &World, token: &str) -> Answer {
    let request = Request::get("/graph/v1.0/me").header(AUTHORIZATION, format!("Bearer {token}"));
    world.send_from(address(1), request.body(Body::empty()).unwrap()).await
}

#[tokio::test]
async fn ga_18_a_principal_asks_graph_so_often_and_is_told_when_again() {
    let world = limited(|allowances| allowances.graph_principal = times(3)).await;
    let alices = graph_token(&world, PEOPLE[0].upn).await;
    for _ in 0..3 {
        assert!(me(&world, &alices).await.is_ok());
    }
    let refused = me(&world, &alices).await;
    assert_eq!(refused.wait(), 20);
    assert_eq!(refused.body["error"]["code"], "TooManyRequests");
    assert!(refused.body["error"]["innerError"]["request-id"].is_string(), "{refused:?}");
    assert_eq!(me(&world, &graph_token(&world, PEOPLE[0].upn).await).await.status, 429, "another token");
    let bobs = graph_token(&world, PEOPLE[1].upn).await;
    assert!(me(&world, &bobs).await.is_ok(), "another person");
    world.pass(SignedDuration::from_secs(20));
    assert!(me(&world, &alices).await.is_ok());
}

#[tokio::test]
async fn ga_18_a_token_that_is_none_uses_up_nothing_and_is_told_so() {
    let world = limited(|allowances| allowances.graph_principal = times(1)).await;
    let alices = graph_token(&world, PEOPLE[0].upn).await;
    for _ in 0..5 {
        assert_eq!(me(&world, &format!("{alices}x")).await.status, 401);
    }
    assert!(me(&world, &alices).await.is_ok());
}

#[tokio::test]
async fn ga_18_each_request_of_a_batch_counts() {
    let world = limited(|allowances| allowances.graph_principal = times(2)).await;
    let token = graph_token(&world, PEOPLE[0].upn).await;
    let requests: Vec<_> =
        (1..=3).map(|n| json!({ "id": n.to_string(), "method": "GET", "url": "/me" })).collect();
    let request = Request::post("/graph/v1.0/$batch")
        .header(AUTHORIZATION, format!("Bearer {token}"))
        .header(CONTENT_TYPE, "application/json")
        .body(Body::from(json!({ "requests": requests }).to_string()));
    let answer = world.send_from(address(1), request.unwrap()).await;
    let responses = answer.body["responses"].as_array().unwrap();
    let statuses: Vec<_> = responses.iter().map(|response| response["status"].as_u64().unwrap()).collect();
    assert_eq!(statuses, [200, 200, 429], "{answer:?}");
    assert_eq!(responses[2]["headers"]["Retry-After"], "30");
    assert_eq!(responses[2]["body"]["error"]["code"], "TooManyRequests");
}
