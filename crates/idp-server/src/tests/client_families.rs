//! Families of applications: a member continues the sign-in of its sibling, and nothing it was given outlives the theft of
//! either's token (RT-07).

use idp_domain::applications::Application;
use idp_domain::changes::Change;
use idp_domain::tenant::CompatProfile;
use jiff::SignedDuration;
use vestibule_wire::oauth::GrantType;

use super::{Answer, World, alice, named, program};
use crate::development::cast::{CONTOSO, Program};

const BOTH: [CompatProfile; 2] = [CompatProfile::Entra, CompatProfile::Strict];

fn mail() -> &'static Program {
    named("Contoso Mail")
}

fn calendar() -> &'static Program {
    named("Contoso Calendar")
}

async fn change(world: &World, program: &Program, change: impl FnOnce(&mut Application)) {
    let application = world.app.store.application(program.client_id()).await.unwrap().unwrap();
    let mut application = Application::clone(&application);
    change(&mut application);
    world.commit(Change::UpdateApplication(Box::new(application))).await;
}

fn mismatch(answer: &Answer) {
    assert_eq!(answer.refusal(), 700_007, "{answer:?}");
    assert_eq!(answer.body["error"], "invalid_grant");
    assert_eq!(answer.body["suberror"], "client_mismatch");
}

#[tokio::test]
async fn rt_07_a_member_gets_tokens_of_its_own_and_takes_nothing_from_its_sibling() {
    for compat in BOTH {
        let world = World::new(compat).await;
        let token = world.refresh_token(mail()).await;
        let shared = world.refresh(calendar(), &token).await;
        assert_eq!(shared.body["foci"], "1", "{shared:?}");
        let own = world.refresh(calendar(), &shared.text("refresh_token")).await;
        assert!(own.is_ok(), "{compat:?}: {own:?}");
        assert!(world.refresh(mail(), &token).await.is_ok(), "{compat:?}: its owner's token is not used up");
        // And the other way round: a sibling of a sibling.
        assert!(world.refresh(mail(), &own.text("refresh_token")).await.is_ok());
    }
}

#[tokio::test]
async fn rt_07_whoever_is_no_member_hears_of_a_mismatch_and_a_plain_token_is_nobodys_but_its_owners() {
    for compat in BOTH {
        let world = World::new(compat).await;
        let token = world.refresh_token(mail()).await;
        for stranger in ["native", "spa", "web", "daemon", "api"] {
            mismatch(&world.refresh(program(stranger), &token).await);
        }
        let plain = world.refresh_token(program("native")).await;
        assert_eq!(world.refresh(mail(), &plain).await.refusal(), 70000);
        assert!(world.refresh(calendar(), &token).await.is_ok());
    }
}

#[tokio::test]
async fn rt_07_membership_is_looked_at_on_both_sides_each_time() {
    let world = World::new(CompatProfile::Entra).await;
    let token = world.refresh_token(mail()).await;
    change(&world, calendar(), |application| application.client_family = None).await;
    mismatch(&world.refresh(calendar(), &token).await);
    change(&world, calendar(), |application| application.client_family = mail().client_family).await;
    assert!(world.refresh(calendar(), &token).await.is_ok());
    change(&world, mail(), |application| application.client_family = None).await;
    assert_eq!(world.refresh(calendar(), &token).await.refusal(), 70000);
    let own = world.refresh(mail(), &token).await;
    assert_eq!(own.body.get("foci"), None, "{own:?}");
    assert!(own.is_ok());
}

#[tokio::test]
async fn rt_07_the_members_own_consent_and_what_ends_a_sign_in_count_as_ever() {
    for compat in BOTH {
        let ended = |change: fn(&World) -> Change, code| async move {
            let world = World::new(compat).await;
            let token = world.refresh_token(mail()).await;
            world.pass(SignedDuration::from_secs(1));
            world.commit(change(&world)).await;
            assert_eq!(world.refresh(calendar(), &token).await.refusal(), code, "{compat:?}");
        };
        ended(
            |_| Change::WithdrawPermissions {
                tenant: CONTOSO,
                client: calendar().principal_id(CONTOSO),
                resource: program("api").principal_id(CONTOSO),
            },
            65001,
        )
        .await;
        ended(|_| disabled(calendar()), 7_000_112).await;
        ended(|_| disabled(mail()), 70000).await;
        ended(|_| Change::SetUserEnabled { tenant: CONTOSO, user: alice().id, enabled: false }, 50057).await;
        let revoked = |world: &World| {
            let valid_from = world.now();
            Change::RevokeUserGrants { tenant: CONTOSO, user: alice().id, valid_from }
        };
        ended(revoked, 50173).await;
    }
}

fn disabled(program: &Program) -> Change {
    Change::SetPrincipalEnabled { tenant: CONTOSO, principal: program.principal_id(CONTOSO), enabled: false }
}

#[tokio::test]
async fn rt_07_a_member_must_be_open_to_the_person_like_any_application() {
    let world = World::new(CompatProfile::Entra).await;
    let token = world.refresh_token(mail()).await;
    let found = world.app.store.registration(CONTOSO, calendar().client_id()).await.unwrap();
    let mut closed = found.unwrap();
    closed.principal.assignment_required = true;
    world.commit(Change::UpdateServicePrincipal(Box::new(closed))).await;
    assert_eq!(world.refresh(calendar(), &token).await.refusal(), 50105);
}

#[tokio::test]
async fn rt_07_rt_01_in_strict_mode_a_token_serves_each_member_once_and_a_second_use_ends_the_sign_in_everywhere()
 {
    let world = World::new(CompatProfile::Strict).await;
    let token = world.refresh_token(mail()).await;
    let shared = world.refresh(calendar(), &token).await.text("refresh_token");
    let own = world.refresh(mail(), &token).await.text("refresh_token");
    assert_eq!(world.refresh(calendar(), &token).await.refusal(), 70000);
    for (member, descendant) in [(calendar(), &shared), (mail(), &own), (calendar(), &own)] {
        assert_eq!(world.refresh(member, descendant).await.refusal(), 70000);
    }
}

#[tokio::test]
async fn rt_07_rt_01_in_strict_mode_a_token_that_its_owner_has_used_is_a_stolen_one() {
    let world = World::new(CompatProfile::Strict).await;
    let token = world.refresh_token(mail()).await;
    let next = world.refresh(mail(), &token).await.text("refresh_token");
    assert_eq!(world.refresh(calendar(), &token).await.refusal(), 70000);
    assert_eq!(world.refresh(mail(), &next).await.refusal(), 70000);
}

#[tokio::test]
async fn rt_07_rt_01_in_strict_mode_a_siblings_token_used_twice_ends_what_it_came_of() {
    let world = World::new(CompatProfile::Strict).await;
    let token = world.refresh_token(mail()).await;
    let shared = world.refresh(calendar(), &token).await.text("refresh_token");
    assert!(world.refresh(calendar(), &shared).await.is_ok());
    assert_eq!(world.refresh(calendar(), &shared).await.refusal(), 70000);
    assert_eq!(world.refresh(mail(), &token).await.refusal(), 70000);
}

#[tokio::test]
async fn rt_07_a_replayed_code_ends_what_siblings_made_of_it() {
    for compat in BOTH {
        let world = World::new(compat).await;
        let code = world.code(mail()).await;
        let token = world.redeem(mail(), &code).await.text("refresh_token");
        let shared = world.refresh(calendar(), &token).await;
        let further = world.refresh(mail(), &shared.text("refresh_token")).await;
        assert_eq!(world.redeem(mail(), &code).await.refusal(), 54005);
        assert_eq!(world.refresh(calendar(), &shared.text("refresh_token")).await.refusal(), 70000);
        assert_eq!(world.refresh(mail(), &further.text("refresh_token")).await.refusal(), 70000);
        let grant = [
            ("grant_type", GrantType::JwtBearer.as_str()),
            ("requested_token_use", "on_behalf_of"),
            ("assertion", &shared.text("access_token")),
            ("scope", "api://contoso-orders/Orders.Read"),
        ];
        assert_eq!(world.token(program("api"), &grant).await.refusal(), 70000, "{compat:?}");
    }
}

#[tokio::test]
async fn rt_07_rt_12_a_siblings_token_ends_after_ninety_days_without_use_as_well() {
    let world = World::new(CompatProfile::Entra).await;
    let token = world.refresh_token(mail()).await;
    world.pass(SignedDuration::from_hours(90 * 24));
    assert_eq!(world.refresh(calendar(), &token).await.refusal(), 700_082);
}
