//! What every store of these tests holds from the start, next to what a test is about: things of the same tenant, at the
//! same revisions, in the way of any statement that does not say exactly which thing it means. They must be as they were
//! when the test is over.

use idp_domain::applications::{Application, Registration, ServicePrincipal};
use idp_domain::changes::Change;
use idp_domain::consent::PermissionGrant;
use idp_domain::credentials::{Lockout, LockoutKey};
use idp_domain::directory::{DeletedObject, DirectoryObject, Group, Link, ObjectKind, Relation, Seek, User};
use idp_domain::sessions::Session;
use idp_domain::store::{Applications as _, Directory as _, Grants as _, Store as _, Users as _};
use idp_domain::tokens::{Family, FamilyId};
use idp_store::SqlStore;
use uuid::Uuid;
use vestibule_wire::ids::{ClientId, GroupId, ServicePrincipalId, SessionId, UserId};

use crate::actors::*;

// Zero, so that they come first in every index.
const USER: UserId = UserId::from_u128(0);
const CLIENT: ClientId = ClientId::from_u128(0);
const PRINCIPAL: ServicePrincipalId = ServicePrincipalId::from_u128(0);
const GROUP: GroupId = GroupId::from_u128(1);
const GONE: GroupId = GroupId::from_u128(2);
const ROLE: Uuid = Uuid::from_u128(0);
const COUNTERS: [LockoutKey; 2] = [
    LockoutKey { tenant: CONTOSO, user: USER, familiar: false },
    LockoutKey { tenant: CONTOSO, user: USER, familiar: true },
];

fn user() -> User {
    crate::actors::user(CONTOSO, USER, "neighbour@contoso.test")
}

fn application() -> Application {
    crate::actors::application(CONTOSO, CLIENT)
}

fn principal() -> ServicePrincipal {
    crate::actors::principal(CONTOSO, PRINCIPAL, CLIENT)
}

fn session() -> Session {
    crate::actors::session(SessionId::from_u128(0), [0; 32], at(0))
}

fn family() -> Family {
    Family { user: USER, client: CLIENT, ..crate::actors::family(FamilyId::from_bytes(&[0; 16]).unwrap()) }
}

fn group() -> Group {
    crate::actors::group(CONTOSO, GROUP, "Neighbours")
}

fn gone() -> DirectoryObject {
    DirectoryObject::Group(crate::actors::group(CONTOSO, GONE, "Gone"))
}

/// The user is in the group, and owns the service principal.
fn links() -> [Link; 2] {
    let is_in = member(GROUP, USER.guid(), ObjectKind::User);
    let owns = Link {
        relation: Relation::Owner,
        from: PRINCIPAL.guid(),
        from_kind: ObjectKind::ServicePrincipal,
        ..is_in
    };
    [is_in, owns]
}

fn counter() -> Lockout {
    Lockout { failures: 5, revision: 1, ..Lockout::default() }
}

fn grant() -> PermissionGrant {
    let scopes = vec!["Neighbour.Read".to_owned()];
    PermissionGrant { tenant: CONTOSO, client: PRINCIPAL, resource: API_PRINCIPAL, principal: None, scopes }
}

pub(crate) async fn move_in(store: &SqlStore) {
    let [unfamiliar, familiar] = COUNTERS.map(|key| Change::SetLockout { key, expected: 0, next: counter() });
    let changes = [
        create_user(user()),
        Change::CreateApplication(Box::new(application())),
        create_principal(CONTOSO, PRINCIPAL, CLIENT),
        Change::AssignAppRole(assignment(PRINCIPAL, ROLE)),
        Change::GrantPermissions(grant()),
        Change::StartSession(Box::new(session())),
        Change::StartFamily(Box::new(family())),
        unfamiliar,
        familiar,
        create_group(group()),
        create_group(crate::actors::group(CONTOSO, GONE, "Gone")),
        delete(gone()),
        Change::AddLink(links()[0]),
        Change::AddLink(links()[1]),
    ];
    store.commit(changes.into_iter().collect()).await.unwrap();
}

pub(crate) async fn are_as_they_were(store: &SqlStore) {
    assert_eq!(store.user(CONTOSO, USER).await.unwrap(), Some(user()));
    let registration = Registration { principal: principal(), application: application().into() };
    assert_eq!(store.registration(CONTOSO, CLIENT).await.unwrap(), Some(registration));
    assert_eq!(store.assigned_roles(CONTOSO, PRINCIPAL.guid(), API_PRINCIPAL).await.unwrap(), [ROLE]);
    assert_eq!(store.permission_grants(CONTOSO, PRINCIPAL, USER).await.unwrap(), [grant()]);
    assert_eq!(store.session(CONTOSO, session().id).await.unwrap(), Some(session()));
    assert_eq!(store.family(CONTOSO, family().id).await.unwrap(), Some(family()));
    for key in COUNTERS {
        assert_eq!(store.lockout(key).await.unwrap(), counter());
    }
    as_they_were_in_the_directory(store).await;
}

async fn as_they_were_in_the_directory(store: &SqlStore) {
    assert_eq!(store.group(CONTOSO, GROUP).await.unwrap(), Some(group()));
    let deleted = DeletedObject { object: gone(), deleted_at: at(99) };
    assert_eq!(store.deleted_object(CONTOSO, GONE.guid()).await.unwrap(), Some(deleted));
    for link in links() {
        assert!(store.is_linked(CONTOSO, link.relation, link.from, link.to).await.unwrap());
    }
    let groups = store.groups_of(CONTOSO, USER.guid()).await.unwrap();
    assert_eq!(groups.iter().map(|group| group.id).collect::<Vec<_>>(), [GROUP]);
    assert_eq!(store.assignments_of(CONTOSO, PRINCIPAL.guid()).await.unwrap(), [assignment(PRINCIPAL, ROLE)]);
    assert_eq!(store.all_permission_grants(CONTOSO, Some(PRINCIPAL), None, 9).await.unwrap(), [grant()]);
    let uri = format!("api://{CLIENT}");
    assert!(store.registration_by_name(CONTOSO, &uri).await.unwrap().is_some());
    // And they are found by every key they have.
    let registration = Registration { principal: principal(), application: application().into() };
    for object in [
        DirectoryObject::User(user()),
        DirectoryObject::Group(group()),
        DirectoryObject::Application(registration.application.clone()),
        DirectoryObject::ServicePrincipal(registration),
    ] {
        for (property, value) in object.keys() {
            let seek = Seek::OneOf(property, vec![value]);
            let found = store.objects(CONTOSO, object.kind(), &seek, None, 1000).await.unwrap();
            assert!(found.iter().any(|(_, found)| *found == object), "{seek:?}");
        }
    }
}
