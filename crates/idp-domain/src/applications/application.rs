//! The objects: application, service principal, what they carry.

use std::sync::Arc;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use uuid::Uuid;
use vestibule_wire::ids::{ApplicationId, ClientId, ServicePrincipalId, TenantId};

use super::redirect_uri::RedirectUri;

/// A registration, in its home tenant.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Application {
    /// The home tenant.
    pub tenant: TenantId,
    /// The object id.
    pub id: ApplicationId,
    /// The client id, the same in every tenant.
    pub client_id: ClientId,
    /// Shown to people.
    pub display_name: String,
    /// Whose accounts may sign in.
    pub sign_in_audience: SignInAudience,
    /// Where answers may be sent, by platform.
    pub redirect_uris: Vec<RedirectUri>,
    /// Application ID URIs: the names under which it is asked for as a resource.
    pub identifier_uris: Vec<String>,
    /// The delegated permissions it offers as a resource (`api.oauth2PermissionScopes`).
    pub delegated_permissions: Vec<DelegatedPermission>,
    /// The app roles it offers as a resource.
    pub app_roles: Vec<AppRole>,
    /// Whether it is a public client in flows without a redirect URI (`isFallbackPublicClient`).
    pub is_fallback_public_client: bool,
    /// Its client secrets, as keyed hashes.
    pub secrets: Vec<ClientSecret>,
    /// Counts changes; kept beside the document in the store.
    #[serde(skip)]
    pub revision: i64,
}

/// Whose accounts may sign in to an application (`signInAudience`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum SignInAudience {
    /// Accounts of the home tenant.
    AzureADMyOrg,
    /// Work and school accounts of any tenant.
    AzureADMultipleOrgs,
    /// Those and personal accounts.
    AzureADandPersonalMicrosoftAccount,
    /// Personal accounts only.
    PersonalMicrosoftAccount,
}

impl SignInAudience {
    /// Whether accounts of more than one tenant may sign in.
    pub const fn is_multi_tenant(self) -> bool {
        !matches!(self, Self::AzureADMyOrg)
    }

    /// Whether personal accounts may sign in.
    pub const fn takes_personal_accounts(self) -> bool {
        matches!(self, Self::AzureADandPersonalMicrosoftAccount | Self::PersonalMicrosoftAccount)
    }
}

/// A permission a client may use on behalf of a user: a value of `scp`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DelegatedPermission {
    /// Its id, which required permissions name.
    pub id: Uuid,
    /// The value in scopes and in `scp`.
    pub value: String,
    /// Only an administrator can consent to it.
    pub admin_only: bool,
}

/// A role an application or a user can be assigned to: a value of `roles`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AppRole {
    /// Its id, which assignments name.
    pub id: Uuid,
    /// The value in `roles`.
    pub value: String,
}

/// A client secret: never the secret, always a keyed hash of it.
///
/// Secrets are made by the server from 256 random bits, so a fast keyed hash is as good as a slow one and does not put
/// a password hash on the token path.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ClientSecret {
    /// Names the secret to administrators.
    pub id: Uuid,
    /// [`crate::credentials::client_secret_hash`] of the secret.
    pub hash: [u8; 32],
    /// After this it is refused.
    #[serde(with = "jiff::fmt::serde::timestamp::second::required")]
    pub expires_at: Timestamp,
}

/// What an application is in one tenant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ServicePrincipal {
    /// The tenant.
    pub tenant: TenantId,
    /// The object id: `oid` and `sub` of app-only tokens.
    pub id: ServicePrincipalId,
    /// The application.
    pub client_id: ClientId,
    /// A disabled service principal gets no tokens, and none are issued for it.
    pub enabled: bool,
    /// Only principals with an app role may get tokens for it (`appRoleAssignmentRequired`).
    pub assignment_required: bool,
    /// Counts changes; guards name the revision they were decided on.
    pub revision: i64,
}

/// An application as one tenant sees it: read together, because neither is enough to decide on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Registration {
    /// What it is in the tenant of the request.
    pub principal: ServicePrincipal,
    /// What it is at home.
    pub application: Arc<Application>,
}

impl Registration {
    /// The client id.
    pub fn client_id(&self) -> ClientId {
        self.application.client_id
    }
}
