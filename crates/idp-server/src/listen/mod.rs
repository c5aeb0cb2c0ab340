//! The listening end: TCP, TLS, and HTTP/1.1 and HTTP/2 connections, each with an end to its patience.
//!
//! The life of a connection:
//!
//! 1. a place under the connection cap, before it is accepted at all (`accept.rs`)
//! 2. the TLS handshake, within its time (`connection.rs`)
//! 3. HTTP/1.1 or HTTP/2, as ALPN said (RFC 9113 §3.2); nothing is sniffed
//! 4. requests, each answered on its own: one that panics does not take its neighbours along (`exchange.rs`)
//! 5. the end: it went quiet, stalled, or the server drains (`activity.rs` keeps the clock)
//!
//! What is in a request is the router's business. This module owns how long and how much.

mod accept;
mod activity;
pub(crate) mod bind;
mod body;
mod connection;
mod exchange;
mod limits;
mod peer;
mod watched;

#[cfg(test)]
mod tests;

use std::convert::Infallible;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use axum::body::Body;
use http::{Request, Response};
use tokio::net::TcpListener;
use tokio::sync::watch;
use tokio::task::JoinSet;
use tokio_rustls::TlsAcceptor;
use tower::Service;

pub(crate) use self::limits::Limits;
pub(crate) use self::peer::Peer;
use crate::ops::signals::Shutdown;

/// What the server tells all of its connections at once.
#[derive(Clone, Copy, Default)]
struct Notice {
    /// No new requests; finish what is under way.
    draining: bool,
    /// Counts up whenever somebody waits outside: connections that have been idle make room.
    crowded: u64,
}

/// How a drain ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Drained {
    /// Connections that were still open when patience ran out.
    pub(crate) connections_cut: usize,
    /// Requests on them that had no complete answer.
    pub(crate) requests_cut: usize,
}

/// Serves until `shutdown` is requested, then drains: new connections are refused, requests under way have
/// `limits.drain` to finish (or until `shutdown` is hurried), and what remains is cut.
///
/// A request carries its [`Peer`] in its extensions. Its body arrives no slower than `limits` allow: a sluggish one
/// ends in an [`std::io::Error`] of kind `TimedOut`.
pub(crate) async fn serve<S>(
    listeners: Vec<TcpListener>,
    tls: Arc<rustls::ServerConfig>,
    service: S,
    limits: Limits,
    shutdown: Shutdown,
) -> Drained
where
    S: Service<Request<Body>, Response = Response<Body>, Error = Infallible> + Clone + Send + 'static,
    S::Future: Send + 'static,
{
    let limits = Arc::new(limits);
    let (notices, _) = watch::channel(Notice::default());
    let mut door = accept::Door::new(listeners, limits.connections);
    let tls = TlsAcceptor::from(tls);
    let requests = Arc::new(AtomicUsize::new(0));
    let mut connections = JoinSet::new();

    loop {
        let arrival = tokio::select! {
            biased;
            () = shutdown.requested() => break,
            arrival = door.next(&notices) => arrival,
        };
        reap(&mut connections);
        connections.spawn(connection::run(
            arrival,
            tls.clone(),
            service.clone(),
            Arc::clone(&limits),
            Arc::clone(&requests),
            notices.subscribe(),
        ));
    }

    // The sockets close here, so that the kernel refuses whoever comes now.
    drop(door);
    notices.send_modify(|notice| notice.draining = true);
    tokio::select! {
        () = async { while connections.join_next().await.is_some() {} } => {}
        () = tokio::time::sleep(limits.drain) => {}
        () = shutdown.hurried() => {}
    }
    reap(&mut connections);
    let drained =
        Drained { connections_cut: connections.len(), requests_cut: requests.load(Ordering::Relaxed) };
    connections.shutdown().await;
    drained
}

/// Forgets the connections that have ended.
fn reap(connections: &mut JoinSet<()>) {
    while let Some(ended) = connections.try_join_next() {
        if ended.is_err_and(|error| error.is_panic()) {
            tracing::error!("a connection ended in a panic");
        }
    }
}
