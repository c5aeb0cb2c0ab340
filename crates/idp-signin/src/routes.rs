//! The routes of the conversation. But for the link of an invitation nothing here is a page to go to: a form is sent, or the
//! conversation is begun again.

use axum::Router;
use axum::body::Body;
use axum::extract::State;
use axum::routing::{get, post};
use http::Response;
use idp_web::request::RequestInfo;
use idp_web::state::Shared;

use crate::refusal::{FlowRefusal, refused};
use crate::steps::{account, consent, hand_over, invitation, new_password, password, pick, stay};
use crate::{path, redeem, sign_out};

/// The routes.
pub fn routes() -> Router<Shared> {
    Router::new()
        .route(path::ACCOUNT, post(account::post).fallback(expired))
        .route(path::PASSWORD, post(password::post).fallback(expired))
        .route(path::NEW_PASSWORD, post(new_password::post).fallback(expired))
        .route(path::PICK, post(pick::post).fallback(expired))
        .route(path::STAY, post(stay::post).fallback(expired))
        .route(path::CONSENT, post(consent::post).fallback(expired))
        .route(path::INVITATION, post(invitation::post).fallback(expired))
        .route(path::HAND_OVER, post(hand_over::post).fallback(expired))
        .route(path::SWITCH, post(account::switch).fallback(expired))
        .route(path::SIGN_OUT, post(sign_out::post).fallback(expired))
        .route(path::REDEEM, get(redeem::get))
        .route(path::REDEEM_RESUME, get(redeem::resume))
}

/// Somebody reloaded, or went back to, a page that a form led to.
async fn expired(State(app): State<Shared>, info: RequestInfo) -> Response<Body> {
    refused(&app, &info, FlowRefusal::TooLate)
}
