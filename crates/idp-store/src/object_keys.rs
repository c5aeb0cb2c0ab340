//! The keys under which objects are found: the index behind lists and searches. Kept up in the same commit as the object.

use idp_domain::applications::{Application, Registration};
use idp_domain::directory::{Group, Indexed, ObjectKind, User};
use uuid::Uuid;
use vestibule_wire::ids::{ClientId, TenantId};

use crate::step::{Step, values};
use crate::texts::texts;

texts! {
    ADD = "INSERT INTO object_keys (tenant_id, kind, property, value, object_id) VALUES ($1, $2, $3, $4, $5) \
        ON CONFLICT DO NOTHING";
    FORGET = "DELETE FROM object_keys WHERE tenant_id = $1 AND object_id = $2 AND kind = $3";
    FORGET_PROPERTY = "DELETE FROM object_keys \
        WHERE tenant_id = $1 AND object_id = $2 AND kind = $3 AND property = $4";
    /// Of the service principals of an application, in every tenant.
    FORGET_OF_PRINCIPALS = "DELETE FROM object_keys WHERE kind = $1 AND property = $2 AND (tenant_id, object_id) IN \
        (SELECT tenant_id, id FROM service_principals WHERE client_id = $3)";
    ADD_TO_PRINCIPALS = "INSERT INTO object_keys (tenant_id, kind, property, value, object_id) \
        SELECT tenant_id, $1, $2, $3, id FROM service_principals WHERE client_id = $4 ON CONFLICT DO NOTHING";
}

type Keys = Vec<(Indexed, String)>;

pub(crate) fn of_user(user: &User) -> impl Iterator<Item = Step> {
    add(user.tenant, ObjectKind::User, user.id.guid(), user.keys())
}

pub(crate) fn of_group(group: &Group) -> impl Iterator<Item = Step> {
    add(group.tenant, ObjectKind::Group, group.id.guid(), group.keys())
}

pub(crate) fn of_application(application: &Application) -> impl Iterator<Item = Step> {
    add(application.tenant, ObjectKind::Application, application.id.guid(), application.keys())
}

pub(crate) fn of_principal(registration: &Registration) -> impl Iterator<Item = Step> {
    let principal = &registration.principal;
    add(principal.tenant, ObjectKind::ServicePrincipal, principal.id.guid(), registration.keys())
}

fn add(tenant: TenantId, kind: ObjectKind, id: Uuid, keys: Keys) -> impl Iterator<Item = Step> {
    keys.into_iter().map(move |(property, value)| {
        Step::any(ADD, values![tenant, kind.number(), property.number(), value.into_bytes(), id])
    })
}

/// All keys of an object.
pub(crate) fn forget(tenant: TenantId, kind: ObjectKind, id: Uuid) -> Step {
    Step::any(FORGET, values![tenant, id, kind.number()])
}

/// The keys that a service principal has of itself; the others are its application's, whose changes bring them.
pub(crate) fn again_of_principal(registration: &Registration) -> Vec<Step> {
    let principal = &registration.principal;
    let (tenant, kind, id) = (principal.tenant, ObjectKind::ServicePrincipal, principal.id.guid());
    let own = |property| property == Indexed::Tag;
    let mut steps =
        vec![Step::any(FORGET_PROPERTY, values![tenant, id, kind.number(), Indexed::Tag.number()])];
    steps.extend(add(tenant, kind, id, registration.keys().into_iter().filter(|(of, _)| own(*of)).collect()));
    steps
}

/// The keys that the service principals of an application have of it, in every tenant.
pub(crate) fn again_of_principals_of(application: &Application, names: &[String]) -> Vec<Step> {
    let kind = ObjectKind::ServicePrincipal.number();
    let client = application.client_id;
    let add = |property: Indexed, value: &str| {
        let value = idp_domain::directory::fold(value).into_bytes();
        Step::any(ADD_TO_PRINCIPALS, values![kind, property.number(), value, client])
    };
    let mut steps = vec![
        forget_of_principals(client, Indexed::DisplayName),
        forget_of_principals(client, Indexed::ServicePrincipalName),
    ];
    if !application.display_name.is_empty() {
        steps.push(add(Indexed::DisplayName, &application.display_name));
    }
    steps.extend(names.iter().map(|name| add(Indexed::ServicePrincipalName, name)));
    steps
}

fn forget_of_principals(client: ClientId, property: Indexed) -> Step {
    let kind = ObjectKind::ServicePrincipal.number();
    Step::any(FORGET_OF_PRINCIPALS, values![kind, property.number(), client])
}
