//! Everything that can go wrong at Graph, in the words of the domain, and what the client is told (section 9.2).

use idp_domain::changes::Conflict;
use idp_domain::credentials::UnsuitablePassword;
use idp_domain::store::{CommitError, Unavailable};
use idp_web::limits::TooOften;
use vestibule_wire::graph_error::{GraphError, GraphErrorBody, GraphErrorCode as Code, GraphErrorDetail};

use crate::authorize::Denied;
use crate::caller::TokenFault;
use crate::odata::error::quoted;

/// Why a request is refused.
#[derive(Debug)]
pub enum Refusal {
    // Who and what.
    /// Nobody knows who calls.
    Token(TokenFault),
    /// They may not.
    Denied,
    /// No such path.
    NoSuchPath(String),
    /// The path has other methods.
    MethodNotAllowed(Vec<&'static str>),
    /// No such object, or another tenant's.
    NotFound(String),
    /// `/me` means nobody.
    NobodyIsMe,
    // The request.
    /// The body is not JSON.
    NotJson,
    /// The body is too large.
    TooLarge,
    /// The body did not arrive.
    Incomplete,
    /// The body is no JSON object.
    Malformed(String),
    /// Members of the body cannot be taken; all of them are named.
    Members(Vec<MemberFault>),
    /// Query options, keys and page tokens, as the module that reads them says.
    Query(Box<GraphError>),
    /// An option that is not supported here.
    Unsupported(String),
    /// Something else about the request, with the member to blame.
    Bad { message: String, target: Option<String> },
    /// A rule of registrations, grants or assignments, with the code that Graph has for it.
    Ruled(Box<GraphError>),
    // The objects.
    /// Another object has this value of a property that only one may have.
    Taken(&'static str),
    /// The link is there already, as this property says.
    AlreadyLinked(&'static str),
    /// The object is not what it was when the client read it.
    Stale,
    /// It changed while it was decided on; the caller decides again.
    OutOfDate(Conflict),
    /// It changed each time it was decided on.
    Contended,
    /// The directory would be left without anybody to administer it.
    LastAdministrator,
    // The server.
    /// This principal asks too often.
    TooOften(TooOften),
    /// The store or the hashing pool is away.
    Busy,
}

/// What is wrong with a member of a body.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MemberFault {
    /// The path of the member, such as `passwordProfile/password`.
    pub member: String,
    /// What is wrong.
    pub what: Fault,
}

/// What can be wrong with a member.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fault {
    /// No such member.
    Unknown,
    /// It is for the server to say.
    ReadOnly,
    /// It is said when the object is made, and never again.
    OnlyOnCreate,
    /// It must be there.
    Required,
    /// It cannot be null.
    Null,
    /// It is of another type.
    Type(&'static str),
    /// It is of the right type, and no value it may have.
    Value(String),
}

impl MemberFault {
    /// A fault of a member.
    pub fn new(member: impl Into<String>, what: Fault) -> Self {
        Self { member: member.into(), what }
    }

    fn message(&self, resource: &str) -> String {
        let member = quoted(&self.member);
        match &self.what {
            Fault::Unknown => format!("Invalid property '{member}'."),
            Fault::ReadOnly => format!("Property '{member}' is read-only and cannot be set."),
            Fault::OnlyOnCreate => {
                format!("Property '{member}' can be set when the object is created, and not changed.")
            }
            Fault::Required => {
                format!("A value is required for property '{member}' of resource '{resource}'.")
            }
            Fault::Null => format!("Property '{member}' cannot be null."),
            Fault::Type(expected) => {
                format!(
                    "Invalid value specified for property '{member}' of resource '{resource}': expected {expected}."
                )
            }
            Fault::Value(why) => {
                format!("Invalid value specified for property '{member}' of resource '{resource}': {why}")
            }
        }
    }
}

impl Refusal {
    /// A value that a member may not have.
    pub fn value(member: &str, why: impl Into<String>) -> Self {
        Self::Members(vec![MemberFault::new(member, Fault::Value(why.into()))])
    }

    /// What the client is told, of a resource of this type. With [`Self::code`] and [`Self::message`] the one place where
    /// this crate's words become Graph's.
    pub fn body(&self, resource: &str) -> GraphErrorBody {
        match self {
            Self::Members(faults) => members(faults, resource),
            Self::Query(error) | Self::Ruled(error) => GraphErrorBody { error: (**error).clone() },
            Self::Taken(property) => taken(property),
            _ => {
                let mut body = GraphErrorBody::new(self.code(), self.message());
                if let Self::Bad { target, .. } = self {
                    body.error.target.clone_from(target);
                }
                body
            }
        }
    }

    fn code(&self) -> Code {
        match self {
            Self::Token(TokenFault::Unavailable(_)) | Self::Busy => Code::ServiceUnavailable,
            Self::TooOften(_) => Code::TooManyRequests,
            Self::Token(_) => Code::InvalidAuthenticationToken,
            Self::Denied => Code::AuthorizationRequestDenied,
            Self::NoSuchPath(_) | Self::NotFound(_) => Code::ResourceNotFound,
            Self::MethodNotAllowed(_) => Code::MethodNotAllowed,
            Self::NobodyIsMe | Self::Incomplete | Self::Malformed(_) => Code::MalformedRequest,
            Self::NotJson => Code::UnsupportedMediaType,
            Self::TooLarge => Code::PayloadTooLarge,
            Self::Query(error) | Self::Ruled(error) => error.code,
            Self::Unsupported(_) => Code::UnsupportedQuery,
            Self::Taken(_) => Code::MultipleObjectsWithSameKeyValue,
            Self::Members(_) | Self::Bad { .. } | Self::AlreadyLinked(_) | Self::LastAdministrator => {
                Code::BadRequest
            }
            Self::Stale => Code::PreconditionFailed,
            Self::OutOfDate(_) | Self::Contended => Code::Conflict,
        }
    }

    fn message(&self) -> String {
        match self {
            Self::Token(fault) => fault.message().into(),
            Self::TooOften(_) => {
                "Too many requests were sent in a short time. Wait before trying again.".into()
            }
            Self::Busy => "The service is temporarily unavailable.".into(),
            Self::Denied => "Insufficient privileges to complete the operation.".into(),
            Self::NoSuchPath(segment) => {
                format!("Resource not found for the segment '{}'.", quoted(segment))
            }
            Self::MethodNotAllowed(allowed) => format!(
                "Specified HTTP method is not allowed for the request target. Allowed: {}.",
                allowed.join(", ")
            ),
            Self::NotFound(id) => format!(
                "Resource '{}' does not exist or one of its queried reference-property objects are not present.",
                quoted(id)
            ),
            Self::NobodyIsMe => "/me request is only valid with delegated authentication flow.".into(),
            Self::NotJson => "The request has a body that is not application/json in UTF-8.".into(),
            Self::TooLarge => "The request body is larger than 1 MiB.".into(),
            Self::Incomplete => "Unable to read JSON request payload. It did not arrive in time.".into(),
            Self::Malformed(why) => format!(
                "Unable to read JSON request payload. Please ensure Content-Type header is set and payload is of valid \
                 JSON format. {why}"
            ),
            Self::Unsupported(message) | Self::Bad { message, .. } => message.clone(),
            Self::AlreadyLinked(property) => format!(
                "One or more added object references already exist for the following modified properties: '{property}'."
            ),
            Self::Stale => "The ETag of the resource does not match that of the If-Match header.".into(),
            Self::OutOfDate(_) | Self::Contended => {
                "The resource was changed by another request at the same time. Try again.".into()
            }
            Self::LastAdministrator => {
                "The directory must have at least one enabled Global Administrator.".into()
            }
            Self::Members(_) | Self::Query(_) | Self::Ruled(_) | Self::Taken(_) => String::new(),
        }
    }
}

fn members(faults: &[MemberFault], resource: &str) -> GraphErrorBody {
    let said: Vec<_> = faults.iter().map(|fault| fault.message(resource)).collect();
    let mut body = GraphErrorBody::new(Code::BadRequest, said.first().cloned().unwrap_or_default());
    body.error.target = faults.first().map(|fault| quoted(&fault.member));
    body.error.details = faults
        .iter()
        .zip(said)
        .map(|(fault, message)| GraphErrorDetail {
            code: Code::BadRequest,
            message,
            target: Some(quoted(&fault.member)),
        })
        .collect();
    body
}

fn taken(property: &str) -> GraphErrorBody {
    let message = format!("Another object with the same value for property {property} already exists.");
    let mut body = GraphErrorBody::new(Code::MultipleObjectsWithSameKeyValue, message.clone());
    body.error.target = Some(property.to_owned());
    body.error.details =
        vec![GraphErrorDetail { code: Code::ObjectConflict, message, target: Some(property.to_owned()) }];
    body
}

impl From<TokenFault> for Refusal {
    fn from(fault: TokenFault) -> Self {
        Self::Token(fault)
    }
}

impl From<TooOften> for Refusal {
    fn from(too_often: TooOften) -> Self {
        Self::TooOften(too_often)
    }
}

impl From<Denied> for Refusal {
    fn from(_: Denied) -> Self {
        Self::Denied
    }
}

impl From<Unavailable> for Refusal {
    fn from(cause: Unavailable) -> Self {
        tracing::error!(%cause, "the store is away");
        Self::Busy
    }
}

impl From<CommitError> for Refusal {
    fn from(error: CommitError) -> Self {
        match error {
            CommitError::Conflict(conflict) => Self::OutOfDate(conflict),
            CommitError::Unavailable(cause) => cause.into(),
        }
    }
}

impl From<UnsuitablePassword> for Refusal {
    fn from(why: UnsuitablePassword) -> Self {
        Self::Bad {
            message: format!(
                "The specified password does not comply with password complexity requirements: {why}."
            ),
            target: Some("passwordProfile/password".into()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_member_at_fault_is_named() {
        let refusal = Refusal::Members(vec![
            MemberFault::new("isAdmin", Fault::Unknown),
            MemberFault::new("createdDateTime", Fault::ReadOnly),
            MemberFault::new("accountEnabled", Fault::Type("Edm.Boolean")),
        ]);
        let error = refusal.body("User").error;
        assert_eq!(error.message, "Invalid property 'isAdmin'.");
        assert_eq!(error.target.as_deref(), Some("isAdmin"));
        let details: Vec<_> = error.details.iter().map(|detail| detail.message.as_str()).collect();
        assert_eq!(
            details[1..],
            [
                "Property 'createdDateTime' is read-only and cannot be set.",
                "Invalid value specified for property 'accountEnabled' of resource 'User': expected Edm.Boolean."
            ]
        );
    }

    #[test]
    fn a_name_that_is_taken_says_which() {
        let error = Refusal::Taken("userPrincipalName").body("User").error;
        assert_eq!(error.code.as_str(), "Request_MultipleObjectsWithSameKeyValue");
        assert_eq!(error.details[0].code, Code::ObjectConflict);
    }
}
