//! Who calls: tokens that are believed, and those that are not.

use idp_domain::changes::Change;
use serde_json::json;

use crate::world::*;

#[tokio::test]
async fn a_request_without_a_token_learns_nothing() {
    let world = World::new().await;
    for path in ["/users", "/no/such/path", "/me", "/$batch"] {
        let answer = world.with_authorization("").get(path).await;
        if path == "/$batch" {
            answer.is(405);
            continue;
        }
        let answer = answer.refused(401, "InvalidAuthenticationToken");
        assert_eq!(answer.message(), "Access token is empty.");
        let challenge = answer.header("www-authenticate").unwrap();
        assert!(challenge.starts_with("Bearer realm=\"\", authorization_uri=\""), "{challenge}");
        assert!(!challenge.contains("error="), "{challenge}");
    }
    let answer = world.with_authorization("").post("/$batch", json!({ "requests": [] })).await;
    answer.refused(401, "InvalidAuthenticationToken");
}

#[tokio::test]
async fn tokens_of_others_and_for_others_are_refused_in_the_words_of_the_service() {
    let world = World::new().await;
    let claims = |changed: serde_json::Value| {
        let mut claims = json!({
            "aud": "https://graph.microsoft.com", "iss": format!("{ORIGIN}/{CONTOSO}/"), "iat": 1_799_999_700,
            "nbf": 1_799_999_700, "exp": 1_800_003_600, "appid": PORTAL, "oid": ALICE.id, "sub": "s", "tid": CONTOSO,
            "ver": "1.0", "scp": "User.Read.All",
        });
        for (name, value) in changed.as_object().unwrap() {
            claims[name] = value.clone();
        }
        claims
    };
    world.with_token(&claims(json!({}))).get("/users").await.is(200);
    for (changed, message) in [
        (json!({ "aud": "api://else" }), "Access token validation failure. Invalid audience."),
        (
            json!({ "iss": format!("{ORIGIN}/{FABRIKAM}/") }),
            "Access token validation failure. Invalid issuer.",
        ),
        (json!({ "ver": "2.0" }), "Access token validation failure. Invalid issuer."),
        (json!({ "exp": 1_799_999_999 }), "Lifetime validation failed, the token is expired."),
        (json!({ "nbf": 1_800_000_001 }), "Lifetime validation failed, the token is not yet valid."),
        (json!({ "tid": "x" }), "CompactToken parsing failed with error code: 80049217"),
    ] {
        let answer = world.with_token(&claims(changed)).get("/users").await;
        assert_eq!(answer.refused(401, "InvalidAuthenticationToken").message(), message);
    }
    let answer = world.with_authorization("Bearer not.a.token").get("/users").await;
    assert!(answer.header("www-authenticate").unwrap().contains("error=\"invalid_token\""));
    answer.refused(401, "InvalidAuthenticationToken");
    world.with_authorization("Basic YTpi").get("/users").await.refused(401, "InvalidAuthenticationToken");
}

/// JW-33: revocation is heard of at once.
#[tokio::test]
async fn what_a_token_was_issued_for_must_still_be_there() {
    let world = World::new().await;
    let bob = world.as_person(CONTOSO, BOB, "User.Read");
    bob.get("/me").await.is(200);
    world.pass(10);
    let revoked = Change::RevokeUserGrants { tenant: CONTOSO, user: BOB.id, valid_from: world.app.now() };
    world.commit(revoked).await;
    bob.get("/me").await.refused(401, "InvalidAuthenticationToken");
    let bob = world.as_person(CONTOSO, BOB, "User.Read");
    bob.get("/me").await.is(200);
    world.commit(Change::SetUserEnabled { tenant: CONTOSO, user: BOB.id, enabled: false }).await;
    bob.get("/me").await.refused(401, "InvalidAuthenticationToken");
    let portal = world.as_application(&["User.Read.All"]);
    portal.get("/users").await.is(200);
    let disabled =
        Change::SetPrincipalEnabled { tenant: CONTOSO, principal: PORTAL_PRINCIPAL, enabled: false };
    world.commit(disabled).await;
    portal.get("/users").await.refused(401, "InvalidAuthenticationToken");
    world.of(ALICE).get("/users").await.refused(401, "InvalidAuthenticationToken");
}

#[tokio::test]
async fn a_disabled_tenant_answers_nobody() {
    let world = World::new().await;
    let tenant = world.app.store.tenant(CONTOSO).await.unwrap().unwrap();
    world
        .commit(Change::UpdateTenant(Box::new(idp_domain::tenant::Tenant { enabled: false, ..tenant })))
        .await;
    world.of(ALICE).get("/users").await.refused(401, "InvalidAuthenticationToken");
    world.as_application(&["User.Read.All"]).get("/users").await.refused(401, "InvalidAuthenticationToken");
    world.as_person(FABRIKAM, CAROL, "User.Read").get("/me").await.is(200);
}

/// An application's own token says whose it is by its service principal; another's id in it is no token of ours.
#[tokio::test]
async fn an_application_has_its_own_service_principal() {
    let world = World::new().await;
    let claims = json!({
        "aud": "https://graph.microsoft.com", "iss": format!("{ORIGIN}/{CONTOSO}/"), "iat": 1_799_999_700,
        "nbf": 1_799_999_700, "exp": 1_800_003_600, "appid": PORTAL, "oid": ALICE.id, "sub": "s", "tid": CONTOSO,
        "ver": "1.0", "roles": ["User.Read.All"],
    });
    world.with_token(&claims).get("/users").await.refused(401, "InvalidAuthenticationToken");
}

#[tokio::test]
async fn an_application_alone_is_nobody() {
    let world = World::new().await;
    let answer = world.as_application(&["User.ReadWrite.All"]).get("/me").await.is(400);
    assert_eq!(answer.message(), "/me request is only valid with delegated authentication flow.");
}
