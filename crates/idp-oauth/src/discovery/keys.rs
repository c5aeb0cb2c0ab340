//! `GET /{tenant}/discovery/v2.0/keys` and `/{tenant}/discovery/keys`: the published signing keys (RFC 7517 §5). One set
//! for all tenants.

use axum::body::Body;
use axum::extract::{Path, State};
use http::Response;
use idp_domain::tenant::Directory;
use idp_web::directory;
use idp_web::request::RequestInfo;
use idp_web::state::{App, Shared};
use serde::Serialize;
use vestibule_jose::Jwk;
use vestibule_wire::discovery::TENANT_PLACEHOLDER;

use crate::dialect::Dialect;

#[derive(Serialize)]
struct Keys {
    keys: Vec<Jwk>,
}

/// The keys. For tokens in the v1.0 form they do not say for whom they sign: that issuer is another, and resources that take
/// such tokens do not look.
pub async fn get(
    State(app): State<Shared>,
    Path(segment): Path<String>,
    dialect: Dialect,
    info: RequestInfo,
) -> Response<Body> {
    let directory = directory::resolve(&*app.store, &segment).await.map_err(|refusal| refusal.failure());
    let keys = directory.map(|directory| match dialect {
        Dialect::V1 => Keys { keys: app.keys.published().to_vec() },
        Dialect::V2 => keys(&app, &directory),
    });
    super::document(&app, &info, keys)
}

/// Each key says which issuer's tokens it may sign: a tenant's document that tenant's, an alias's any tenant's.
fn keys(app: &App, directory: &Directory) -> Keys {
    let tenant =
        directory.tenant().map_or_else(|| TENANT_PLACEHOLDER.to_owned(), |tenant| tenant.id.to_string());
    let issuer = format!("{}/{tenant}/v2.0", app.origin.as_str());
    let keys = app
        .keys
        .published()
        .iter()
        .map(|key| key.clone().cloud_instance_name(app.origin.authority()).issuer(&issuer))
        .collect();
    Keys { keys }
}
