//! The headers of every answer, whatever it is: errors, redirects and static files too (TP-17).

use axum::body::Body;
use axum::extract::{Request, State};
use axum::middleware::Next;
use http::header::{
    CONTENT_SECURITY_POLICY, HeaderName, HeaderValue, REFERRER_POLICY, STRICT_TRANSPORT_SECURITY,
    X_CONTENT_TYPE_OPTIONS, X_FRAME_OPTIONS,
};
use http::{HeaderMap, Response};

use crate::state::Shared;

const PERMISSIONS_POLICY: HeaderName = HeaderName::from_static("permissions-policy");
const RESOURCE_POLICY: HeaderName = HeaderName::from_static("cross-origin-resource-policy");

/// Adds what the answer does not say itself. A page brings its own content security policy; anything else may load and
/// be framed by nothing.
pub async fn secure(State(app): State<Shared>, request: Request, next: Next) -> Response<Body> {
    let mut response = next.run(request).await;
    let headers = response.headers_mut();
    // Browsers keep it by host, whatever the port: said of `localhost`, it would lock a developer's own plain
    // http://localhost:3000 out.
    if app.origin.host() != "localhost" {
        default(headers, STRICT_TRANSPORT_SECURITY, "max-age=63072000; includeSubDomains");
    }
    harden(headers);
    response
}

/// The same for an answer that no router has seen.
pub fn harden(headers: &mut HeaderMap) {
    default(headers, X_CONTENT_TYPE_OPTIONS, "nosniff");
    // AZ-51: the URL of a page may hold a code or a state, which nobody else is told. Not `no-referrer`: under that a
    // browser sends `Origin: null` with our own forms, and there would be nothing to check forged ones by.
    default(headers, REFERRER_POLICY, "same-origin");
    default(headers, X_FRAME_OPTIONS, "DENY");
    default(headers, CONTENT_SECURITY_POLICY, "default-src 'none'; frame-ancestors 'none'");
    default(headers, RESOURCE_POLICY, "same-origin");
    default(
        headers,
        PERMISSIONS_POLICY,
        "camera=(), microphone=(), geolocation=(), payment=(), usb=(), publickey-credentials-get=(self)",
    );
}

fn default(headers: &mut HeaderMap, name: HeaderName, value: &'static str) {
    headers.entry(name).or_insert(HeaderValue::from_static(value));
}
