//! How often an address may ask, whatever it asks: one layer around all routes, so that none is without a limit. What kind of
//! endpoint a route is says [`Endpoint::of_route`]; a new route is a page until it says otherwise there.

use std::convert::Infallible;

use axum::body::Body;
use axum::extract::{FromRequestParts as _, MatchedPath, Request, State};
use axum::middleware::Next;
use http::Response;
use http::request::Parts;
use idp_graph::refuse_address;
use idp_web::cors;
use idp_web::limits::{self, Asker, Endpoint, TooOften};
use idp_web::request::{Peer, RequestInfo};
use idp_web::show::{Context, Languages};
use idp_web::state::Shared;
use vestibule_wire::form::Form;

/// Lets a request pass, or says "not now" before anything of it is read.
pub(crate) async fn admit(State(app): State<Shared>, request: Request, next: Next) -> Response<Body> {
    let route = request.extensions().get::<MatchedPath>().map(MatchedPath::as_str);
    let endpoint = Endpoint::of_route(route);
    match app.limits.by_address(endpoint, Peer::address(request.extensions())) {
        Ok(()) => next.run(request).await,
        Err(too_often) => refuse(&app, endpoint, too_often, request.into_parts().0).await,
    }
}

/// In the manner of whoever asks at such an endpoint.
async fn refuse(app: &Shared, endpoint: Endpoint, too_often: TooOften, mut parts: Parts) -> Response<Body> {
    metrics::counter!("vestibule_requests_limited_total").increment(1);
    let info: Result<_, Infallible> = RequestInfo::from_request_parts(&mut parts, app).await;
    let Ok(info) = info;
    match endpoint.asker() {
        Asker::ClientOfGraph => refuse_address(app, &info, too_often),
        Asker::Program => {
            let mut response = limits::refuse(app, &info, too_often);
            // It tells nothing but when to ask again, and a page of any origin has to know that.
            match &info.origin {
                _ if endpoint == Endpoint::Documents => cors::anybody(&mut response),
                Some(origin) if origin != "null" => cors::only(&mut response, origin),
                _ => {}
            }
            response
        }
        Asker::Person => {
            let query = Form::parse(parts.uri.query().unwrap_or_default().as_bytes()).unwrap_or_default();
            let context = Context { languages: Languages::of(&query), ..Context::default() };
            limits::refuse_on_page(app, &info, too_often, context)
        }
    }
}
