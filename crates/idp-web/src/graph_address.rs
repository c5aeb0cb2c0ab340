//! Where Microsoft Graph is reached: under a path of this server's origin, or on a host of its own.
//!
//! On a host of its own its addresses begin with the version (`https://graph.example.org/v1.0/users`), and nothing else
//! is answered there. Under the origin's path it is answered in either case.

use std::task::{Context, Poll};

use http::header::HOST;
use http::uri::PathAndQuery;
use http::{Request, Uri};
use tower::Service;

use crate::state::Origin;

/// The path under the origin.
const PATH: &str = "/graph";

/// What stands before `/v1.0` in Graph's addresses.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GraphAddress {
    base: String,
    /// `host[:port]`, when it is its own.
    host: Option<String>,
}

impl GraphAddress {
    /// Under the server's origin: `https://login.example.org/graph`.
    pub fn under(origin: &Origin) -> Self {
        Self { base: format!("{}{PATH}", origin.as_str()), host: None }
    }

    /// On a host of its own: `https://graph.example.org`.
    pub fn at(own: &Origin) -> Self {
        Self { base: own.as_str().to_owned(), host: Some(own.authority().to_owned()) }
    }

    /// The address, without a slash at its end.
    pub fn base(&self) -> &str {
        &self.base
    }
}

/// Leads requests for Graph's own host to its path. The host decides nothing but that: addresses in answers come of the
/// configuration (AZ-48).
#[derive(Debug, Clone)]
pub struct OwnHost<S> {
    inner: S,
    host: Option<String>,
}

impl<S> OwnHost<S> {
    /// Around a server's routes.
    pub fn new(inner: S, graph: &GraphAddress) -> Self {
        Self { inner, host: graph.host.clone() }
    }
}

impl<S, B> Service<Request<B>> for OwnHost<S>
where
    S: Service<Request<B>>,
{
    type Response = S::Response;
    type Error = S::Error;
    type Future = S::Future;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), S::Error>> {
        self.inner.poll_ready(context)
    }

    fn call(&mut self, mut request: Request<B>) -> S::Future {
        if let Some(own) = &self.host
            && asked(&request).is_some_and(|host| host.eq_ignore_ascii_case(own))
            && let Some(uri) = under_path(request.uri())
        {
            *request.uri_mut() = uri;
        }
        self.inner.call(request)
    }
}

/// The host a request is for: of its target in HTTP/2, of its header in HTTP/1.1.
fn asked<B>(request: &Request<B>) -> Option<&str> {
    let of_target = request.uri().authority().map(http::uri::Authority::as_str);
    of_target.or_else(|| request.headers().get(HOST)?.to_str().ok())
}

fn under_path(uri: &Uri) -> Option<Uri> {
    let path = uri.path_and_query().map_or("/", PathAndQuery::as_str);
    let mut parts = uri.clone().into_parts();
    parts.path_and_query = Some(format!("{PATH}{path}").parse().ok()?);
    Uri::from_parts(parts).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn origin(text: &str) -> Origin {
        Origin::parse(text).unwrap()
    }

    /// Where a request ends up.
    fn routed(graph: &GraphAddress, request: Request<()>) -> String {
        let inner = tower::service_fn(|request: Request<()>| async move {
            Ok::<_, std::convert::Infallible>(request.uri().path_and_query().unwrap().to_string())
        });
        let mut service = OwnHost::new(inner, graph);
        let future = service.call(request);
        let mut future = std::pin::pin!(future);
        let mut context = Context::from_waker(std::task::Waker::noop());
        match future.as_mut().poll(&mut context) {
            Poll::Ready(Ok(path)) => path,
            other => panic!("{other:?}"),
        }
    }

    fn http_1(host: &str, path: &str) -> Request<()> {
        Request::get(path).header(HOST, host).body(()).unwrap()
    }

    #[test]
    fn on_a_host_of_its_own_graph_begins_with_the_version() {
        let graph = GraphAddress::at(&origin("https://graph.example.org:8443"));
        assert_eq!(graph.base(), "https://graph.example.org:8443");
        let own = http_1("Graph.Example.org:8443", "/v1.0/users?$top=1");
        assert_eq!(routed(&graph, own), "/graph/v1.0/users?$top=1");
        let http_2 = Request::get("https://graph.example.org:8443/v1.0/me").body(()).unwrap();
        assert_eq!(routed(&graph, http_2), "/graph/v1.0/me");
    }

    #[test]
    fn az_48_another_host_is_led_nowhere_else() {
        let graph = GraphAddress::at(&origin("https://graph.example.org"));
        for host in ["login.example.org", "graph.example.org.evil.example", "graph.example.org:444", ""] {
            assert_eq!(
                routed(&graph, http_1(host, "/common/oauth2/v2.0/token")),
                "/common/oauth2/v2.0/token"
            );
        }
        let under = GraphAddress::under(&origin("https://login.example.org"));
        assert_eq!(under.base(), "https://login.example.org/graph");
        assert_eq!(routed(&under, http_1("login.example.org", "/v1.0/users")), "/v1.0/users");
    }
}
