//! The routes, and what is around each answer: its headers, its error body, and other origins' right to read it.

use axum::Router;
use axum::body::Body as HttpBody;
use axum::extract::{Path, Request, State};
use axum::routing::{get, post};
use http::header::{
    ACCESS_CONTROL_ALLOW_HEADERS, ACCESS_CONTROL_ALLOW_METHODS, ACCESS_CONTROL_ALLOW_ORIGIN,
    ACCESS_CONTROL_EXPOSE_HEADERS, ACCESS_CONTROL_MAX_AGE, ALLOW, CACHE_CONTROL, CONTENT_TYPE, ETAG,
    HeaderName, HeaderValue, LOCATION, WWW_AUTHENTICATE,
};
use http::{Method, Response, StatusCode};
use idp_web::limits::TooOften;
use idp_web::request::RequestInfo;
use idp_web::state::{App, Shared};
use vestibule_wire::graph_error::{GraphErrorBody, InnerError};
use vestibule_wire::ids::ClientId;

use crate::caller::TokenFault;
use crate::dispatch::{self, Payload, Refused};
use crate::error::Refusal;
use crate::reply::{Body, Reply};
use crate::{batch, body, openapi, path};

const JSON: &str =
    "application/json;odata.metadata=minimal;odata.streaming=true;IEEE754Compatible=false;charset=utf-8";
const METHODS: &str = "GET, POST, PUT, PATCH, DELETE, OPTIONS";
const ODATA_VERSION: HeaderName = HeaderName::from_static("odata-version");
const REQUEST_ID: HeaderName = HeaderName::from_static("request-id");
const CLIENT_REQUEST_ID: HeaderName = HeaderName::from_static("client-request-id");
const DIAGNOSTIC: HeaderName = HeaderName::from_static("x-ms-ags-diagnostic");

/// The routes of Graph, from the root of the server.
pub fn routes() -> Router<Shared> {
    Router::new()
        .route("/graph/{version}/openapi.json", get(document))
        .route("/graph/{version}/$batch", post(in_batch).options(in_batch).fallback(in_batch))
        .route(
            "/graph/{version}/{*path}",
            get(one).post(one).put(one).patch(one).delete(one).options(one).fallback(one),
        )
        .route("/graph/{version}", get(one_at_root).options(one_at_root).fallback(one_at_root))
}

/// The versions, which have the same operations.
fn version(word: &str) -> Option<&'static str> {
    ["v1.0", "beta"].into_iter().find(|version| *version == word)
}

async fn document(State(app): State<Shared>) -> Response<HttpBody> {
    let bytes = serde_json::to_vec(&openapi::document(app.graph())).unwrap_or_default();
    let mut response = Response::new(HttpBody::from(bytes));
    let headers = response.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/json; charset=utf-8"));
    headers.insert(ACCESS_CONTROL_ALLOW_ORIGIN, HeaderValue::from_static("*"));
    response
}

async fn one_at_root(
    state: State<Shared>,
    Path(word): Path<String>,
    info: RequestInfo,
    request: Request,
) -> Response<HttpBody> {
    serve(&state, &info, &word, "", request).await
}

/// The path is taken from the request itself, since its keys are still encoded there.
async fn one(
    state: State<Shared>,
    Path((word, _)): Path<(String, String)>,
    info: RequestInfo,
    request: Request,
) -> Response<HttpBody> {
    let whole = request.uri().path().to_owned();
    let under = whole.splitn(4, '/').nth(3).unwrap_or_default();
    serve(&state, &info, &word, under, request).await
}

async fn serve(
    app: &Shared,
    info: &RequestInfo,
    word: &str,
    under: &str,
    request: Request,
) -> Response<HttpBody> {
    if request.method() == Method::OPTIONS {
        return preflight(info);
    }
    let Some(version) = version(word) else {
        return refuse(app, info, &Refusal::NoSuchPath(word.to_owned()).into());
    };
    let (parts, mut body) = request.into_parts();
    let asked = dispatch::Request {
        method: &parts.method,
        path: under,
        query: parts.uri.query().unwrap_or_default(),
        headers: &parts.headers,
        identity: &parts.headers,
        version,
    };
    let answered = dispatch::answer(app, info, &asked, Payload::Http(&mut body)).await;
    body::discard(body).await;
    match answered {
        Ok(reply) => write(app, info, reply),
        Err(refused) => {
            let mut response = refuse(app, info, &refused);
            if matches!(refused.refusal, Refusal::MethodNotAllowed(_))
                && let Ok(allowed) = HeaderValue::from_str(&path::methods(under).join(", "))
            {
                response.headers_mut().insert(ALLOW, allowed);
            }
            response
        }
    }
}

async fn in_batch(
    State(app): State<Shared>,
    Path(word): Path<String>,
    info: RequestInfo,
    request: Request,
) -> Response<HttpBody> {
    if request.method() == Method::OPTIONS {
        return preflight(&info);
    }
    let Some(version) = version(&word) else {
        return refuse(&app, &info, &Refusal::NoSuchPath(word).into());
    };
    if request.method() != Method::POST {
        let mut response = refuse(&app, &info, &Refusal::MethodNotAllowed(vec!["POST"]).into());
        response.headers_mut().insert(ALLOW, HeaderValue::from_static("POST"));
        return response;
    }
    let (parts, mut body) = request.into_parts();
    let answered = batch::answer(&app, &info, version, &parts.headers, &mut body).await;
    body::discard(body).await;
    match answered {
        Ok(reply) => write(&app, &info, reply),
        Err(refusal) => refuse(&app, &info, &refusal.into()),
    }
}

fn write(app: &App, info: &RequestInfo, reply: Reply) -> Response<HttpBody> {
    let (kind, bytes) = match reply.body {
        Body::Nothing => (None, Vec::new()),
        Body::Json(members) => (Some(JSON), serde_json::to_vec(&members).unwrap_or_default()),
        Body::Text(text) => (Some("text/plain"), text.into_bytes()),
    };
    let mut response = Response::new(HttpBody::from(bytes));
    *response.status_mut() = reply.status;
    let texts = [(CONTENT_TYPE, kind), (ETAG, reply.etag.as_deref()), (LOCATION, reply.location.as_deref())];
    for (name, text) in texts {
        if let Some(Ok(value)) = text.map(HeaderValue::from_str) {
            response.headers_mut().insert(name, value);
        }
    }
    identify(app, info, &mut response);
    response
}

/// The error body, with the ids that tie it to the log, where the refusal is said too.
pub(crate) fn told(info: &RequestInfo, refused: &Refused) -> (StatusCode, GraphErrorBody) {
    let mut body = refused.refusal.body(&refused.resource);
    let (trace, correlation) =
        (info.reference.trace_id.to_string(), info.reference.correlation_id.to_string());
    tracing::info!(
        trace_id = %trace, correlation_id = %correlation,
        code = body.error.code.as_str(), refusal = ?refused.refusal, "refused"
    );
    body.error.inner_error = Some(InnerError::at(info.now(), trace, correlation));
    (StatusCode::from_u16(body.error.code.status()).unwrap_or(StatusCode::BAD_REQUEST), body)
}

/// A refusal as a response.
pub(crate) fn refuse(app: &App, info: &RequestInfo, refused: &Refused) -> Response<HttpBody> {
    let (status, body) = told(info, refused);
    let mut response = Response::new(HttpBody::from(serde_json::to_vec(&body).unwrap_or_default()));
    *response.status_mut() = status;
    response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
    if let Refusal::Token(fault) = &refused.refusal
        && status == StatusCode::UNAUTHORIZED
    {
        challenge(app, fault, &mut response);
    }
    idp_web::answer::ask_to_wait(&mut response);
    if let Refusal::TooOften(too_often) = refused.refusal {
        too_often.tell(&mut response);
    }
    identify(app, info, &mut response);
    response
}

/// "Not now", for an address that asks too often, whoever it says it is.
pub fn refuse_address(app: &App, info: &RequestInfo, too_often: TooOften) -> Response<HttpBody> {
    refuse(app, info, &Refusal::TooOften(too_often).into())
}

/// RFC 6750 §3: a request without a token is told nothing but what is wanted. Entra: and where to get it.
fn challenge(app: &App, fault: &TokenFault, response: &mut Response<HttpBody>) {
    let origin = app.origin.as_str();
    let graph = ClientId::MICROSOFT_GRAPH;
    let mut text = format!(
        "Bearer realm=\"\", authorization_uri=\"{origin}/common/oauth2/v2.0/authorize\", client_id=\"{graph}\""
    );
    if !matches!(fault, TokenFault::Missing) {
        text.push_str(", error=\"invalid_token\"");
    }
    if let Ok(value) = HeaderValue::from_str(&text) {
        response.headers_mut().insert(WWW_AUTHENTICATE, value);
    }
}

/// What every answer says (section 9.1).
fn identify(app: &App, info: &RequestInfo, response: &mut Response<HttpBody>) {
    let headers = response.headers_mut();
    for (name, id) in [
        (REQUEST_ID, info.reference.trace_id.to_string()),
        (CLIENT_REQUEST_ID, info.reference.correlation_id.to_string()),
        (DIAGNOSTIC, format!("{{\"ServerInfo\":{{\"RoleInstance\":\"{}\"}}}}", app.origin.host())),
    ] {
        if let Ok(value) = HeaderValue::from_str(&id) {
            headers.insert(name, value);
        }
    }
    headers.insert(ODATA_VERSION, HeaderValue::from_static("4.0"));
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    // Any page may read it: it says nothing but to whoever holds the token, and no cookie is looked at.
    headers.insert(ACCESS_CONTROL_ALLOW_ORIGIN, HeaderValue::from_static("*"));
    headers.insert(
        ACCESS_CONTROL_EXPOSE_HEADERS,
        HeaderValue::from_static(
            "ETag, Location, Retry-After, WWW-Authenticate, request-id, client-request-id, OData-Version",
        ),
    );
    headers.insert("cross-origin-resource-policy", HeaderValue::from_static("cross-origin"));
}

fn preflight(info: &RequestInfo) -> Response<HttpBody> {
    let mut response = Response::new(HttpBody::empty());
    *response.status_mut() = StatusCode::NO_CONTENT;
    if info.origin.is_some() {
        let headers = response.headers_mut();
        headers.insert(ACCESS_CONTROL_ALLOW_ORIGIN, HeaderValue::from_static("*"));
        headers.insert(ACCESS_CONTROL_ALLOW_METHODS, HeaderValue::from_static(METHODS));
        // Fetch standard: the asterisk stands for all but `Authorization`.
        headers.insert(ACCESS_CONTROL_ALLOW_HEADERS, HeaderValue::from_static("authorization, *"));
        headers.insert(ACCESS_CONTROL_MAX_AGE, HeaderValue::from_static("86400"));
    }
    response
}
