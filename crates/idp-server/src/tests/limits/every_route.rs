//! No route is without a limit: each of the table is asked twice by an address that may ask once.

use axum::body::Body;
use http::{Method, Request};
use idp_web::limits::{Allowances, Asker, Endpoint};

use super::{address, limited, times};
use crate::tests::{Answer, World};

const ROUTER: &str = include_str!("../../router.rs");
const SIGN_IN: &str = include_str!("../../../../idp-signin/src/path.rs");
const GRAPH: &str = include_str!("../../../../idp-graph/src/routes.rs");

/// Every route, as it is written.
fn routes() -> Vec<&'static str> {
    let in_calls = [ROUTER, GRAPH].into_iter().flat_map(|text| text.split(".route(").skip(1));
    let constants = SIGN_IN.split("pub(crate) const ").skip(1);
    in_calls
        .chain(constants)
        .filter_map(|rest| rest.split('"').nth(1))
        .filter(|text| text.starts_with('/'))
        .collect()
}

/// An address that the route answers.
fn path(route: &str) -> String {
    route
        .replace("{tenant}", "contoso.test")
        .replace("{version}", "v1.0")
        .replace("{*path}", "users")
        .replace("{upn}", "alice@contoso.test")
        .replace("{file}", "vestibule.css")
}

async fn once_a_minute() -> World {
    limited(|allowances| {
        for row in Allowances::TABLE {
            allowances.set(row.name, times(1));
        }
    })
    .await
}

fn request(method: &Method, path: &str) -> Request<Body> {
    Request::builder().method(method).uri(path).body(Body::empty()).unwrap()
}

/// "Not now", in the manner of whoever asks there.
fn is_refused(route: Option<&str>, answer: &Answer) {
    assert!((1..=60).contains(&answer.wait()), "{route:?}: {answer:?}");
    assert_eq!(answer.headers["x-content-type-options"], "nosniff", "{route:?}");
    match Endpoint::of_route(route).asker() {
        Asker::Person => assert!(answer.text.contains("AADSTS90055"), "{route:?}: {answer:?}"),
        Asker::Program => {
            assert_eq!(answer.refusal(), 90055, "{route:?}");
            assert_eq!(answer.text("error"), "temporarily_unavailable");
        }
        Asker::ClientOfGraph => {
            assert_eq!(answer.body["error"]["code"], "TooManyRequests", "{route:?}: {answer:?}");
            assert!(answer.headers.contains_key("request-id"));
        }
    }
}

#[tokio::test]
async fn dc_14_every_route_tells_an_address_that_asks_too_often_when_to_come_back() {
    let world = once_a_minute().await;
    let routes = routes();
    assert!(routes.len() > 40, "the routes are written in another way now: {routes:?}");
    for (n, route) in (0..).zip(routes) {
        for (more, method) in [Method::GET, Method::POST, Method::DELETE].iter().enumerate() {
            let from = address(n * 3 + u32::try_from(more).unwrap());
            let first = world.send_from(from, request(method, &path(route))).await;
            assert_ne!(first.status, 429, "{route}: {first:?}");
            is_refused(Some(route), &world.send_from(from, request(method, &path(route))).await);
        }
    }
}

#[tokio::test]
async fn what_is_not_there_is_limited_too() {
    let world = once_a_minute().await;
    assert_eq!(world.send_from(address(1), request(&Method::GET, "/nothing")).await.status, 404);
    is_refused(None, &world.send_from(address(1), request(&Method::GET, "/nothing/else")).await);
}

#[tokio::test]
async fn who_has_waited_is_answered_and_other_kinds_and_addresses_are_not_concerned() {
    let world = once_a_minute().await;
    let keys = || request(&Method::GET, "/common/discovery/v2.0/keys");
    assert!(world.send_from(address(1), keys()).await.is_ok());
    let wait = world.send_from(address(1), keys()).await.wait();
    assert!(world.send_from(address(1), request(&Method::GET, "/")).await.is_ok());
    assert!(world.send_from(address(2), keys()).await.is_ok());
    world.pass(jiff::SignedDuration::from_secs(i64::try_from(wait).unwrap()));
    assert!(world.send_from(address(1), keys()).await.is_ok());
}

#[tokio::test]
async fn a_page_of_any_origin_may_read_when_to_come_back() {
    let world = once_a_minute().await;
    for (path, readable_by) in
        [("/common/discovery/v2.0/keys", "*"), ("/common/oauth2/v2.0/token", "https://app.example")]
    {
        let ask = || {
            let mut request = request(&Method::GET, path);
            request.headers_mut().insert("origin", "https://app.example".parse().unwrap());
            request
        };
        world.send_from(address(1), ask()).await;
        let refused = world.send_from(address(1), ask()).await;
        refused.wait();
        assert_eq!(refused.headers["access-control-allow-origin"], readable_by, "{path}");
    }
}

#[tokio::test]
async fn the_page_speaks_the_language_that_was_asked_for() {
    let world = once_a_minute().await;
    let ask = || request(&Method::GET, "/common/oauth2/v2.0/authorize?ui_locales=de");
    world.send_from(address(1), ask()).await;
    let refused = world.send_from(address(1), ask()).await;
    assert_eq!(refused.headers["content-language"], "de");
    is_refused(Some("/{tenant}/oauth2/v2.0/authorize"), &refused);
}
