//! The listening end as clients meet it: over TLS, on loopback.

mod abuse;
mod conversation;
mod drain;

use std::convert::Infallible;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use axum::body::{Body, Bytes};
use axum::{Extension, Router, routing};
use http::{Request, Response};
use rustls::pki_types::{CertificateDer, ServerName};
use rustls_pki_types::pem::PemObject;
use tempfile::TempDir;
use tokio::net::TcpStream;
use tokio::task::JoinHandle;
use tokio_rustls::TlsConnector;
use tokio_rustls::client::TlsStream;

use super::{Drained, Limits, Peer, serve};
use crate::listen::bind::bind_loopback;
use crate::ops::signals::Shutdown;
use crate::tls::dev_ca::DevCa;
use crate::tls::server_config::{ReloadableCertificate, server_config};

/// A running server with a certificate from its own CA.
struct Server {
    addr: SocketAddr,
    ca_pem: Vec<u8>,
    certificate: Arc<ReloadableCertificate>,
    shutdown: Shutdown,
    served: JoinHandle<Drained>,
    _dir: TempDir,
}

impl Server {
    async fn start(limits: Limits) -> Self {
        let (dir, ca) = new_ca();
        let certificate = ReloadableCertificate::new(ca.issue(now()).unwrap());
        let listeners = bind_loopback(0).await.unwrap();
        let addr = listeners[0].local_addr().unwrap();
        let tls = Arc::new(server_config(Arc::clone(&certificate)).unwrap());
        let shutdown = Shutdown::new();
        let served = tokio::spawn(serve(listeners, tls, routes(), limits, shutdown.clone()));
        let ca_pem = std::fs::read(ca.certificate_file()).unwrap();
        Self { addr, ca_pem, certificate, shutdown, served, _dir: dir }
    }

    fn url(&self, path: &str) -> String {
        format!("https://localhost:{}{path}", self.addr.port())
    }

    /// A client that trusts the CA, and nothing else.
    fn client(&self) -> reqwest::ClientBuilder {
        client_trusting(&self.ca_pem)
    }

    /// A TLS connection that says it speaks `alpn`, or says nothing.
    async fn tls(&self, alpn: &[u8]) -> TlsStream<TcpStream> {
        self.try_tls(alpn, rustls::ALL_VERSIONS).await.unwrap()
    }

    async fn try_tls(
        &self,
        alpn: &[u8],
        versions: &[&'static rustls::SupportedProtocolVersion],
    ) -> std::io::Result<TlsStream<TcpStream>> {
        let mut roots = rustls::RootCertStore::empty();
        roots.add(CertificateDer::from_pem_slice(&self.ca_pem).unwrap()).unwrap();
        let mut config = rustls::ClientConfig::builder_with_provider(crate::tls::provider())
            .with_protocol_versions(versions)
            .unwrap()
            .with_root_certificates(roots)
            .with_no_client_auth();
        config.alpn_protocols =
            [alpn].iter().filter(|name| !name.is_empty()).map(|name| name.to_vec()).collect();
        let tcp = TcpStream::connect(self.addr).await?;
        TlsConnector::from(Arc::new(config)).connect(ServerName::try_from("localhost").unwrap(), tcp).await
    }

    async fn stop(self) -> Drained {
        self.shutdown.request();
        within(self.served).await.unwrap()
    }
}

fn client_trusting(ca_pem: &[u8]) -> reqwest::ClientBuilder {
    let ca = reqwest::Certificate::from_pem(ca_pem).unwrap();
    reqwest::Client::builder().tls_certs_only([ca]).no_proxy().timeout(Duration::from_secs(10))
}

fn new_ca() -> (TempDir, DevCa) {
    let dir = tempfile::tempdir().unwrap();
    let ca = DevCa::open_or_create(dir.path(), &[], now()).unwrap();
    (dir, ca)
}

/// The clock of this machine, for that is what TLS clients go by.
#[expect(clippy::disallowed_methods, reason = "the clients under test look at the same clock")]
fn now() -> jiff::Timestamp {
    jiff::Timestamp::now()
}

/// Some handlers that do what handlers do.
fn routes()
-> impl tower::Service<Request<Body>, Response = Response<Body>, Error = Infallible, Future: Send> + Clone + Send
{
    Router::new()
        .route("/hello", routing::get(|| async { "hello" }))
        .route("/peer", routing::get(|Extension(peer): Extension<Peer>| async move { peer.addr.to_string() }))
        .route("/panic", routing::get(panicking))
        .route(
            "/slow",
            routing::get(|| async {
                tokio::time::sleep(Duration::from_secs(1)).await;
                "done"
            }),
        )
        .route("/echo", routing::post(|body: Bytes| async move { body }))
        .into_service()
}

async fn panicking() -> &'static str {
    panic!("on purpose")
}

/// Fails the test instead of hanging it.
async fn within<F: Future>(future: F) -> F::Output {
    tokio::time::timeout(Duration::from_secs(10), future).await.expect("it takes too long")
}
