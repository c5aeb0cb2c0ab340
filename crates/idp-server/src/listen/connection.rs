//! One connection, from the handshake to its end.

use std::convert::Infallible;
use std::pin::pin;
use std::sync::Arc;
use std::sync::atomic::AtomicUsize;
use std::time::Duration;

use axum::body::Body;
use http::{Request, Response};
use hyper::body::Incoming;
use hyper::server::conn::{http1, http2};
use hyper::service::service_fn;
use hyper_util::rt::{TokioExecutor, TokioIo, TokioTimer};
use hyper_util::server::graceful::GracefulConnection;
use tokio::net::TcpStream;
use tokio::sync::watch;
use tokio::time::{Instant, sleep_until};
use tokio_rustls::TlsAcceptor;
use tokio_rustls::server::TlsStream;
use tower::Service;

use super::accept::Arrival;
use super::activity::Activity;
use super::watched::Watched;
use super::{Limits, Notice, Peer, exchange};

/// How often an HTTP/2 client is asked whether it is still there, and how long it has to say so.
const PING_EVERY: Duration = Duration::from_secs(30);
const PING_ANSWER: Duration = Duration::from_secs(10);

/// Streams that the client opened and took back before we looked at them, or that we had to reset, until the
/// connection is closed: the "rapid reset" of CVE-2023-44487 and its mirror image, CVE-2025-8671.
const PENDING_RESETS: usize = 20;
const OWN_RESETS: usize = 100;

/// What one connection may have us hold: received and not read, sent and not taken.
const STREAM_WINDOW: u32 = 64 * 1024;
const CONNECTION_WINDOW: u32 = 256 * 1024;
const SEND_BUFFER: usize = 64 * 1024;

/// Runs the connection to its end. Dropping the future closes it.
pub(super) async fn run<S>(
    arrival: Arrival,
    tls: TlsAcceptor,
    service: S,
    limits: Arc<Limits>,
    requests: Arc<AtomicUsize>,
    mut notices: watch::Receiver<Notice>,
) where
    S: Service<Request<Body>, Response = Response<Body>, Error = Infallible> + Clone + Send + 'static,
    S::Future: Send + 'static,
{
    let Arrival { stream, addr, place: _place } = arrival;
    let _open = Open::count();

    let handshake = tokio::select! {
        handshake = tokio::time::timeout(limits.handshake, tls.accept(stream)) => handshake,
        // Nothing has been asked yet, so nothing is lost.
        _ = notices.wait_for(|notice| notice.draining) => return,
    };
    let stream = match handshake {
        Ok(Ok(stream)) => stream,
        Ok(Err(error)) => return refuse(addr, &error.to_string()),
        Err(_elapsed) => return refuse(addr, "it took too long"),
    };

    let peer = Peer::new(addr, stream.get_ref().1);
    let activity = Activity::new(requests);
    let speaks_h2 = stream.get_ref().1.alpn_protocol() == Some(b"h2".as_slice());
    let handler = {
        let (activity, limits) = (Arc::clone(&activity), Arc::clone(&limits));
        service_fn(move |request: Request<Incoming>| {
            // Under way from here, not from when the future is first polled.
            let under_way = activity.begin();
            let (service, peer, limits) = (service.clone(), peer.clone(), Arc::clone(&limits));
            async move { Ok::<_, Infallible>(exchange::answer(request, service, peer, &limits, under_way).await) }
        })
    };

    // RFC 9113 §3.3: HTTP/2 over TLS is agreed on by ALPN and in no other way.
    if speaks_h2 {
        let connection = http2(&limits).serve_connection(TokioIo::new(stream), handler);
        tend(connection, &activity, &limits, notices).await;
    } else {
        let stream: Watched<TlsStream<TcpStream>> = Watched::new(stream, Arc::clone(&activity));
        let connection = http1(&limits).serve_connection(TokioIo::new(stream), handler);
        tend(connection, &activity, &limits, notices).await;
    }
}

fn refuse(addr: std::net::SocketAddr, reason: &str) {
    metrics::counter!("vestibule_tls_handshakes_failed_total").increment(1);
    tracing::debug!(%addr, reason, "TLS handshake failed");
}

fn http1(limits: &Limits) -> http1::Builder {
    let mut builder = http1::Builder::new();
    builder
        .timer(TokioTimer::new())
        // hyper's clock would also run between two requests, where `limits.keep_alive` is meant: ours tells them apart.
        .header_read_timeout(None)
        // hyper panics below 8 KiB.
        .max_buf_size((limits.header_bytes as usize).max(8 * 1024));
    builder
}

fn http2(limits: &Limits) -> http2::Builder<TokioExecutor> {
    let mut builder = http2::Builder::new(TokioExecutor::new());
    builder
        .timer(TokioTimer::new())
        .max_header_list_size(limits.header_bytes)
        .max_concurrent_streams(limits.streams)
        .max_pending_accept_reset_streams(PENDING_RESETS)
        .max_local_error_reset_streams(OWN_RESETS)
        .initial_stream_window_size(STREAM_WINDOW)
        .initial_connection_window_size(CONNECTION_WINDOW)
        .max_send_buf_size(SEND_BUFFER)
        .keep_alive_interval(PING_EVERY)
        .keep_alive_timeout(PING_ANSWER);
    builder
}

/// Polls the connection for as long as there is patience with it.
async fn tend<C>(connection: C, activity: &Activity, limits: &Limits, mut notices: watch::Receiver<Notice>)
where
    C: GracefulConnection,
    C::Error: std::fmt::Display,
{
    let mut connection = pin!(connection);
    let mut leaving: Option<Instant> = None;
    loop {
        let leave = tokio::select! {
            ended = connection.as_mut() => {
                if let Err(error) = ended {
                    tracing::debug!(%error, "connection ended");
                }
                return;
            }
            () = activity.changed() => false,
            noticed = notices.changed(), if leaving.is_none() => {
                noticed.is_err()
                    || notices.borrow_and_update().draining
                    || activity.idle_for().is_some_and(|idle| idle >= limits.idle_when_crowded)
            }
            () = sleep_until(activity.deadline(limits, leaving)) => {
                if Instant::now() < activity.deadline(limits, leaving) {
                    false
                } else if leaving.is_none() && activity.idle_for().is_some() {
                    true
                } else {
                    // Slow in asking, slow in taking the answer, or slow in going.
                    metrics::counter!("vestibule_connections_cut_total").increment(1);
                    return;
                }
            }
        };
        if leave {
            // HTTP/1.1: closes when idle. HTTP/2: GOAWAY (RFC 9113 §6.8), then as soon as the last stream ends.
            connection.as_mut().graceful_shutdown();
            leaving = Some(Instant::now());
        }
    }
}

/// Counts the connection in the gauge for as long as it lives.
struct Open;

impl Open {
    fn count() -> Self {
        metrics::gauge!("vestibule_connections_open").increment(1);
        Self
    }
}

impl Drop for Open {
    fn drop(&mut self) {
        metrics::gauge!("vestibule_connections_open").decrement(1);
    }
}
