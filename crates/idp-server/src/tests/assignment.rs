//! Applications for those only who were assigned to them.

use idp_domain::applications::{AppRoleAssignment, DEFAULT_ACCESS, Registration};
use idp_domain::changes::Change;
use idp_domain::directory::{Group, Link, ObjectKind, Profile, Relation};
use idp_domain::tenant::CompatProfile;
use uuid::Uuid;
use vestibule_wire::ids::GroupId;

use super::{World, alice, program};
use crate::development::cast::CONTOSO;

const TEAM: GroupId = GroupId::from_u128(0x7ea3);
const COMPANY: GroupId = GroupId::from_u128(0xc0);

/// A world in which the web application is for those who were assigned to it, and alice is not.
async fn world() -> World {
    let world = World::new(CompatProfile::Entra).await;
    let mut web = registration(&world).await;
    web.principal.assignment_required = true;
    world.commit(Change::UpdateServicePrincipal(Box::new(web))).await;
    for (id, name) in [(TEAM, "Team"), (COMPANY, "Company")] {
        world.commit(Change::CreateGroup(Box::new(group(&world, id, name)))).await;
    }
    world
}

async fn registration(world: &World) -> Registration {
    let client = program("web").client_id();
    world.app.store.registration(CONTOSO, client).await.unwrap().unwrap()
}

fn group(world: &World, id: GroupId, name: &str) -> Group {
    Group {
        tenant: CONTOSO,
        id,
        display_name: name.into(),
        mail_nickname: name.into(),
        mail_enabled: false,
        security_enabled: true,
        assignable_to_role: false,
        created_at: world.now(),
        profile: Profile::default(),
        revision: 0,
    }
}

async fn assign(world: &World, principal: Uuid, principal_kind: ObjectKind) {
    let resource = registration(world).await.principal.id;
    world
        .commit(Change::AssignAppRole(AppRoleAssignment {
            tenant: CONTOSO,
            principal,
            principal_kind,
            resource,
            app_role: DEFAULT_ACCESS,
            created_at: world.now(),
        }))
        .await;
}

async fn join(world: &World, group: GroupId, member: Uuid, kind: ObjectKind) {
    world
        .commit(Change::AddLink(Link {
            tenant: CONTOSO,
            relation: Relation::Member,
            from: group.guid(),
            from_kind: ObjectKind::Group,
            to: member,
            to_kind: kind,
        }))
        .await;
}

/// What the authorize endpoint says: a code, or the beginning of an error.
async fn outcome(world: &World) -> String {
    let answer = world.authorize(program("web"), &[]).await;
    match answer.parameter("code") {
        Some(_) => "code".into(),
        None => answer.parameter("error_description").unwrap().split(':').next().unwrap().into(),
    }
}

#[tokio::test]
async fn who_was_not_assigned_is_refused_at_sign_in_and_at_the_token_endpoint() {
    let world = World::new(CompatProfile::Entra).await;
    let token = world.refresh_token(program("web")).await;
    let mut web = registration(&world).await;
    web.principal.assignment_required = true;
    world.commit(Change::UpdateServicePrincipal(Box::new(web))).await;
    assert_eq!(outcome(&world).await, "AADSTS50105");
    assert_eq!(world.refresh(program("web"), &token).await.refusal(), 50105);
    assign(&world, alice().id.guid(), ObjectKind::User).await;
    assert_eq!(outcome(&world).await, "code");
    assert!(world.refresh(program("web"), &token).await.is_ok());
}

#[tokio::test]
async fn a_group_counts_for_its_direct_members_and_not_for_those_of_groups_in_it() {
    let world = world().await;
    assign(&world, COMPANY.guid(), ObjectKind::Group).await;
    join(&world, TEAM, alice().id.guid(), ObjectKind::User).await;
    join(&world, COMPANY, TEAM.guid(), ObjectKind::Group).await;
    assert_eq!(outcome(&world).await, "AADSTS50105");
    join(&world, COMPANY, alice().id.guid(), ObjectKind::User).await;
    assert_eq!(outcome(&world).await, "code");
}
