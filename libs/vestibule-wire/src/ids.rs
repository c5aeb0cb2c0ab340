//! Identifiers. Each kind is its own type, so that a client id cannot be passed where a tenant id is meant.
//!
//! All are GUIDs, written lower-case with hyphens (Entra: GUID claims are lower-case), read in any case.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// The text was not a GUID in its hyphenated form of 36 characters.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NotAGuid;

impl fmt::Display for NotAGuid {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("expected a GUID such as 00000003-0000-0000-c000-000000000000")
    }
}

impl std::error::Error for NotAGuid {}

macro_rules! guid_ids {
    ($($(#[$doc:meta])* $name:ident)+) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(Uuid);

        impl $name {
            /// Wraps a GUID that is known to be of this kind.
            pub const fn new(guid: Uuid) -> Self {
                Self(guid)
            }

            /// Wraps a GUID given as a number, for identifiers fixed at compile time.
            pub const fn from_u128(guid: u128) -> Self {
                Self(Uuid::from_u128(guid))
            }

            /// A random (version 4) identifier made of the given bytes.
            pub const fn from_random(bytes: [u8; 16]) -> Self {
                Self(uuid::Builder::from_random_bytes(bytes).into_uuid())
            }

            /// The 16 bytes, big-endian, as they are stored.
            pub const fn as_bytes(&self) -> &[u8; 16] {
                self.0.as_bytes()
            }

            /// Reads the 16 stored bytes back.
            pub fn from_bytes(bytes: &[u8]) -> Option<Self> {
                Uuid::from_slice(bytes).ok().map(Self)
            }

            /// The GUID itself.
            pub const fn guid(&self) -> Uuid {
                self.0
            }
        }

        impl FromStr for $name {
            type Err = NotAGuid;

            fn from_str(text: &str) -> Result<Self, NotAGuid> {
                // Only the hyphenated form: braces, URNs and bare hexadecimal are not what Entra accepts.
                if text.len() != 36 {
                    return Err(NotAGuid);
                }
                Uuid::try_parse(text).map(Self).map_err(|_| NotAGuid)
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.as_hyphenated().fmt(f)
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, "{}({})", stringify!($name), self.0)
            }
        }
    )+};
}

guid_ids! {
    /// A tenant (directory): the `tid` claim.
    TenantId
    /// An application's *application (client) id*: `client_id`, `appid`, `azp`. Global, the same in every tenant.
    ClientId
    /// The object id of an application registration in its home tenant.
    ApplicationId
    /// The object id of a service principal: what an application is in one tenant. The `oid` of app-only tokens.
    ServicePrincipalId
    /// The object id of a user: the `oid` of user tokens.
    UserId
    /// The object id of a group: a value of `groups`.
    GroupId
    /// A browser session: the `sid` claim, and `session_state` in authorize answers.
    SessionId
    /// The id of one answer: `trace_id` in errors, `x-ms-request-id` in headers.
    TraceId
    /// The id the client gave its request (`client-request-id`), or one made for it.
    CorrelationId
}

impl TenantId {
    /// The tenant of personal accounts, which the alias `consumers` names.
    pub const CONSUMERS: Self = Self::from_u128(0x9188040d_6c67_4c5b_b112_36a304b66dad);
}

impl ClientId {
    /// Microsoft Graph, the resource of scopes that name none (`User.Read`) and of `openid`, `profile`, `email`.
    pub const MICROSOFT_GRAPH: Self = Self::from_u128(0x00000003_0000_0000_c000_000000000000);
    /// My Apps, which is where whoever follows an invitation signs in to.
    pub const MY_APPS: Self = Self::from_u128(0x2793995e_0a7d_40d7_bd35_6968ba142197);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn guids_are_written_lower_case_and_read_in_any_case() {
        let id: ClientId = "00000003-0000-0000-C000-000000000000".parse().unwrap();
        assert_eq!(id, ClientId::MICROSOFT_GRAPH);
        assert_eq!(id.to_string(), "00000003-0000-0000-c000-000000000000");
    }

    #[test]
    fn az_31_only_the_hyphenated_form_is_a_guid() {
        for text in [
            "",
            "' OR 1=1 --",
            "{00000003-0000-0000-c000-000000000000}",
            "000000030000000000c0000000000000",
            "urn:uuid:00000003-0000-0000-c000-000000000000",
            "00000003-0000-0000-c000-00000000000\0",
            " 0000003-0000-0000-c000-000000000000",
        ] {
            assert_eq!(text.parse::<ClientId>(), Err(NotAGuid), "{text:?}");
        }
    }
}
