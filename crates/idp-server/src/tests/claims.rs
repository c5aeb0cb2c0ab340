//! What tokens tell of the directory: read from the store as it is when they are issued. Which token tells what is said
//! in `idp-domain/tests/tokens/`.

use std::sync::Arc;

use axum::body::Body;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use http::Request;
use http::header::AUTHORIZATION;
use idp_domain::applications::{AppRoleAssignment, Application, GroupMembershipClaims};
use idp_domain::changes::Change;
use idp_domain::directory::{Group, Link, ObjectKind, Profile, Relation};
use idp_domain::tenant::CompatProfile;
use serde_json::{Value, json};
use uuid::Uuid;
use vestibule_wire::graph::{AppRole, MemberType, OptionalClaim};
use vestibule_wire::ids::GroupId;

use super::{World, alice, program};
use crate::development::cast::CONTOSO;

/// alice is in the team, the team is in the company; the list is no security group.
const TEAM: GroupId = GroupId::from_u128(0x7ea3);
const COMPANY: GroupId = GroupId::from_u128(0xc0);
const LIST: GroupId = GroupId::from_u128(0x1157);
const CLERK: Uuid = Uuid::from_u128(0xc1e4);

async fn world() -> World {
    let world = World::new(CompatProfile::Entra).await;
    for (id, security) in [(TEAM, true), (COMPANY, true), (LIST, false)] {
        make(&world, id, security).await;
    }
    for (group, member, kind) in [
        (TEAM, alice().id.guid(), ObjectKind::User),
        (LIST, alice().id.guid(), ObjectKind::User),
        (COMPANY, TEAM.guid(), ObjectKind::Group),
    ] {
        join(&world, group, member, kind).await;
    }
    world
}

async fn make(world: &World, id: GroupId, security_enabled: bool) {
    let group = Group {
        tenant: CONTOSO,
        id,
        display_name: "Group".into(),
        mail_nickname: "group".into(),
        mail_enabled: !security_enabled,
        security_enabled,
        assignable_to_role: false,
        created_at: world.now(),
        profile: Profile::default(),
        revision: 0,
    };
    world.commit(Change::CreateGroup(Box::new(group))).await;
}

async fn join(world: &World, group: GroupId, member: Uuid, kind: ObjectKind) {
    let (relation, from, from_kind) = (Relation::Member, group.guid(), ObjectKind::Group);
    let link = Link { tenant: CONTOSO, relation, from, from_kind, to: member, to_kind: kind };
    world.commit(Change::AddLink(link)).await;
}

/// Changes the registration of the web application.
async fn change(world: &World, change: impl FnOnce(&mut Application)) {
    let registration =
        world.app.store.registration(CONTOSO, program("web").client_id()).await.unwrap().unwrap();
    let mut application = Arc::unwrap_or_clone(registration.application);
    change(&mut application);
    world.commit(Change::UpdateApplication(Box::new(application))).await;
}

async fn tell(world: &World, claims: &str) {
    let claims = GroupMembershipClaims::parse(claims).unwrap();
    change(world, |web| web.group_membership_claims = claims).await;
}

async fn assign(world: &World, group: GroupId, app_role: Uuid) {
    let web = world.app.store.registration(CONTOSO, program("web").client_id()).await.unwrap().unwrap();
    let assignment = AppRoleAssignment {
        tenant: CONTOSO,
        principal: group.guid(),
        principal_kind: ObjectKind::Group,
        resource: web.principal.id,
        app_role,
        created_at: world.now(),
    };
    world.commit(Change::AssignAppRole(assignment)).await;
}

/// The claims of alice's ID token for the web application.
async fn id_token(world: &World) -> Value {
    let answer = world.redeem(program("web"), &world.code(program("web")).await).await;
    claims(&answer.text("id_token"))
}

fn claims(token: &str) -> Value {
    serde_json::from_slice(&URL_SAFE_NO_PAD.decode(token.split('.').nth(1).unwrap()).unwrap()).unwrap()
}

#[tokio::test]
async fn groups_are_told_as_they_are_when_the_token_is_issued() {
    let world = world().await;
    assert_eq!(id_token(&world).await.get("groups"), None);
    tell(&world, "SecurityGroup").await;
    assert_eq!(id_token(&world).await["groups"], json!([COMPANY, TEAM]));
    tell(&world, "All").await;
    assert_eq!(id_token(&world).await["groups"], json!([COMPANY, LIST, TEAM]));

    // A refresh tells of what has changed since the sign-in.
    let token = world.refresh_token(program("web")).await;
    let link = Link {
        tenant: CONTOSO,
        relation: Relation::Member,
        from: COMPANY.guid(),
        from_kind: ObjectKind::Group,
        to: TEAM.guid(),
        to_kind: ObjectKind::Group,
    };
    world.commit(Change::RemoveLink(link)).await;
    let refreshed = claims(&world.refresh(program("web"), &token).await.text("id_token"));
    assert_eq!(refreshed["groups"], json!([LIST, TEAM]));
}

#[tokio::test]
async fn an_application_can_be_told_of_the_groups_assigned_to_it_alone() {
    let world = world().await;
    tell(&world, "ApplicationGroup").await;
    assert_eq!(id_token(&world).await.get("groups"), None);
    // The company is, and alice is in it through the team only: nested groups do not count.
    assign(&world, COMPANY, Uuid::nil()).await;
    assert_eq!(id_token(&world).await.get("groups"), None);
    assign(&world, TEAM, Uuid::nil()).await;
    assert_eq!(id_token(&world).await["groups"], json!([TEAM]));
}

#[tokio::test]
async fn a_role_comes_by_a_group_one_is_in_directly() {
    let world = world().await;
    let role = AppRole {
        id: CLERK,
        value: Some("Clerk".into()),
        display_name: "Clerk".into(),
        description: String::new(),
        allowed_member_types: vec![MemberType::User],
        is_enabled: true,
    };
    change(&world, |web| web.app_roles.push(role)).await;
    assign(&world, COMPANY, CLERK).await;
    assert_eq!(id_token(&world).await.get("roles"), None);
    assign(&world, TEAM, CLERK).await;
    assert_eq!(id_token(&world).await["roles"], json!(["Clerk"]));
}

#[tokio::test]
async fn of_more_than_two_hundred_groups_a_token_says_where_to_ask() {
    let world = world().await;
    tell(&world, "SecurityGroup").await;
    for number in 0..199 {
        let group = GroupId::from_u128(0x10000 + number);
        make(&world, group, true).await;
        join(&world, group, alice().id.guid(), ObjectKind::User).await;
    }
    let token = id_token(&world).await;
    assert_eq!(token.get("groups"), None);
    let endpoint = format!("https://localhost:8443/graph/v1.0/users/{}/getMemberObjects", alice().id);
    assert_eq!(token["_claim_sources"], json!({ "src1": { "endpoint": endpoint } }));
}

#[tokio::test]
async fn cn_11_a_mail_address_is_told_when_its_domain_becomes_ours() {
    let world = world().await;
    change(&world, |web| {
        let email = OptionalClaim { name: "email".into(), ..Default::default() };
        web.optional_claims.id_token = vec![email];
    })
    .await;
    let mut user = world.user(alice()).await;
    user.mail = Some("alice@adventure-works.example".into());
    world.commit(Change::UpdateUser(Box::new(user))).await;
    assert_eq!(id_token(&world).await.get("email"), None);
    assert_eq!(user_info(&world).await.get("email"), None);
    world.commit(Change::AddDomain { tenant: CONTOSO, domain: "adventure-works.example".into() }).await;
    assert_eq!(id_token(&world).await["email"], "alice@adventure-works.example");
    assert_eq!(user_info(&world).await["email"], "alice@adventure-works.example");
}

/// What UserInfo says of alice, to a client that may know everything it says.
async fn user_info(world: &World) -> Value {
    let code = world
        .authorize(program("web"), &[("scope", "openid profile email")])
        .await
        .parameter("code")
        .unwrap();
    let token = world.redeem(program("web"), &code).await.text("access_token");
    let request = Request::get("/oidc/userinfo").header(AUTHORIZATION, format!("Bearer {token}"));
    world.send(request.body(Body::empty()).unwrap()).await.body
}

#[tokio::test]
async fn what_the_clients_program_can_do_reaches_a_resource_that_asks() {
    let world = world().await;
    let api = world.app.store.registration_by_name(CONTOSO, "api://contoso-api").await.unwrap().unwrap();
    let mut api = Arc::unwrap_or_clone(api.application);
    api.optional_claims.access_token = vec![OptionalClaim { name: "xms_cc".into(), ..Default::default() }];
    world.commit(Change::UpdateApplication(Box::new(api))).await;
    let refresh = world.refresh_token(program("web")).await;
    for (said, told) in [
        (r#"{"access_token":{"xms_cc":{"values":["CP1"]}}}"#, Some(json!(["CP1"]))),
        ("{}", None),
        ("not even JSON", None),
    ] {
        let grant = [("grant_type", "refresh_token"), ("refresh_token", &refresh), ("claims", said)];
        let answer = world.token(program("web"), &grant).await;
        assert_eq!(claims(&answer.text("access_token")).get("xms_cc").cloned(), told, "{said}");
    }
}

#[tokio::test]
async fn a_tenant_settles_how_long_tokens_live() {
    let world = world().await;
    let mut tenant = world.app.store.tenant(CONTOSO).await.unwrap().unwrap();
    tenant.token_lifetime = Some(900);
    world.commit(Change::UpdateTenant(Box::new(tenant))).await;
    let answer = world.redeem(program("web"), &world.code(program("web")).await).await;
    assert_eq!(answer.body["expires_in"], 899);
}
