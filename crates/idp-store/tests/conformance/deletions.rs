//! Objects that are deleted, brought back, or gone for good.

use idp_domain::applications::Application;
use idp_domain::changes::{Change, Conflict};
use idp_domain::consent::PermissionGrant;
use idp_domain::credentials::{Lockout, LockoutKey};
use idp_domain::directory::{
    DeletedObject, DirectoryObject, Group, Indexed, ObjectKind, Relation, Seek, Upn, User,
};
use idp_domain::store::{Applications as _, Directory as _, Users as _};
use uuid::Uuid;
use vestibule_wire::ids::{ClientId, ServicePrincipalId, TenantId};

use crate::actors::*;
use crate::engines::{World, on_every_engine};

const ROLE: Uuid = Uuid::from_u128(2);

async fn furnish(world: &World) {
    world
        .make([
            create_alice(),
            create_group(group(CONTOSO, STAFF, "Staff")),
            create_application(CONTOSO, DAEMON),
            create_principal(CONTOSO, DAEMON_PRINCIPAL, DAEMON),
        ])
        .await;
}

/// One object of each kind, as `furnish` makes them.
fn one_of_each() -> [DirectoryObject; 4] {
    [
        DirectoryObject::User(user(CONTOSO, ALICE, "alice@contoso.test")),
        DirectoryObject::Group(group(CONTOSO, STAFF, "Staff")),
        DirectoryObject::ServicePrincipal(registration(CONTOSO, DAEMON_PRINCIPAL, DAEMON)),
        DirectoryObject::Application(application(CONTOSO, DAEMON).into()),
    ]
}

/// The same at another revision of its own.
fn at_revision(object: &DirectoryObject, revision: i64) -> DirectoryObject {
    let mut object = object.clone();
    match &mut object {
        DirectoryObject::User(user) => user.revision = revision,
        DirectoryObject::Group(group) => group.revision = revision,
        DirectoryObject::Application(application) => {
            *application = Application { revision, ..(**application).clone() }.into();
        }
        DirectoryObject::ServicePrincipal(registration) => registration.principal.revision = revision,
    }
    object
}

/// The same with the id next door.
fn in_fabrikam(object: &DirectoryObject) -> DirectoryObject {
    let mut object = object.clone();
    match &mut object {
        DirectoryObject::User(user) => user.tenant = FABRIKAM,
        DirectoryObject::Group(group) => group.tenant = FABRIKAM,
        DirectoryObject::Application(application) => {
            *application = Application { tenant: FABRIKAM, ..(**application).clone() }.into();
        }
        DirectoryObject::ServicePrincipal(registration) => registration.principal.tenant = FABRIKAM,
    }
    object
}

async fn is_listed(world: &World, object: &DirectoryObject) -> bool {
    let by_name = Seek::OneOf(Indexed::DisplayName, vec![object.display_name().to_owned()]);
    let mut found = Vec::new();
    for seek in [Seek::All, by_name] {
        let page = world.objects(CONTOSO, object.kind(), &seek, None, 100).await.unwrap();
        found.push(page.iter().any(|(_, listed)| listed.id() == object.id()));
    }
    assert_eq!(found[0], found[1]);
    found[0]
}

async fn deleted(world: &World, kind: ObjectKind) -> Vec<DeletedObject> {
    let all = world.deleted_objects(CONTOSO, kind, None, 100).await.unwrap();
    all.into_iter().filter(|deleted| !deleted.object.id().is_nil() && deleted.object.id() != GONE).collect()
}

/// The deleted neighbour.
const GONE: Uuid = Uuid::from_u128(2);

fn purge(tenant: TenantId, kind: ObjectKind, id: Uuid) -> Change {
    Change::PurgeObject { tenant, kind, id }
}

on_every_engine! {
    async fn a_deleted_object_is_found_among_the_deleted_with_everything_there_is_and_nowhere_else(world) {
        furnish(world).await;
        for object in one_of_each() {
            let (kind, id) = (object.kind(), object.id());
            assert!(is_listed(world, &object).await, "{kind:?}");
            let count = world.count(CONTOSO, kind).await.unwrap();
            world.make([delete(object.clone())]).await;
            assert_eq!(world.object(CONTOSO, id).await.unwrap(), None);
            assert!(!is_listed(world, &object).await);
            assert_eq!(world.count(CONTOSO, kind).await.unwrap(), count - 1);
            let expected = DeletedObject { object, deleted_at: at(99) };
            assert_eq!(world.deleted_object(CONTOSO, id).await.unwrap(), Some(expected.clone()));
            assert_eq!(deleted(world, kind).await, [expected]);
            assert_eq!(world.deleted_object(FABRIKAM, id).await.unwrap(), None);
            assert!(world.deleted_objects(FABRIKAM, kind, None, 9).await.unwrap().is_empty());
        }
        assert_eq!(world.user(CONTOSO, ALICE).await.unwrap(), None);
        let upn = Upn::parse("alice@contoso.test").unwrap();
        assert_eq!(world.user_by_upn(CONTOSO, &upn).await.unwrap(), None);
        assert_eq!(world.group(CONTOSO, STAFF).await.unwrap(), None);
        assert_eq!(world.application(DAEMON).await.unwrap(), None);
        assert_eq!(world.registration(CONTOSO, DAEMON).await.unwrap(), None);
        assert_eq!(world.registration_by_name(CONTOSO, &format!("api://{DAEMON}")).await.unwrap(), None);
    }

    async fn an_object_that_changed_is_not_deleted(world) {
        furnish(world).await;
        for object in one_of_each() {
            let revision = object.revision();
            for stale in [at_revision(&object, revision - 1), at_revision(&object, revision + 1), in_fabrikam(&object)] {
                assert_eq!(world.conflict([delete(stale)]).await, Conflict::ObjectChanged);
            }
            assert_eq!(world.object(CONTOSO, object.id()).await.unwrap(), Some(object.clone()));
            assert!(deleted(world, object.kind()).await.is_empty());
            world.make([delete(object.clone())]).await;
            assert_eq!(world.conflict([delete(object)]).await, Conflict::ObjectChanged);
        }
    }

    async fn a_restored_object_is_what_it_was_at_a_revision_it_never_had(world) {
        furnish(world).await;
        // Read before, so that what was kept of it is not taken for what it is.
        world.application(DAEMON).await.unwrap();
        for object in one_of_each() {
            world.make([delete(object.clone())]).await;
            for stale in [at_revision(&object, object.revision() + 1), in_fabrikam(&object)] {
                assert_eq!(world.conflict([restore(stale)]).await, Conflict::ObjectChanged);
            }
            world.make([restore(object.clone())]).await;
            let expected = at_revision(&object, object.revision() + 1);
            assert_eq!(world.object(CONTOSO, object.id()).await.unwrap(), Some(expected.clone()));
            assert!(is_listed(world, &object).await);
            assert_eq!(world.deleted_object(CONTOSO, object.id()).await.unwrap(), None);
            assert_eq!(world.conflict([restore(object.clone())]).await, Conflict::ObjectChanged);
            // What was decided on before it was deleted is void.
            assert_eq!(world.conflict([delete(object)]).await, Conflict::ObjectChanged);
        }
        assert_eq!(world.application(DAEMON).await.unwrap().unwrap().revision, 5);
        let found = world.registration_by_name(CONTOSO, &format!("api://{DAEMON}")).await.unwrap().unwrap();
        assert_eq!((found.principal.revision, found.application.revision), (3, 5));
        let user = Change::UserAt { tenant: CONTOSO, user: ALICE, revision: 1 };
        assert_eq!(world.conflict([user]).await, Conflict::UserChanged);
        let application = Change::ApplicationAt { client: DAEMON, revision: 4 };
        assert_eq!(world.conflict([application]).await, Conflict::ApplicationChanged);
    }

    async fn a_name_that_was_taken_meanwhile_keeps_a_user_from_coming_back(world) {
        furnish(world).await;
        let [alice, ..] = one_of_each();
        world.make([delete(alice.clone()), create_user(user(CONTOSO, BOB, "alice@contoso.test"))]).await;
        assert_eq!(world.conflict([restore(alice.clone())]).await, Conflict::AlreadyExists);
        assert!(world.deleted_object(CONTOSO, ALICE.guid()).await.unwrap().is_some());
        world.make([Change::UpdateUser(Box::new(user(CONTOSO, BOB, "bob@contoso.test")))]).await;
        world.make([restore(alice)]).await;
    }

    async fn a_uri_that_was_taken_meanwhile_keeps_an_application_from_coming_back(world) {
        furnish(world).await;
        let [.., application] = one_of_each();
        world.make([delete(application.clone())]).await;
        let uri = format!("api://{DAEMON}");
        let taker = Application { identifier_uris: vec![uri.clone()], ..crate::actors::application(CONTOSO, API) };
        let principal = idp_domain::applications::Registration {
            principal: principal(CONTOSO, API_PRINCIPAL, API),
            application: taker.clone().into(),
        };
        world.make([
            Change::CreateApplication(Box::new(taker.clone())),
            Change::CreateServicePrincipal(Box::new(principal)),
        ])
        .await;
        assert_eq!(world.conflict([restore(application.clone())]).await, Conflict::AlreadyExists);
        assert_eq!(world.registration_by_name(CONTOSO, &uri).await.unwrap().unwrap().client_id(), API);
        let other = Application { identifier_uris: vec![], ..taker };
        world.make([Change::UpdateApplication(Box::new(other)), restore(application)]).await;
        assert_eq!(world.registration_by_name(CONTOSO, &uri).await.unwrap().unwrap().client_id(), DAEMON);
    }

    async fn a_name_that_was_taken_meanwhile_keeps_a_service_principal_from_coming_back_at_home_only(world) {
        furnish(world).await;
        let [_, _, at_home, _] = one_of_each();
        let theirs = registration(FABRIKAM, DAEMON_PRINCIPAL, DAEMON);
        world.make([Change::CreateServicePrincipal(Box::new(theirs.clone()))]).await;
        let elsewhere = DirectoryObject::ServicePrincipal(theirs);
        world.make([delete(at_home.clone()), delete(elsewhere.clone())]).await;
        for tenant in [CONTOSO, FABRIKAM] {
            let uris = vec![format!("api://{DAEMON}")];
            let taker = Application { tenant, identifier_uris: uris, ..application(tenant, API) };
            let principal = principal(tenant, API_PRINCIPAL, API);
            let taker = idp_domain::applications::Registration { principal, application: taker.into() };
            world.make([Change::CreateServicePrincipal(Box::new(taker))]).await;
        }
        assert_eq!(world.conflict([restore(at_home)]).await, Conflict::AlreadyExists);
        world.make([restore(elsewhere)]).await;
    }

    async fn the_names_of_a_deleted_application_are_free_in_every_tenant(world) {
        furnish(world).await;
        world.make([create_principal(FABRIKAM, DAEMON_PRINCIPAL, DAEMON)]).await;
        let [.., application] = one_of_each();
        world.make([delete(application.clone())]).await;
        let uri = format!("api://{DAEMON}");
        let taker = Application {
            tenant: FABRIKAM,
            identifier_uris: vec![uri.clone()],
            ..crate::actors::application(FABRIKAM, API)
        };
        let registration = idp_domain::applications::Registration {
            principal: principal(FABRIKAM, API_PRINCIPAL, API),
            application: taker.clone().into(),
        };
        let create = [
            Change::CreateApplication(Box::new(taker)),
            Change::CreateServicePrincipal(Box::new(registration)),
        ];
        world.make(create).await;
        // Back again, it has its name at home, and not where another took it.
        world.make([restore(application)]).await;
        for (tenant, client) in [(CONTOSO, DAEMON), (FABRIKAM, API)] {
            assert_eq!(world.registration_by_name(tenant, &uri).await.unwrap().unwrap().client_id(), client);
        }
        assert!(world.registration(FABRIKAM, DAEMON).await.unwrap().is_some());
    }

    async fn a_deleted_service_principal_shows_its_application_deleted_too_or_as_it_is_now(world) {
        furnish(world).await;
        let [_, _, principal, application] = one_of_each();
        world.make([delete(application.clone()), delete(principal.clone())]).await;
        let found = world.deleted_object(CONTOSO, DAEMON_PRINCIPAL.guid()).await.unwrap().unwrap();
        assert_eq!(found.object, principal);
        world.make([restore(application)]).await;
        let renamed = Application { display_name: "Renamed".into(), revision: 5, ..crate::actors::application(CONTOSO, DAEMON) };
        world.make([Change::UpdateApplication(Box::new(renamed))]).await;
        let found = deleted(world, ObjectKind::ServicePrincipal).await.remove(0);
        assert_eq!(found.object.display_name(), "Renamed");
        world.make([restore(found.object)]).await;
        assert_eq!(world.registration(CONTOSO, DAEMON).await.unwrap().unwrap().application.display_name, "Renamed");
    }

    async fn deleted_objects_come_in_pages_in_the_order_of_their_ids(world) {
        for number in [5, 1, 4, 2, 3] {
            let group = group(CONTOSO, group_id(number), "Group");
            world.make([create_group(group.clone()), delete(DirectoryObject::Group(group))]).await;
        }
        let (mut seen, mut after) = (Vec::new(), Some(GONE));
        loop {
            let page = world.deleted_objects(CONTOSO, ObjectKind::Group, after, 2).await.unwrap();
            after = page.last().map(|deleted| deleted.object.id());
            seen.extend(page.iter().map(|deleted| deleted.object.id()));
            if page.len() < 2 {
                break;
            }
        }
        assert_eq!(seen, [1, 2, 3, 4, 5].map(|number| group_id(number).guid()));
        assert!(deleted(world, ObjectKind::User).await.is_empty());
    }

    async fn what_belonged_to_a_deleted_object_is_there_again_when_it_is_back(world) {
        furnish(world).await;
        world.make([add_member(STAFF, ALICE.guid(), ObjectKind::User)]).await;
        let [alice, ..] = one_of_each();
        world.make([delete(alice.clone())]).await;
        let members = async || world.linked_from(CONTOSO, Relation::Member, STAFF.guid(), None, 9).await.unwrap().len();
        assert_eq!(members().await, 0);
        world.make([restore(alice)]).await;
        assert_eq!(members().await, 1);
        assert_eq!(world.groups_of(CONTOSO, ALICE.guid()).await.unwrap().len(), 1);
    }

    async fn only_what_was_deleted_is_purged_and_only_once(world) {
        furnish(world).await;
        for object in one_of_each() {
            let (kind, id) = (object.kind(), object.id());
            assert_eq!(world.conflict([purge(CONTOSO, kind, id)]).await, Conflict::NotThere);
            world.make([delete(object.clone())]).await;
            let another = if kind == ObjectKind::User { ObjectKind::Group } else { ObjectKind::User };
            assert_eq!(world.conflict([purge(FABRIKAM, kind, id)]).await, Conflict::NotThere);
            assert_eq!(world.conflict([purge(CONTOSO, another, id)]).await, Conflict::NotThere);
            assert!(world.deleted_object(CONTOSO, id).await.unwrap().is_some());
            world.make([purge(CONTOSO, kind, id)]).await;
            assert_eq!(world.deleted_object(CONTOSO, id).await.unwrap(), None);
            assert_eq!(world.conflict([purge(CONTOSO, kind, id)]).await, Conflict::NotThere);
            assert_eq!(world.conflict([restore(object)]).await, Conflict::ObjectChanged);
        }
    }

    async fn purging_a_user_or_a_group_takes_its_links_and_what_it_was_granted(world) {
        furnish(world).await;
        let key = LockoutKey { tenant: CONTOSO, user: ALICE, familiar: false };
        let assign = |principal: Uuid, principal_kind| {
            Change::AssignAppRole(idp_domain::applications::AppRoleAssignment {
                principal,
                principal_kind,
                ..assignment(DAEMON_PRINCIPAL, ROLE)
            })
        };
        let grant = PermissionGrant {
            tenant: CONTOSO,
            client: DAEMON_PRINCIPAL,
            resource: API_PRINCIPAL,
            principal: Some(ALICE),
            scopes: vec!["Files.Read".into()],
        };
        let link = |relation, from, to| Change::AddLink(idp_domain::directory::Link {
            relation,
            from,
            to,
            ..member(STAFF, ALICE.guid(), ObjectKind::User)
        });
        world.make([
            link(Relation::Member, STAFF.guid(), ALICE.guid()),
            link(Relation::Owner, STAFF.guid(), ALICE.guid()),
            link(Relation::Manager, ALICE.guid(), BOB.guid()),
            link(Relation::Member, SALES.guid(), STAFF.guid()),
            assign(ALICE.guid(), ObjectKind::User),
            assign(STAFF.guid(), ObjectKind::Group),
            Change::GrantPermissions(grant),
            Change::SetLockout { key, expected: 0, next: Lockout { failures: 3, ..Lockout::default() } },
        ])
        .await;
        let [alice, staff, ..] = one_of_each();
        let links = async || {
            let mut there = Vec::new();
            for (relation, from, to) in [
                (Relation::Member, STAFF.guid(), ALICE.guid()),
                (Relation::Owner, STAFF.guid(), ALICE.guid()),
                (Relation::Manager, ALICE.guid(), BOB.guid()),
                (Relation::Member, SALES.guid(), STAFF.guid()),
            ] {
                there.push(world.is_linked(CONTOSO, relation, from, to).await.unwrap());
            }
            there
        };
        let granted = async || world.all_permission_grants(CONTOSO, Some(DAEMON_PRINCIPAL), None, 9).await.unwrap().len();
        // Deleting takes nothing yet.
        world.make([delete(alice)]).await;
        assert_eq!((links().await, granted().await), (vec![true; 4], 1));
        world.make([purge(CONTOSO, ObjectKind::User, ALICE.guid())]).await;
        assert_eq!((links().await, granted().await), (vec![false, false, false, true], 0));
        assert!(world.assignments_of(CONTOSO, ALICE.guid()).await.unwrap().is_empty());
        assert_eq!(world.lockout(key).await.unwrap(), Lockout::default());
        assert_eq!(world.assignments_of(CONTOSO, STAFF.guid()).await.unwrap().len(), 1);
        world.make([delete(staff), purge(CONTOSO, ObjectKind::Group, STAFF.guid())]).await;
        assert_eq!(links().await, [false; 4]);
        assert!(world.assignments_of(CONTOSO, STAFF.guid()).await.unwrap().is_empty());
    }

    async fn purging_a_service_principal_takes_what_was_granted_to_it_and_on_it(world) {
        furnish(world).await;
        let other = ServicePrincipalId::from_u128(0x07e);
        let assign = |principal: ServicePrincipalId, resource| {
            Change::AssignAppRole(idp_domain::applications::AppRoleAssignment {
                resource,
                ..assignment(principal, ROLE)
            })
        };
        let grant = |client, resource| {
            let scopes = vec!["Files.Read".into()];
            Change::GrantPermissions(PermissionGrant { tenant: CONTOSO, client, resource, principal: None, scopes })
        };
        world.make([
            assign(DAEMON_PRINCIPAL, other),
            assign(other, DAEMON_PRINCIPAL),
            assign(other, other),
            grant(DAEMON_PRINCIPAL, other),
            grant(other, DAEMON_PRINCIPAL),
            grant(other, other),
        ])
        .await;
        let [_, _, principal, _] = one_of_each();
        world.make([delete(principal), purge(CONTOSO, ObjectKind::ServicePrincipal, DAEMON_PRINCIPAL.guid())]).await;
        assert!(world.assignments_of(CONTOSO, DAEMON_PRINCIPAL.guid()).await.unwrap().is_empty());
        assert!(world.assignments_on(CONTOSO, DAEMON_PRINCIPAL).await.unwrap().is_empty());
        assert_eq!(world.assignments_of(CONTOSO, other.guid()).await.unwrap().len(), 1);
        assert!(world.all_permission_grants(CONTOSO, Some(DAEMON_PRINCIPAL), None, 9).await.unwrap().is_empty());
        let left = world.all_permission_grants(CONTOSO, Some(other), None, 9).await.unwrap();
        assert_eq!(left.iter().map(|grant| grant.resource).collect::<Vec<_>>(), [other]);
    }

    async fn a_password_outlives_deletion(world) {
        let alice = user(CONTOSO, ALICE, "alice@contoso.test");
        world.make([create_alice(), delete(DirectoryObject::User(alice.clone()))]).await;
        let found = world.deleted_object(CONTOSO, ALICE.guid()).await.unwrap().unwrap();
        world.make([restore(found.object)]).await;
        let back = world.user(CONTOSO, ALICE).await.unwrap().unwrap();
        assert_eq!(back, User { revision: 2, ..alice });
        assert!(back.password.is_some());
    }

    async fn another_application_may_be_made_while_one_is_deleted(world) {
        furnish(world).await;
        let [_, staff, _, application] = one_of_each();
        world.make([delete(application), delete(staff)]).await;
        let client = ClientId::from_u128(0x4e3);
        world.make([create_application(CONTOSO, client), create_group(Group { id: SALES, ..group(CONTOSO, SALES, "Staff") })]).await;
        assert!(world.application(client).await.unwrap().is_some());
    }
}
