//! Claims that an application asks to find in its tokens (`optionalClaims`).

use serde::{Deserialize, Serialize};

/// The claims, by kind of token. Those of access tokens are the resource's to say, never the client's.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct OptionalClaims {
    /// In ID tokens.
    pub id_token: Vec<OptionalClaim>,
    /// In access tokens for this application as a resource.
    pub access_token: Vec<OptionalClaim>,
    /// In SAML tokens.
    pub saml2_token: Vec<OptionalClaim>,
}

/// One optional claim.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct OptionalClaim {
    /// The claim.
    pub name: String,
    /// `user` for a directory extension of the user; none for a predefined claim.
    pub source: Option<String>,
    /// Whether the application cannot do without; it changes nothing about the token.
    pub essential: bool,
    /// Words that change its value, such as `include_externally_authenticated_upn`.
    pub additional_properties: Vec<String>,
}

impl OptionalClaims {
    /// Whether nothing is asked.
    pub fn is_empty(&self) -> bool {
        self.id_token.is_empty() && self.access_token.is_empty() && self.saml2_token.is_empty()
    }
}
