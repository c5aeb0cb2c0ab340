//! Service principals: what applications are in a tenant. That of Microsoft Graph has no application in the store.

use idp_domain::applications::{Application, Registration, ServicePrincipal};
use idp_domain::changes::Conflict;
use idp_domain::directory::ObjectKind;
use uuid::Uuid;
use vestibule_wire::ids::{ClientId, ServicePrincipalId, TenantId};

use crate::engine::{Columns, Damaged};
use crate::plan::Planned;
use crate::step::{Step, values};
use crate::texts::{columns, texts};
use crate::{names, object_keys};

texts! {
    BY_CLIENT = concat!("SELECT ", columns!(principal), ", a.revision FROM service_principals p \
        LEFT JOIN applications a ON a.client_id = p.client_id WHERE p.tenant_id = $1 AND p.client_id = $2");
    BY_NAME = concat!("SELECT ", columns!(principal), ", a.revision FROM service_principal_names n \
        JOIN service_principals p ON p.tenant_id = n.tenant_id AND p.id = n.principal_id \
        LEFT JOIN applications a ON a.client_id = p.client_id WHERE n.tenant_id = $1 AND n.name = $2");
    BY_ID = concat!("SELECT ", columns!(principal), ", a.revision FROM service_principals p \
        LEFT JOIN applications a ON a.client_id = p.client_id WHERE p.tenant_id = $1 AND p.id = $2");
    EXISTS = "SELECT 1 FROM service_principals WHERE tenant_id = $1 AND id = $2";
    AT_REVISION = "SELECT 1 FROM service_principals WHERE tenant_id = $1 AND id = $2 AND revision = $3";
    CREATE = "INSERT INTO service_principals (tenant_id, id, client_id, enabled, assignment_required, created_at, \
        profile, revision) VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT DO NOTHING";
    UPDATE = "UPDATE service_principals SET enabled = $1, assignment_required = $2, created_at = $3, profile = $4, \
        revision = revision + 1 WHERE tenant_id = $5 AND id = $6 AND client_id = $7 AND revision = $8";
    SET_ENABLED = "UPDATE service_principals SET enabled = $1, revision = revision + 1 \
        WHERE tenant_id = $2 AND id = $3";
    DELETE = "DELETE FROM service_principals WHERE tenant_id = $1 AND id = $2 AND revision = $3";
}

pub(crate) fn principal(row: &mut Columns<'_>) -> Result<ServicePrincipal, Damaged> {
    Ok(ServicePrincipal {
        tenant: row.id(TenantId::from_bytes)?,
        id: row.id(ServicePrincipalId::from_bytes)?,
        client_id: row.id(ClientId::from_bytes)?,
        enabled: row.truth()?,
        assignment_required: row.truth()?,
        created_at: row.time()?,
        profile: row.json()?,
        revision: row.int()?,
    })
}

/// A service principal, and the revision of its application if that is in the store.
pub(crate) fn with_revision(row: &mut Columns<'_>) -> Result<(ServicePrincipal, Option<i64>), Damaged> {
    Ok((principal(row)?, row.maybe_int()?))
}

/// A service principal, and its application if that is in the store.
pub(crate) fn with_application(
    row: &mut Columns<'_>,
) -> Result<(ServicePrincipal, Option<Application>), Damaged> {
    let principal = principal(row)?;
    let document: Option<Application> = row.maybe_json()?;
    let revision = row.maybe_int()?.unwrap_or_default();
    Ok((principal, document.map(|document| Application { revision, ..document })))
}

pub(crate) fn exists(tenant: TenantId, principal: Uuid) -> Step {
    Step::guard(EXISTS, Conflict::ObjectChanged, values![tenant, principal])
}

pub(crate) fn at_revision(tenant: TenantId, principal: ServicePrincipalId, revision: i64) -> Step {
    Step::guard(AT_REVISION, Conflict::ApplicationChanged, values![tenant, principal, revision])
}

pub(crate) fn create(registration: &Registration) -> Planned {
    let principal = &registration.principal;
    let profile = serde_json::to_string(&principal.profile)?;
    let ServicePrincipal {
        tenant, id, client_id, enabled, assignment_required, created_at, revision, ..
    } = *principal;
    let params = values![tenant, id, client_id, enabled, assignment_required, created_at, profile, revision];
    let mut steps = vec![Step::one(CREATE, Conflict::AlreadyExists, params)];
    steps.extend(names::take_names(registration));
    steps.extend(object_keys::of_principal(registration));
    Ok(steps)
}

pub(crate) fn update(registration: &Registration) -> Planned {
    let principal = &registration.principal;
    let profile = serde_json::to_string(&principal.profile)?;
    let ServicePrincipal {
        tenant, id, client_id, enabled, assignment_required, created_at, revision, ..
    } = *principal;
    let params = values![enabled, assignment_required, created_at, profile, tenant, id, client_id, revision];
    let mut steps = vec![Step::one(UPDATE, Conflict::ObjectChanged, params)];
    steps.extend(object_keys::again_of_principal(registration));
    Ok(steps)
}

pub(crate) fn delete(registration: &Registration) -> Vec<Step> {
    let ServicePrincipal { tenant, id, revision, .. } = registration.principal;
    vec![
        Step::one(DELETE, Conflict::ObjectChanged, values![tenant, id, revision]),
        names::free_names(registration),
        object_keys::forget(tenant, ObjectKind::ServicePrincipal, id.guid()),
    ]
}

pub(crate) fn set_enabled(tenant: TenantId, principal: ServicePrincipalId, enabled: bool) -> Step {
    Step::one(SET_ENABLED, Conflict::ApplicationChanged, values![enabled, tenant, principal])
}
