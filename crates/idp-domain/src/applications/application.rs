//! The application: a registration, in its home tenant.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use uuid::Uuid;
use vestibule_wire::graph::{
    AppRole, InformationalUrl, OptionalClaims, PermissionScope, PreAuthorizedApplication,
    RequiredResourceAccess, VerifiedPublisher,
};
use vestibule_wire::ids::{ApplicationId, ClientId, TenantId};
use vestibule_wire::oauth::ClientFamily;

use super::credentials::{Certificate, ClientSecret, FederatedCredential};
use super::redirect_uri::RedirectUri;
use super::{GroupMembershipClaims, SignInAudience, TokenVersion};
use crate::directory::Profile;

/// A registration, in its home tenant.
///
/// It is stored as a document. Members that came later have a default, so that documents written before are read.
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
    pub delegated_permissions: Vec<PermissionScope>,
    /// The app roles it offers as a resource.
    pub app_roles: Vec<AppRole>,
    /// The permissions it needs of resources, for static consent.
    #[serde(default)]
    pub required_resource_access: Vec<RequiredResourceAccess>,
    /// Clients that may use its delegated permissions without consent.
    #[serde(default)]
    pub pre_authorized: Vec<PreAuthorizedApplication>,
    /// Clients whose consent is asked for together with its own.
    #[serde(default)]
    pub known_clients: Vec<ClientId>,
    /// The form of access tokens for it.
    #[serde(default)]
    pub access_token_version: TokenVersion,
    /// Claims it asks for beyond the usual ones.
    #[serde(default)]
    pub optional_claims: OptionalClaims,
    /// Which groups and roles its tokens tell of.
    #[serde(default)]
    pub group_membership_claims: GroupMembershipClaims,
    /// Whether it is a public client in flows without a redirect URI (`isFallbackPublicClient`).
    pub is_fallback_public_client: bool,
    /// Which tokens the authorize endpoint may hand it.
    #[serde(default)]
    pub implicit_grant: ImplicitGrant,
    /// Where it is told, by the person's browser, that they signed out.
    #[serde(default)]
    pub logout_url: Option<String>,
    /// Where the server itself tells it so (OpenID Connect Back-Channel Logout §2.2). Entra has no such member.
    #[serde(default)]
    pub back_channel_logout_url: Option<String>,
    /// Its links.
    #[serde(default)]
    pub info: InformationalUrl,
    /// Who vouches for it.
    #[serde(default)]
    pub verified_publisher: VerifiedPublisher,
    /// The domain of its publisher, shown where nobody vouches.
    #[serde(default)]
    pub publisher_domain: Option<String>,
    /// The family of applications that use each other's refresh tokens, if it belongs to one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub client_family: Option<ClientFamily>,
    /// How many seconds tokens for it live, when that is settled for it.
    #[serde(default)]
    pub token_lifetime: Option<u32>,
    /// Its client secrets, as keyed hashes.
    pub secrets: Vec<ClientSecret>,
    /// Its certificates.
    #[serde(default)]
    pub certificates: Vec<Certificate>,
    /// Whose tokens it may present as its own proof.
    #[serde(default)]
    pub federated_credentials: Vec<FederatedCredential>,
    /// When it was registered.
    #[serde(default = "long_ago", with = "jiff::fmt::serde::timestamp::second::required")]
    pub created_at: Timestamp,
    /// What is carried and decides nothing, and what nobody here knows.
    #[serde(default)]
    pub other: Profile,
    /// Counts changes; kept beside the document in the store.
    #[serde(skip)]
    pub revision: i64,
}

const fn long_ago() -> Timestamp {
    Timestamp::UNIX_EPOCH
}

/// Which tokens come from the authorize endpoint without a code (`web.implicitGrantSettings`). None, unless allowed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct ImplicitGrant {
    /// ID tokens.
    pub id_token: bool,
    /// Access tokens.
    pub access_token: bool,
}

impl Application {
    /// A registration with nothing but its names.
    pub fn new(tenant: TenantId, id: ApplicationId, client_id: ClientId, display_name: String) -> Self {
        Self {
            tenant,
            id,
            client_id,
            display_name,
            sign_in_audience: SignInAudience::AzureADMyOrg,
            redirect_uris: Vec::new(),
            identifier_uris: Vec::new(),
            delegated_permissions: Vec::new(),
            app_roles: Vec::new(),
            required_resource_access: Vec::new(),
            pre_authorized: Vec::new(),
            known_clients: Vec::new(),
            access_token_version: TokenVersion::default(),
            optional_claims: OptionalClaims::default(),
            group_membership_claims: GroupMembershipClaims::default(),
            is_fallback_public_client: false,
            implicit_grant: ImplicitGrant::default(),
            logout_url: None,
            back_channel_logout_url: None,
            info: InformationalUrl::default(),
            verified_publisher: VerifiedPublisher::default(),
            publisher_domain: None,
            client_family: None,
            token_lifetime: None,
            secrets: Vec::new(),
            certificates: Vec::new(),
            federated_credentials: Vec::new(),
            created_at: Timestamp::UNIX_EPOCH,
            other: Profile::default(),
            revision: 0,
        }
    }

    /// The delegated permission with this value, whatever the case, if it can be asked for.
    pub fn delegated_permission(&self, value: &str) -> Option<&PermissionScope> {
        self.delegated_permissions
            .iter()
            .find(|permission| permission.is_enabled && permission.value.eq_ignore_ascii_case(value))
    }

    /// The delegated permission with this id, if it can be asked for.
    pub fn delegated_permission_by_id(&self, id: Uuid) -> Option<&PermissionScope> {
        self.delegated_permissions.iter().find(|permission| permission.is_enabled && permission.id == id)
    }

    /// The app role with this id, if it can be assigned.
    pub fn app_role(&self, id: Uuid) -> Option<&AppRole> {
        self.app_roles.iter().find(|role| role.is_enabled && role.id == id)
    }

    /// Whether the client may use a delegated permission without anybody's consent.
    pub fn pre_authorizes(&self, client: ClientId, permission: Uuid) -> bool {
        self.pre_authorized
            .iter()
            .any(|known| known.app_id == client && known.delegated_permission_ids.contains(&permission))
    }

    /// Whether its tokens may tell mail addresses that nobody has verified
    /// (`authenticationBehaviors.removeUnverifiedEmailClaim`). They do not, unless that is switched off (CN-11).
    pub fn takes_unverified_mail(&self) -> bool {
        let behaviors = self.other.members().get("authenticationBehaviors");
        behaviors.and_then(|behaviors| behaviors.get("removeUnverifiedEmailClaim"))
            == Some(&serde_json::Value::Bool(false))
    }

    /// Whether it has anything to prove itself with, still valid or not.
    pub fn has_credentials(&self) -> bool {
        !(self.secrets.is_empty() && self.certificates.is_empty() && self.federated_credentials.is_empty())
    }

    /// Whether somebody vouches for its publisher.
    pub fn has_verified_publisher(&self) -> bool {
        self.verified_publisher.display_name.is_some()
    }
}
