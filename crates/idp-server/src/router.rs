//! Every route, on one page.

use std::sync::Arc;

use axum::Router;
use axum::middleware::from_fn_with_state;
use axum::routing::{get, post};
use idp_graph::routes as graph;
use idp_oauth::{admin_consent, authorize, device, discovery, logout, token, userinfo};
use idp_signin::routes as sign_in;
use idp_web::graph_address::OwnHost;
use idp_web::path::OneForm;
use idp_web::state::Shared;
use idp_web::{front, headers};

use crate::admission;

/// The whole server. Paths arrive in one form: lower-case, without doubled slashes.
pub(crate) fn router(app: Shared) -> OneForm<OwnHost<Router>> {
    let routes = Router::new()
        .merge(documents())
        .merge(signing_in())
        .merge(tokens())
        .merge(directory())
        .merge(signing_out())
        .merge(for_people())
        .fallback(front::not_found)
        .layer(from_fn_with_state(app.clone(), admission::admit))
        .layer(from_fn_with_state(app.clone(), headers::secure))
        .with_state(Arc::clone(&app));
    OneForm(OwnHost::new(routes, &app.graph))
}

// What clients read before anything else
fn documents() -> Router<Shared> {
    Router::new()
        .route(
            "/{tenant}/v2.0/.well-known/openid-configuration",
            get(discovery::openid_configuration).options(discovery::options).fallback(discovery::other),
        )
        .route(
            "/{tenant}/.well-known/openid-configuration",
            get(discovery::openid_configuration).options(discovery::options).fallback(discovery::other),
        )
        .route(
            "/{tenant}/discovery/v2.0/keys",
            get(discovery::keys).options(discovery::options).fallback(discovery::other),
        )
        .route(
            "/{tenant}/discovery/keys",
            get(discovery::keys).options(discovery::options).fallback(discovery::other),
        )
        .route(
            "/{tenant}/discovery/instance",
            get(discovery::instance).options(discovery::options).fallback(discovery::other),
        )
        .route(
            "/{tenant}/userrealm/{upn}",
            get(discovery::user_realm).options(discovery::options).fallback(discovery::other),
        )
}

// Signing in
fn signing_in() -> Router<Shared> {
    Router::new()
        .route(
            "/{tenant}/oauth2/v2.0/authorize",
            get(authorize::get).head(authorize::other).post(authorize::post).fallback(authorize::other),
        )
        .route(
            "/{tenant}/oauth2/v2.0/authorize/resume",
            get(authorize::resume).head(authorize::other).fallback(authorize::other),
        )
        .route(
            "/{tenant}/oauth2/authorize",
            get(authorize::get).head(authorize::other).post(authorize::post).fallback(authorize::other),
        )
        .route(
            "/{tenant}/oauth2/authorize/resume",
            get(authorize::resume).head(authorize::other).fallback(authorize::other),
        )
        .route(
            "/{tenant}/adminconsent",
            get(admin_consent::get).head(admin_consent::other).fallback(admin_consent::other),
        )
        .route(
            "/{tenant}/v2.0/adminconsent",
            get(admin_consent::get).head(admin_consent::other).fallback(admin_consent::other),
        )
        .route(
            "/{tenant}/adminconsent/resume",
            get(admin_consent::resume).head(admin_consent::other).fallback(admin_consent::other),
        )
        .route(
            "/{tenant}/v2.0/adminconsent/resume",
            get(admin_consent::resume).head(admin_consent::other).fallback(admin_consent::other),
        )
        .route("/devicelogin", get(device::short).head(device::entry_other).fallback(device::entry_other))
        .route(
            "/{tenant}/oauth2/deviceauth",
            get(device::entry).head(device::entry_other).post(device::typed).fallback(device::entry_other),
        )
        .route(
            "/{tenant}/oauth2/deviceauth/resume",
            get(device::resume).head(device::entry_other).fallback(device::entry_other),
        )
        .merge(sign_in())
}

// Tokens
fn tokens() -> Router<Shared> {
    Router::new()
        .route(
            "/{tenant}/oauth2/v2.0/token",
            post(token::post).options(token::options).fallback(token::other),
        )
        .route("/{tenant}/oauth2/token", post(token::post).options(token::options).fallback(token::other))
        .route("/{tenant}/oauth2/v2.0/devicecode", post(device::ask).fallback(device::other))
        .route(
            "/{tenant}/oauth2/devicecode",
            get(device::ask).head(device::other).post(device::ask).fallback(device::other),
        )
        .route(
            "/oidc/userinfo",
            get(userinfo::get).post(userinfo::get).options(userinfo::options).fallback(userinfo::other),
        )
        .route(
            "/{tenant}/openid/userinfo",
            get(userinfo::get).post(userinfo::get).options(userinfo::options).fallback(userinfo::other),
        )
}

// Microsoft Graph
fn directory() -> Router<Shared> {
    Router::new().merge(graph())
}

// Signing out
fn signing_out() -> Router<Shared> {
    Router::new()
        .route(
            "/{tenant}/oauth2/v2.0/logout",
            get(logout::get).head(logout::other).post(logout::post).fallback(logout::other),
        )
        .route(
            "/{tenant}/oauth2/logout",
            get(logout::get).head(logout::other).post(logout::post).fallback(logout::other),
        )
}

// For people
fn for_people() -> Router<Shared> {
    Router::new()
        .route("/", get(front::home))
        .route("/error", get(front::lookup))
        .route("/common/oauth2/nativeclient", get(front::native_client))
        .route("/assets/{file}", get(front::asset))
}
