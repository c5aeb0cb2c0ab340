//! What is not part of any protocol: the front page, the error lookup, the page native applications end on, the assets,
//! and what is not there.

use axum::body::Body;
use axum::extract::{Path, RawQuery, State};
use http::header::{CACHE_CONTROL, CONTENT_TYPE, HeaderValue};
use http::{Method, Response, StatusCode};
use vestibule_wire::aadsts::Aadsts;
use vestibule_wire::form::Form;

use crate::pages::{HomePage, HumanError, LookupPage, STYLESHEET, stylesheet_path};
use crate::request::RequestInfo;
use crate::show::{self, Languages};
use crate::state::Shared;

/// `GET /`
pub async fn home(State(app): State<Shared>, info: RequestInfo) -> Response<Body> {
    let chrome = show::chrome(&app, &info, &Languages::default(), None);
    let page =
        HomePage { discovery: "/common/v2.0/.well-known/openid-configuration".into(), documentation: None };
    show::page(StatusCode::OK, page.render(&chrome), &chrome, &chrome.csp(), &info)
}

/// `GET /error?code=50011`: what `error_uri` points to.
pub async fn lookup(
    State(app): State<Shared>,
    RawQuery(query): RawQuery,
    info: RequestInfo,
) -> Response<Body> {
    let form = Form::parse(query.as_deref().unwrap_or_default().as_bytes()).unwrap_or_default();
    let code = form.get("code").and_then(|text| text.parse().ok()).and_then(Aadsts::by_number);
    let chrome = show::chrome(&app, &info, &Languages::of(&form), None);
    let page = LookupPage { row: code.map(Aadsts::row) };
    let status = if page.row.is_some() { StatusCode::OK } else { StatusCode::NOT_FOUND };
    show::page(status, page.render(&chrome), &chrome, &chrome.csp(), &info)
}

/// `GET /common/oauth2/nativeclient`: a native application reads the address; the page itself says nothing.
pub async fn native_client() -> Response<Body> {
    let mut response = Response::new(Body::empty());
    response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static("text/html; charset=utf-8"));
    response.headers_mut().insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}

/// The stylesheet, named by its content, so that it may be kept for ever.
pub async fn asset(
    State(app): State<Shared>,
    Path(file): Path<String>,
    method: Method,
    info: RequestInfo,
) -> Response<Body> {
    if stylesheet_path() != format!("/assets/{file}") {
        return not_found(State(app), method, info).await;
    }
    let mut response = Response::new(Body::from(STYLESHEET));
    response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static("text/css; charset=utf-8"));
    response
        .headers_mut()
        .insert(CACHE_CONTROL, HeaderValue::from_static("public, max-age=31536000, immutable"));
    response
}

/// There is nothing here.
pub async fn not_found(State(app): State<Shared>, _: Method, info: RequestInfo) -> Response<Body> {
    let mut response = show::error_as(
        &app,
        &info,
        HumanError::NotFound,
        &Aadsts::RequestMalformed.bare(),
        show::Context::default(),
    );
    *response.status_mut() = StatusCode::NOT_FOUND;
    response
}
