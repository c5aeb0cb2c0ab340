//! ID tokens in the v2.0 form (OpenID Connect Core §2).

use serde::Serialize;

use super::{Memberships, Person};
use crate::ids::{ClientId, TenantId, UserId};

/// What the client is told about the person who signed in.
#[derive(Debug, Serialize)]
pub struct IdToken<'a> {
    /// The client: a single string, never an array.
    pub aud: ClientId,
    /// `{origin}/{tid}/v2.0`.
    pub iss: &'a str,
    /// Issued at.
    pub iat: i64,
    /// Not before.
    pub nbf: i64,
    /// Expires: after one hour, unless it is settled otherwise.
    pub exp: i64,
    /// What ties the access token beside it to this one (OpenID Connect Core §3.3.2.11).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub at_hash: Option<String>,
    /// What ties the code beside it to this one (§3.3.2.11).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub c_hash: Option<String>,
    /// Byte-exact what the authorize request sent; absent when it sent none (MSAL Node 7 refuses one it did not send).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub nonce: Option<&'a str>,
    /// The user, with the scope `profile`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub oid: Option<UserId>,
    /// The person.
    #[serde(flatten)]
    pub person: Person<'a>,
    /// Opaque.
    pub rh: &'a str,
    /// Groups and roles.
    #[serde(flatten)]
    pub memberships: Memberships,
    /// Pairwise: the user as this client knows them.
    pub sub: &'a str,
    /// The tenant.
    pub tid: TenantId,
    /// The token's id.
    pub uti: &'a str,
    /// `2.0`
    pub ver: &'static str,
}
