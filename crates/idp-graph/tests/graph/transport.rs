//! What is around every answer, bodies, and batches.

use http::Method;
use serde_json::json;

use crate::world::*;

#[tokio::test]
async fn every_answer_says_what_it_is() {
    let world = World::new().await;
    let id = "11111111-2222-4333-8444-555555555555";
    for (path, status) in [("/users", 200), ("/users/nobody@contoso.test", 404), ("/nothing", 404)] {
        let answer = world.of(ALICE).header("client-request-id", id).get(path).await.is(status);
        assert_eq!(answer.header("client-request-id"), Some(id));
        assert_eq!(answer.header("request-id").map(str::len), Some(36));
        assert_eq!(answer.header("odata-version"), Some("4.0"));
        assert_eq!(answer.header("cache-control"), Some("no-store"));
        assert_eq!(answer.header("access-control-allow-origin"), Some("*"));
        assert!(answer.header("access-control-allow-credentials").is_none());
        if status == 200 {
            assert_eq!(
                answer.header("content-type"),
                Some(
                    "application/json;odata.metadata=minimal;odata.streaming=true;IEEE754Compatible=false;charset=utf-8"
                )
            );
        } else {
            assert_eq!(answer.json["error"]["innerError"]["client-request-id"], id);
        }
    }
}

#[tokio::test]
async fn the_beta_version_has_the_same_operations_and_others_do_not_exist() {
    let world = World::new().await;
    let alice = world.of(ALICE);
    let beta = world.of(ALICE).version("beta").get("/users?$top=1").await.is(200);
    let context = beta.json["@odata.context"].as_str().unwrap();
    assert!(context.starts_with(&format!("{ORIGIN}/graph/beta/$metadata#users")), "{context}");
    assert!(
        beta.json["@odata.nextLink"].as_str().unwrap().starts_with(&format!("{ORIGIN}/graph/beta/users?"))
    );
    world.of(ALICE).version("v2.0").get("/users").await.not_found();
    world.of(ALICE).version("V1.0").get("/Users").await.is(200);
    alice.send(Method::HEAD, "/users", None).await.is(200);
    alice.get("/nothing/here").await.not_found();
    let answer = alice.send(Method::DELETE, "/users", None).await.refused(405, "Request_MethodNotAllowed");
    assert_eq!(answer.header("allow"), Some("GET, POST"));
}

#[tokio::test]
async fn a_preflight_of_any_origin_is_answered_without_cookies() {
    let world = World::new().await;
    let asking = world.with_authorization("").header("origin", "https://app.example");
    let answer = asking.send(Method::OPTIONS, "/me", None).await.is(204);
    assert_eq!(answer.header("access-control-allow-origin"), Some("*"));
    assert!(answer.header("access-control-allow-headers").unwrap().contains("authorization"));
    assert!(answer.header("access-control-allow-methods").unwrap().contains("PATCH"));
}

#[tokio::test]
async fn a_body_is_json_and_not_too_large() {
    let world = World::new().await;
    let alice = world.of(ALICE);
    let path = "/users/bob@contoso.test";
    for broken in ["{", "[]", "{\"a\":1,\"a\":2}", "\"x\"", "null"] {
        let answer = alice.send_text(Method::PATCH, path, Some(broken)).await.refused(400, "BadRequest");
        assert!(answer.message().starts_with("Unable to read JSON request payload."), "{}", answer.text);
    }
    alice.send_text(Method::PATCH, path, None).await.refused(400, "BadRequest");
    let large = format!("{{\"displayName\":\"{}\"}}", "x".repeat(1024 * 1024));
    alice.send_text(Method::PATCH, path, Some(&large)).await.is(413);
    let form = world.of(ALICE).header("content-type", "application/x-www-form-urlencoded");
    form.send_text(Method::PATCH, path, Some("displayName=x")).await.is(415);
    let utf16 = world.of(ALICE).header("content-type", "application/json; charset=utf-16");
    utf16.send_text(Method::PATCH, path, Some("{}")).await.is(415);
}

#[tokio::test]
async fn ga_04_a_batch_is_many_requests_by_one_principal() {
    let world = World::new().await;
    let bob = world.as_person(CONTOSO, BOB, "User.Read.All Group.ReadWrite.All");
    let group =
        json!({ "displayName": "g", "mailEnabled": false, "mailNickname": "g", "securityEnabled": true });
    let answer = bob
        .post(
            "/$batch",
            json!({ "requests": [
                { "id": "1", "method": "GET", "url": "/me" },
                { "id": "2", "method": "GET", "url": "/users?$top=1&$select=id" },
                { "id": "3", "method": "DELETE", "url": format!("/users/{}", BEN.id) },
                { "id": "4", "method": "GET", "url": "/me", "dependsOn": ["3"] },
                { "id": "5", "method": "POST", "url": "/groups", "body": group,
                  "headers": { "Content-Type": "application/json" } },
            ] }),
        )
        .await
        .is(200);
    let by_id = |id: &str| {
        let all = answer.json["responses"].as_array().unwrap();
        all.iter().find(|response| response["id"] == id).unwrap().clone()
    };
    assert_eq!(
        (by_id("1")["status"].clone(), by_id("1")["body"]["displayName"].clone()),
        (json!(200), json!("Bob"))
    );
    assert_eq!(by_id("2")["body"]["value"].as_array().unwrap().len(), 1);
    assert_eq!(by_id("3")["body"]["error"]["code"], "Authorization_RequestDenied");
    assert_eq!(by_id("4")["status"], 424);
    assert_eq!(by_id("5")["status"], 201);
    let one = |url: &str| json!({ "id": "1", "method": "GET", "url": url });
    let many: Vec<_> =
        (0..21).map(|id| json!({ "id": id.to_string(), "method": "GET", "url": "/me" })).collect();
    for requests in [
        json!(many),
        json!([]),
        json!([one("/$batch")]),
        json!([one("https://evil.example/me")]),
        json!([one("../../oidc/userinfo")]),
        json!([{ "id": "1", "method": "GET", "url": "/me", "headers": { "Authorization": "Bearer x" } }]),
        json!([{ "id": "1", "method": "GET", "url": "/me", "dependsOn": ["2"] },
               { "id": "2", "method": "GET", "url": "/me", "dependsOn": ["1"] }]),
    ] {
        bob.post("/$batch", json!({ "requests": requests })).await.is(400);
    }
}

#[tokio::test]
async fn the_document_of_all_operations_is_for_everybody() {
    let world = World::new().await;
    let answer = world.with_authorization("").get("/openapi.json").await.is(200);
    assert_eq!(answer.json["openapi"], "3.0.3");
    assert!(answer.json["paths"]["/users/{id}"]["patch"].is_object());
}
