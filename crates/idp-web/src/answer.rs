//! Answers in JSON, errors among them, with the ids and cache headers that every one of them carries.

use axum::body::Body;
use http::header::{
    ALLOW, CACHE_CONTROL, CONTENT_TYPE, HeaderName, HeaderValue, LOCATION, PRAGMA, RETRY_AFTER,
};
use http::{Response, StatusCode};
use serde::Serialize;
use vestibule_wire::aadsts::{Aadsts, Failure};
use vestibule_wire::oauth::{ErrorAnswer, param};

use crate::request::RequestInfo;
use crate::state::App;

const REQUEST_ID: HeaderName = HeaderName::from_static("x-ms-request-id");
const CLIENT_REQUEST_ID: HeaderName = HeaderName::from_static(param::CLIENT_REQUEST_ID);
const CLIENT_TELEMETRY: HeaderName = HeaderName::from_static("x-ms-clitelem");

/// A JSON document that nobody may keep (RFC 6749 §5.1).
pub fn json<T: Serialize>(status: StatusCode, document: &T, info: &RequestInfo) -> Response<Body> {
    let bytes = serde_json::to_vec(document).unwrap_or_default();
    let mut response = Response::new(Body::from(bytes));
    *response.status_mut() = status;
    let headers = response.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/json; charset=utf-8"));
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store, no-cache"));
    headers.insert(PRAGMA, HeaderValue::from_static("no-cache"));
    identify(&mut response, info);
    response
}

/// An error in JSON.
pub fn error(app: &App, failure: &Failure, info: &RequestInfo) -> Response<Body> {
    let row = failure.row();
    let status = StatusCode::from_u16(row.status).unwrap_or(StatusCode::BAD_REQUEST);
    let answer = ErrorAnswer::new(failure, &info.reference, app.origin.as_str());
    tracing::info!(
        trace_id = %info.reference.trace_id, correlation_id = %info.reference.correlation_id,
        code = row.number, error = row.error.as_str(), "refused"
    );
    let mut response = json(status, &answer, info);
    let headers = response.headers_mut();
    if let Ok(telemetry) = HeaderValue::from_str(&format!("1,{},0,,", row.number)) {
        headers.insert(CLIENT_TELEMETRY, telemetry);
    }
    ask_to_wait(&mut response);
    response
}

/// AADSTS900561, with the methods that are allowed (AZ-47, CD-18).
pub fn method_not_allowed(
    app: &App,
    method: &http::Method,
    allowed: &'static str,
    info: &RequestInfo,
) -> Response<Body> {
    // The text says what a request is sent by; preflights go without saying.
    let accepted = allowed.trim_end_matches(", OPTIONS");
    let failure = Aadsts::MethodNotAllowed.with([("allowed", accepted), ("method", method.as_str())]);
    let mut response = error(app, &failure, info);
    response.headers_mut().insert(ALLOW, HeaderValue::from_static(allowed));
    response
}

/// An answer that says "not now" says when (RFC 9110 §10.2.3).
pub fn ask_to_wait(response: &mut Response<Body>) {
    if matches!(response.status(), StatusCode::TOO_MANY_REQUESTS | StatusCode::SERVICE_UNAVAILABLE) {
        response.headers_mut().insert(RETRY_AFTER, HeaderValue::from_static("1"));
    }
}

/// Puts the ids of the exchange into the headers of any answer.
pub fn identify(response: &mut Response<Body>, info: &RequestInfo) {
    let headers = response.headers_mut();
    if let Ok(id) = HeaderValue::from_str(&info.reference.trace_id.to_string()) {
        headers.insert(REQUEST_ID, id);
    }
    if info.echo_correlation
        && let Ok(id) = HeaderValue::from_str(&info.reference.correlation_id.to_string())
    {
        headers.insert(CLIENT_REQUEST_ID, id);
    }
}

/// `303 See Other`: after a form, so that nothing is sent twice (AZ-50).
pub fn see_other(location: &str) -> Response<Body> {
    let mut response = Response::new(Body::empty());
    *response.status_mut() = StatusCode::SEE_OTHER;
    let headers = response.headers_mut();
    if let Ok(location) = HeaderValue::from_str(location) {
        headers.insert(LOCATION, location);
    }
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}
