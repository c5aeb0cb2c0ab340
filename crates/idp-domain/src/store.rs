//! The ports: what decisions read, and the one way to make something come true.
//!
//! Every sentence here is a test in the store's conformance suite, which runs on each engine. In every port a foreign
//! tenant's id is "not found".

use async_trait::async_trait;
use uuid::Uuid;
use vestibule_wire::ids::{ClientId, ServicePrincipalId, SessionId, TenantId, UserId};

use std::sync::Arc;

use crate::applications::{Application, Registration};
use crate::changes::{Changes, Conflict};
use crate::consent::PermissionGrant;
use crate::credentials::{Lockout, LockoutKey};
use crate::directory::{Upn, User};
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
    /// The ids of the app roles of the resource that the principal is assigned to.
    async fn assigned_roles(
        &self,
        tenant: TenantId,
        principal: Uuid,
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

/// Reads signing keys.
#[async_trait]
pub trait Keys: Send + Sync {
    /// All keys, oldest first.
    async fn signing_keys(&self) -> Result<Vec<StoredKey>, Unavailable>;
}

/// Everything a server needs of a store.
#[async_trait]
pub trait Store: Tenants + Users + Applications + Grants + Keys {
    /// Makes all changes come true at once and durably, or none of them: when this returns `Ok`, a power cut does not
    /// undo it; when an expectation fails, nothing was written and the first that failed is named.
    async fn commit(&self, changes: Changes) -> Result<(), CommitError>;

    /// Whether the store answers, for readiness.
    async fn ping(&self) -> Result<(), Unavailable>;
}
