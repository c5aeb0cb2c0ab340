//! The answer: tokens or an error, in JSON (RFC 6749 §5), readable across origins by single-page applications only.

use axum::body::Body;
use http::{Response, StatusCode};
use idp_domain::tokens::{Issued, IssuedRefresh};
use idp_web::request::RequestInfo;
use idp_web::state::App;
use idp_web::{answer as web, cors};
use vestibule_wire::oauth::TokenAnswer;

use super::request::TokenRequest;
use super::{Exchange, TokenError};

/// What becomes of a request.
pub(super) type Outcome = Result<Answer, TokenError>;

/// What is told of what was issued.
pub(super) struct Answer {
    issued: Issued,
    client_info: Option<String>,
    /// The page that may read it: an origin that the client has registered.
    readable_by: Option<String>,
}

impl Answer {
    pub(super) fn new(exchange: &Exchange<'_>, asked: &TokenRequest, issued: Issued) -> Self {
        let client_info = issued.client_info.as_ref().filter(|_| asked.client_info).map(|info| info.encode());
        let application = &exchange.client.registration().application;
        let readable_by = exchange.info.origin.clone().filter(|origin| application.has_spa_origin(origin));
        Self { issued, client_info, readable_by }
    }
}

/// Writes the outcome.
pub(super) fn write(app: &App, info: &RequestInfo, outcome: Outcome) -> Response<Body> {
    match outcome {
        Ok(answer) => {
            metrics::counter!("vestibule_tokens_issued_total").increment(1);
            let Answer { issued, client_info, readable_by } = answer;
            let refresh = issued.refresh.as_ref();
            let document = TokenAnswer {
                token_type: "Bearer",
                scope: issued.scope.as_deref(),
                expires_in: issued.expires_in,
                ext_expires_in: issued.expires_in,
                access_token: &issued.access_token,
                refresh_token: refresh.map(|IssuedRefresh { token, .. }| token.as_str()),
                refresh_token_expires_in: refresh.and_then(|refresh| refresh.expires_in),
                id_token: issued.id_token.as_deref(),
                client_info: client_info.as_deref(),
            };
            let mut response = web::json(StatusCode::OK, &document, info);
            if let Some(origin) = readable_by {
                cors::only(&mut response, &origin);
            }
            response
        }
        Err(error) => refuse(app, info, &error),
    }
}

fn refuse(app: &App, info: &RequestInfo, error: &TokenError) -> Response<Body> {
    metrics::counter!("vestibule_tokens_refused_total").increment(1);
    let failure = error.failure();
    let mut response = web::error(app, &failure, info);
    // RFC 6749 §5.2: a client that tried the Authorization header is told which scheme to use.
    if failure.row().status == 401 {
        response.headers_mut().insert(
            http::header::WWW_AUTHENTICATE,
            http::HeaderValue::from_static("Basic realm=\"token\", charset=\"UTF-8\""),
        );
    }
    // An error holds nothing secret, and MSAL Browser must read it to know what to do. `null` is nobody's origin.
    if let Some(origin) = info.origin.as_deref().filter(|origin| *origin != "null") {
        cors::only(&mut response, origin);
    }
    response
}
