//! The ports: what decisions read, and the one way to make something come true.
//!
//! Every sentence here is a test in the store's conformance suite, which runs on each engine. In every port a foreign
//! tenant's id is "not found".

use async_trait::async_trait;
use jiff::Timestamp;
use uuid::Uuid;
use vestibule_wire::ids::{
    ApplicationId, ClientId, GroupId, ServicePrincipalId, SessionId, TenantId, UserId,
};

use std::sync::Arc;

use crate::applications::{AppRoleAssignment, Application, Registration};
use crate::audit::{Activity, AuditEvent};
use crate::changes::{Changes, Conflict};
use crate::consent::PermissionGrant;
use crate::credentials::{Lockout, LockoutKey};
use crate::device::{DeviceKey, DeviceRequest};
use crate::directory::{
    DeletedObject, DirectoryObject, External, Group, ObjectKind, Position, Relation, Seek, TransitiveGroup,
    Upn, User,
};
use crate::keys::StoredKey;
use crate::sessions::Session;
use crate::tenant::Tenant;
use crate::tokens::{Family, FamilyId};

/// The store cannot answer now. The caller says "try again"; the cause is in the log.
#[derive(Debug, Clone, thiserror::Error)]
#[error("the store is unavailable: {0}")]
pub struct Unavailable(pub String);

/// Why nothing was written.
#[derive(Debug, Clone, thiserror::Error)]
pub enum CommitError {
    /// An expectation failed.
    #[error(transparent)]
    Conflict(#[from] Conflict),
    /// The store cannot answer now.
    #[error(transparent)]
    Unavailable(#[from] Unavailable),
}

/// Reads tenants.
#[async_trait]
pub trait Tenants: Send + Sync {
    /// The tenant with this id.
    async fn tenant(&self, id: TenantId) -> Result<Option<Tenant>, Unavailable>;
    /// The tenant that has this verified domain; domains are compared in lower case.
    async fn tenant_of_domain(&self, domain: &str) -> Result<Option<Tenant>, Unavailable>;
}

/// Reads users.
#[async_trait]
pub trait Users: Send + Sync {
    /// The user with this id.
    async fn user(&self, tenant: TenantId, id: UserId) -> Result<Option<User>, Unavailable>;
    /// The user with this name.
    async fn user_by_upn(&self, tenant: TenantId, upn: &Upn) -> Result<Option<User>, Unavailable>;
    /// The user of this tenant who is this person from elsewhere: each is one at most.
    async fn user_from_elsewhere(
        &self,
        tenant: TenantId,
        external: &External,
    ) -> Result<Option<User>, Unavailable>;
    /// The state of a lockout counter; the default if nothing was ever counted.
    async fn lockout(&self, key: LockoutKey) -> Result<Lockout, Unavailable>;
}

/// Reads applications and what was granted to them.
#[async_trait]
pub trait Applications: Send + Sync {
    /// The application with this client id, wherever it is at home.
    async fn application(&self, client: ClientId) -> Result<Option<Arc<Application>>, Unavailable>;
    /// The application with this client id as this tenant sees it; none if it has no service principal there.
    async fn registration(
        &self,
        tenant: TenantId,
        client: ClientId,
    ) -> Result<Option<Registration>, Unavailable>;
    /// The application with this name (an Application ID URI, byte for byte, or a client id) as this tenant sees it.
    async fn registration_by_name(
        &self,
        tenant: TenantId,
        name: &str,
    ) -> Result<Option<Registration>, Unavailable>;
    /// The ids of the app roles of the resource that the principal itself is assigned to.
    async fn assigned_roles(
        &self,
        tenant: TenantId,
        principal: Uuid,
        resource: ServicePrincipalId,
    ) -> Result<Vec<Uuid>, Unavailable>;
    /// The ids of the app roles of the resource that the user is assigned to, or a group that the user is in directly.
    /// Nested groups do not count, as in Entra.
    async fn assigned_roles_of_user(
        &self,
        tenant: TenantId,
        user: UserId,
        resource: ServicePrincipalId,
    ) -> Result<Vec<Uuid>, Unavailable>;
    /// What was granted to the client, for everybody or for this user.
    async fn permission_grants(
        &self,
        tenant: TenantId,
        client: ServicePrincipalId,
        user: UserId,
    ) -> Result<Vec<PermissionGrant>, Unavailable>;
}

/// Reads the objects of a directory: what its administrators look at and change.
///
/// Lists are in a stable order and cut into pages: `after` is where the page before ended, `limit` how many there may be
/// at most. A page with fewer is the last. An object is in a list once, by whatever it was found; deleted objects are in
/// none, nor are service principals whose application is deleted.
#[async_trait]
pub trait Directory: Send + Sync {
    /// The group with this id.
    async fn group(&self, tenant: TenantId, id: GroupId) -> Result<Option<Group>, Unavailable>;
    /// The application with this object id, at home in this tenant.
    async fn application_object(
        &self,
        tenant: TenantId,
        id: ApplicationId,
    ) -> Result<Option<Arc<Application>>, Unavailable>;
    /// The service principal with this object id.
    async fn service_principal(
        &self,
        tenant: TenantId,
        id: ServicePrincipalId,
    ) -> Result<Option<Registration>, Unavailable>;
    /// The object with this id, of whatever kind.
    async fn object(&self, tenant: TenantId, id: Uuid) -> Result<Option<DirectoryObject>, Unavailable>;
    /// Objects of one kind, each with where it stands in the order of the list.
    async fn objects(
        &self,
        tenant: TenantId,
        kind: ObjectKind,
        seek: &Seek,
        after: Option<&Position>,
        limit: u32,
    ) -> Result<Vec<(Position, DirectoryObject)>, Unavailable>;
    /// How many objects of one kind there are.
    async fn count(&self, tenant: TenantId, kind: ObjectKind) -> Result<i64, Unavailable>;

    /// The objects that `from` has by this relation (members, owners, the manager), in the order of their ids.
    async fn linked_from(
        &self,
        tenant: TenantId,
        relation: Relation,
        from: Uuid,
        after: Option<Uuid>,
        limit: u32,
    ) -> Result<Vec<DirectoryObject>, Unavailable>;
    /// The objects that have `to` by this relation (the groups it is a direct member of, what it owns, whom it manages), in
    /// the order of their ids.
    async fn linked_to(
        &self,
        tenant: TenantId,
        relation: Relation,
        to: Uuid,
        after: Option<Uuid>,
        limit: u32,
    ) -> Result<Vec<DirectoryObject>, Unavailable>;
    /// Whether the link is there. It outlives the deletion of either end, until that is gone for good.
    async fn is_linked(
        &self,
        tenant: TenantId,
        relation: Relation,
        from: Uuid,
        to: Uuid,
    ) -> Result<bool, Unavailable>;
    /// All groups that the object is in, directly or through other groups, in the order of their ids; groups that
    /// contain each other do not matter. A group is not among its own, and a deleted one is no way to others.
    async fn groups_of(&self, tenant: TenantId, member: Uuid) -> Result<Vec<TransitiveGroup>, Unavailable>;
    /// The members of a group, direct or through other groups, in the order of their ids; not the group itself.
    async fn transitive_members(
        &self,
        tenant: TenantId,
        group: GroupId,
        after: Option<Uuid>,
        limit: u32,
    ) -> Result<Vec<DirectoryObject>, Unavailable>;

    /// The app roles that the principal is assigned to, on all resources. An assignment outlives the deletion of either
    /// end, until that is gone for good.
    async fn assignments_of(
        &self,
        tenant: TenantId,
        principal: Uuid,
    ) -> Result<Vec<AppRoleAssignment>, Unavailable>;
    /// Who is assigned to app roles of the resource.
    async fn assignments_on(
        &self,
        tenant: TenantId,
        resource: ServicePrincipalId,
    ) -> Result<Vec<AppRoleAssignment>, Unavailable>;
    /// The groups that the object is in directly and that are assigned to the resource, in the order of their ids.
    async fn assigned_groups(
        &self,
        tenant: TenantId,
        member: Uuid,
        resource: ServicePrincipalId,
    ) -> Result<Vec<GroupId>, Unavailable>;
    /// Delegated permissions granted in the tenant, in the order of client, principal and resource; all of them, or those
    /// of one client. `after` is the last of the page before.
    async fn all_permission_grants(
        &self,
        tenant: TenantId,
        client: Option<ServicePrincipalId>,
        after: Option<&PermissionGrant>,
        limit: u32,
    ) -> Result<Vec<PermissionGrant>, Unavailable>;

    /// Deleted objects of one kind, in the order of their ids. A service principal comes with its application as that is
    /// now, if that is not deleted too.
    async fn deleted_objects(
        &self,
        tenant: TenantId,
        kind: ObjectKind,
        after: Option<Uuid>,
        limit: u32,
    ) -> Result<Vec<DeletedObject>, Unavailable>;
    /// The deleted object with this id.
    async fn deleted_object(&self, tenant: TenantId, id: Uuid) -> Result<Option<DeletedObject>, Unavailable>;

    /// The domains of the tenant, in the order of their names.
    async fn domains(&self, tenant: TenantId) -> Result<Vec<String>, Unavailable>;
    /// What happened in the tenant, the latest first: these activities, or all if none is named. `after` is the last of
    /// the page before.
    async fn audit_events(
        &self,
        tenant: TenantId,
        activities: &[Activity],
        after: Option<(Timestamp, [u8; 16])>,
        limit: u32,
    ) -> Result<Vec<AuditEvent>, Unavailable>;
}

/// Reads sessions and families.
#[async_trait]
pub trait Grants: Send + Sync {
    /// The session with this id; none if it was ended. An expired one may still be there: ask it.
    async fn session(&self, tenant: TenantId, id: SessionId) -> Result<Option<Session>, Unavailable>;
    /// The sessions of a browser, in any tenant, the most recently used first; at most 20.
    async fn sessions_of_browser(&self, browser: &[u8; 32]) -> Result<Vec<Session>, Unavailable>;
    /// The family with this id, revoked or not.
    async fn family(&self, tenant: TenantId, id: FamilyId) -> Result<Option<Family>, Unavailable>;
}

/// Reads what devices asked for.
#[async_trait]
pub trait Devices: Send + Sync {
    /// The request with this key, whatever became of it. An expired one may still be there: ask it.
    async fn device_request(&self, key: DeviceKey) -> Result<Option<DeviceRequest>, Unavailable>;
    /// The request with this user code, known by its hash.
    async fn device_request_by_user_code(
        &self,
        user_code: &[u8; 32],
    ) -> Result<Option<DeviceRequest>, Unavailable>;
}

/// Reads signing keys.
#[async_trait]
pub trait Keys: Send + Sync {
    /// All keys, oldest first.
    async fn signing_keys(&self) -> Result<Vec<StoredKey>, Unavailable>;
}

/// Everything a server needs of a store.
#[async_trait]
pub trait Store: Tenants + Users + Applications + Directory + Grants + Devices + Keys {
    /// Makes all changes come true at once and durably, or none of them: when this returns `Ok`, a power cut does not
    /// undo it; when an expectation fails, nothing was written and the first that failed is named.
    async fn commit(&self, changes: Changes) -> Result<(), CommitError>;

    /// Whether the store answers, for readiness.
    async fn ping(&self) -> Result<(), Unavailable>;
}
