//! `GET /{tenant}/v2.0/.well-known/openid-configuration` and `GET /{tenant}/.well-known/openid-configuration` (OpenID Connect
//! Discovery §4).

use axum::body::Body;
use axum::extract::{Path, State};
use http::Response;
use idp_domain::tenant::Directory;
use idp_web::directory;
use idp_web::request::RequestInfo;
use idp_web::state::{Origin, Shared};
use serde::Serialize;
use vestibule_wire::discovery::{
    CLAIMS, CLAIMS_V1, CLIENT_AUTH_METHODS, OIDC_SCOPES, OpenIdConfiguration, OpenIdConfigurationV1,
    RESPONSE_MODES, RESPONSE_TYPES, RESPONSE_TYPES_V1, TENANT_PLACEHOLDER,
};

use crate::dialect::Dialect;

/// A document of one dialect.
#[derive(Serialize)]
#[serde(untagged)]
enum Configuration<'a> {
    V1(OpenIdConfigurationV1<'a>),
    V2(OpenIdConfiguration<'a>),
}

/// The configuration of a tenant or an alias.
pub async fn get(
    State(app): State<Shared>,
    Path(segment): Path<String>,
    dialect: Dialect,
    info: RequestInfo,
) -> Response<Body> {
    let directory = directory::resolve(&*app.store, &segment).await.map_err(|refusal| refusal.failure());
    let configuration = directory.map(|directory| Described::of(dialect, &app.origin, &directory).document());
    super::document::<Configuration<'_>>(&app, &info, configuration)
}

/// What both documents are made of.
struct Described<'a> {
    dialect: Dialect,
    origin: &'a Origin,
    authority: String,
    issuer: String,
    region: Option<&'static str>,
}

impl<'a> Described<'a> {
    /// Endpoints keep the alias they were asked under, and become the GUID when asked by domain; the issuer of an alias
    /// is a template, since it depends on who will sign in.
    fn of(dialect: Dialect, origin: &'a Origin, directory: &Directory) -> Self {
        let tenant =
            directory.tenant().map_or_else(|| TENANT_PLACEHOLDER.to_owned(), |tenant| tenant.id.to_string());
        Self {
            dialect,
            origin,
            authority: directory.authority().to_string(),
            issuer: dialect.issuer(origin.as_str(), &tenant),
            region: directory.tenant().map(|_| "WW"),
        }
    }

    fn endpoint(&self, name: &str) -> String {
        format!("{}{}", self.origin.as_str(), self.dialect.path(&self.authority, name))
    }

    fn below(&self, path: &str) -> String {
        format!("{}/{}/{path}", self.origin.as_str(), self.authority)
    }

    fn document(self) -> Configuration<'a> {
        match self.dialect {
            Dialect::V1 => Configuration::V1(self.v1()),
            Dialect::V2 => Configuration::V2(self.v2()),
        }
    }

    fn v1(self) -> OpenIdConfigurationV1<'a> {
        OpenIdConfigurationV1 {
            authorization_endpoint: self.endpoint("authorize"),
            token_endpoint: self.endpoint("token"),
            token_endpoint_auth_methods_supported: &CLIENT_AUTH_METHODS,
            jwks_uri: self.below("discovery/keys"),
            response_modes_supported: RESPONSE_MODES,
            subject_types_supported: ["pairwise"],
            id_token_signing_alg_values_supported: ["RS256"],
            http_logout_supported: true,
            frontchannel_logout_supported: true,
            backchannel_logout_supported: true,
            backchannel_logout_session_supported: true,
            end_session_endpoint: self.endpoint("logout"),
            response_types_supported: &RESPONSE_TYPES_V1,
            scopes_supported: ["openid"],
            claims_supported: &CLAIMS_V1,
            microsoft_multi_refresh_token: true,
            authorization_response_iss_parameter_supported: true,
            code_challenge_methods_supported: ["S256"],
            userinfo_endpoint: self.below("openid/userinfo"),
            tenant_region_scope: self.region,
            cloud_instance_name: self.origin.authority(),
            cloud_graph_host_name: self.origin.authority(),
            msgraph_host: self.origin.authority(),
            issuer: self.issuer,
        }
    }

    fn v2(self) -> OpenIdConfiguration<'a> {
        OpenIdConfiguration {
            token_endpoint: self.endpoint("token"),
            token_endpoint_auth_methods_supported: &CLIENT_AUTH_METHODS,
            jwks_uri: self.below("discovery/v2.0/keys"),
            response_modes_supported: RESPONSE_MODES,
            subject_types_supported: ["pairwise"],
            id_token_signing_alg_values_supported: ["RS256"],
            response_types_supported: &RESPONSE_TYPES,
            scopes_supported: OIDC_SCOPES,
            request_uri_parameter_supported: false,
            userinfo_endpoint: format!("{}/oidc/userinfo", self.origin.as_str()),
            authorization_endpoint: self.endpoint("authorize"),
            device_authorization_endpoint: self.endpoint("devicecode"),
            authorization_response_iss_parameter_supported: true,
            code_challenge_methods_supported: ["S256"],
            http_logout_supported: true,
            frontchannel_logout_supported: true,
            backchannel_logout_supported: true,
            backchannel_logout_session_supported: true,
            end_session_endpoint: self.endpoint("logout"),
            claims_supported: &CLAIMS,
            tenant_region_scope: self.region,
            cloud_instance_name: self.origin.authority(),
            cloud_graph_host_name: self.origin.authority(),
            msgraph_host: self.origin.authority(),
            issuer: self.issuer,
        }
    }
}
