//! What operators and their machines ask, on a listener of its own that the world does not reach: plain HTTP.
//!
//! - `GET /metrics`: the figures, for Prometheus
//! - `GET /healthz`: 200 as long as the process turns; anything else means restart it
//! - `GET /readyz`: 200 when it wants requests, else 503 and why

use std::convert::Infallible;
use std::sync::Arc;
use std::time::Duration;

use axum::body::Body;
use http::{HeaderValue, Method, Request, Response, StatusCode, header};
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Semaphore;

use super::metrics::PrometheusHandle;
use super::readiness::{Readiness, Stage};

/// Connections at a time: a scraper, a prober, and a few people.
const CONNECTIONS: usize = 64;
/// For the head of a request, and between two.
const HEADER_READ: Duration = Duration::from_secs(10);
/// For the caller's check behind `/readyz`.
const CHECK: Duration = Duration::from_secs(2);
/// How often samples are folded into their histograms, so that they do not pile up when nobody scrapes.
const UPKEEP: Duration = Duration::from_secs(5);

/// Answers until dropped: keep it going while the server drains, for that is when `/readyz` has something to say.
/// `check` says whether what the server depends on is there, or in a sentence why not.
pub(crate) async fn serve<C, F>(
    listener: TcpListener,
    figures: PrometheusHandle,
    readiness: Readiness,
    check: C,
) where
    C: Fn() -> F + Clone + Send + Sync + 'static,
    F: Future<Output = Result<(), String>> + Send + 'static,
{
    let places = Arc::new(Semaphore::new(CONNECTIONS));
    // Dropping the set ends the connections along with the listener.
    let mut connections = tokio::task::JoinSet::new();
    let mut upkeep = tokio::time::interval(UPKEEP);
    loop {
        let accepted = tokio::select! {
            accepted = listener.accept() => accepted,
            _ = upkeep.tick() => {
                figures.run_upkeep();
                continue;
            }
        };
        while connections.try_join_next().is_some() {}
        let Ok((stream, _)) = accepted else {
            tokio::time::sleep(Duration::from_millis(50)).await;
            continue;
        };
        // Over the cap: closed at once. A prober takes that for what it is.
        let Ok(place) = Arc::clone(&places).try_acquire_owned() else { continue };
        let (figures, readiness, check) = (figures.clone(), readiness.clone(), check.clone());
        connections.spawn(async move {
            converse(stream, figures, readiness, check).await;
            drop(place);
        });
    }
}

async fn converse<C, F>(stream: TcpStream, figures: PrometheusHandle, readiness: Readiness, check: C)
where
    C: Fn() -> F + Clone + Send + Sync + 'static,
    F: Future<Output = Result<(), String>> + Send + 'static,
{
    let handler = service_fn(move |request: Request<Incoming>| {
        let (figures, readiness, check) = (figures.clone(), readiness.clone(), check.clone());
        async move { Ok::<_, Infallible>(answer(&request, &figures, &readiness, check).await) }
    });
    let served = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(HEADER_READ)
        .max_buf_size(16 * 1024)
        .serve_connection(TokioIo::new(stream), handler)
        .await;
    if let Err(error) = served {
        tracing::debug!(%error, "connection to the operators' listener ended");
    }
}

async fn answer<C, F>(
    request: &Request<Incoming>,
    figures: &PrometheusHandle,
    readiness: &Readiness,
    check: C,
) -> Response<Body>
where
    C: Fn() -> F,
    F: Future<Output = Result<(), String>>,
{
    if !matches!(*request.method(), Method::GET | Method::HEAD) {
        let mut refusal = text(StatusCode::METHOD_NOT_ALLOWED, "only GET\n");
        refusal.headers_mut().insert(header::ALLOW, HeaderValue::from_static("GET, HEAD"));
        return refusal;
    }
    match request.uri().path() {
        "/metrics" => {
            let mut response = text(StatusCode::OK, figures.render());
            let exposition = HeaderValue::from_static("text/plain; version=0.0.4; charset=utf-8");
            response.headers_mut().insert(header::CONTENT_TYPE, exposition);
            response
        }
        "/healthz" => text(StatusCode::OK, "ok\n"),
        "/readyz" => match ready(readiness, check).await {
            Ok(()) => text(StatusCode::OK, "ready\n"),
            Err(reason) => text(StatusCode::SERVICE_UNAVAILABLE, format!("not ready: {reason}\n")),
        },
        _ => text(StatusCode::NOT_FOUND, "only /metrics, /healthz and /readyz\n"),
    }
}

async fn ready<C, F>(readiness: &Readiness, check: C) -> Result<(), String>
where
    C: Fn() -> F,
    F: Future<Output = Result<(), String>>,
{
    match readiness.stage() {
        Stage::Starting => Err("starting".to_owned()),
        Stage::Draining => Err("draining".to_owned()),
        Stage::Ready => match tokio::time::timeout(CHECK, check()).await {
            Ok(outcome) => outcome,
            Err(_elapsed) => Err("the check did not end within 2 s".to_owned()),
        },
    }
}

fn text(status: StatusCode, text: impl Into<Body>) -> Response<Body> {
    let mut response = Response::new(text.into());
    *response.status_mut() = status;
    for (name, value) in [
        (header::CONTENT_TYPE, "text/plain; charset=utf-8"),
        (header::CACHE_CONTROL, "no-store"),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    ] {
        response.headers_mut().insert(name, HeaderValue::from_static(value));
    }
    response
}

#[cfg(test)]
mod tests {
    use super::*;
    use metrics_exporter_prometheus::PrometheusBuilder;
    use std::sync::atomic::{AtomicBool, Ordering};

    async fn get(address: std::net::SocketAddr, path: &str) -> (u16, String) {
        let response = reqwest::get(format!("http://{address}{path}")).await.unwrap();
        (response.status().as_u16(), response.text().await.unwrap())
    }

    #[tokio::test]
    async fn readiness_follows_the_stage_and_the_check_and_liveness_does_not() {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let readiness = Readiness::new();
        let broken = Arc::new(AtomicBool::new(false));
        let recorder = PrometheusBuilder::new().build_recorder();
        let figures = recorder.handle();
        metrics::with_local_recorder(&recorder, || metrics::counter!("vestibule_things_total").increment(3));
        let check = {
            let broken = Arc::clone(&broken);
            move || {
                let broken = broken.load(Ordering::Relaxed);
                async move { if broken { Err("the store is away".to_owned()) } else { Ok(()) } }
            }
        };
        let server = tokio::spawn(serve(listener, figures, readiness.clone(), check));

        assert_eq!(get(address, "/readyz").await, (503, "not ready: starting\n".to_owned()));
        readiness.ready();
        assert_eq!(get(address, "/readyz").await, (200, "ready\n".to_owned()));
        broken.store(true, Ordering::Relaxed);
        assert_eq!(get(address, "/readyz").await, (503, "not ready: the store is away\n".to_owned()));
        broken.store(false, Ordering::Relaxed);
        readiness.draining();
        assert_eq!(get(address, "/readyz").await, (503, "not ready: draining\n".to_owned()));
        assert_eq!(get(address, "/healthz").await, (200, "ok\n".to_owned()));

        let (status, figures) = get(address, "/metrics").await;
        assert_eq!(status, 200);
        assert!(figures.contains("vestibule_things_total 3"), "{figures}");
        assert_eq!(get(address, "/").await.0, 404);
        let posted = reqwest::Client::new().post(format!("http://{address}/metrics")).send().await.unwrap();
        assert_eq!(posted.status(), 405);
        server.abort();
    }
}
