//! An access token as a resource of this server reads it back.

use serde::Deserialize;
use uuid::Uuid;

use crate::ids::{ClientId, TenantId};

/// What a resource of this server reads from an access token, in either form.
///
/// ```
/// # use vestibule_wire::claims::ReadAccessToken;
/// let rest = r#""oid":"11111111-0000-4000-8000-000000000000","tid":"22222222-0000-4000-8000-000000000000",
///     "sub":"s","iat":1,"exp":2"#;
/// let client = "33333333-0000-4000-8000-000000000000";
/// for (name, ver) in [("appid", "1.0"), ("azp", "2.0")] {
///     let text = format!(r#"{{"{name}":"{client}","ver":"{ver}",{rest}}}"#);
///     let token: ReadAccessToken = serde_json::from_str(&text).unwrap();
///     assert_eq!(token.azp.to_string(), client);
/// }
/// ```
#[derive(Debug, Clone, Deserialize)]
pub struct ReadAccessToken {
    /// The client: `azp` in the v2.0 form, `appid` in the v1.0 form.
    #[serde(alias = "appid")]
    pub azp: ClientId,
    /// The user or the service principal.
    pub oid: Uuid,
    /// The granted permissions; absent in app-only tokens.
    pub scp: Option<String>,
    /// App roles assigned to the subject.
    #[serde(default)]
    pub roles: Vec<String>,
    /// Template ids of the directory roles held.
    #[serde(default)]
    pub wids: Vec<Uuid>,
    /// The pairwise subject.
    pub sub: String,
    /// The tenant.
    pub tid: TenantId,
    /// Issued at, in seconds since 1970 (back-dated by five minutes).
    pub iat: i64,
    /// Expires, in seconds since 1970.
    pub exp: i64,
    /// The sign-in it comes of, for this server alone; absent in app-only tokens.
    pub aio: Option<String>,
    /// `1.0` or `2.0`
    pub ver: String,
}
