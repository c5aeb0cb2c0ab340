//! The steps: one file a form. Each is let in by the guard, decides one thing, and shows what comes next.

mod account;
mod new_password;
mod password;
mod pick;
mod stay;

use axum::Router;
use axum::body::Body;
use axum::extract::State;
use axum::routing::post;
use http::header::LOCATION;
use http::{HeaderValue, Response, StatusCode};
use idp_web::request::RequestInfo;
use idp_web::state::{App, Shared};

use crate::conversation::Conversation;
use crate::finish::{FlowRefusal, Turned};
use crate::guard::CTX;
use crate::sign_out;

/// Where the forms go.
pub(crate) mod path {
    pub(crate) const ACCOUNT: &str = "/signin/account";
    pub(crate) const PASSWORD: &str = "/signin/password";
    pub(crate) const NEW_PASSWORD: &str = "/signin/new-password";
    pub(crate) const PICK: &str = "/signin/pick";
    pub(crate) const STAY: &str = "/signin/stay";
    pub(crate) const SWITCH: &str = "/signin/switch";
    pub(crate) const SIGN_OUT: &str = "/signout";
}

/// The routes of the conversation. Nothing here is a page to go to: a form is sent, or the conversation is begun again.
pub fn routes() -> Router<Shared> {
    Router::new()
        .route(path::ACCOUNT, post(account::post).fallback(expired))
        .route(path::PASSWORD, post(password::post).fallback(expired))
        .route(path::NEW_PASSWORD, post(new_password::post).fallback(expired))
        .route(path::PICK, post(pick::post).fallback(expired))
        .route(path::STAY, post(stay::post).fallback(expired))
        .route(path::SWITCH, post(account::switch).fallback(expired))
        .route(path::SIGN_OUT, post(sign_out::post).fallback(expired))
}

/// Somebody reloaded, or went back to, a page that a form led to.
async fn expired(State(app): State<Shared>, info: RequestInfo) -> Response<Body> {
    refused(&app, &info, FlowRefusal::TooLate)
}

/// A form was not let pass, or led nowhere.
pub(crate) fn refused(app: &App, info: &RequestInfo, turned: impl Into<Turned>) -> Response<Body> {
    turned.into().page(app, info)
}

/// The conversation is over: on to the protocol. 303, so that nothing is sent twice (AZ-50).
fn resume(app: &App, conversation: &Conversation) -> Response<Body> {
    let separator = if conversation.request.resume.contains('?') { '&' } else { '?' };
    see_other(&format!("{}{separator}{CTX}={}", conversation.request.resume, conversation.seal(app)))
}

/// `303 See Other`.
pub(crate) fn see_other(location: &str) -> Response<Body> {
    let mut response = Response::new(Body::empty());
    *response.status_mut() = StatusCode::SEE_OTHER;
    if let Ok(location) = HeaderValue::from_str(location) {
        response.headers_mut().insert(LOCATION, location);
    }
    response.headers_mut().insert(http::header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}
