//! What a resource offers, and what a client wants of resources.

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::ids::ClientId;

const fn yes() -> bool {
    true
}

/// A delegated permission (`api.oauth2PermissionScopes[]`): a value of `scp`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct PermissionScope {
    /// Names it in manifests and grants' requirements; unique in the application.
    pub id: Uuid,
    /// The value in scopes and in `scp`; at most 120 characters, no space.
    pub value: String,
    /// Whether a user may consent to it.
    #[serde(rename = "type", default)]
    pub kind: PermissionType,
    /// The title an administrator reads.
    #[serde(default)]
    pub admin_consent_display_name: Option<String>,
    /// The explanation an administrator reads.
    #[serde(default)]
    pub admin_consent_description: Option<String>,
    /// The title a user reads.
    #[serde(default)]
    pub user_consent_display_name: Option<String>,
    /// The explanation a user reads.
    #[serde(default)]
    pub user_consent_description: Option<String>,
    /// A disabled permission cannot be asked for. It must be disabled before it is removed.
    #[serde(default = "yes")]
    pub is_enabled: bool,
}

/// Who may consent to a delegated permission.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub enum PermissionType {
    /// Users, for themselves.
    #[default]
    User,
    /// Administrators only.
    Admin,
}

/// An app role (`appRoles[]`): a value of `roles`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct AppRole {
    /// Names it in assignments; unique in the application.
    pub id: Uuid,
    /// The value in `roles`; none, and the role is never in a token.
    #[serde(default)]
    pub value: Option<String>,
    /// Its title.
    #[serde(default)]
    pub display_name: String,
    /// What it means.
    #[serde(default)]
    pub description: String,
    /// Who can be assigned to it.
    #[serde(default = "applications")]
    pub allowed_member_types: Vec<MemberType>,
    /// A disabled role cannot be assigned. It must be disabled before it is removed.
    #[serde(default = "yes")]
    pub is_enabled: bool,
}

fn applications() -> Vec<MemberType> {
    vec![MemberType::Application]
}

/// Who can be assigned to an app role.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum MemberType {
    /// Users and groups.
    User,
    /// Applications: the role is an application permission.
    Application,
}

/// The permissions a client needs of one resource (`requiredResourceAccess[]`).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct RequiredResourceAccess {
    /// The client id of the resource.
    pub resource_app_id: ClientId,
    /// The permissions.
    #[serde(default)]
    pub resource_access: Vec<ResourceAccess>,
}

/// One permission that a client needs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct ResourceAccess {
    /// The id of a [`PermissionScope`] or an [`AppRole`] of the resource.
    pub id: Uuid,
    /// Which of the two.
    #[serde(rename = "type")]
    pub kind: ResourceAccessType,
}

/// Whether a permission is delegated or the application's own.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum ResourceAccessType {
    /// A delegated permission.
    Scope,
    /// An app role.
    Role,
}

/// A client that may use delegated permissions of a resource without anybody's consent
/// (`api.preAuthorizedApplications[]`).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct PreAuthorizedApplication {
    /// The client.
    pub app_id: ClientId,
    /// The ids of the permissions.
    #[serde(default)]
    pub delegated_permission_ids: Vec<Uuid>,
}
