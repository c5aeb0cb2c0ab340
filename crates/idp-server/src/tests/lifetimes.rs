//! How long codes and sessions last.

use idp_domain::changes::Change;
use idp_domain::tenant::CompatProfile;
use idp_domain::tokens::RefreshToken;
use jiff::SignedDuration;

use super::{World, alice, program};
use crate::upkeep;

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
async fn cd_29_a_code_that_never_was_and_one_that_is_over_are_one_class_of_error() {
    let world = World::new(CompatProfile::Entra).await;
    let (web, portal) = (program("web"), super::named("Contoso Portal"));
    let (over, used) = (world.code(web).await, world.code(web).await);
    world.redeem(web, &used).await;
    let shape = |answer: &super::Answer| {
        let members: Vec<_> = answer.body.as_object().unwrap().keys().cloned().collect();
        (answer.status, answer.body["error"].clone(), answer.body.get("suberror").cloned(), members)
    };
    // In another client's hands a good code, one that is over, one that was used and none at all are the same to the letter.
    let to_others = async |code: &str| {
        let answer = world.redeem(portal, code).await;
        (answer.refusal(), shape(&answer))
    };
    let never = world.code(web).await.replace(['a', 'e', 'i', 'o'], "u");
    let fresh = world.code(web).await;
    let unknown = to_others(&never).await;
    for code in [&fresh, &over, &used] {
        assert_eq!(to_others(code).await, unknown);
    }
    world.pass(SignedDuration::from_secs(601));
    for code in [&fresh, &over, &used] {
        assert_eq!(to_others(code).await, unknown);
    }
    // To its own client too, but for the number: it had the code, and hears that it came late.
    let (late, none) = (world.redeem(web, &over).await, world.redeem(web, &never).await);
    assert_eq!((late.refusal(), none.refusal()), (70008, 70000));
    assert_eq!(shape(&late), shape(&none));
}

#[tokio::test]
async fn ca_02_a_secret_ends_at_its_second_and_a_deleted_one_at_once() {
    let world = World::new(CompatProfile::Entra).await;
    let daemon = program("daemon");
    let found = world.app.store.application(daemon.client_id()).await.unwrap().unwrap();
    let mut application = idp_domain::applications::Application::clone(&found);
    application.secrets[0].expires_at = world.now() + SignedDuration::from_secs(60);
    world.commit(Change::UpdateApplication(Box::new(application))).await;
    let itself = [("grant_type", "client_credentials"), ("scope", "api://contoso-api/.default")];
    world.pass(SignedDuration::from_secs(59));
    assert!(world.token(daemon, &itself).await.is_ok());
    world.pass(SignedDuration::from_secs(1));
    let late = world.token(daemon, &itself).await;
    assert_eq!((late.refusal(), late.status.as_u16()), (7_000_222, 401));
    let found = world.app.store.application(daemon.client_id()).await.unwrap().unwrap();
    let mut application = idp_domain::applications::Application::clone(&found);
    application.secrets.clear();
    world.commit(Change::UpdateApplication(Box::new(application))).await;
    assert_eq!(world.token(daemon, &itself).await.refusal(), 7_000_215);
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
async fn what_is_over_is_forgotten_and_nothing_is_brought_to_life_by_it() {
    let world = World::new(CompatProfile::Strict).await;
    let browser = world.browser.hash(&world.app.sealer);
    let sessions = async || world.app.store.sessions_of_browser(&browser).await.unwrap().len();
    let code = world.code(program("web")).await;
    let token = world.redeem(program("web"), &code).await.text("refresh_token");
    upkeep::tidy(&world.app).await;
    assert_eq!(sessions().await, 1);
    assert_eq!(world.redeem(program("web"), &code).await.refusal(), 54005);
    // Over, and kept for a day, in which the clock may be set back.
    world.pass(SignedDuration::from_hours(24));
    upkeep::tidy(&world.app).await;
    assert_eq!(sessions().await, 1);
    world.pass(SignedDuration::from_hours(-24));
    assert_eq!(world.redeem(program("web"), &code).await.refusal(), 54005);
    world.pass(SignedDuration::from_hours(49));
    upkeep::tidy(&world.app).await;
    assert_eq!(sessions().await, 0);
    assert_eq!(world.redeem(program("web"), &code).await.refusal(), 70008);
    assert_eq!(world.refresh(program("web"), &token).await.refusal(), 70000, "the replay revoked it");
}

#[tokio::test]
async fn rt_13_a_family_that_is_used_is_kept_and_one_that_nobody_used_is_forgotten() {
    for compat in [CompatProfile::Entra, CompatProfile::Strict] {
        let world = World::new(compat).await;
        let web = program("web");
        let (mut used, left) = (world.refresh_token(web).await, world.refresh_token(web).await);
        let before = RefreshToken::open(&left, &world.app.sealer).unwrap();
        let there =
            async || world.app.store.family(before.tenant(), before.family()).await.unwrap().is_some();
        // As long as its token is good, and a day, whatever the month.
        for day in 1..=90 {
            world.pass(SignedDuration::from_hours(24));
            upkeep::tidy(&world.app).await;
            assert!(there().await);
            if day % 45 == 0 {
                used = world.refresh(web, &used).await.text("refresh_token");
            }
        }
        assert_eq!(world.refresh(web, &left).await.refusal(), 700_082);
        for _ in 0..6 {
            world.pass(SignedDuration::from_hours(20 * 24));
            upkeep::tidy(&world.app).await;
            used = world.refresh(web, &used).await.text("refresh_token");
        }
        assert!(!there().await);
        assert_eq!(world.refresh(web, &left).await.refusal(), 70_000, "of no family that is known");
    }
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
