//! Documents that clients read before anything else: OpenID configuration, instance discovery, user realm.

use serde::Serialize;

use crate::oauth::ResponseMode;

/// `/{tenant}/v2.0/.well-known/openid-configuration` (OpenID Connect Discovery §3), in the members Entra's has.
#[derive(Debug, Serialize)]
pub struct OpenIdConfiguration<'a> {
    /// Where tokens are issued.
    pub token_endpoint: String,
    /// How clients may authenticate there.
    pub token_endpoint_auth_methods_supported: &'a [&'a str],
    /// The published keys.
    pub jwks_uri: String,
    /// How authorize answers may travel.
    pub response_modes_supported: [&'static str; 3],
    /// `pairwise`: `sub` differs by application.
    pub subject_types_supported: [&'static str; 1],
    /// `RS256`
    pub id_token_signing_alg_values_supported: [&'static str; 1],
    /// What the authorize endpoint can return.
    pub response_types_supported: &'a [&'a str],
    /// The OpenID Connect scopes.
    pub scopes_supported: [&'static str; 4],
    /// `{origin}/{tid}/v2.0`, with the literal `{tenantid}` for aliases.
    pub issuer: String,
    /// `request_uri` is not taken.
    pub request_uri_parameter_supported: bool,
    /// Claims about the user.
    pub userinfo_endpoint: String,
    /// Where the person is sent.
    pub authorization_endpoint: String,
    /// Where a device asks for a code (RFC 8628 §4).
    pub device_authorization_endpoint: String,
    /// Answers of the authorize endpoint carry `iss` (RFC 9207 §3).
    pub authorization_response_iss_parameter_supported: bool,
    /// PKCE methods (RFC 8414 §2).
    pub code_challenge_methods_supported: [&'static str; 1],
    /// Applications are told of a sign-out by their logout URL.
    pub http_logout_supported: bool,
    /// The same, in OpenID Connect's word.
    pub frontchannel_logout_supported: bool,
    /// The server tells applications that have asked for it, too.
    pub backchannel_logout_supported: bool,
    /// What it tells them names the session.
    pub backchannel_logout_session_supported: bool,
    /// Where the person is sent to sign out.
    pub end_session_endpoint: String,
    /// Claims that tokens may carry.
    pub claims_supported: &'a [&'a str],
    /// The tenant's region; null for aliases.
    pub tenant_region_scope: Option<&'a str>,
    /// The name of this instance: its host and port.
    pub cloud_instance_name: &'a str,
    /// Where Graph answers.
    pub cloud_graph_host_name: &'a str,
    /// Where Microsoft Graph answers.
    pub msgraph_host: &'a str,
}

/// `/{tenant}/.well-known/openid-configuration`, of the v1.0 endpoints, in the members Entra's has.
#[derive(Debug, Serialize)]
pub struct OpenIdConfigurationV1<'a> {
    /// Where the person is sent.
    pub authorization_endpoint: String,
    /// Where tokens are issued.
    pub token_endpoint: String,
    /// How clients may authenticate there.
    pub token_endpoint_auth_methods_supported: &'a [&'a str],
    /// The published keys.
    pub jwks_uri: String,
    /// How authorize answers may travel.
    pub response_modes_supported: [&'static str; 3],
    /// `pairwise`: `sub` differs by application.
    pub subject_types_supported: [&'static str; 1],
    /// `RS256`
    pub id_token_signing_alg_values_supported: [&'static str; 1],
    /// Applications are told of a sign-out by their logout URL.
    pub http_logout_supported: bool,
    /// The same, in OpenID Connect's word.
    pub frontchannel_logout_supported: bool,
    /// The server tells applications that have asked for it, too.
    pub backchannel_logout_supported: bool,
    /// What it tells them names the session.
    pub backchannel_logout_session_supported: bool,
    /// Where the person is sent to sign out.
    pub end_session_endpoint: String,
    /// What the authorize endpoint can return.
    pub response_types_supported: &'a [&'a str],
    /// `openid`: what is told beyond it depends on the resource.
    pub scopes_supported: [&'static str; 1],
    /// `{origin}/{tid}/`, with the literal `{tenantid}` for aliases.
    pub issuer: String,
    /// Claims that tokens may carry.
    pub claims_supported: &'a [&'a str],
    /// A refresh token is good for any resource.
    pub microsoft_multi_refresh_token: bool,
    /// Answers of the authorize endpoint carry `iss` (RFC 9207 §3).
    pub authorization_response_iss_parameter_supported: bool,
    /// PKCE methods (RFC 8414 §2).
    pub code_challenge_methods_supported: [&'static str; 1],
    /// Claims about the user.
    pub userinfo_endpoint: String,
    /// The tenant's region; null for aliases.
    pub tenant_region_scope: Option<&'a str>,
    /// The name of this instance: its host and port.
    pub cloud_instance_name: &'a str,
    /// Where Graph answers.
    pub cloud_graph_host_name: &'a str,
    /// Where Microsoft Graph answers.
    pub msgraph_host: &'a str,
}

/// `response_types_supported` of v2.0. Entra lists these and takes `token` and those with `code` and `token` as well.
pub const RESPONSE_TYPES: [&str; 4] = ["code", "id_token", "code id_token", "id_token token"];

/// `response_types_supported` of v1.0.
pub const RESPONSE_TYPES_V1: [&str; 5] = ["code", "id_token", "code id_token", "token id_token", "token"];

/// `response_modes_supported`
pub const RESPONSE_MODES: [&str; 3] =
    [ResponseMode::Query.as_str(), ResponseMode::Fragment.as_str(), ResponseMode::FormPost.as_str()];

/// `scopes_supported`
pub const OIDC_SCOPES: [&str; 4] = ["openid", "profile", "email", "offline_access"];

/// `token_endpoint_auth_methods_supported`
///
/// There is no `token_endpoint_auth_signing_alg_values_supported` beside it, which OpenID Connect Discovery §3 leaves to the
/// server, and no `grant_types_supported`: Entra's documents have neither, and libraries that check what they read know
/// those documents. Assertions are signed with RS256 or PS256, which is in the guide.
pub const CLIENT_AUTH_METHODS: [&str; 3] = ["client_secret_post", "private_key_jwt", "client_secret_basic"];

/// `claims_supported`
pub const CLAIMS: [&str; 16] = [
    "sub",
    "iss",
    "aud",
    "exp",
    "iat",
    "auth_time",
    "nonce",
    "at_hash",
    "c_hash",
    "preferred_username",
    "name",
    "tid",
    "ver",
    "email",
    "oid",
    "sid",
];

/// `claims_supported` of v1.0.
pub const CLAIMS_V1: [&str; 16] = [
    "sub",
    "iss",
    "aud",
    "exp",
    "iat",
    "auth_time",
    "amr",
    "nonce",
    "email",
    "given_name",
    "family_name",
    "upn",
    "unique_name",
    "tid",
    "oid",
    "sid",
];

/// The placeholder in the issuer that the aliases' documents publish.
pub const TENANT_PLACEHOLDER: &str = "{tenantid}";

/// `/common/discovery/instance`: which hosts are this authority's.
#[derive(Debug, Serialize)]
pub struct InstanceDiscovery {
    /// The OpenID configuration of the tenant asked about.
    pub tenant_discovery_endpoint: String,
    /// `1.1`
    #[serde(rename = "api-version")]
    pub api_version: &'static str,
    /// This instance: under its host with the port, and, where there is one, under the bare host too.
    pub metadata: Vec<InstanceMetadata>,
}

/// The hosts of one instance. Libraries put `preferred_network` where they found the alias that they looked for: MSAL for
/// JavaScript in the place of `host:port`, .NET and Java in the place of the bare host, and these add the port again.
#[derive(Debug, Serialize)]
pub struct InstanceMetadata {
    /// The host to send requests to.
    pub preferred_network: String,
    /// The host that cache entries are kept under.
    pub preferred_cache: String,
    /// The hosts that an authority may name.
    pub aliases: Vec<String>,
}

/// `/common/userrealm/{upn}`: how the accounts of a domain sign in. Answers by the domain alone, never by the account.
#[derive(Debug, Serialize)]
pub struct UserRealm<'a> {
    /// `1.0`; MSAL Java parses it as a number.
    pub ver: &'static str,
    /// `Managed` or `Unknown`.
    pub account_type: &'static str,
    /// The account's domain.
    pub domain_name: &'a str,
    /// The instance; required by MSAL Go.
    pub cloud_instance_name: &'a str,
    /// The audience of federated assertions; required by MSAL Go.
    pub cloud_audience_urn: &'static str,
}

/// `cloud_audience_urn`
pub const CLOUD_AUDIENCE: &str = "urn:federation:MicrosoftOnline";
