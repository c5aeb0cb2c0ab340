//! Another issuer, on this machine: its configuration, its keys, the tokens it makes for workloads, and how it misbehaves.

use std::collections::HashMap;
use std::fs;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use rustls_pki_types::pem::PemObject as _;
use rustls_pki_types::{CertificateDer, PrivateKeyDer};
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio_rustls::TlsAcceptor;
use vestibule_jose::{KeyId, SigningKey, TokenHeader};

use crate::server::Server;
use crate::world::{now, random_guid};

const CONFIGURATION: &str = "/.well-known/openid-configuration";
const KEYS: &str = "/keys";

/// How an issuer answers.
#[derive(Debug, Clone)]
pub enum Reply {
    /// With this body.
    Body(Vec<u8>),
    /// With a redirect there.
    Redirect(String),
    /// With this status.
    Status(u16),
    /// Not at all, for longer than anybody waits.
    Never,
    /// With bytes, one after the other.
    Slowly,
}

/// An issuer, which ends with the test.
pub struct Issuer {
    origin: String,
    replies: Arc<Mutex<HashMap<String, Reply>>>,
    asked: Arc<Mutex<Vec<String>>>,
}

/// A key of an issuer.
pub struct IssuerKey(SigningKey);

impl IssuerKey {
    /// A fresh one.
    pub fn new(kid: &str) -> Self {
        let pkcs8 = SigningKey::generate_pkcs8().unwrap();
        Self(SigningKey::from_pkcs8(&pkcs8, KeyId::new(kid).unwrap()).unwrap())
    }

    /// As it is published.
    pub fn jwk(&self) -> Value {
        let public = self.0.public();
        json!({ "kty": "RSA", "use": "sig", "alg": "RS256", "kid": self.0.kid().as_str(), "n": public.n(), "e": public.e() })
    }

    /// A token with these claims.
    pub fn sign(&self, claims: &Value) -> String {
        self.0.sign(TokenHeader::KidOnly, claims).unwrap()
    }
}

impl Issuer {
    /// An issuer with this key, under a certificate of a server's own authority.
    pub async fn start(server: &Server, key: &IssuerKey) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let SocketAddr::V4(address) = listener.local_addr().unwrap() else { panic!() };
        let origin = format!("https://localhost:{}", address.port());
        let (replies, asked) = (Arc::default(), Arc::default());
        tokio::spawn(answer_all(listener, acceptor(server), Arc::clone(&replies), Arc::clone(&asked)));
        let this = Self { origin, replies, asked };
        let configuration = json!({ "issuer": this.origin, "jwks_uri": format!("{}{KEYS}", this.origin) });
        this.configures(Reply::Body(configuration.to_string().into()));
        this.publishes(&[key]);
        this
    }

    /// What it calls itself.
    pub fn name(&self) -> &str {
        &self.origin
    }

    /// Answers so when it is asked for its configuration.
    pub fn configures(&self, reply: Reply) {
        self.replies.lock().unwrap().insert(CONFIGURATION.to_owned(), reply);
    }

    /// Answers so when it is asked for its keys.
    pub fn keys(&self, reply: Reply) {
        self.replies.lock().unwrap().insert(KEYS.to_owned(), reply);
    }

    /// Has these keys from now on.
    pub fn publishes(&self, keys: &[&IssuerKey]) {
        let keys: Vec<_> = keys.iter().map(|key| key.jwk()).collect();
        self.keys(Reply::Body(json!({ "keys": keys }).to_string().into()));
    }

    /// What it was asked for so far.
    pub fn asked(&self) -> Vec<String> {
        self.asked.lock().unwrap().clone()
    }

    /// What it says of a workload.
    pub fn claims(&self, subject: &str, audience: &str) -> Value {
        json!({
            "iss": self.origin, "sub": subject, "aud": audience, "jti": random_guid(),
            "iat": now(), "nbf": now(), "exp": now() + 3600,
        })
    }
}

/// TLS with a certificate for `localhost` that the server's authority has signed.
pub(crate) fn acceptor(server: &Server) -> TlsAcceptor {
    let authority = rcgen::KeyPair::from_pem(&fs::read_to_string(server.data().join("ca-key.pem")).unwrap());
    let ca = String::from_utf8(server.ca()).unwrap();
    let authority = rcgen::Issuer::from_ca_cert_pem(&ca, authority.unwrap()).unwrap();
    let key = rcgen::KeyPair::generate().unwrap();
    let params = rcgen::CertificateParams::new(["localhost".to_owned()]).unwrap();
    let certificate = params.signed_by(&key, &authority).unwrap();
    let chain = vec![CertificateDer::from_pem_slice(certificate.pem().as_bytes()).unwrap()];
    let key = PrivateKeyDer::from_pem_slice(key.serialize_pem().as_bytes()).unwrap();
    let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    let config =
        rustls::ServerConfig::builder_with_provider(provider).with_safe_default_protocol_versions().unwrap();
    TlsAcceptor::from(Arc::new(config.with_no_client_auth().with_single_cert(chain, key).unwrap()))
}

async fn answer_all(
    listener: TcpListener,
    acceptor: TlsAcceptor,
    replies: Arc<Mutex<HashMap<String, Reply>>>,
    asked: Arc<Mutex<Vec<String>>>,
) {
    while let Ok((stream, _)) = listener.accept().await {
        let (acceptor, replies, asked) = (acceptor.clone(), Arc::clone(&replies), Arc::clone(&asked));
        tokio::spawn(async move { answer_one(stream, acceptor, &replies, &asked).await });
    }
}

async fn answer_one(
    stream: TcpStream,
    acceptor: TlsAcceptor,
    replies: &Mutex<HashMap<String, Reply>>,
    asked: &Mutex<Vec<String>>,
) -> Option<()> {
    let mut stream = acceptor.accept(stream).await.ok()?;
    let mut request = Vec::new();
    while !request.ends_with(b"\r\n\r\n") {
        request.push(stream.read_u8().await.ok()?);
    }
    let path = String::from_utf8(request).ok()?.split(' ').nth(1)?.to_owned();
    asked.lock().unwrap().push(path.clone());
    let reply = replies.lock().unwrap().get(&path).cloned().unwrap_or(Reply::Status(404));
    let head =
        |status: u16, more: &str| format!("HTTP/1.1 {status} x\r\nConnection: close\r\n{more}\r\n\r\n");
    match reply {
        Reply::Body(body) => {
            let head =
                head(200, &format!("Content-Type: application/json\r\nContent-Length: {}", body.len()));
            stream.write_all(head.as_bytes()).await.ok()?;
            stream.write_all(&body).await.ok()?;
        }
        Reply::Redirect(to) => {
            stream.write_all(head(302, &format!("Location: {to}")).as_bytes()).await.ok()?
        }
        Reply::Status(status) => stream.write_all(head(status, "Content-Length: 0").as_bytes()).await.ok()?,
        Reply::Never => tokio::time::sleep(Duration::from_secs(60)).await,
        Reply::Slowly => {
            stream.write_all(head(200, "Content-Type: application/json").as_bytes()).await.ok()?;
            for _ in 0..600 {
                stream.write_all(b" ").await.ok()?;
                stream.flush().await.ok()?;
                tokio::time::sleep(Duration::from_millis(100)).await;
            }
        }
    }
    stream.shutdown().await.ok()
}

/// The same token with another header.
pub fn reheaded(token: &str, header: &Value) -> String {
    let (_, rest) = token.split_once('.').unwrap();
    format!("{}.{rest}", URL_SAFE_NO_PAD.encode(header.to_string()))
}
