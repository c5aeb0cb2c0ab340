//! ID tokens in the v1.0 form, which the v1.0 endpoints issue.

use serde::Serialize;

use super::{Memberships, Person};
use crate::ids::{ClientId, TenantId, UserId};

/// What the client is told about the person who signed in. It does not depend on scopes.
#[derive(Debug, Serialize)]
pub struct IdToken<'a> {
    /// The client: a single string, never an array.
    pub aud: ClientId,
    /// `{origin}/{tid}/`.
    pub iss: &'a str,
    /// Issued at.
    pub iat: i64,
    /// Not before.
    pub nbf: i64,
    /// Expires: after one hour, unless it is settled otherwise.
    pub exp: i64,
    /// What was proved.
    pub amr: Vec<&'static str>,
    /// What ties the access token beside it to this one (OpenID Connect Core §3.3.2.11).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub at_hash: Option<String>,
    /// What ties the code beside it to this one (§3.3.2.11).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub c_hash: Option<String>,
    /// Byte-exact what the authorize request sent; absent when it sent none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub nonce: Option<&'a str>,
    /// The user.
    pub oid: UserId,
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
    /// `1.0`
    pub ver: &'static str,
}
