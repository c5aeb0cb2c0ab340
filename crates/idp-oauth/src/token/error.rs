//! Everything that can go wrong at the token endpoint, in the words of the domain, and what the client is told.

use idp_domain::applications::{ClientRefusal, Registration, Resource, WrongManner};
use idp_domain::codes::CodeRefusal;
use idp_domain::consent::ConsentRefusal;
use idp_domain::device::{DeviceRefusal, NotADevice};
use idp_domain::policies::FlowBlocked;
use idp_domain::store::Unavailable;
use idp_domain::tenant::Tenant;
use idp_domain::tokens::{IssueRefusal, RefreshRefusal, UserAssertionRefusal};
use idp_signin::Unchecked;
use idp_web::body::BodyRefusal;
use idp_web::directory::DirectoryRefusal;
use idp_web::limits::{Looping, TooOften};
use jiff::Timestamp;
use vestibule_wire::aadsts::{Aadsts, Failure, OAuthError};
use vestibule_wire::ids::ClientId;
use vestibule_wire::oauth::param;
use vestibule_wire::scope::{MalformedScope, ResourceName};

use super::assertion_failure::AssertionFailure;
use super::{Exchange, PersonRefusal};
use crate::delegation::DelegationRefusal;
use crate::dialect::Unreadable;

/// Why no token is issued.
#[derive(Debug)]
pub enum TokenError {
    // The shape of the request.
    Directory(DirectoryRefusal),
    Body(BodyRefusal),
    Repeated(String),
    Missing(&'static str),
    Invalid(&'static str),
    GrantTypeUnsupported(String),
    GrantTypeNotHere,
    ResourceParameter,
    TenantMissing,
    ScopeMalformed(String),
    ScopeNotDefault(String),
    ScopeSpansResources(String),
    // The client.
    NotAnApplication(String),
    ClientNotFound {
        client: String,
        tenant: String,
    },
    Client {
        refusal: ClientRefusal,
        client: ClientId,
        name: String,
    },
    ClientCredentialMalformed,
    TwoCredentials,
    ClientIdMismatch,
    Assertion(AssertionFailure),
    CredentialRequired,
    CredentialMissing,
    PublicClientWithCredential,
    // The grant.
    GrantInvalid(&'static str),
    GrantOfOtherClient,
    GrantExpired,
    RefreshTokenInactive {
        issued_at: Timestamp,
    },
    RefreshTokenOfSpaExpired {
        issued_at: Timestamp,
    },
    CodeRedeemed,
    Device(DeviceRefusal),
    OtherTenant,
    RedirectUriMismatch,
    VerifierMismatch,
    CrossOriginForbidden {
        origin: String,
    },
    CrossOriginRequired,
    UserAssertion {
        refusal: UserAssertionRefusal,
        client: ClientId,
        name: String,
    },
    // The organisation.
    Blocked(FlowBlocked),
    // The person.
    Person(PersonRefusal),
    // The resource.
    ResourceNotFound {
        resource: String,
        tenant: String,
    },
    ResourceDisabled(String),
    NotAssigned(Unassigned),
    ScopeUnknown {
        client: String,
        scope: String,
        resource: ClientId,
    },
    ConsentMissing {
        client: ClientId,
        name: String,
    },
    // The server.
    /// It asks for the same again and again.
    Looping,
    TooOften(TooOften),
    Busy,
    Unsigned,
}

/// Who would have to be assigned to what.
#[derive(Debug)]
pub enum Unassigned {
    /// An application, to the resource.
    Application { client: ClientId, name: String, resource: ClientId, resource_name: String },
    /// A person, to the client or to the resource.
    Person { application: ClientId, name: String, user: String },
}

impl TokenError {
    /// The code and text the client gets. The one place where this endpoint's words become numbers.
    pub fn failure(&self) -> Failure {
        match self {
            Self::Directory(refusal) => refusal.failure(),
            Self::Body(refusal) => refusal.failure(),
            Self::Repeated(name) => Aadsts::ParameterRepeated.with([("name", name)]),
            Self::Missing(name) => Aadsts::ParameterMissing.with([("name", name)]),
            Self::Invalid(name) => Aadsts::ParameterInvalid.with([("name", name)]),
            Self::GrantTypeNotHere => Aadsts::GrantTypeNotHere.bare(),
            Self::GrantTypeUnsupported(grant) => Aadsts::GrantTypeUnsupported.with([("grant", grant)]),
            Self::ResourceParameter => Aadsts::ResourceParameterUnsupported.bare(),
            Self::TenantMissing => Aadsts::TenantMissing.bare(),
            Self::ScopeMalformed(scope) => Aadsts::ScopeInvalid.with([("scope", scope)]),
            Self::ScopeNotDefault(scope) => Aadsts::ScopeNotDefault.with([("scope", scope)]),
            Self::ScopeSpansResources(scope) => Aadsts::ScopeSpansResources.with([("scope", scope)]),
            Self::NotAnApplication(client) => Aadsts::NotAnApplication.with([("app", client)]),
            Self::ClientNotFound { client, tenant } => {
                Aadsts::ApplicationNotFound.with([("app", client), ("tenant", tenant)])
            }
            Self::Client { refusal, client, name } => client_failure(*refusal, *client, name),
            Self::ClientCredentialMalformed => Aadsts::ClientAuthenticationMalformed.bare(),
            Self::TwoCredentials => Aadsts::RequestMalformed.bare(),
            Self::ClientIdMismatch => Aadsts::ClientIdMismatch.with([("credential", "Client authorization")]),
            Self::Assertion(failure) => failure.failure(),
            Self::CredentialRequired => Aadsts::ClientCredentialRequired.bare(),
            Self::CredentialMissing => Aadsts::ClientCredentialMissing.bare(),
            Self::PublicClientWithCredential => Aadsts::PublicClientWithCredential.bare(),
            Self::GrantInvalid(name) => Aadsts::GrantInvalid.with([("name", name)]),
            Self::GrantOfOtherClient => Aadsts::GrantOfOtherClient.bare(),
            Self::GrantExpired => Aadsts::GrantExpired.bare(),
            Self::RefreshTokenInactive { issued_at } => expired(Aadsts::RefreshTokenInactive, *issued_at),
            Self::RefreshTokenOfSpaExpired { issued_at } => {
                expired(Aadsts::RefreshTokenOfSpaExpired, *issued_at)
            }
            Self::CodeRedeemed => Aadsts::CodeRedeemed.bare(),
            Self::Device(refusal) => device_failure(*refusal),
            Self::OtherTenant => Aadsts::CodeOfOtherTenant.bare(),
            Self::RedirectUriMismatch => Aadsts::ReplyAddressMismatch.bare(),
            Self::VerifierMismatch => Aadsts::CodeVerifierMismatch.bare(),
            Self::CrossOriginForbidden { origin } => Aadsts::CrossOriginForbidden.with([("origin", origin)]),
            Self::CrossOriginRequired => Aadsts::CrossOriginRequired.bare(),
            Self::UserAssertion { refusal, client, name } => user_assertion_failure(refusal, *client, name),
            Self::Blocked(_) => Aadsts::AccessBlocked.bare(),
            Self::Person(refusal) => refusal.failure(),
            Self::ResourceNotFound { resource, tenant } => {
                Aadsts::ResourceNotFound.with([("resource", resource), ("tenant", tenant)])
            }
            Self::ResourceDisabled(resource) => Aadsts::ResourceDisabled.with([("resource", resource)]),
            Self::NotAssigned(who) => who.failure(),
            Self::ScopeUnknown { client, scope, resource } => scope_unknown(client, scope, *resource),
            Self::ConsentMissing { client, name } => {
                Aadsts::ConsentMissing.with([("app", &client.to_string()), ("name", name)])
            }
            Self::Looping => Aadsts::RequestLoop.bare(),
            Self::TooOften(_) => Aadsts::TooManyRequests.bare(),
            Self::Busy => Aadsts::ServiceBusy.bare(),
            Self::Unsigned => Aadsts::ServerFailed.bare(),
        }
    }

    pub(super) fn resource_not_found(name: &ResourceName, tenant: &Tenant) -> Self {
        Self::ResourceNotFound { resource: name.to_string(), tenant: tenant.display_name.clone() }
    }

    pub(super) fn not_assigned(client: &Registration, resource: &Resource) -> Self {
        Self::NotAssigned(Unassigned::Application {
            client: client.client_id(),
            name: client.application.display_name.clone(),
            resource: resource.client_id(),
            resource_name: resource.registration().application.display_name.clone(),
        })
    }

    fn user_not_assigned(user: String, application: &Resource) -> Self {
        let name = application.registration().application.display_name.clone();
        Self::NotAssigned(Unassigned::Person { application: application.client_id(), name, user })
    }

    fn consent(refusal: ConsentRefusal, client: &Registration, resource: &Resource) -> Self {
        let name = client.application.display_name.clone();
        match refusal {
            ConsentRefusal::Unknown(scope) => {
                Self::ScopeUnknown { client: name, scope: scope.spelled, resource: resource.client_id() }
            }
            ConsentRefusal::Missing(_) => Self::ConsentMissing { client: client.client_id(), name },
        }
    }

    pub(super) fn code(refusal: CodeRefusal, exchange: &Exchange<'_>) -> Self {
        match refusal {
            CodeRefusal::NotYours => Self::GrantInvalid(param::CODE),
            CodeRefusal::Expired => Self::GrantExpired,
            CodeRefusal::OtherTenant => Self::OtherTenant,
            CodeRefusal::RedirectUri => Self::RedirectUriMismatch,
            CodeRefusal::Verifier => Self::VerifierMismatch,
            CodeRefusal::Manner(wrong) => Self::manner(wrong, exchange),
        }
    }

    pub(super) fn refresh(refusal: RefreshRefusal, exchange: &Exchange<'_>) -> Self {
        match refusal {
            RefreshRefusal::NotYours | RefreshRefusal::Reused => Self::GrantInvalid(param::REFRESH_TOKEN),
            RefreshRefusal::OtherFamily => Self::GrantOfOtherClient,
            RefreshRefusal::OtherTenant => Self::GrantInvalid(param::REFRESH_TOKEN),
            RefreshRefusal::Inactive { issued_at } => Self::RefreshTokenInactive { issued_at },
            RefreshRefusal::SpaExpired { issued_at } => Self::RefreshTokenOfSpaExpired { issued_at },
            RefreshRefusal::Manner(wrong) => Self::manner(wrong, exchange),
        }
    }

    pub(super) fn user_assertion(refusal: UserAssertionRefusal, client: &Registration) -> Self {
        let name = client.application.display_name.clone();
        Self::UserAssertion { refusal, client: client.client_id(), name }
    }

    pub(super) fn device(refusal: NotADevice, exchange: &Exchange<'_>) -> Self {
        match refusal {
            NotADevice::OtherClient => DeviceRefusal::NotYours.into(),
            NotADevice::NotPublic => Self::CredentialMissing,
            NotADevice::Manner(wrong) => Self::manner(wrong, exchange),
        }
    }

    pub(super) fn manner(wrong: WrongManner, exchange: &Exchange<'_>) -> Self {
        match wrong {
            WrongManner::CrossOriginForbidden => {
                Self::CrossOriginForbidden { origin: exchange.info.origin.clone().unwrap_or_default() }
            }
            WrongManner::CrossOriginRequired => Self::CrossOriginRequired,
            WrongManner::CredentialRequired => Self::CredentialMissing,
            WrongManner::CredentialForbidden => Self::PublicClientWithCredential,
        }
    }
}

impl Unassigned {
    fn failure(&self) -> Failure {
        match self {
            Self::Application { client, name, resource, resource_name } => Aadsts::NotAssignedToRole.with([
                ("app", &client.to_string()),
                ("name", name),
                ("resource", &resource.to_string()),
                ("resource_name", resource_name),
            ]),
            Self::Person { application, name, user } => Aadsts::UserNotAssigned.with([
                ("app", &application.to_string()),
                ("name", name),
                ("user", user),
            ]),
        }
    }
}

fn device_failure(refusal: DeviceRefusal) -> Failure {
    let code = match refusal {
        DeviceRefusal::NotYours => Aadsts::DeviceCodeUnknown,
        DeviceRefusal::Expired => Aadsts::DeviceCodeExpired,
        DeviceRefusal::Pending => Aadsts::DeviceCodePending,
        DeviceRefusal::Declined => Aadsts::DeviceCodeDeclined,
        DeviceRefusal::Redeemed => Aadsts::CodeRedeemed,
    };
    code.bare()
}

fn scope_unknown(client: &str, scope: &str, resource: ClientId) -> Failure {
    Aadsts::ScopeUnknown.with([("name", client), ("scope", scope), ("resource", &resource.to_string())])
}

fn expired(code: Aadsts, issued_at: Timestamp) -> Failure {
    code.with([("issued", &issued_at.to_string())])
}

fn client_failure(refusal: ClientRefusal, client: ClientId, name: &str) -> Failure {
    let app = client.to_string();
    match refusal {
        ClientRefusal::Disabled => Aadsts::ApplicationDisabled.with([("app", &app), ("name", name)]),
        ClientRefusal::WrongSecret => Aadsts::InvalidClientSecret.with([("app", &app)]),
        ClientRefusal::ExpiredSecret => Aadsts::ClientSecretExpired.with([("app", &app)]),
    }
}

fn user_assertion_failure(refusal: &UserAssertionRefusal, client: ClientId, name: &str) -> Failure {
    let app = client.to_string();
    match refusal {
        UserAssertionRefusal::Malformed => Aadsts::TokenInvalid.bare().worded(OAuthError::InvalidGrant),
        UserAssertionRefusal::Signature(reason) => Aadsts::AssertionInvalid.with([("reason", reason)]),
        UserAssertionRefusal::IdToken => Aadsts::AssertionIsIdToken.bare(),
        UserAssertionRefusal::OfAnApplication => Aadsts::AssertionOfApplication.with([("app", &app)]),
        UserAssertionRefusal::Audience { audience } => {
            Aadsts::AssertionForOther.with([("audience", audience), ("app", &app), ("name", name)])
        }
        UserAssertionRefusal::NotInTime { now, expires } => {
            Aadsts::AssertionNotInTime.with([("now", &now.to_string()), ("expires", &expires.to_string())])
        }
    }
}

impl From<Unchecked> for TokenError {
    fn from(unchecked: Unchecked) -> Self {
        match unchecked {
            Unchecked::TooOften(too_often) => too_often.into(),
            Unchecked::Busy => Self::Busy,
            Unchecked::Unavailable(cause) => cause.into(),
        }
    }
}

impl From<TooOften> for TokenError {
    fn from(too_often: TooOften) -> Self {
        Self::TooOften(too_often)
    }
}

impl From<Looping> for TokenError {
    fn from(Looping: Looping) -> Self {
        Self::Looping
    }
}

impl From<DirectoryRefusal> for TokenError {
    fn from(refusal: DirectoryRefusal) -> Self {
        Self::Directory(refusal)
    }
}

impl From<BodyRefusal> for TokenError {
    fn from(refusal: BodyRefusal) -> Self {
        Self::Body(refusal)
    }
}

impl From<AssertionFailure> for TokenError {
    fn from(failure: AssertionFailure) -> Self {
        Self::Assertion(failure)
    }
}

impl From<MalformedScope> for TokenError {
    fn from(MalformedScope(scope): MalformedScope) -> Self {
        Self::ScopeMalformed(scope)
    }
}

impl From<Unreadable> for TokenError {
    fn from(unreadable: Unreadable) -> Self {
        match unreadable {
            Unreadable::ResourceParameter => Self::ResourceParameter,
            Unreadable::Scope(scope) => Self::ScopeMalformed(scope),
            Unreadable::Resource => Self::Invalid(param::RESOURCE),
        }
    }
}

impl From<DelegationRefusal> for TokenError {
    fn from(refusal: DelegationRefusal) -> Self {
        match refusal {
            DelegationRefusal::ScopeMalformed(scope) => Self::ScopeMalformed(scope),
            DelegationRefusal::ScopeSpansResources(scope) => Self::ScopeSpansResources(scope),
            DelegationRefusal::ResourceNotFound { resource, tenant } => {
                Self::ResourceNotFound { resource, tenant }
            }
            DelegationRefusal::ResourceDisabled(resource) => Self::ResourceDisabled(resource),
            DelegationRefusal::Consent { refusal, client, resource } => {
                Self::consent(refusal, &client, &resource)
            }
            DelegationRefusal::Blocked(blocked) => Self::Blocked(blocked),
            DelegationRefusal::NotAssigned { application, user } => {
                Self::user_not_assigned(user, &application)
            }
            DelegationRefusal::Busy(cause) => cause.into(),
        }
    }
}

impl From<Unavailable> for TokenError {
    fn from(cause: Unavailable) -> Self {
        tracing::error!(%cause, "the store did not answer");
        Self::Busy
    }
}

impl From<DeviceRefusal> for TokenError {
    fn from(refusal: DeviceRefusal) -> Self {
        Self::Device(refusal)
    }
}

impl From<IssueRefusal> for TokenError {
    fn from(refusal: IssueRefusal) -> Self {
        match refusal {
            // Seen enabled a moment ago: what was decided is out of date.
            IssueRefusal::TenantDisabled | IssueRefusal::ClientDisabled => Self::Busy,
            IssueRefusal::UserDisabled => PersonRefusal::Disabled.into(),
            IssueRefusal::Unsigned(cause) => {
                tracing::error!(%cause, "a token could not be signed");
                Self::Unsigned
            }
        }
    }
}
