//! ID tokens in the v2.0 form (OpenID Connect Core §2).

use serde::Serialize;

use crate::ids::{ClientId, SessionId, TenantId, UserId};

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
    /// Expires: one hour.
    pub exp: i64,
    /// When the person last proved who they are; with `max_age` or when asked for by `claims`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub auth_time: Option<i64>,
    /// The mail address, with the scope `email`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub email: Option<&'a str>,
    /// Opaque: names the account to later sign-in and sign-out requests; when asked for by `claims`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub login_hint: Option<&'a str>,
    /// The display name, with the scope `profile`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<&'a str>,
    /// Byte-exact what the authorize request sent; absent when it sent none (MSAL Node 7 refuses one it did not send).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub nonce: Option<&'a str>,
    /// The user, with the scope `profile`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub oid: Option<UserId>,
    /// The user principal name, with the scope `profile`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub preferred_username: Option<&'a str>,
    /// Opaque.
    pub rh: &'a str,
    /// The app roles assigned to the user on the client.
    #[serde(skip_serializing_if = "<[String]>::is_empty")]
    pub roles: &'a [String],
    /// The browser session.
    pub sid: SessionId,
    /// Pairwise: the user as this client knows them.
    pub sub: &'a str,
    /// The tenant.
    pub tid: TenantId,
    /// The token's id.
    pub uti: &'a str,
    /// `2.0`
    pub ver: &'static str,
}
