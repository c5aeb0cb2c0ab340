//! What is known of a request before anybody looks at what it asks: its ids, its time, where it came from.

use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;

use axum::extract::FromRequestParts;
use http::Extensions;
use http::request::Parts;
use jiff::Timestamp;
use vestibule_wire::ids::{CorrelationId, TraceId};
use vestibule_wire::oauth::{Reference, param};

use crate::state::App;

/// The other end of the connection, put into each request by the accept loop.
#[derive(Debug, Clone, Copy)]
pub struct Peer(pub SocketAddr);

impl Peer {
    /// The address a request came from.
    pub fn address(extensions: &Extensions) -> Option<IpAddr> {
        extensions.get::<Self>().map(|peer| peer.0.ip().to_canonical())
    }
}

/// One request.
#[derive(Debug, Clone)]
pub struct RequestInfo {
    /// Ties answer and log together.
    pub reference: Reference,
    /// The client asked for its request id back.
    pub echo_correlation: bool,
    /// The client's address.
    pub address: Option<IpAddr>,
    /// The languages of the person, best first: the `Accept-Language` header.
    pub accept_language: Option<String>,
    /// The `Origin` header, if it is one line of text.
    pub origin: Option<String>,
}

impl RequestInfo {
    /// When the request arrived.
    pub const fn now(&self) -> Timestamp {
        self.reference.at
    }
}

impl FromRequestParts<Arc<App>> for RequestInfo {
    type Rejection = std::convert::Infallible;

    async fn from_request_parts(parts: &mut Parts, app: &Arc<App>) -> Result<Self, Self::Rejection> {
        let header = |name: &str| parts.headers.get(name).and_then(|value| value.to_str().ok());
        // The header first; MSAL for JavaScript puts it into the query instead. Anything but a GUID is ignored, so
        // that nothing hostile is echoed (CD-28).
        let sent = header(param::CLIENT_REQUEST_ID)
            .and_then(|text| text.parse::<CorrelationId>().ok())
            .or_else(|| correlation_in_query(parts.uri.query()?));
        let correlation_id = sent.unwrap_or_else(|| CorrelationId::from_random(app.random.bytes()));
        let trace_id = TraceId::from_random(app.random.bytes());
        Ok(Self {
            reference: Reference { trace_id, correlation_id, at: app.now() },
            echo_correlation: header(param::RETURN_CLIENT_REQUEST_ID)
                .is_some_and(|value| value.eq_ignore_ascii_case("true")),
            address: Peer::address(&parts.extensions),
            accept_language: header(http::header::ACCEPT_LANGUAGE.as_str())
                .map(|text| text.chars().take(200).collect()),
            origin: header(http::header::ORIGIN.as_str()).map(str::to_owned),
        })
    }
}

fn correlation_in_query(query: &str) -> Option<CorrelationId> {
    query
        .split('&')
        .find_map(|pair| pair.strip_prefix(param::CLIENT_REQUEST_ID)?.strip_prefix('='))
        .and_then(|text| text.parse().ok())
}
