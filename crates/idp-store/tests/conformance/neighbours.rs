//! What every store of these tests holds from the start, next to what a test is about: things of the same tenant, at the
//! same revisions, in the way of any statement that does not say exactly which thing it means. They must be as they were
//! when the test is over.

use idp_domain::applications::{Application, Registration, ServicePrincipal};
use idp_domain::changes::Change;
use idp_domain::consent::PermissionGrant;
use idp_domain::credentials::{Lockout, LockoutKey};
use idp_domain::directory::User;
use idp_domain::sessions::Session;
use idp_domain::store::{Applications as _, Grants as _, Store as _, Users as _};
use idp_domain::tokens::{Family, FamilyId};
use idp_store::SqlStore;
use uuid::Uuid;
use vestibule_wire::ids::{ClientId, ServicePrincipalId, SessionId, UserId};

use crate::actors::*;

// Zero, so that they come first in every index.
const USER: UserId = UserId::from_u128(0);
const CLIENT: ClientId = ClientId::from_u128(0);
const PRINCIPAL: ServicePrincipalId = ServicePrincipalId::from_u128(0);
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
    crate::actors::family(FamilyId::from_bytes(&[0; 16]).unwrap())
}

fn counter() -> Lockout {
    Lockout { failures: 5, revision: 1, ..Lockout::default() }
}

fn grant() -> PermissionGrant {
    let scopes = vec!["Neighbour.Read".to_owned()];
    PermissionGrant { tenant: CONTOSO, client: PRINCIPAL, resource: API_PRINCIPAL, principal: None, scopes }
}

pub(crate) async fn move_in(store: &SqlStore) {
    let (tenant, resource) = (CONTOSO, API_PRINCIPAL);
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
}
