//! One request and its answer, whatever becomes of the handler.

use std::convert::Infallible;
use std::panic::AssertUnwindSafe;

use axum::body::Body;
use futures_util::FutureExt;
use http::{HeaderValue, Request, Response, StatusCode, Version, header};
use hyper::body::Incoming;
use tower::{Service, ServiceExt};

use super::activity::UnderWay;
use super::body::{Paced, Sending};
use super::limits::HEADER_FIELDS;
use super::{Limits, Peer};

/// Answers one request. A handler that panics costs this request only, which is answered 500.
pub(super) async fn answer<S>(
    request: Request<Incoming>,
    service: S,
    peer: Peer,
    limits: &Limits,
    under_way: UnderWay,
) -> Response<Body>
where
    S: Service<Request<Body>, Response = Response<Body>, Error = Infallible>,
{
    let response = match refusal(&request) {
        Some(refusal) => refusal,
        None => {
            let mut request = request.map(|incoming| Body::new(Paced::new(incoming, limits)));
            peer.attach(request.extensions_mut());
            handle(request, service).await
        }
    };
    response.map(|body| Body::new(Sending { body, _under_way: under_way }))
}

async fn handle<S>(request: Request<Body>, service: S) -> Response<Body>
where
    S: Service<Request<Body>, Response = Response<Body>, Error = Infallible>,
{
    match AssertUnwindSafe(service.oneshot(request)).catch_unwind().await {
        Ok(Ok(response)) => response,
        Ok(Err(never)) => match never {},
        Err(_) => {
            count_panic();
            plain(StatusCode::INTERNAL_SERVER_ERROR, "The server could not complete this request.\n")
        }
    }
}

/// What hyper lets through and no router should see.
fn refusal<B>(request: &Request<B>) -> Option<Response<Body>> {
    // HTTP/1 does not get that far, hyper has counted. In HTTP/2 it bounds the size only.
    if request.headers().len() > HEADER_FIELDS {
        let text = "The request has too many header fields.\n";
        return Some(plain(StatusCode::REQUEST_HEADER_FIELDS_TOO_LARGE, text));
    }
    // RFC 9112 §3.2: none, or two that a proxy in front of us may choose from differently, is answered 400.
    let hosts = request.headers().get_all(header::HOST).iter().count();
    if hosts > 1 || (hosts == 0 && request.version() == Version::HTTP_11) {
        return Some(plain(StatusCode::BAD_REQUEST, "The request must have one Host header.\n"));
    }
    None
}

/// Where it happened is in the log, by the panic hook.
pub(super) fn count_panic() {
    metrics::counter!("vestibule_panics_total").increment(1);
}

/// An answer that no router has seen, with the headers that every answer carries.
fn plain(status: StatusCode, text: &'static str) -> Response<Body> {
    let mut response = Response::new(Body::from(text));
    *response.status_mut() = status;
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("text/plain; charset=utf-8"));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    idp_web::headers::harden(headers);
    response
}
