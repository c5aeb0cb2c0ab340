//! Everything that can go wrong at the authorize endpoint, in the words of the domain, and what is said.

use idp_domain::applications::{Registration, Resource};
use idp_domain::consent::ConsentRefusal;
use idp_domain::store::Unavailable;
use idp_domain::tokens::IssueRefusal;
use idp_signin::InteractionNeeded;
use idp_web::directory::DirectoryRefusal;
use idp_web::limits::Looping;
use vestibule_wire::aadsts::{Aadsts, Failure, OAuthError};
use vestibule_wire::ids::ClientId;
use vestibule_wire::oauth::param;
use vestibule_wire::scope::MalformedScope;

use crate::delegation::DelegationRefusal;
use crate::dialect::Unreadable;

/// Why there is no code.
#[derive(Debug)]
pub(crate) enum AuthorizeError {
    // Before anybody can be told.
    Directory(DirectoryRefusal),
    Malformed,
    NotAnApplication(String),
    ApplicationNotFound {
        client: ClientId,
        directory: String,
    },
    ApplicationDisabled {
        client: ClientId,
        name: String,
    },
    NotMultiTenant {
        client: ClientId,
        name: String,
    },
    NotForConsumers {
        client: ClientId,
        name: String,
    },
    NoRedirectUri,
    RedirectUriMismatch {
        asked: String,
        client: ClientId,
    },
    // The shape of the request.
    Missing(&'static str),
    Invalid(&'static str),
    Repeated(String),
    RequestObject,
    RequestUri,
    ResourceParameter,
    ResponseTypeUnsupported(String),
    TokenDisabled,
    IdTokenDisabled,
    ResponseModeUnsupported(String),
    OpenIdMissing(String),
    ScopeMalformed(String),
    PromptUnsupported,
    ChallengeRequired,
    ChallengeInvalid,
    ChallengeMethodInvalid(String),
    // The person.
    InteractionNeeded(InteractionNeeded),
    // The resource.
    ResourceNotFound {
        resource: String,
        tenant: String,
    },
    ResourceDisabled(String),
    ScopeUnknown {
        client: String,
        scope: String,
        resource: ClientId,
    },
    ConsentMissing {
        client: ClientId,
        name: String,
    },
    ConsentDeclined,
    NotAssigned {
        client: ClientId,
        name: String,
        user: String,
    },
    Blocked,
    // The server.
    /// It asks for the same again and again.
    Looping,
    Busy,
    Unsigned,
}

impl AuthorizeError {
    /// The code and text. The one place where this endpoint's words become numbers.
    pub(crate) fn failure(&self) -> Failure {
        match self {
            Self::Directory(refusal) => refusal.failure(),
            Self::Malformed => Aadsts::RequestMalformed.bare(),
            Self::NotAnApplication(client) => {
                Aadsts::ApplicationNotFound.with([("app", client), ("tenant", "")])
            }
            Self::ApplicationNotFound { client, directory } => {
                Aadsts::ApplicationNotFound.with([("app", &client.to_string()), ("tenant", directory)])
            }
            Self::ApplicationDisabled { client, name } => named(Aadsts::ApplicationDisabled, *client, name),
            Self::NotMultiTenant { client, name } => named(Aadsts::NotMultiTenant, *client, name),
            Self::NotForConsumers { client, name } => named(Aadsts::NotForConsumers, *client, name),
            Self::NoRedirectUri => Aadsts::NoReplyAddress.bare(),
            Self::RedirectUriMismatch { asked, client } => {
                Aadsts::RedirectUriMismatch.with([("uri", asked), ("app", &client.to_string())])
            }
            Self::Missing(name) => Aadsts::ParameterMissing.with([("name", name)]),
            Self::Invalid(name) => Aadsts::ParameterInvalid.with([("name", name)]),
            Self::Repeated(name) => Aadsts::ParameterRepeated.with([("name", name)]),
            Self::RequestObject => Aadsts::RequestObjectUnsupported.bare(),
            Self::RequestUri => Aadsts::RequestUriUnsupported.bare(),
            Self::ResourceParameter => Aadsts::ResourceParameterUnsupported.bare(),
            Self::ResponseTypeUnsupported(asked) => {
                Aadsts::ResponseTypeUnsupported.with([("response_type", asked)])
            }
            Self::TokenDisabled => Aadsts::TokenResponseDisabled.bare(),
            Self::IdTokenDisabled => Aadsts::IdTokenResponseDisabled.bare(),
            Self::ResponseModeUnsupported(mode) => Aadsts::ResponseModeUnsupported.with([("mode", mode)]),
            Self::OpenIdMissing(scope) | Self::ScopeMalformed(scope) => scope_invalid(scope),
            Self::PromptUnsupported => Aadsts::PromptUnsupported.bare(),
            Self::ChallengeRequired => Aadsts::CodeChallengeRequired.bare(),
            Self::ChallengeInvalid => Aadsts::CodeChallengeInvalid.bare(),
            Self::ChallengeMethodInvalid(method) => {
                Aadsts::CodeChallengeMethodInvalid.with([("method", method)])
            }
            Self::InteractionNeeded(reason) => interaction(*reason),
            Self::ResourceNotFound { resource, tenant } => {
                Aadsts::ResourceNotFound.with([("resource", resource), ("tenant", tenant)])
            }
            Self::ResourceDisabled(resource) => Aadsts::ResourceDisabled.with([("resource", resource)]),
            Self::ScopeUnknown { client, scope, resource } => Aadsts::ScopeUnknown.with([
                ("name", client),
                ("scope", scope),
                ("resource", &resource.to_string()),
            ]),
            // Entra words 65001 by endpoint: here an interaction would help.
            Self::ConsentMissing { client, name } => {
                named(Aadsts::ConsentMissing, *client, name).worded(OAuthError::InteractionRequired)
            }
            Self::ConsentDeclined => Aadsts::ConsentDeclined.bare(),
            Self::NotAssigned { client, name, user } => not_assigned(*client, name, user),
            Self::Looping => Aadsts::RequestLoop.bare(),
            // Entra words 53003 by endpoint.
            Self::Blocked => Aadsts::AccessBlocked.bare().worded(OAuthError::AccessDenied),
            Self::Busy => Aadsts::ServiceBusy.bare(),
            Self::Unsigned => Aadsts::ServerFailed.bare(),
        }
    }

    pub(super) fn consent(refusal: ConsentRefusal, client: &Registration, resource: &Resource) -> Self {
        let name = client.application.display_name.clone();
        match refusal {
            ConsentRefusal::Unknown(scope) => {
                Self::ScopeUnknown { client: name, scope: scope.spelled, resource: resource.client_id() }
            }
            ConsentRefusal::Missing(_) => Self::ConsentMissing { client: client.client_id(), name },
        }
    }
}

fn scope_invalid(scope: &str) -> Failure {
    Aadsts::ScopeInvalid.with([("scope", scope)])
}

fn named(code: Aadsts, client: ClientId, name: &str) -> Failure {
    code.with([("app", &client.to_string()), ("name", name)])
}

fn not_assigned(client: ClientId, name: &str, user: &str) -> Failure {
    let failure =
        Aadsts::UserNotAssigned.with([("app", &*client.to_string()), ("name", name), ("user", user)]);
    failure.worded(OAuthError::AccessDenied)
}

fn interaction(reason: InteractionNeeded) -> Failure {
    match reason {
        InteractionNeeded::NobodySignedIn => Aadsts::LoginRequired.bare(),
        InteractionNeeded::SeveralAccounts => Aadsts::AccountSelectionRequired.bare(),
        InteractionNeeded::SessionNotFound => Aadsts::SessionNotFound.bare(),
    }
}

impl From<DirectoryRefusal> for AuthorizeError {
    fn from(refusal: DirectoryRefusal) -> Self {
        Self::Directory(refusal)
    }
}

impl From<MalformedScope> for AuthorizeError {
    fn from(MalformedScope(scope): MalformedScope) -> Self {
        Self::ScopeMalformed(scope)
    }
}

impl From<Unreadable> for AuthorizeError {
    fn from(unreadable: Unreadable) -> Self {
        match unreadable {
            Unreadable::ResourceParameter => Self::ResourceParameter,
            Unreadable::Scope(scope) => Self::ScopeMalformed(scope),
            Unreadable::Resource => Self::Invalid(param::RESOURCE),
        }
    }
}

impl From<DelegationRefusal> for AuthorizeError {
    fn from(refusal: DelegationRefusal) -> Self {
        match refusal {
            DelegationRefusal::ScopeMalformed(scope) | DelegationRefusal::ScopeSpansResources(scope) => {
                Self::ScopeMalformed(scope)
            }
            DelegationRefusal::ResourceNotFound { resource, tenant } => {
                Self::ResourceNotFound { resource, tenant }
            }
            DelegationRefusal::ResourceDisabled(resource) => Self::ResourceDisabled(resource),
            DelegationRefusal::Consent { refusal, client, resource } => {
                Self::consent(refusal, &client, &resource)
            }
            DelegationRefusal::Blocked(_) => Self::Blocked,
            DelegationRefusal::NotAssigned { application, user } => Self::NotAssigned {
                client: application.client_id(),
                name: application.registration().application.display_name.clone(),
                user,
            },
            DelegationRefusal::Busy(cause) => cause.into(),
        }
    }
}

impl From<IssueRefusal> for AuthorizeError {
    fn from(refusal: IssueRefusal) -> Self {
        match refusal {
            // Seen enabled a moment ago: what was decided is out of date.
            IssueRefusal::TenantDisabled | IssueRefusal::ClientDisabled | IssueRefusal::UserDisabled => {
                Self::Busy
            }
            IssueRefusal::Unsigned(cause) => {
                tracing::error!(%cause, "a token could not be signed");
                Self::Unsigned
            }
        }
    }
}

impl From<Looping> for AuthorizeError {
    fn from(Looping: Looping) -> Self {
        Self::Looping
    }
}

impl From<Unavailable> for AuthorizeError {
    fn from(cause: Unavailable) -> Self {
        tracing::error!(%cause, "the store did not answer");
        Self::Busy
    }
}
