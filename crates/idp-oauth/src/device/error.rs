//! Everything that can go wrong before a device gets its tokens, in the words of the domain, and what is said.

use idp_domain::device::{NotPublic, Unanswerable};
use idp_domain::store::{CommitError, Unavailable};
use idp_web::body::BodyRefusal;
use idp_web::directory::DirectoryRefusal;
use idp_web::limits::TooOften;
use vestibule_wire::aadsts::{Aadsts, Failure, OAuthError};
use vestibule_wire::oauth::param;

use crate::authorize::error::AuthorizeError;
use crate::dialect::Unreadable;

/// Why a device gets no code, or a person cannot answer for it.
#[derive(Debug)]
pub(super) enum DeviceError {
    TooOften(TooOften),
    Directory(DirectoryRefusal),
    Body(BodyRefusal),
    Malformed,
    Repeated(String),
    Missing(&'static str),
    Unreadable(Unreadable),
    NotAnApplication(String),
    /// The application must show a secret, which a device cannot keep.
    NotPublic,
    /// What a browser is told when the application, its permissions or the person are not as they must be.
    Asking(AuthorizeError),
    /// The organisation forbids signing in on another device.
    Blocked,
    /// The request is over: expired, answered before, or gone.
    Expired,
    Busy,
}

impl DeviceError {
    /// The code and text. The one place where these words become numbers.
    pub(super) fn failure(&self) -> Failure {
        match self {
            Self::TooOften(_) => Aadsts::TooManyRequests.bare(),
            Self::Directory(refusal) => refusal.failure(),
            Self::Body(refusal) => refusal.failure(),
            Self::Malformed => Aadsts::RequestMalformed.bare(),
            Self::Repeated(name) => Aadsts::ParameterRepeated.with([("name", name)]),
            Self::Missing(name) => Aadsts::ParameterMissing.with([("name", name)]),
            Self::Unreadable(Unreadable::ResourceParameter) => Aadsts::ResourceParameterUnsupported.bare(),
            Self::Unreadable(Unreadable::Scope(scope)) => Aadsts::ScopeInvalid.with([("scope", scope)]),
            Self::Unreadable(Unreadable::Resource) => {
                Aadsts::ParameterInvalid.with([("name", param::RESOURCE)])
            }
            Self::NotAnApplication(client) => Aadsts::NotAnApplication.with([("app", client)]),
            // The number of the token endpoint in the word of this one (RFC 6749 §5.2): asking again with a secret would
            // not help.
            Self::NotPublic => Aadsts::ClientCredentialMissing.bare().worded(OAuthError::UnauthorizedClient),
            Self::Asking(error) => error.failure(),
            Self::Blocked => Aadsts::AccessBlocked.bare().worded(OAuthError::AccessDenied),
            Self::Expired => Aadsts::DeviceCodeExpired.bare(),
            Self::Busy => Aadsts::ServiceBusy.bare(),
        }
    }
}

impl From<TooOften> for DeviceError {
    fn from(too_often: TooOften) -> Self {
        Self::TooOften(too_often)
    }
}

impl From<DirectoryRefusal> for DeviceError {
    fn from(refusal: DirectoryRefusal) -> Self {
        Self::Directory(refusal)
    }
}

impl From<BodyRefusal> for DeviceError {
    fn from(refusal: BodyRefusal) -> Self {
        Self::Body(refusal)
    }
}

impl From<Unreadable> for DeviceError {
    fn from(unreadable: Unreadable) -> Self {
        Self::Unreadable(unreadable)
    }
}

impl From<AuthorizeError> for DeviceError {
    fn from(error: AuthorizeError) -> Self {
        Self::Asking(error)
    }
}

impl From<NotPublic> for DeviceError {
    fn from(NotPublic: NotPublic) -> Self {
        Self::NotPublic
    }
}

impl From<Unanswerable> for DeviceError {
    fn from(why: Unanswerable) -> Self {
        tracing::debug!(?why, "a device's request cannot be answered");
        Self::Expired
    }
}

impl From<Unavailable> for DeviceError {
    fn from(cause: Unavailable) -> Self {
        tracing::error!(%cause, "the store did not answer");
        Self::Busy
    }
}

impl From<CommitError> for DeviceError {
    fn from(error: CommitError) -> Self {
        match error {
            // Answered in another window, or the session ended meanwhile.
            CommitError::Conflict(cause) => {
                tracing::debug!(%cause, "a device's request was not answered");
                Self::Expired
            }
            CommitError::Unavailable(cause) => cause.into(),
        }
    }
}
