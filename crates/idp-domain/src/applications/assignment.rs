//! App role assignments: who has which role of a resource.

use jiff::Timestamp;
use uuid::Uuid;
use vestibule_wire::ids::{ServicePrincipalId, TenantId};

use crate::directory::ObjectKind;

/// The role that means nothing but that somebody was assigned.
pub const DEFAULT_ACCESS: Uuid = Uuid::nil();

/// A principal has an app role of a resource (`appRoleAssignment`).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AppRoleAssignment {
    /// The tenant it holds in.
    pub tenant: TenantId,
    /// The user, group or service principal.
    pub principal: Uuid,
    /// Which of the three.
    pub principal_kind: ObjectKind,
    /// The resource's service principal.
    pub resource: ServicePrincipalId,
    /// The role; [`DEFAULT_ACCESS`] when the resource has none to give.
    pub app_role: Uuid,
    /// When it was made.
    pub created_at: Timestamp,
}
