//! What clients read before anything else. Public documents: no state, no secrets, readable across origins.

mod instance;
mod keys;
mod openid_configuration;
mod user_realm;

use axum::body::Body;
use axum::extract::State;
use http::header::{CACHE_CONTROL, CONTENT_TYPE, HeaderValue};
use http::{Method, Response, StatusCode};
use idp_web::request::RequestInfo;
use idp_web::state::{App, Shared};
use idp_web::{answer, cors};
use serde::Serialize;
use vestibule_wire::aadsts::Failure;

pub use instance::get as instance;
pub use keys::get as keys;
pub use openid_configuration::get as openid_configuration;
pub use user_realm::get as user_realm;

/// A document that may be kept for a day.
fn document<T: Serialize>(app: &App, info: &RequestInfo, outcome: Result<T, Failure>) -> Response<Body> {
    let mut response = match outcome {
        Ok(document) => {
            let mut response = answer::json(StatusCode::OK, &document, info);
            response.headers_mut().insert(CACHE_CONTROL, HeaderValue::from_static("max-age=86400, private"));
            response.headers_mut().remove(http::header::PRAGMA);
            response
                .headers_mut()
                .insert(CONTENT_TYPE, HeaderValue::from_static("application/json; charset=utf-8"));
            response
        }
        Err(failure) => answer::error(app, &failure, info),
    };
    cors::anybody(&mut response);
    response
}

/// Any other method.
pub async fn other(State(app): State<Shared>, method: Method, info: RequestInfo) -> Response<Body> {
    answer::method_not_allowed(&app, &method, "GET, OPTIONS", &info)
}

/// A preflight for any of the documents.
pub async fn options(info: RequestInfo) -> Response<Body> {
    cors::preflight("GET, OPTIONS", info.origin.as_deref())
}
