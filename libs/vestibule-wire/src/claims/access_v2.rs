//! Access tokens in the v2.0 form: for a user, and for an application alone.

use serde::Serialize;

use super::{Memberships, Person};
use crate::ids::{ClientId, ServicePrincipalId, TenantId, UserId};

/// The access token an application gets for itself (client credentials). It has no `scp`.
#[derive(Debug, Serialize)]
pub struct AppAccessToken<'a> {
    /// The resource's client id.
    pub aud: ClientId,
    /// `{origin}/{tid}/v2.0`.
    pub iss: &'a str,
    /// Issued at, in seconds since 1970; five minutes back-dated, as the service does.
    pub iat: i64,
    /// Not before; equal to `iat`.
    pub nbf: i64,
    /// Expires, in seconds since 1970.
    pub exp: i64,
    /// The client.
    pub azp: ClientId,
    /// How the client authenticated: `"1"` secret, `"2"` certificate.
    pub azpacr: &'static str,
    /// `app`, where the resource asks for it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub idtyp: Option<&'static str>,
    /// The client's service principal in this tenant.
    pub oid: ServicePrincipalId,
    /// Opaque.
    pub rh: &'a str,
    /// The app roles assigned to the client on this resource.
    #[serde(skip_serializing_if = "<[String]>::is_empty")]
    pub roles: &'a [String],
    /// Equal to `oid` in app-only tokens.
    pub sub: ServicePrincipalId,
    /// The tenant.
    pub tid: TenantId,
    /// The token's id: 16 random bytes in base64url.
    pub uti: &'a str,
    /// `2.0`
    pub ver: &'static str,
}

/// The access token a client gets on behalf of a user.
#[derive(Debug, Serialize)]
pub struct UserAccessToken<'a> {
    /// The resource's client id.
    pub aud: ClientId,
    /// `{origin}/{tid}/v2.0`.
    pub iss: &'a str,
    /// Issued at.
    pub iat: i64,
    /// Not before.
    pub nbf: i64,
    /// Expires.
    pub exp: i64,
    /// The sign-in it comes of, for this server alone.
    pub aio: &'a str,
    /// The client.
    pub azp: ClientId,
    /// How the client authenticated.
    pub azpacr: &'static str,
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
    /// The granted permissions of this resource, separated by spaces.
    pub scp: &'a str,
    /// Pairwise: the user as this resource knows them.
    pub sub: &'a str,
    /// The tenant.
    pub tid: TenantId,
    /// The token's id.
    pub uti: &'a str,
    /// `2.0`
    pub ver: &'static str,
    /// What the client's program can do, where the resource asks for it.
    #[serde(skip_serializing_if = "<[String]>::is_empty")]
    pub xms_cc: &'a [String],
}
