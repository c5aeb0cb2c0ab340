//! How long refresh tokens last, and what using one twice means in each position of the compatibility switch.

use idp_domain::tenant::CompatProfile;
use jiff::SignedDuration;

use super::{World, program};

#[tokio::test]
async fn rt_12_a_single_page_applications_refresh_token_ends_a_day_after_the_sign_in_used_or_not() {
    let world = World::new(CompatProfile::Entra).await;
    let spa = program("spa");
    let mut token = world.refresh_token(spa).await;
    for _ in 0..23 {
        world.pass(SignedDuration::from_hours(1));
        let answer = world.refresh(spa, &token).await;
        token = answer.text("refresh_token");
        assert!(answer.body["refresh_token_expires_in"].as_i64().unwrap() <= 86_400);
    }
    world.pass(SignedDuration::from_hours(1));
    let answer = world.refresh(spa, &token).await;
    assert_eq!(answer.refusal(), 700084);
    assert_eq!(answer.body["suberror"], "bad_token");
}

#[tokio::test]
async fn rt_12_any_other_refresh_token_ends_after_ninety_days_without_use() {
    let world = World::new(CompatProfile::Entra).await;
    let web = program("web");
    let mut token = world.refresh_token(web).await;
    for _ in 0..4 {
        world.pass(SignedDuration::from_hours(89 * 24));
        token = world.refresh(web, &token).await.text("refresh_token");
    }
    world.pass(SignedDuration::from_hours(90 * 24));
    assert_eq!(world.refresh(web, &token).await.refusal(), 700082);
}

#[tokio::test]
async fn rt_13_a_clock_that_jumps_back_brings_nothing_to_life() {
    let world = World::new(CompatProfile::Strict).await;
    let web = program("web");
    let first = world.refresh_token(web).await;
    let second = world.refresh(web, &first).await.text("refresh_token");
    world.pass(SignedDuration::from_hours(-24));
    assert_eq!(world.refresh(web, &first).await.refusal(), 70000);
    assert_eq!(world.refresh(web, &second).await.refusal(), 70000, "its family is revoked");
}

#[tokio::test]
async fn rt_01_in_entras_manner_a_used_refresh_token_stays_valid() {
    let world = World::new(CompatProfile::Entra).await;
    let token = world.refresh_token(program("native")).await;
    for _ in 0..3 {
        assert!(world.refresh(program("native"), &token).await.is_ok());
    }
}

#[tokio::test]
async fn rt_01_in_strict_mode_using_a_refresh_token_twice_revokes_its_family() {
    let world = World::new(CompatProfile::Strict).await;
    let native = program("native");
    let first = world.refresh_token(native).await;
    let second = world.refresh(native, &first).await.text("refresh_token");
    assert_eq!(world.refresh(native, &first).await.refusal(), 70000);
    assert_eq!(world.refresh(native, &second).await.refusal(), 70000);
}

#[tokio::test]
async fn rt_02_in_strict_mode_sixty_four_users_of_one_refresh_token_have_at_most_one_success() {
    let world = World::new(CompatProfile::Strict).await;
    let token = world.refresh_token(program("native")).await;
    let uses = (0..64).map(|_| world.refresh(program("native"), &token));
    let answers = futures_util::future::join_all(uses).await;
    assert_eq!(answers.iter().filter(|answer| answer.is_ok()).count(), 1);
}

#[tokio::test]
async fn rt_19_a_refreshed_id_token_repeats_no_nonce() {
    let world = World::new(CompatProfile::Entra).await;
    let answer = world.authorize(program("web"), &[("nonce", "n-1"), ("max_age", "600")]).await;
    let first = world.redeem(program("web"), &answer.parameter("code").unwrap()).await;
    let refreshed = world.refresh(program("web"), &first.text("refresh_token")).await;
    assert_eq!(claims(&first.text("id_token"))["nonce"], "n-1");
    assert_eq!(claims(&refreshed.text("id_token")).get("nonce"), None);
}

fn claims(token: &str) -> serde_json::Value {
    use base64::Engine as _;
    let payload = token.split('.').nth(1).unwrap();
    serde_json::from_slice(&base64::engine::general_purpose::URL_SAFE_NO_PAD.decode(payload).unwrap())
        .unwrap()
}
