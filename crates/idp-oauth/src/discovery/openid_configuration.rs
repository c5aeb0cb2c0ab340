//! `GET /{tenant}/v2.0/.well-known/openid-configuration` (OpenID Connect Discovery §4).

use axum::body::Body;
use axum::extract::{Path, State};
use http::Response;
use idp_domain::tenant::Directory;
use idp_web::directory;
use idp_web::request::RequestInfo;
use idp_web::state::{Origin, Shared};
use vestibule_wire::discovery::{
    CLAIMS, CLIENT_AUTH_METHODS, OIDC_SCOPES, OpenIdConfiguration, RESPONSE_MODES, TENANT_PLACEHOLDER,
};

/// The configuration of a tenant or an alias.
pub async fn get(
    State(app): State<Shared>,
    Path(segment): Path<String>,
    info: RequestInfo,
) -> Response<Body> {
    let directory = directory::resolve(&*app.store, &segment).await.map_err(|refusal| refusal.failure());
    let configuration = directory.map(|directory| configuration(&app.origin, &directory));
    super::document::<OpenIdConfiguration<'_>>(&app, &info, configuration)
}

/// Endpoints keep the alias they were asked under, and become the GUID when asked by domain; the issuer of an alias is
/// a template, since it depends on who will sign in.
fn configuration<'a>(origin: &'a Origin, directory: &Directory) -> OpenIdConfiguration<'a> {
    let base = format!("{}/{}", origin.as_str(), directory.authority());
    let tenant =
        directory.tenant().map_or_else(|| TENANT_PLACEHOLDER.to_owned(), |tenant| tenant.id.to_string());
    OpenIdConfiguration {
        token_endpoint: format!("{base}/oauth2/v2.0/token"),
        token_endpoint_auth_methods_supported: &CLIENT_AUTH_METHODS,
        jwks_uri: format!("{base}/discovery/v2.0/keys"),
        response_modes_supported: RESPONSE_MODES,
        subject_types_supported: ["pairwise"],
        id_token_signing_alg_values_supported: ["RS256"],
        response_types_supported: &["code"],
        scopes_supported: OIDC_SCOPES,
        issuer: format!("{}/{tenant}/v2.0", origin.as_str()),
        request_uri_parameter_supported: false,
        userinfo_endpoint: format!("{}/oidc/userinfo", origin.as_str()),
        authorization_endpoint: format!("{base}/oauth2/v2.0/authorize"),
        authorization_response_iss_parameter_supported: true,
        code_challenge_methods_supported: ["S256"],
        http_logout_supported: false,
        frontchannel_logout_supported: false,
        end_session_endpoint: format!("{base}/oauth2/v2.0/logout"),
        claims_supported: &CLAIMS,
        tenant_region_scope: directory.tenant().map(|_| "WW"),
        cloud_instance_name: origin.authority(),
        cloud_graph_host_name: origin.authority(),
        msgraph_host: origin.authority(),
    }
}
