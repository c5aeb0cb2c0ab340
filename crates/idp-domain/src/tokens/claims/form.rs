//! The two forms of tokens, and what depends on the form alone.

use std::fmt::Display;

use vestibule_jose::TokenHeader;
use vestibule_wire::claims::{V1, V2};
use vestibule_wire::ids::ClientId;

use crate::applications::Registration;

/// A form of tokens.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TokenForm {
    /// That of v1.0.
    V1,
    /// That of v2.0.
    V2,
}

impl TokenForm {
    /// The form with this `ver`.
    pub fn with_version(ver: &str) -> Option<Self> {
        [Self::V1, Self::V2].into_iter().find(|form| form.version() == ver)
    }

    /// The `ver` claim.
    pub const fn version(self) -> &'static str {
        match self {
            Self::V1 => V1,
            Self::V2 => V2,
        }
    }

    /// The `iss` claim of the tokens of a tenant. `tenant` is its id, or the placeholder of an alias's documents.
    pub fn issuer(self, origin: &str, tenant: impl Display) -> String {
        match self {
            Self::V1 => format!("{origin}/{tenant}/"),
            Self::V2 => format!("{origin}/{tenant}/v2.0"),
        }
    }

    /// Entra: only tokens in the v1.0 form name the key by its thumbprint too.
    pub(super) const fn header(self) -> TokenHeader {
        match self {
            Self::V1 => TokenHeader::KidAndX5t,
            Self::V2 => TokenHeader::KidOnly,
        }
    }

    /// What a resource's registration says; Microsoft Graph's are always in the v1.0 form (§3.1).
    pub(super) fn of_access_tokens_for(resource: &Registration) -> Self {
        let is_graph = resource.client_id() == ClientId::MICROSOFT_GRAPH;
        if resource.application.access_token_version.is_v2() && !is_graph { Self::V2 } else { Self::V1 }
    }
}
