//! Every route, on one page.

use axum::Router;
use axum::middleware::from_fn;
use axum::routing::{get, post};
use idp_oauth::{discovery, token};
use idp_web::headers;
use idp_web::path::OneForm;
use idp_web::state::Shared;

/// The whole server. Paths arrive in one form: lower-case, without doubled slashes.
pub(crate) fn router(app: Shared) -> OneForm<Router> {
    let routes = Router::new()
        // What clients read before anything else
        .route("/{tenant}/v2.0/.well-known/openid-configuration", get(discovery::openid_configuration).options(discovery::options))
        .route("/{tenant}/discovery/v2.0/keys", get(discovery::keys).options(discovery::options))
        .route("/{tenant}/discovery/instance", get(discovery::instance).options(discovery::options))
        .route("/{tenant}/userrealm/{upn}", get(discovery::user_realm).options(discovery::options))
        // Tokens
        .route("/{tenant}/oauth2/v2.0/token", post(token::post).options(token::options).fallback(token::other))
        .layer(from_fn(headers::secure))
        .with_state(app);
    OneForm(routes)
}
