//! Microsoft Graph's error body and the table of its codes.
//!
//! One row of the table is one code: its spelling and the HTTP status it comes with. Clients read the code, people read
//! the message; Azure CLI prints `error.message` and nothing else.
//!
//! ```
//! use vestibule_wire::graph_error::{GraphErrorBody, GraphErrorCode};
//! let body = GraphErrorBody::new(GraphErrorCode::ResourceNotFound, "Resource '1c9a' does not exist.");
//! assert_eq!(GraphErrorCode::ResourceNotFound.status(), 404);
//! assert_eq!(
//!     serde_json::to_string(&body).unwrap(),
//!     r#"{"error":{"code":"Request_ResourceNotFound","message":"Resource '1c9a' does not exist."}}"#,
//! );
//! ```

use std::fmt;

use jiff::Timestamp;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

macro_rules! table {
    ($($name:ident $status:literal $spelling:literal)+) => {
        /// A Graph error code, by a name that says what happened.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        pub enum GraphErrorCode {
            $(#[doc = concat!("`", $spelling, "`, ", $status)] $name,)+
        }

        impl GraphErrorCode {
            /// Every code, in the order of the table.
            pub const ALL: &'static [Self] = &[$(Self::$name,)+];

            /// The HTTP status of an answer that carries this code.
            pub const fn status(self) -> u16 {
                match self {
                    $(Self::$name => $status,)+
                }
            }

            /// The code on the wire.
            pub const fn as_str(self) -> &'static str {
                match self {
                    $(Self::$name => $spelling,)+
                }
            }
        }
    };
}

table! {
    // The request.
    BadRequest 400 "Request_BadRequest"
    UnsupportedQuery 400 "Request_UnsupportedQuery"
    InvalidDataContractVersion 400 "Request_InvalidDataContractVersion"
    MalformedRequest 400 "BadRequest"
    ExpiredPageToken 400 "Directory_ExpiredPageToken"
    MethodNotAllowed 405 "Request_MethodNotAllowed"
    PreconditionFailed 412 "PreconditionFailed"
    PayloadTooLarge 413 "RequestEntityTooLarge"
    UnsupportedMediaType 415 "UnsupportedMediaType"
    FailedDependency 424 "FailedDependency"
    TooManyRequests 429 "TooManyRequests"

    // The caller.
    InvalidAuthenticationToken 401 "InvalidAuthenticationToken"
    AuthorizationRequestDenied 403 "Authorization_RequestDenied"

    // The object.
    ResourceNotFound 404 "Request_ResourceNotFound"
    MultipleObjectsWithSameKeyValue 400 "Request_MultipleObjectsWithSameKeyValue"
    // Entra: the same code comes with 409 from `/oauth2PermissionGrants` and `/servicePrincipals`.
    MultipleObjectsWithSameKeyValueConflict 409 "Request_MultipleObjectsWithSameKeyValue"
    Conflict 409 "Request_Conflict"
    QuotaExceeded 403 "Directory_QuotaExceeded"
    // Within `details`, beside `Request_MultipleObjectsWithSameKeyValue`.
    ObjectConflict 400 "ObjectConflict"

    // Applications and service principals.
    CannotDeleteOrUpdateEnabledEntitlement 400 "CannotDeleteOrUpdateEnabledEntitlement"
    InvalidAppId 400 "InvalidAppId"
    HostNameNotOnVerifiedDomain 400 "HostNameNotOnVerifiedDomain"
    InvalidAccessTokenVersion 400 "InvalidAccessTokenVersion"
    DuplicateValue 400 "DuplicateValue"
    InvalidValue 400 "InvalidValue"
    NoBackingApplicationObject 400 "NoBackingApplicationObject"

    // The service.
    InternalServerError 500 "Service_InternalServerError"
    NotImplemented 501 "NotImplemented"
    ServiceUnavailable 503 "ServiceUnavailable"
}

impl fmt::Display for GraphErrorCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl Serialize for GraphErrorCode {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

/// Two codes have one spelling; the one that comes first in the table is read.
impl<'de> Deserialize<'de> for GraphErrorCode {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        let known = Self::ALL.iter().find(|code| code.as_str() == text);
        known.copied().ok_or_else(|| serde::de::Error::custom("an unknown Graph error code"))
    }
}

/// The body of an answer that refuses.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct GraphErrorBody {
    /// Its only member.
    pub error: GraphError,
}

impl GraphErrorBody {
    /// A body with a code and a message, and nothing else yet.
    pub fn new(code: GraphErrorCode, message: impl Into<String>) -> Self {
        let message = message.into();
        Self { error: GraphError { code, message, target: None, details: Vec::new(), inner_error: None } }
    }
}

/// What went wrong.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct GraphError {
    /// What programs branch on.
    pub code: GraphErrorCode,
    /// What people read.
    pub message: String,
    /// The member of the request that is to blame.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub target: Option<String>,
    /// Further reasons.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub details: Vec<GraphErrorDetail>,
    /// Which request it was.
    #[serde(default, rename = "innerError", skip_serializing_if = "Option::is_none")]
    pub inner_error: Option<InnerError>,
}

/// One reason among several.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct GraphErrorDetail {
    /// What programs branch on.
    pub code: GraphErrorCode,
    /// What people read.
    pub message: String,
    /// The member of the request that is to blame.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub target: Option<String>,
}

/// What ties an answer to the log.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct InnerError {
    /// When, in UTC to the second and without a zone: `2026-08-13T21:24:29`.
    pub date: String,
    /// The id the server gave to the request; also in the `request-id` header.
    #[serde(rename = "request-id")]
    pub request_id: String,
    /// The id the client gave to it, or the server's if it gave none.
    #[serde(rename = "client-request-id")]
    pub client_request_id: String,
}

impl InnerError {
    /// Writes the time as Graph does.
    pub fn at(now: Timestamp, request_id: impl Into<String>, client_request_id: impl Into<String>) -> Self {
        Self {
            date: now.strftime("%Y-%m-%dT%H:%M:%S").to_string(),
            request_id: request_id.into(),
            client_request_id: client_request_id.into(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_body_is_written_as_graph_writes_it() {
        let mut body =
            GraphErrorBody::new(GraphErrorCode::MultipleObjectsWithSameKeyValue, "Another object.");
        body.error.target = Some("userPrincipalName".to_owned());
        body.error.details.push(GraphErrorDetail {
            code: GraphErrorCode::ObjectConflict,
            message: "Taken.".to_owned(),
            target: None,
        });
        body.error.inner_error =
            Some(InnerError::at("2026-08-13T21:24:29.5Z".parse().unwrap(), "one", "two"));
        let text = serde_json::to_string(&body).unwrap();
        assert_eq!(
            text,
            r#"{"error":{"code":"Request_MultipleObjectsWithSameKeyValue","message":"Another object.","target":"userPrincipalName","details":[{"code":"ObjectConflict","message":"Taken."}],"innerError":{"date":"2026-08-13T21:24:29","request-id":"one","client-request-id":"two"}}}"#
        );
        assert_eq!(serde_json::from_str::<GraphErrorBody>(&text).unwrap(), body);
    }

    #[test]
    fn every_code_is_an_error_and_has_a_spelling() {
        for code in GraphErrorCode::ALL {
            assert!((400..600).contains(&code.status()), "{code}");
            assert!(code.as_str().chars().all(|c| c.is_ascii_alphabetic() || c == '_'), "{code}");
        }
    }

    /// A client that knows the spelling can only tell two apart by their status.
    #[test]
    fn no_two_codes_share_spelling_and_status() {
        let mut rows: Vec<_> =
            GraphErrorCode::ALL.iter().map(|code| (code.as_str(), code.status())).collect();
        rows.sort_unstable();
        rows.dedup();
        assert_eq!(rows.len(), GraphErrorCode::ALL.len());
    }
}
