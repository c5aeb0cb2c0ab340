//! What presenting a client assertion twice means in each position of the compatibility switch.

use std::collections::HashMap;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use futures_util::future::join_all;
use idp_domain::audit::Activity;
use idp_domain::tenant::CompatProfile;
use jiff::SignedDuration;
use serde_json::{Value, json};
use vestibule_jose::{KeyId, SigningKey, TokenHeader};
use vestibule_wire::oauth::JWT_BEARER_ASSERTION;

use super::{Answer, World};
use crate::development::cast::{CONTOSO, KeyPair, PROGRAMS, Program};

fn daemon() -> &'static Program {
    PROGRAMS.iter().find(|program| program.key_pair.is_some()).unwrap()
}

fn der(pem: &str) -> Vec<u8> {
    let body: String = pem.lines().filter(|line| !line.starts_with("-----")).collect();
    STANDARD.decode(body).unwrap()
}

/// An assertion for the next ten minutes, with more claims.
fn assertion(world: &World, more: Value) -> String {
    let KeyPair { certificate, private_key } = daemon().key_pair.as_ref().unwrap();
    let kid = KeyId::from_certificate_der(&der(certificate));
    let key = SigningKey::from_pkcs8(&der(private_key), kid).unwrap();
    let now = world.now().as_second();
    let mut claims = json!({
        "iss": daemon().client_id(),
        "sub": daemon().client_id(),
        "aud": format!("{}/contoso.test/oauth2/v2.0/token", world.app.origin.as_str()),
        "nbf": now,
        "exp": now + 600,
    });
    claims.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    key.sign(TokenHeader::KidAndX5t, &claims).unwrap()
}

async fn present(world: &World, assertion: &str) -> Answer {
    present_for(world, assertion, "api://contoso-api/.default").await
}

async fn present_for(world: &World, assertion: &str, scope: &str) -> Answer {
    let form = [
        ("grant_type", "client_credentials"),
        ("scope", scope),
        ("client_assertion_type", JWT_BEARER_ASSERTION),
        ("client_assertion", assertion),
    ];
    world.token(daemon(), &form).await
}

#[tokio::test]
async fn ca_20_in_entras_manner_an_assertion_is_good_until_it_expires() {
    let world = World::new(CompatProfile::Entra).await;
    let text = assertion(&world, json!({ "jti": "1" }));
    for _ in 0..3 {
        assert!(present(&world, &text).await.is_ok());
        world.pass(SignedDuration::from_mins(3));
    }
    world.pass(SignedDuration::from_mins(6));
    assert_eq!(present(&world, &text).await.refusal(), 700024, "fifteen minutes after it was made");
}

#[tokio::test]
async fn ca_20_in_strict_mode_an_assertion_is_good_once() {
    let world = World::new(CompatProfile::Strict).await;
    for more in [json!({ "jti": "1" }), json!({})] {
        let text = assertion(&world, more);
        assert!(present(&world, &text).await.is_ok());
        let again = present(&world, &text).await;
        assert_eq!(again.refusal(), 700027);
        assert!(again.text("error_description").contains("The assertion was presented before."));
        assert_eq!(again.text("error"), "invalid_client");
        world.pass(SignedDuration::from_mins(1));
    }
    // Another assertion with the same name is the same one.
    let renamed = assertion(&world, json!({ "jti": "1", "iat": world.now().as_second() }));
    assert_eq!(present(&world, &renamed).await.refusal(), 700027);
    assert!(present(&world, &assertion(&world, json!({ "jti": "2" }))).await.is_ok());
    let events =
        world.app.store.audit_events(CONTOSO, &[Activity::AssertionReplayed], None, 10).await.unwrap();
    assert_eq!(events.len(), 3);
    assert!(events.iter().all(|event| event.client == Some(daemon().client_id())));
}

#[tokio::test]
async fn ca_20_in_strict_mode_one_of_many_at_once_wins() {
    let world = World::new(CompatProfile::Strict).await;
    let text = assertion(&world, json!({ "jti": "1" }));
    let answers = join_all((0..32).map(|_| present(&world, &text))).await;
    let mut outcomes: HashMap<u16, usize> = HashMap::new();
    for answer in answers {
        *outcomes.entry(answer.status.as_u16()).or_default() += 1;
    }
    assert_eq!(outcomes, HashMap::from([(200, 1), (401, 31)]));
}

#[tokio::test]
async fn ca_20_an_assertion_that_brought_nothing_is_not_used_up() {
    let world = World::new(CompatProfile::Strict).await;
    let text = assertion(&world, json!({ "jti": "1" }));
    assert_eq!(present_for(&world, &text, "api://nobody/.default").await.refusal(), 500011);
    assert!(present(&world, &text).await.is_ok());
}
