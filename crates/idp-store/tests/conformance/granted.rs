//! What was granted, as its administrators see it and take it back.

use idp_domain::applications::AppRoleAssignment;
use idp_domain::changes::{Change, Conflict};
use idp_domain::consent::PermissionGrant;
use idp_domain::directory::{DirectoryObject, ObjectKind};
use idp_domain::store::{Applications as _, Directory as _, Grants as _};
use idp_domain::tokens::Family;
use uuid::Uuid;
use vestibule_wire::ids::{ServicePrincipalId, TenantId, UserId};

use crate::actors::*;
use crate::engines::{World, on_every_engine};

const READER: Uuid = Uuid::from_u128(2);
const WRITER: Uuid = Uuid::from_u128(3);

fn to(principal: Uuid, principal_kind: ObjectKind, app_role: Uuid) -> AppRoleAssignment {
    AppRoleAssignment { principal, principal_kind, ..assignment(DAEMON_PRINCIPAL, app_role) }
}

fn grant(
    client: ServicePrincipalId,
    principal: Option<UserId>,
    resource: ServicePrincipalId,
) -> PermissionGrant {
    PermissionGrant { tenant: CONTOSO, client, resource, principal, scopes: vec!["Files.Read".into()] }
}

/// All grants but the neighbour's, the same whatever the size of the pages.
async fn grants(world: &World, tenant: TenantId, client: Option<ServicePrincipalId>) -> Vec<PermissionGrant> {
    let whole = world.all_permission_grants(tenant, client, None, 1000).await.unwrap();
    for size in [1, 2, 3] {
        let (mut pages, mut after) = (Vec::<PermissionGrant>::new(), None);
        loop {
            let page = world.all_permission_grants(tenant, client, after.as_ref(), size).await.unwrap();
            after = page.last().cloned();
            let ended = page.len() < size as usize;
            pages.extend(page);
            if ended {
                break;
            }
        }
        assert_eq!(pages, whole);
    }
    whole.into_iter().filter(|grant| !grant.client.guid().is_nil()).collect()
}

on_every_engine! {
    async fn a_user_has_the_roles_assigned_and_those_of_the_groups_it_is_directly_in(world) {
        let [outer, inner] = [1, 2].map(group_id);
        let inner_group = group(CONTOSO, inner, "Inner");
        world.make([
            create_alice(),
            create_group(group(CONTOSO, outer, "Outer")),
            create_group(inner_group.clone()),
            add_member(outer, inner.guid(), ObjectKind::Group),
            add_member(inner, ALICE.guid(), ObjectKind::User),
        ])
        .await;
        let roles = async |tenant, user| world.assigned_roles_of_user(tenant, user, API_PRINCIPAL).await.unwrap();
        let groups = async |tenant, user: UserId| {
            world.assigned_groups(tenant, user.guid(), API_PRINCIPAL).await.unwrap()
        };
        assert!(roles(CONTOSO, ALICE).await.is_empty() && groups(CONTOSO, ALICE).await.is_empty());
        let nested = Uuid::from_u128(9);
        let own = to(ALICE.guid(), ObjectKind::User, WRITER);
        world.make([
            own.clone(),
            to(inner.guid(), ObjectKind::Group, READER),
            to(inner.guid(), ObjectKind::Group, WRITER),
            // Nested groups do not count.
            to(outer.guid(), ObjectKind::Group, nested),
            // Nor does another resource.
            AppRoleAssignment { resource: DAEMON_PRINCIPAL, ..to(inner.guid(), ObjectKind::Group, nested) },
        ].map(Change::AssignAppRole))
        .await;
        assert_eq!(roles(CONTOSO, ALICE).await, [READER, WRITER]);
        assert_eq!(groups(CONTOSO, ALICE).await, [inner]);
        assert!(roles(CONTOSO, BOB).await.is_empty() && groups(CONTOSO, BOB).await.is_empty());
        assert!(roles(FABRIKAM, ALICE).await.is_empty() && groups(FABRIKAM, ALICE).await.is_empty());
        assert_eq!(world.assigned_roles(CONTOSO, ALICE.guid(), API_PRINCIPAL).await.unwrap(), [WRITER]);
        // A group that was deleted gives nothing.
        world.make([delete(DirectoryObject::Group(inner_group))]).await;
        assert_eq!(roles(CONTOSO, ALICE).await, [WRITER]);
        assert!(groups(CONTOSO, ALICE).await.is_empty());
    }

    async fn an_owner_of_a_group_has_not_its_roles(world) {
        let owns = idp_domain::directory::Link {
            relation: idp_domain::directory::Relation::Owner,
            ..member(STAFF, ALICE.guid(), ObjectKind::User)
        };
        world.make([
            create_group(group(CONTOSO, STAFF, "Staff")),
            Change::AddLink(owns),
            Change::AssignAppRole(to(STAFF.guid(), ObjectKind::Group, READER)),
        ])
        .await;
        assert!(world.assigned_roles_of_user(CONTOSO, ALICE, API_PRINCIPAL).await.unwrap().is_empty());
    }

    async fn assignments_are_seen_from_both_ends_and_taken_away(world) {
        let alices = to(ALICE.guid(), ObjectKind::User, READER);
        let staffs = to(STAFF.guid(), ObjectKind::Group, READER);
        let elsewhere = AppRoleAssignment { resource: DAEMON_PRINCIPAL, ..alices.clone() };
        world.make([&alices, &staffs, &elsewhere].map(|given| Change::AssignAppRole(given.clone()))).await;
        // Again, later: the first stays.
        world.make([Change::AssignAppRole(AppRoleAssignment { created_at: at(77), ..alices.clone() })]).await;
        let of = async |tenant, principal| world.assignments_of(tenant, principal).await.unwrap();
        let on = async |tenant, resource| {
            let all = world.assignments_on(tenant, resource).await.unwrap();
            all.into_iter().filter(|given| !given.principal.is_nil()).collect::<Vec<_>>()
        };
        let mut expected = vec![elsewhere.clone(), alices.clone()];
        expected.sort_by_key(|given| given.resource);
        assert_eq!(of(CONTOSO, ALICE.guid()).await, expected);
        let mut expected = vec![alices.clone(), staffs.clone()];
        expected.sort_by_key(|given| given.principal);
        assert_eq!(on(CONTOSO, API_PRINCIPAL).await, expected);
        assert!(of(FABRIKAM, ALICE.guid()).await.is_empty() && on(FABRIKAM, API_PRINCIPAL).await.is_empty());

        let remove = |given: &AppRoleAssignment| Change::RemoveAppRole {
            tenant: given.tenant,
            principal: given.principal,
            resource: given.resource,
            app_role: given.app_role,
        };
        for other in [
            AppRoleAssignment { tenant: FABRIKAM, ..alices.clone() },
            AppRoleAssignment { principal: BOB.guid(), ..alices.clone() },
            AppRoleAssignment { app_role: WRITER, ..alices.clone() },
            AppRoleAssignment { resource: ServicePrincipalId::from_u128(1), ..alices.clone() },
        ] {
            assert_eq!(world.conflict([remove(&other)]).await, Conflict::NotThere);
        }
        world.make([remove(&alices)]).await;
        assert_eq!(world.conflict([remove(&alices)]).await, Conflict::NotThere);
        assert_eq!(of(CONTOSO, ALICE.guid()).await, [elsewhere]);
        assert_eq!(on(CONTOSO, API_PRINCIPAL).await, [staffs]);
    }

    async fn grants_come_in_pages_in_the_order_of_client_principal_and_resource(world) {
        let mut all = Vec::new();
        for client in [DAEMON_PRINCIPAL, API_PRINCIPAL] {
            for principal in [Some(ALICE), None, Some(BOB)] {
                for resource in [API_PRINCIPAL, DAEMON_PRINCIPAL] {
                    all.push(grant(client, principal, resource));
                }
            }
        }
        world.make(all.iter().cloned().map(Change::GrantPermissions)).await;
        // Everybody's come before anybody's.
        all.sort_by_key(|grant| (grant.client, grant.principal, grant.resource));
        assert_eq!(grants(world, CONTOSO, None).await, all);
        all.retain(|grant| grant.client == DAEMON_PRINCIPAL);
        assert_eq!(grants(world, CONTOSO, Some(DAEMON_PRINCIPAL)).await, all);
        assert!(grants(world, FABRIKAM, None).await.is_empty());
        assert!(grants(world, FABRIKAM, Some(DAEMON_PRINCIPAL)).await.is_empty());
    }

    async fn one_grant_is_withdrawn_and_no_other(world) {
        let everybodys = grant(DAEMON_PRINCIPAL, None, API_PRINCIPAL);
        let alices = grant(DAEMON_PRINCIPAL, Some(ALICE), API_PRINCIPAL);
        let bobs = grant(DAEMON_PRINCIPAL, Some(BOB), API_PRINCIPAL);
        let elsewhere = grant(DAEMON_PRINCIPAL, Some(ALICE), DAEMON_PRINCIPAL);
        let all = [&everybodys, &alices, &bobs, &elsewhere].map(|grant| Change::GrantPermissions(grant.clone()));
        world.make(all).await;
        let withdraw = |grant: &PermissionGrant| Change::WithdrawGrant {
            tenant: grant.tenant,
            client: grant.client,
            resource: grant.resource,
            principal: grant.principal,
        };
        for other in [
            PermissionGrant { tenant: FABRIKAM, ..alices.clone() },
            PermissionGrant { client: API_PRINCIPAL, ..alices.clone() },
            PermissionGrant { principal: Some(UserId::from_u128(1)), ..alices.clone() },
        ] {
            assert_eq!(world.conflict([withdraw(&other)]).await, Conflict::NotThere);
        }
        world.make([withdraw(&alices)]).await;
        assert_eq!(world.conflict([withdraw(&alices)]).await, Conflict::NotThere);
        assert_eq!(grants(world, CONTOSO, None).await, [everybodys.clone(), bobs.clone(), elsewhere.clone()]);
        world.make([withdraw(&everybodys)]).await;
        assert_eq!(grants(world, CONTOSO, None).await, [bobs, elsewhere]);
    }

    async fn the_families_of_a_client_die_for_one_user_or_for_all(world) {
        let all = [
            family(family_id(1)),
            Family { user: BOB, ..family(family_id(2)) },
            Family { client: API, ..family(family_id(3)) },
            Family { tenant: FABRIKAM, ..family(family_id(4)) },
        ];
        world.make(all.clone().map(|family| Change::StartFamily(Box::new(family)))).await;
        let revoked = async || {
            let mut revoked = Vec::new();
            for family in &all {
                revoked.push(world.family(family.tenant, family.id).await.unwrap().unwrap().revoked);
            }
            revoked
        };
        let revoke = |tenant, user| Change::RevokeFamiliesOf { tenant, client: DAEMON, user };
        world.make([revoke(FABRIKAM, Some(BOB)), revoke(CONTOSO, Some(UserId::from_u128(1)))]).await;
        assert_eq!(revoked().await, [false; 4]);
        world.make([revoke(CONTOSO, Some(ALICE))]).await;
        assert_eq!(revoked().await, [true, false, false, false]);
        let rotate = Change::RotateFamily { tenant: CONTOSO, family: family_id(1), from: 0 };
        assert_eq!(world.conflict([rotate]).await, Conflict::FamilyMoved);
        // The neighbour's family is of this client too, and of alice; it must stay as it is.
        let client = Change::RevokeFamiliesOf { tenant: CONTOSO, client: API, user: None };
        world.make([client.clone(), client]).await;
        assert_eq!(revoked().await, [true, false, true, false]);
    }
}
