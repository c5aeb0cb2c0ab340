//! Who is at the other end of the connection.

use std::net::SocketAddr;
use std::sync::Arc;

use rustls_pki_types::CertificateDer;

/// The other end of the TCP connection: a client, or the proxy in front of us. Every request has it as an extension.
#[derive(Debug, Clone)]
pub(crate) struct Peer {
    /// An IPv4 client of a dual-stack socket appears with its IPv4 address.
    pub(crate) addr: SocketAddr,
    /// The chain it proved to hold the key of, leaf first, where the TLS configuration asks for one (RFC 8705 §2).
    #[cfg_attr(
        not(test),
        expect(dead_code, reason = "read by client authentication with a certificate, RFC 8705")
    )]
    pub(crate) client_certificates: Option<Arc<[CertificateDer<'static>]>>,
}

impl Peer {
    /// `addr` as the socket gave it, and what the handshake established.
    pub(super) fn new(addr: SocketAddr, tls: &rustls::ServerConnection) -> Self {
        Self {
            addr: SocketAddr::new(addr.ip().to_canonical(), addr.port()),
            client_certificates: tls
                .peer_certificates()
                .map(|chain| chain.iter().map(|certificate| certificate.clone().into_owned()).collect()),
        }
    }

    /// Lets handlers see it.
    pub(super) fn attach(&self, extensions: &mut http::Extensions) {
        extensions.insert(idp_web::request::Peer(self.addr));
        extensions.insert(self.clone());
    }
}
