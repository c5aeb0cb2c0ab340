//! Bytes on a TLS connection, for what no HTTP client would send.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use rustls::pki_types::CertificateDer;
use rustls::pki_types::ServerName;
use rustls::pki_types::pem::PemObject as _;
use rustls::{ClientConfig, RootCertStore};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio::time::timeout;
use tokio_rustls::TlsConnector;
use tokio_rustls::client::TlsStream;

use crate::server::Server;

/// How long an answer may take.
const PATIENCE: Duration = Duration::from_secs(15);

/// A TLS connection.
pub struct Raw(TlsStream<TcpStream>);

/// What came back until the server closed the connection or had nothing more to say.
#[derive(Debug, Clone)]
pub struct RawAnswer {
    /// Everything.
    pub text: String,
    /// The status of each answer in it.
    pub statuses: Vec<u16>,
}

impl Raw {
    /// Connects; speaks HTTP/1.1.
    pub async fn connect(server: &Server) -> Self {
        Self::at(server.address(), &server.ca()).await
    }

    /// Connects to `localhost` at an address, whose certificate goes back to this one, in PEM.
    pub async fn at(address: SocketAddr, ca: &[u8]) -> Self {
        let mut roots = RootCertStore::empty();
        roots.add(CertificateDer::from_pem_slice(ca).unwrap()).unwrap();
        let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
        let config =
            ClientConfig::builder_with_provider(provider).with_safe_default_protocol_versions().unwrap();
        let config = config.with_root_certificates(roots).with_no_client_auth();
        let tcp = TcpStream::connect(address).await.unwrap();
        let name = ServerName::try_from("localhost").unwrap();
        Self(TlsConnector::from(Arc::new(config)).connect(name, tcp).await.unwrap())
    }

    /// Sends bytes. A server that has heard enough may have closed the connection.
    pub async fn send(&mut self, bytes: impl AsRef<[u8]>) -> bool {
        self.0.write_all(bytes.as_ref()).await.is_ok() && self.0.flush().await.is_ok()
    }

    /// Reads until the server closes, or is silent for so long.
    pub async fn read(&mut self, silence: Duration) -> RawAnswer {
        let mut bytes = Vec::new();
        let mut buffer = [0; 8192];
        while let Ok(Ok(length)) = timeout(silence, self.0.read(&mut buffer)).await {
            if length == 0 {
                break;
            }
            bytes.extend_from_slice(&buffer[..length]);
        }
        let text = String::from_utf8_lossy(&bytes).into_owned();
        let statuses =
            text.split("HTTP/1.1 ").skip(1).filter_map(|rest| rest.get(..3)?.parse().ok()).collect();
        RawAnswer { text, statuses }
    }
}

/// Sends one request that asks for the connection to be closed, and reads the answer.
pub async fn exchange(server: &Server, request: impl AsRef<[u8]>) -> RawAnswer {
    let mut raw = Raw::connect(server).await;
    raw.send(request).await;
    raw.read(PATIENCE).await
}

impl RawAnswer {
    /// The one status.
    #[track_caller]
    pub fn status(&self) -> u16 {
        assert_eq!(self.statuses.len(), 1, "{}", self.text);
        self.statuses[0]
    }

    /// A header of the first answer.
    pub fn header(&self, name: &str) -> Option<&str> {
        let head = self.text.split("\r\n\r\n").next()?;
        let lines = head.lines().filter_map(|line| line.split_once(':'));
        lines
            .filter(|(existing, _)| existing.eq_ignore_ascii_case(name))
            .map(|(_, value)| value.trim())
            .next()
    }
}
