//! A small HTTPS client: HTTP/1.1 on connections that stay open, trusting one certificate authority.

use std::net::SocketAddr;
use std::path::Path;
use std::sync::Arc;

use anyhow::{Context, Result, bail};
use bytes::Bytes;
use http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use http_body_util::{BodyExt as _, Full};
use hyper::client::conn::http1::{SendRequest, handshake};
use hyper_util::rt::TokioIo;
use rustls::crypto::aws_lc_rs;
use rustls::{ClientConfig, RootCertStore};
use rustls_pki_types::pem::PemObject as _;
use rustls_pki_types::{CertificateDer, ServerName};
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;

pub(crate) type Request = http::Request<Full<Bytes>>;

/// A server, and how its certificate is checked.
pub(crate) struct Endpoint {
    address: SocketAddr,
    host: HeaderValue,
    tls: TlsConnector,
}

/// A connection that stays open.
pub(crate) struct Connection(SendRequest<Full<Bytes>>);

/// An answer, whole.
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Bytes,
}

impl Endpoint {
    /// A server on this machine that calls itself `localhost`.
    pub(crate) fn new(address: SocketAddr, ca: &Path) -> Result<Self> {
        let mut roots = RootCertStore::empty();
        let ca =
            CertificateDer::from_pem_file(ca).with_context(|| format!("cannot read {}", ca.display()))?;
        roots.add(ca)?;
        let config = ClientConfig::builder_with_provider(Arc::new(aws_lc_rs::default_provider()))
            .with_safe_default_protocol_versions()?
            .with_root_certificates(roots)
            .with_no_client_auth();
        let host = HeaderValue::from_str(&format!("localhost:{}", address.port()))?;
        Ok(Self { address, host, tls: TlsConnector::from(Arc::new(config)) })
    }

    pub(crate) async fn connect(&self) -> Result<Connection> {
        let stream = TcpStream::connect(self.address).await.context("cannot connect to the server")?;
        Connection::over(stream, self).await
    }

    pub(crate) fn get(&self, path: &str) -> Result<Request> {
        self.request(Method::GET, path, HeaderMap::new(), Bytes::new())
    }

    pub(crate) fn request(
        &self,
        method: Method,
        path: &str,
        headers: HeaderMap,
        body: Bytes,
    ) -> Result<Request> {
        let mut request = Request::new(Full::new(body));
        *request.method_mut() = method;
        *request.uri_mut() = path.parse().with_context(|| format!("{path} is not a path"))?;
        *request.headers_mut() = headers;
        request.headers_mut().insert(header::HOST, self.host.clone());
        Ok(request)
    }
}

impl Connection {
    pub(crate) async fn over(stream: TcpStream, endpoint: &Endpoint) -> Result<Self> {
        stream.set_nodelay(true)?;
        let name = ServerName::try_from("localhost")?;
        let stream = endpoint.tls.connect(name, stream).await.context("the TLS handshake failed")?;
        let (sender, connection) = handshake(TokioIo::new(stream)).await?;
        // It ends when the sender is dropped; how, the requests on it have been told.
        tokio::spawn(async move { drop(connection.await) });
        Ok(Self(sender))
    }

    pub(crate) async fn send(&mut self, request: Request) -> Result<Answer> {
        self.0.ready().await.context("the server has closed the connection")?;
        let (parts, body) = self.0.send_request(request).await?.into_parts();
        let body = body.collect().await?.to_bytes();
        Ok(Answer { status: parts.status, headers: parts.headers, body })
    }
}

impl Answer {
    pub(crate) fn expect_ok(&self) -> Result<()> {
        if self.status == StatusCode::OK {
            return Ok(());
        }
        let body = String::from_utf8_lossy(&self.body);
        bail!("the server answered {}: {}", self.status, body.chars().take(300).collect::<String>())
    }

    /// Where it leads on to, if it does.
    pub(crate) fn location(&self) -> Option<&str> {
        let location = self.headers.get(header::LOCATION)?.to_str().ok()?;
        self.status.is_redirection().then_some(location)
    }
}
