//! What ends a grant between one request and the next (CD-25 to CD-27, RT-08, RT-09): the sibling checks, side by side.

use idp_domain::changes::Change;
use idp_domain::tenant::CompatProfile;
use jiff::SignedDuration;

use super::{World, alice, program};
use crate::development::cast::CONTOSO;

/// What can happen, and the code that both the code and the refresh token are refused with.
async fn happens(world: &World, event: usize) -> u64 {
    let web = program("web");
    let (tenant, user) = (CONTOSO, alice().id);
    world.pass(SignedDuration::from_secs(1));
    match event {
        0 => {
            world.commit(Change::SetUserEnabled { tenant, user, enabled: false }).await;
            50057
        }
        1 => {
            world.commit(Change::RevokeUserGrants { tenant, user, valid_from: world.now() }).await;
            50173
        }
        2 => {
            let account = world.user(alice()).await;
            let password = account.password.clone().unwrap();
            let revision = account.revision;
            world.commit(Change::SetPassword { tenant, user, revision, password, at: world.now() }).await;
            50173
        }
        3 => {
            let principal = web.principal_id(tenant);
            world.commit(Change::SetPrincipalEnabled { tenant, principal, enabled: false }).await;
            7000112
        }
        4 => {
            let resource = program("api").principal_id(tenant);
            let client = web.principal_id(tenant);
            world.commit(Change::WithdrawPermissions { tenant, client, resource }).await;
            65001
        }
        _ => {
            let principal = program("api").principal_id(tenant);
            world.commit(Change::SetPrincipalEnabled { tenant, principal, enabled: false }).await;
            500014
        }
    }
}

#[tokio::test]
async fn cd_25_cd_26_cd_27_whatever_ends_the_grant_before_the_code_is_redeemed_ends_the_code() {
    for event in 0..6 {
        let world = World::new(CompatProfile::Entra).await;
        let code = world.code(program("web")).await;
        let expected = happens(&world, event).await;
        assert_eq!(world.redeem(program("web"), &code).await.refusal(), expected, "event {event}");
    }
}

#[tokio::test]
async fn rt_08_rt_09_whatever_ends_the_grant_ends_the_refresh_token_at_its_next_use() {
    for compat in [CompatProfile::Entra, CompatProfile::Strict] {
        for event in 0..6 {
            let world = World::new(compat).await;
            let token = world.refresh_token(program("web")).await;
            let expected = happens(&world, event).await;
            assert_eq!(world.refresh(program("web"), &token).await.refusal(), expected, "event {event}");
        }
    }
}

#[tokio::test]
async fn lg_17_a_revoked_or_disabled_account_is_signed_in_nowhere() {
    for event in 0..3 {
        let world = World::new(CompatProfile::Entra).await;
        happens(&world, event).await;
        let answer = world.authorize(program("web"), &[]).await;
        assert_eq!(answer.parameter("error").as_deref(), Some("login_required"), "event {event}");
    }
}

#[tokio::test]
async fn cd_01_replaying_a_code_revokes_the_tokens_it_bought() {
    let world = World::new(CompatProfile::Entra).await;
    let code = world.code(program("web")).await;
    let token = world.redeem(program("web"), &code).await.text("refresh_token");
    assert!(world.refresh(program("web"), &token).await.is_ok());
    assert_eq!(world.redeem(program("web"), &code).await.refusal(), 54005);
    assert_eq!(world.refresh(program("web"), &token).await.refusal(), 70000);
}

#[tokio::test]
async fn cd_02_sixty_four_redeemers_of_one_code_have_one_winner_and_nobody_keeps_a_refresh_token() {
    let world = World::new(CompatProfile::Entra).await;
    let code = world.code(program("web")).await;
    let answers = futures_util::future::join_all((0..64).map(|_| world.redeem(program("web"), &code))).await;
    let winners: Vec<_> = answers.iter().filter(|answer| answer.is_ok()).collect();
    assert_eq!(winners.len(), 1);
    let token = winners[0].text("refresh_token");
    assert_eq!(world.refresh(program("web"), &token).await.refusal(), 70000);
}
