//! The answer: tokens or an error, in JSON (RFC 6749 §5), readable across origins by single-page applications only.

use axum::body::Body;
use http::header::{HeaderValue, WWW_AUTHENTICATE};
use http::{Response, StatusCode};
use idp_domain::tokens::{Issued, IssuedRefresh};
use idp_web::request::RequestInfo;
use idp_web::state::App;
use idp_web::{answer as web, cors};
use vestibule_wire::oauth::TokenAnswer;

use super::request::TokenRequest;
use super::{Exchange, TokenError};

/// What becomes of a request.
pub(super) type Outcome = Result<Answer, Refused>;

/// What is told of what was issued.
pub(super) struct Answer {
    issued: Issued,
    client_info: Option<String>,
    /// The page that may read it: an origin that the client has registered.
    readable_by: Option<String>,
}

/// What is told of what went wrong.
pub(super) struct Refused {
    error: TokenError,
    readable_by: Option<String>,
}

impl Refused {
    /// Nobody is known to have asked: no page may read it.
    pub(super) const fn to_nobody(error: TokenError) -> Self {
        Self { error, readable_by: None }
    }

    /// A client asked: its own pages may read it. MSAL Browser must, to know what to do.
    pub(super) fn to(exchange: &Exchange<'_>, error: TokenError) -> Self {
        Self { error, readable_by: readable_by(exchange) }
    }
}

impl<E: Into<TokenError>> From<E> for Refused {
    fn from(error: E) -> Self {
        Self::to_nobody(error.into())
    }
}

/// The page that may read an answer: the origin of the request, if the client has registered it (CD-16).
fn readable_by(exchange: &Exchange<'_>) -> Option<String> {
    let application = &exchange.client.registration().application;
    exchange.info.origin.clone().filter(|origin| application.has_spa_origin(origin))
}

impl Answer {
    pub(super) fn new(exchange: &Exchange<'_>, asked: &TokenRequest, issued: Issued) -> Self {
        let client_info = issued.client_info.as_ref().filter(|_| asked.client_info).map(|info| info.encode());
        Self { issued, client_info, readable_by: readable_by(exchange) }
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
        Err(refused) => refuse(app, info, &refused),
    }
}

fn refuse(app: &App, info: &RequestInfo, refused: &Refused) -> Response<Body> {
    metrics::counter!("vestibule_tokens_refused_total").increment(1);
    let Refused { error, readable_by } = refused;
    let failure = error.failure();
    let mut response = web::error(app, &failure, info);
    // RFC 6749 §5.2: a client that tried the Authorization header is told which scheme to use.
    if failure.row().status == 401 {
        let scheme = HeaderValue::from_static("Basic realm=\"token\", charset=\"UTF-8\"");
        response.headers_mut().insert(WWW_AUTHENTICATE, scheme);
    }
    if let Some(origin) = readable_by {
        cors::only(&mut response, origin);
    }
    response
}
