//! The answer: tokens or an error, in JSON (RFC 6749 §5), readable across origins by single-page applications only.

use axum::body::Body;
use http::header::{HeaderValue, WWW_AUTHENTICATE};
use http::{Response, StatusCode};
use idp_domain::tokens::{Issued, IssuedAccess, IssuedRefresh};
use idp_web::request::RequestInfo;
use idp_web::state::App;
use idp_web::{answer as web, cors};
use vestibule_wire::oauth::{BEARER, TokenAnswer, TokenAnswerOfV1};

use super::request::TokenRequest;
use super::{Exchange, TokenError};
use crate::dialect::Dialect;

/// What becomes of a request.
pub(super) type Outcome = Result<Answer, Refused>;

/// What is told of what was issued.
pub(super) struct Answer {
    access: IssuedAccess,
    id_token: Option<String>,
    refresh: Option<IssuedRefresh>,
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
    pub(super) fn new(
        exchange: &Exchange<'_>,
        asked: &TokenRequest,
        issued: Issued,
    ) -> Result<Self, TokenError> {
        let Issued { access, id_token, refresh, client_info, .. } = issued;
        // What is delivered in a body always has an access token.
        let access = access.ok_or(TokenError::Unsigned)?;
        let client_info = client_info.filter(|_| asked.client_info).map(|info| info.encode());
        Ok(Self { access, id_token, refresh, client_info, readable_by: readable_by(exchange) })
    }

    /// The document, as each dialect writes it.
    fn in_dialect(&self, dialect: Dialect) -> TokenAnswer<'_> {
        let Self { access, id_token, refresh, client_info, .. } = self;
        let (scope, of_v1) = match dialect {
            Dialect::V1 => (&access.permissions, Some(of_v1(dialect, access))),
            Dialect::V2 => (&access.scope, None),
        };
        let refresh_expires_in = refresh.as_ref().and_then(|refresh| refresh.expires_in);
        TokenAnswer {
            token_type: BEARER,
            scope: scope.as_deref(),
            expires_in: dialect.figure(access.expires_in),
            ext_expires_in: dialect.figure(access.expires_in),
            of_v1,
            access_token: &access.token,
            refresh_token: refresh.as_ref().map(|refresh| refresh.token.as_str()),
            refresh_token_expires_in: refresh_expires_in.map(|seconds| dialect.figure(seconds)),
            id_token: id_token.as_deref(),
            client_info: client_info.as_deref(),
            foci: refresh.as_ref().and_then(|refresh| refresh.shared_in),
        }
    }
}

fn of_v1(dialect: Dialect, access: &IssuedAccess) -> TokenAnswerOfV1<'_> {
    TokenAnswerOfV1 {
        expires_on: dialect.figure(access.expires_on),
        not_before: dialect.figure(access.not_before),
        resource: &access.resource,
    }
}

/// Writes the outcome, in the dialect that was spoken, to a client that tried the `Authorization` header or did not.
pub(super) fn write(
    app: &App,
    dialect: Dialect,
    info: &RequestInfo,
    outcome: Outcome,
    tried_header: bool,
) -> Response<Body> {
    match outcome {
        Ok(answer) => {
            metrics::counter!("vestibule_tokens_issued_total").increment(1);
            let mut response = web::json(StatusCode::OK, &answer.in_dialect(dialect), info);
            let Answer { readable_by, .. } = answer;
            if let Some(origin) = readable_by {
                cors::only(&mut response, &origin);
            }
            response
        }
        Err(refused) => refuse(app, info, &refused, tried_header),
    }
}

fn refuse(app: &App, info: &RequestInfo, refused: &Refused, tried_header: bool) -> Response<Body> {
    metrics::counter!("vestibule_tokens_refused_total").increment(1);
    let Refused { error, readable_by } = refused;
    let failure = error.failure();
    let mut response = web::error(app, &failure, info);
    // RFC 6749 §5.2: a client that tried the Authorization header is told which scheme to use. Any other is not: libraries
    // take a challenge for the whole answer, and nobody sees the error.
    if failure.row().status == 401 && tried_header {
        let scheme = HeaderValue::from_static("Basic realm=\"token\", charset=\"UTF-8\"");
        response.headers_mut().insert(WWW_AUTHENTICATE, scheme);
    }
    if let TokenError::TooOften(too_often) = error {
        too_often.tell(&mut response);
    }
    if let Some(origin) = readable_by {
        cors::only(&mut response, origin);
    }
    response
}
