//! How long codes and sessions last.

use idp_domain::tenant::CompatProfile;
use jiff::SignedDuration;

use super::{World, alice, program};

#[tokio::test]
async fn cd_05_a_code_is_good_for_ten_minutes() {
    let world = World::new(CompatProfile::Entra).await;
    let (early, late) = (world.code(program("web")).await, world.code(program("web")).await);
    world.pass(SignedDuration::from_secs(599));
    assert!(world.redeem(program("web"), &early).await.is_ok());
    world.pass(SignedDuration::from_secs(2));
    assert_eq!(world.redeem(program("web"), &late).await.refusal(), 70008);
}

#[tokio::test]
async fn cd_01_a_code_that_was_redeemed_stays_redeemed_whatever_the_clock_does() {
    let world = World::new(CompatProfile::Entra).await;
    let code = world.code(program("web")).await;
    assert!(world.redeem(program("web"), &code).await.is_ok());
    world.pass(SignedDuration::from_hours(-24));
    assert_eq!(world.redeem(program("web"), &code).await.refusal(), 54005);
}

#[tokio::test]
async fn lg_17_a_session_ends_a_day_after_its_last_use_and_each_use_counts() {
    let world = World::new(CompatProfile::Entra).await;
    for _ in 0..3 {
        world.pass(SignedDuration::from_hours(23));
        assert!(world.authorize(program("web"), &[]).await.parameter("code").is_some());
    }
    world.pass(SignedDuration::from_hours(24));
    let answer = world.authorize(program("web"), &[]).await;
    assert_eq!(answer.parameter("error").as_deref(), Some("login_required"));
}

#[tokio::test]
async fn lg_17_staying_signed_in_lasts_ninety_days_after_the_last_use() {
    let world = World::new(CompatProfile::Entra).await;
    world.pass(SignedDuration::from_hours(48));
    world.sign_in(alice(), true).await;
    world.pass(SignedDuration::from_hours(89 * 24));
    assert!(world.authorize(program("web"), &[]).await.parameter("code").is_some());
    world.pass(SignedDuration::from_hours(90 * 24));
    assert!(world.authorize(program("web"), &[]).await.parameter("code").is_none());
}

#[tokio::test]
async fn az_38_max_age_asks_again_when_the_password_is_older() {
    let world = World::new(CompatProfile::Entra).await;
    world.pass(SignedDuration::from_secs(59));
    assert!(world.authorize(program("web"), &[("max_age", "60")]).await.parameter("code").is_some());
    world.pass(SignedDuration::from_secs(1));
    let answer = world.authorize(program("web"), &[("max_age", "60")]).await;
    assert_eq!(answer.parameter("error").as_deref(), Some("login_required"));
    let always = world.authorize(program("web"), &[("max_age", "0")]).await;
    assert_eq!(always.parameter("error").as_deref(), Some("login_required"));
}
