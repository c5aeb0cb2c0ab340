//! What was granted: app roles assigned to principals, delegated permissions consented to.

use idp_domain::applications::AppRoleAssignment;
use idp_domain::changes::Conflict;
use idp_domain::consent::PermissionGrant;
use idp_domain::directory::{ObjectKind, Relation};
use idp_domain::store::Unavailable;
use uuid::Uuid;
use vestibule_wire::ids::{GroupId, ServicePrincipalId, TenantId, UserId};

use crate::engine::{Columns, Damaged, Engine};
use crate::step::{Step, Value, values};
use crate::texts::texts;

texts! {
    ASSIGNED_ROLES = "SELECT app_role_id FROM app_role_assignments \
        WHERE tenant_id = $1 AND principal_id = $2 AND resource_id = $3 ORDER BY app_role_id";
    /// One's own, and those of the groups one is in directly. A deleted group gives nothing.
    ASSIGNED_ROLES_OF_USER = "SELECT app_role_id FROM app_role_assignments \
        WHERE tenant_id = $1 AND principal_id = $2 AND resource_id = $3 \
        UNION SELECT r.app_role_id FROM links l CROSS JOIN groups g CROSS JOIN app_role_assignments r \
        WHERE l.tenant_id = $1 AND l.relation = $4 AND l.to_id = $2 AND g.tenant_id = $1 AND g.id = l.from_id \
        AND r.tenant_id = $1 AND r.principal_id = l.from_id AND r.resource_id = $3 ORDER BY app_role_id";
    ASSIGNED_GROUPS = "SELECT DISTINCT g.id FROM links l CROSS JOIN groups g CROSS JOIN app_role_assignments r \
        WHERE l.tenant_id = $1 AND l.relation = $2 AND l.to_id = $3 AND g.tenant_id = $1 AND g.id = l.from_id \
        AND r.tenant_id = $1 AND r.principal_id = l.from_id AND r.resource_id = $4 ORDER BY g.id";
    ASSIGNMENTS_OF = "SELECT tenant_id, principal_id, principal_kind, resource_id, app_role_id, created_at \
        FROM app_role_assignments WHERE tenant_id = $1 AND principal_id = $2 ORDER BY resource_id, app_role_id";
    ASSIGNMENTS_ON = "SELECT tenant_id, principal_id, principal_kind, resource_id, app_role_id, created_at \
        FROM app_role_assignments WHERE tenant_id = $1 AND resource_id = $2 ORDER BY principal_id, app_role_id";
    ASSIGN_ROLE = "INSERT INTO app_role_assignments (tenant_id, principal_id, principal_kind, resource_id, \
        app_role_id, created_at) VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT DO NOTHING";
    REMOVE_ROLE = "DELETE FROM app_role_assignments \
        WHERE tenant_id = $1 AND principal_id = $2 AND resource_id = $3 AND app_role_id = $4";
    FORGET_ROLES_OF = "DELETE FROM app_role_assignments WHERE tenant_id = $1 AND principal_id = $2";
    FORGET_ROLES_ON = "DELETE FROM app_role_assignments WHERE tenant_id = $1 AND resource_id = $2";

    GRANTS = "SELECT tenant_id, client_id, resource_id, principal, scopes FROM permission_grants \
        WHERE tenant_id = $1 AND client_id = $2 AND principal IN ($3, $4) ORDER BY principal, resource_id";
    ALL_GRANTS = "SELECT tenant_id, client_id, resource_id, principal, scopes FROM permission_grants \
        WHERE tenant_id = $1 AND (client_id, principal, resource_id) > ($2, $3, $4) \
        ORDER BY client_id, principal, resource_id LIMIT $5";
    ALL_GRANTS_OF = "SELECT tenant_id, client_id, resource_id, principal, scopes FROM permission_grants \
        WHERE tenant_id = $1 AND client_id = $2 AND (principal, resource_id) > ($3, $4) \
        ORDER BY principal, resource_id LIMIT $5";
    GRANT = "INSERT INTO permission_grants (tenant_id, client_id, resource_id, principal, scopes) \
        VALUES ($1, $2, $3, $4, $5) \
        ON CONFLICT (tenant_id, client_id, principal, resource_id) DO UPDATE SET scopes = excluded.scopes";
    WITHDRAW = "DELETE FROM permission_grants WHERE tenant_id = $1 AND client_id = $2 AND resource_id = $3";
    WITHDRAW_GRANT = "DELETE FROM permission_grants \
        WHERE tenant_id = $1 AND client_id = $2 AND principal = $3 AND resource_id = $4";
    FORGET_GRANTS_TO = "DELETE FROM permission_grants WHERE tenant_id = $1 AND client_id = $2";
    FORGET_GRANTS_ON = "DELETE FROM permission_grants WHERE tenant_id = $1 AND resource_id = $2";
    FORGET_GRANTS_FOR = "DELETE FROM permission_grants WHERE tenant_id = $1 AND principal = $2";
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
    engine.all(ASSIGNED_ROLES, &params, |row| row.id(uuid)).await
}

pub(crate) async fn assigned_roles_of_user(
    engine: &Engine,
    tenant: TenantId,
    user: UserId,
    resource: ServicePrincipalId,
) -> Result<Vec<Uuid>, Unavailable> {
    let params = [tenant.into(), user.into(), resource.into(), Relation::Member.number().into()];
    engine.all(ASSIGNED_ROLES_OF_USER, &params, |row| row.id(uuid)).await
}

pub(crate) async fn assigned_groups(
    engine: &Engine,
    tenant: TenantId,
    member: Uuid,
    resource: ServicePrincipalId,
) -> Result<Vec<GroupId>, Unavailable> {
    let params = [tenant.into(), Relation::Member.number().into(), member.into(), resource.into()];
    engine.all(ASSIGNED_GROUPS, &params, |row| row.id(GroupId::from_bytes)).await
}

/// The assignments of a principal, or those on a resource.
pub(crate) async fn assignments(
    engine: &Engine,
    sql: &'static str,
    tenant: TenantId,
    id: Uuid,
) -> Result<Vec<AppRoleAssignment>, Unavailable> {
    engine.all(sql, &[tenant.into(), id.into()], assignment).await
}

fn assignment(row: &mut Columns<'_>) -> Result<AppRoleAssignment, Damaged> {
    Ok(AppRoleAssignment {
        tenant: row.id(TenantId::from_bytes)?,
        principal: row.id(uuid)?,
        principal_kind: row.kind()?,
        resource: row.id(ServicePrincipalId::from_bytes)?,
        app_role: row.id(uuid)?,
        created_at: row.time()?,
    })
}

fn uuid(bytes: &[u8]) -> Option<Uuid> {
    Uuid::from_slice(bytes).ok()
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

/// A page of all grants, or of those to one client.
pub(crate) async fn all_grants(
    engine: &Engine,
    tenant: TenantId,
    client: Option<ServicePrincipalId>,
    after: Option<&PermissionGrant>,
    limit: u32,
) -> Result<Vec<PermissionGrant>, Unavailable> {
    // No bytes come before all others.
    let nothing = || Value::from(Vec::new());
    let (last_client, last_principal, last_resource) = match after {
        Some(last) => (last.client.into(), everybody_or(last.principal), last.resource.into()),
        None => (nothing(), nothing(), nothing()),
    };
    let limit = limit.into();
    if let Some(client) = client {
        let params = [tenant.into(), client.into(), last_principal, last_resource, limit];
        return engine.all(ALL_GRANTS_OF, &params, permission_grant).await;
    }
    let params = [tenant.into(), last_client, last_principal, last_resource, limit];
    engine.all(ALL_GRANTS, &params, permission_grant).await
}

fn everybody_or(principal: Option<UserId>) -> Value<'static> {
    principal.map_or_else(|| EVERYBODY.into(), Value::from)
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
pub(crate) fn assign_role(assignment: &AppRoleAssignment) -> Step {
    let AppRoleAssignment { tenant, principal, principal_kind, resource, app_role, created_at } = *assignment;
    let params = values![tenant, principal, principal_kind.number(), resource, app_role, created_at];
    Step::any(ASSIGN_ROLE, params)
}

pub(crate) fn remove_role(
    tenant: TenantId,
    principal: Uuid,
    resource: ServicePrincipalId,
    app_role: Uuid,
) -> Step {
    Step::one(REMOVE_ROLE, Conflict::NotThere, values![tenant, principal, resource, app_role])
}

pub(crate) fn grant(grant: &PermissionGrant) -> Result<Step, serde_json::Error> {
    let scopes = serde_json::to_string(&grant.scopes)?;
    let params = values![grant.tenant, grant.client, grant.resource, everybody_or(grant.principal), scopes];
    Ok(Step::one(GRANT, Conflict::AlreadyExists, params))
}

pub(crate) fn withdraw(tenant: TenantId, client: ServicePrincipalId, resource: ServicePrincipalId) -> Step {
    Step::any(WITHDRAW, values![tenant, client, resource])
}

pub(crate) fn withdraw_grant(
    tenant: TenantId,
    client: ServicePrincipalId,
    resource: ServicePrincipalId,
    principal: Option<UserId>,
) -> Step {
    Step::one(WITHDRAW_GRANT, Conflict::NotThere, values![tenant, client, everybody_or(principal), resource])
}

/// What was granted to an object, to others for it, and on it.
pub(crate) fn forget(tenant: TenantId, kind: ObjectKind, id: Uuid) -> Vec<Step> {
    let texts: &[&str] = match kind {
        ObjectKind::User => &[FORGET_ROLES_OF, FORGET_GRANTS_FOR],
        ObjectKind::Group => &[FORGET_ROLES_OF],
        ObjectKind::Application => &[],
        ObjectKind::ServicePrincipal => {
            &[FORGET_ROLES_OF, FORGET_ROLES_ON, FORGET_GRANTS_TO, FORGET_GRANTS_ON]
        }
    };
    texts.iter().map(|sql| Step::any(sql, values![tenant, id])).collect()
}
