//! The TLS side of the server: TLS 1.2 and 1.3 (RFC 8996 retired the rest), HTTP/2 before HTTP/1.1, and a certificate
//! that can be changed while it serves. There is no 0-RTT: a replayed token request is worth an attack (RFC 8446 §8).

use std::sync::{Arc, PoisonError, RwLock};

use rustls::ServerConfig;
use rustls::crypto::aws_lc_rs::Ticketer;
use rustls::server::{ClientHello, ResolvesServerCert};
use rustls::sign::CertifiedKey;
use rustls::version::{TLS12, TLS13};

/// The server's configuration, presenting whatever `certificate` holds at the moment of each handshake. Clients are
/// not asked for certificates: TLS 1.3 cannot do that by path, so it takes a listener of its own.
pub(crate) fn server_config(certificate: Arc<ReloadableCertificate>) -> Result<ServerConfig, rustls::Error> {
    let mut config = ServerConfig::builder_with_provider(super::provider())
        .with_protocol_versions(&[&TLS13, &TLS12])?
        .with_no_client_auth()
        .with_cert_resolver(certificate);
    config.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
    // Resumption costs a million visitors no memory: their state travels in the ticket (RFC 8446 §4.6.1), under keys
    // that rotate.
    config.ticketer = Ticketer::new()?;
    Ok(config)
}

/// The certificate to present, to whatever name the client asks for.
#[derive(Debug)]
pub(crate) struct ReloadableCertificate(RwLock<Arc<CertifiedKey>>);

impl ReloadableCertificate {
    pub(crate) fn new(certificate: CertifiedKey) -> Arc<Self> {
        Arc::new(Self(RwLock::new(Arc::new(certificate))))
    }

    /// Presents `certificate` from the next handshake on. Connections that stand are not touched.
    pub(crate) fn replace(&self, certificate: CertifiedKey) {
        *self.0.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(certificate);
    }

    /// What is presented now.
    pub(super) fn current(&self) -> Arc<CertifiedKey> {
        Arc::clone(&self.0.read().unwrap_or_else(PoisonError::into_inner))
    }
}

impl ResolvesServerCert for ReloadableCertificate {
    fn resolve(&self, _hello: ClientHello<'_>) -> Option<Arc<CertifiedKey>> {
        Some(self.current())
    }
}
