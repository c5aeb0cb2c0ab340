//! What was granted: app roles assigned to principals, delegated permissions consented to.

use idp_domain::changes::Conflict;
use idp_domain::consent::PermissionGrant;
use idp_domain::store::Unavailable;
use uuid::Uuid;
use vestibule_wire::ids::{ServicePrincipalId, TenantId, UserId};

use crate::engine::{Columns, Damaged, Engine};
use crate::step::{Step, Value, values};
use crate::texts::texts;

texts! {
    ASSIGNED_ROLES = "SELECT app_role_id FROM app_role_assignments \
        WHERE tenant_id = $1 AND principal_id = $2 AND resource_id = $3 ORDER BY app_role_id";
    ASSIGN_ROLE = "INSERT INTO app_role_assignments (tenant_id, principal_id, resource_id, app_role_id) \
        VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING";
    GRANTS = "SELECT tenant_id, client_id, resource_id, principal, scopes FROM permission_grants \
        WHERE tenant_id = $1 AND client_id = $2 AND principal IN ($3, $4) ORDER BY principal, resource_id";
    GRANT = "INSERT INTO permission_grants (tenant_id, client_id, resource_id, principal, scopes) \
        VALUES ($1, $2, $3, $4, $5) \
        ON CONFLICT (tenant_id, client_id, principal, resource_id) DO UPDATE SET scopes = excluded.scopes";
    WITHDRAW = "DELETE FROM permission_grants WHERE tenant_id = $1 AND client_id = $2 AND resource_id = $3";
}

/// The principal of a grant to everybody.
const EVERYBODY: Vec<u8> = Vec::new();

pub(crate) async fn assigned_roles(
    engine: &Engine,
    tenant: TenantId,
    principal: Uuid,
    resource: ServicePrincipalId,
) -> Result<Vec<Uuid>, Unavailable> {
    let params = [tenant.into(), principal.into(), resource.into()];
    engine.all(ASSIGNED_ROLES, &params, |row| row.id(|bytes| Uuid::from_slice(bytes).ok())).await
}

pub(crate) async fn grants(
    engine: &Engine,
    tenant: TenantId,
    client: ServicePrincipalId,
    user: UserId,
) -> Result<Vec<PermissionGrant>, Unavailable> {
    let params = [tenant.into(), client.into(), EVERYBODY.into(), user.into()];
    engine.all(GRANTS, &params, permission_grant).await
}

fn permission_grant(row: &mut Columns<'_>) -> Result<PermissionGrant, Damaged> {
    Ok(PermissionGrant {
        tenant: row.id(TenantId::from_bytes)?,
        client: row.id(ServicePrincipalId::from_bytes)?,
        resource: row.id(ServicePrincipalId::from_bytes)?,
        principal: row.id(|bytes| match bytes {
            [] => Some(None),
            id => UserId::from_bytes(id).map(Some),
        })?,
        scopes: row.json()?,
    })
}

/// That a principal has the role already is no conflict: it is what was wanted.
pub(crate) fn assign_role(
    tenant: TenantId,
    principal: Uuid,
    resource: ServicePrincipalId,
    app_role: Uuid,
) -> Step {
    Step::any(ASSIGN_ROLE, values![tenant, principal, resource, app_role])
}

pub(crate) fn grant(grant: &PermissionGrant) -> Result<Step, serde_json::Error> {
    let scopes = serde_json::to_string(&grant.scopes)?;
    let principal = grant.principal.map_or_else(|| EVERYBODY.into(), Value::from);
    let params = values![grant.tenant, grant.client, grant.resource, principal, scopes];
    Ok(Step::one(GRANT, Conflict::AlreadyExists, params))
}

pub(crate) fn withdraw(tenant: TenantId, client: ServicePrincipalId, resource: ServicePrincipalId) -> Step {
    Step::any(WITHDRAW, values![tenant, client, resource])
}
