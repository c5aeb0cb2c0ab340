//! Guards: each holds as long as nothing changed and fails after it did, alone (a read) and with a write.

use idp_domain::changes::{Change, Conflict};
use vestibule_wire::ids::ClientId;

use crate::actors::*;
use crate::engines::{World, on_every_engine, past_the_store};

/// The guard holds, by itself and together with a write.
async fn holds(world: &World, guard: Change, code: &[u8]) {
    world.make([guard.clone()]).await;
    world.make([guard.clone(), guard.clone()]).await;
    world.make([spend(code), guard]).await;
}

/// The guard fails as `conflict`, by itself and together with a write, which is then not made.
async fn fails(world: &World, guard: Change, conflict: Conflict) {
    assert_eq!(world.conflict([guard.clone()]).await, conflict);
    assert_eq!(world.conflict([spend(b"never"), guard.clone()]).await, conflict);
    assert_eq!(world.conflict([guard, spend(b"never")]).await, conflict);
}

on_every_engine! {
    async fn the_tenant_is_at_this_revision(world) {
        world.make([create_contoso()]).await;
        holds(world, Change::TenantAt { tenant: CONTOSO, revision: 1 }, b"1").await;
        fails(world, Change::TenantAt { tenant: CONTOSO, revision: 0 }, Conflict::TenantChanged).await;
        fails(world, Change::TenantAt { tenant: FABRIKAM, revision: 1 }, Conflict::TenantChanged).await;
    }

    async fn the_user_is_at_this_revision(world) {
        world.make([create_alice()]).await;
        let guard = |tenant, revision| Change::UserAt { tenant, user: ALICE, revision };
        holds(world, guard(CONTOSO, 1), b"1").await;
        fails(world, guard(FABRIKAM, 1), Conflict::UserChanged).await;
        world.make([Change::SetUserEnabled { tenant: CONTOSO, user: ALICE, enabled: false }]).await;
        fails(world, guard(CONTOSO, 1), Conflict::UserChanged).await;
        holds(world, guard(CONTOSO, 2), b"2").await;
        world.make([Change::RevokeUserGrants { tenant: CONTOSO, user: ALICE, valid_from: at(1) }]).await;
        fails(world, guard(CONTOSO, 2), Conflict::UserChanged).await;
    }

    async fn the_service_principal_is_at_this_revision(world) {
        world.make([create_principal(CONTOSO, DAEMON_PRINCIPAL, DAEMON)]).await;
        let principal = DAEMON_PRINCIPAL;
        let guard = |tenant, revision| Change::PrincipalAt { tenant, principal, revision };
        holds(world, guard(CONTOSO, 2), b"1").await;
        fails(world, guard(FABRIKAM, 2), Conflict::ApplicationChanged).await;
        world.make([Change::SetPrincipalEnabled { tenant: CONTOSO, principal, enabled: false }]).await;
        fails(world, guard(CONTOSO, 2), Conflict::ApplicationChanged).await;
    }

    async fn the_application_is_at_this_revision(world) {
        world.make([create_application(CONTOSO, DAEMON)]).await;
        holds(world, Change::ApplicationAt { client: DAEMON, revision: 4 }, b"1").await;
        fails(world, Change::ApplicationAt { client: DAEMON, revision: 3 }, Conflict::ApplicationChanged).await;
        fails(world, Change::ApplicationAt { client: API, revision: 4 }, Conflict::ApplicationChanged).await;
    }

    async fn microsoft_graph_does_not_change(world) {
        holds(world, Change::ApplicationAt { client: ClientId::MICROSOFT_GRAPH, revision: 0 }, b"1").await;
    }

    async fn the_family_is_live(world) {
        let (tenant, family) = (CONTOSO, family_id(1));
        let live = |tenant| Change::FamilyLive { tenant, family };
        fails(world, live(CONTOSO), Conflict::FamilyMoved).await;
        world.make([start_family(family)]).await;
        holds(world, live(CONTOSO), b"1").await;
        fails(world, live(FABRIKAM), Conflict::FamilyMoved).await;
        world.make([Change::RotateFamily { tenant, family, from: 0 }]).await;
        holds(world, live(CONTOSO), b"2").await;
        world.make([Change::RevokeFamily { tenant, family }]).await;
        fails(world, live(CONTOSO), Conflict::FamilyMoved).await;
    }

    async fn the_session_is_live(world) {
        let live = |tenant| Change::SessionLive { tenant, session: SESSION };
        fails(world, live(CONTOSO), Conflict::SessionEnded).await;
        world.make([Change::StartSession(Box::new(session(SESSION, BROWSER, at(0))))]).await;
        holds(world, live(CONTOSO), b"1").await;
        fails(world, live(FABRIKAM), Conflict::SessionEnded).await;
        world.make([Change::EndSession { tenant: CONTOSO, session: SESSION }]).await;
        fails(world, live(CONTOSO), Conflict::SessionEnded).await;
    }
}

past_the_store! {
    async fn a_tenant_or_an_application_that_changed_fails_its_guard(world) {
        world.make([create_contoso(), create_application(CONTOSO, DAEMON)]).await;
        world.sql("UPDATE tenants SET revision = 2; UPDATE applications SET revision = 5 \
             WHERE document LIKE '%api://00000000-0000-0000-0000-000000000dae%'").await;
        fails(world, Change::TenantAt { tenant: CONTOSO, revision: 1 }, Conflict::TenantChanged).await;
        fails(world, Change::ApplicationAt { client: DAEMON, revision: 4 }, Conflict::ApplicationChanged).await;
    }
}
