//! What ordinary clients see.

use http::Version;
use tokio::io::{AsyncReadExt, AsyncWriteExt};

use super::*;

#[tokio::test]
async fn http_2_and_http_1_1_are_agreed_on_by_alpn() {
    let server = Server::start(Limits::default()).await;
    let response = server.client().build().unwrap().get(server.url("/hello")).send().await.unwrap();
    assert_eq!((response.version(), response.status().as_u16()), (Version::HTTP_2, 200));
    assert_eq!(response.text().await.unwrap(), "hello");

    let old = server.client().http1_only().build().unwrap();
    let response = old.get(server.url("/hello")).send().await.unwrap();
    assert_eq!((response.version(), response.status().as_u16()), (Version::HTTP_11, 200));
}

#[tokio::test]
async fn a_client_without_alpn_speaks_http_1_1() {
    let server = Server::start(Limits::default()).await;
    let mut stream = server.tls(b"").await;
    assert_eq!(stream.get_ref().1.alpn_protocol(), None);
    stream.write_all(b"GET /hello HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n").await.unwrap();
    let mut answer = String::new();
    within(stream.read_to_string(&mut answer)).await.unwrap();
    assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
}

#[tokio::test]
async fn both_loopback_addresses_answer_with_a_certificate_for_them() {
    let server = Server::start(Limits::default()).await;
    let client = server.client().build().unwrap();
    let port = server.addr.port();
    for host in ["127.0.0.1", "[::1]", "localhost"] {
        let response = client.get(format!("https://{host}:{port}/hello")).send().await.unwrap();
        assert_eq!(response.status(), 200, "{host}");
    }
}

#[tokio::test]
async fn without_the_ca_nobody_trusts_the_server() {
    let server = Server::start(Limits::default()).await;
    let (_dir, other) = new_ca();
    let other = std::fs::read(other.certificate_file()).unwrap();
    let refused = client_trusting(&other).build().unwrap().get(server.url("/hello")).send().await;
    assert!(refused.unwrap_err().is_connect());
}

#[tokio::test]
async fn tp_01_tls_1_2_and_1_3_are_spoken() {
    let server = Server::start(Limits::default()).await;
    for version in [&rustls::version::TLS12, &rustls::version::TLS13] {
        let stream = server.try_tls(b"http/1.1", &[version]).await.unwrap();
        assert_eq!(stream.get_ref().1.protocol_version(), Some(version.version));
    }
}

#[tokio::test]
async fn tp_01_tls_1_1_is_refused_with_protocol_version() {
    const HANDSHAKE: u8 = 22;
    const ALERT: u8 = 21;
    const FATAL: u8 = 2;
    const PROTOCOL_VERSION: u8 = 70;
    let server = Server::start(Limits::default()).await;
    // The same greeting, but for the version: TLS 1.2 is answered, 1.1 is not.
    assert_eq!(greet(&server, [3, 3]).await[0], HANDSHAKE);
    let refusal = greet(&server, [3, 2]).await;
    assert_eq!((refusal[0], &refusal[5..]), (ALERT, &[FATAL, PROTOCOL_VERSION][..]), "{refusal:?}");
}

/// What the server first says to a ClientHello of `version` (RFC 5246 §7.4.1.2).
async fn greet(server: &Server, version: [u8; 2]) -> Vec<u8> {
    let random = [7; 32];
    let no_session = [0];
    let ecdhe_ecdsa_aes_128_gcm = [0, 2, 0xc0, 0x2b];
    let no_compression = [1, 0];
    let extensions: [&[u8]; 4] = [
        &[0, 22],                      // so long
        &[0, 10, 0, 4, 0, 2, 0, 0x17], // groups: secp256r1
        &[0, 11, 0, 2, 1, 0],          // points: uncompressed
        &[0, 13, 0, 4, 0, 2, 4, 3],    // signatures: ecdsa_secp256r1_sha256
    ];
    let hello =
        [&version[..], &random, &no_session, &ecdhe_ecdsa_aes_128_gcm, &no_compression, &extensions.concat()]
            .concat();
    let length = u8::try_from(hello.len()).unwrap();
    let record = [&[0x16, 3, 1, 0, length + 4, 1, 0, 0, length][..], &hello].concat();

    let mut stream = TcpStream::connect(server.addr).await.unwrap();
    stream.write_all(&record).await.unwrap();
    let mut answer = vec![0; 1024];
    let read = within(stream.read(&mut answer)).await.unwrap();
    answer.truncate(read);
    answer
}

#[tokio::test]
async fn tp_02_plain_http_gets_no_answer_on_the_tls_port() {
    let server = Server::start(Limits::default()).await;
    let mut stream = TcpStream::connect(server.addr).await.unwrap();
    stream.write_all(b"GET /hello HTTP/1.1\r\nhost: localhost\r\n\r\n").await.unwrap();
    let mut answer = Vec::new();
    // An alert or a reset, as the timing has it, and no HTTP.
    let _ = within(stream.read_to_end(&mut answer)).await;
    assert!(!answer.windows(4).any(|four| four == b"HTTP"), "{answer:?}");
}

#[tokio::test]
async fn a_new_certificate_is_presented_without_a_restart_and_old_connections_go_on() {
    let server = Server::start(Limits::default()).await;
    let before = server.client().build().unwrap();
    assert_eq!(before.get(server.url("/hello")).send().await.unwrap().status(), 200);

    let (_dir, other) = new_ca();
    server.certificate.replace(other.issue(now()).unwrap());
    let other = std::fs::read(other.certificate_file()).unwrap();
    let after = client_trusting(&other).build().unwrap();
    assert_eq!(after.get(server.url("/hello")).send().await.unwrap().status(), 200);
    assert_eq!(before.get(server.url("/hello")).send().await.unwrap().status(), 200, "on its old connection");
    let anew = server.client().build().unwrap();
    assert!(anew.get(server.url("/hello")).send().await.unwrap_err().is_connect());
}

#[tokio::test]
async fn handlers_see_the_peer() {
    let server = Server::start(Limits::default()).await;
    let client = server.client().build().unwrap();
    let url = format!("https://127.0.0.1:{}/peer", server.addr.port());
    let seen: SocketAddr = client.get(url).send().await.unwrap().text().await.unwrap().parse().unwrap();
    assert!(seen.ip().is_loopback());
    assert_ne!(seen.port(), server.addr.port());
}

#[tokio::test]
async fn a_client_certificate_reaches_the_handler_where_the_listener_asks_for_one() {
    let server = mutual::start().await;
    let chain = server.client().identity(server.identity()).build().unwrap();
    let url = format!("https://localhost:{}/chain", server.addr.port());
    assert_eq!(chain.get(&url).send().await.unwrap().text().await.unwrap(), "1 certificate");
    let none = server.client().build().unwrap();
    assert_eq!(none.get(&url).send().await.unwrap().text().await.unwrap(), "none");
}

/// A server that asks for client certificates.
mod mutual {
    use super::*;
    use rustls::server::WebPkiClientVerifier;

    pub(super) struct Mutual {
        pub(super) addr: SocketAddr,
        ca_pem: String,
        client_pem: String,
        _server: JoinHandle<Drained>,
    }

    impl Mutual {
        pub(super) fn client(&self) -> reqwest::ClientBuilder {
            client_trusting(self.ca_pem.as_bytes())
        }

        pub(super) fn identity(&self) -> reqwest::Identity {
            reqwest::Identity::from_pem(self.client_pem.as_bytes()).unwrap()
        }
    }

    pub(super) async fn start() -> Mutual {
        let key = rcgen::KeyPair::generate().unwrap();
        let params = rcgen::CertificateParams::new(vec!["client.contoso.test".to_owned()]).unwrap();
        let client = params.self_signed(&key).unwrap();
        let mut roots = rustls::RootCertStore::empty();
        roots.add(client.der().clone()).unwrap();
        let verifier = WebPkiClientVerifier::builder_with_provider(roots.into(), crate::tls::provider())
            .allow_unauthenticated()
            .build()
            .unwrap();
        let (_dir, ca) = new_ca();
        let tls = rustls::ServerConfig::builder_with_provider(crate::tls::provider())
            .with_safe_default_protocol_versions()
            .unwrap()
            .with_client_cert_verifier(verifier)
            .with_cert_resolver(ReloadableCertificate::new(ca.issue(now()).unwrap()));

        let describe = |Extension(peer): Extension<Peer>| async move {
            peer.client_certificates.map_or("none".to_owned(), |chain| format!("{} certificate", chain.len()))
        };
        let service = Router::new().route("/chain", routing::get(describe)).into_service();
        let listeners = bind_loopback(0).await.unwrap();
        Mutual {
            addr: listeners[0].local_addr().unwrap(),
            ca_pem: std::fs::read_to_string(ca.certificate_file()).unwrap(),
            client_pem: key.serialize_pem() + &client.pem(),
            _server: tokio::spawn(serve(
                listeners,
                Arc::new(tls),
                service,
                Limits::default(),
                Shutdown::new(),
            )),
        }
    }
}
