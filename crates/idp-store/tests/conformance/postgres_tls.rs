//! PostgreSQL by TLS, with a server that has a certificate for `localhost` from a CA of the test's own.

use std::path::{Path, PathBuf};
use std::sync::OnceLock;
use std::time::Duration;

use idp_domain::changes::Changes;
use idp_domain::store::Store as _;
use idp_store::{EncryptionError, OpenError, PostgresOptions, SqlStore};
use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, IsCa, KeyPair};
use tempfile::TempDir;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpListener;
use tokio::time::timeout;

use crate::actors::spend;
use crate::engines::{conflict, runtime, sql};
use crate::postgres_server::PostgresServer;

/// A server, and the file with the CA it has its certificate from.
struct Encrypted {
    server: PostgresServer,
    ca_file: PathBuf,
    _folder: TempDir,
}

impl Encrypted {
    fn shared() -> &'static Self {
        static SERVER: OnceLock<Encrypted> = OnceLock::new();
        SERVER.get_or_init(|| {
            let (ca, key) = (ca(), KeyPair::generate().unwrap());
            let params = CertificateParams::new(vec!["localhost".to_owned()]).unwrap();
            let certificate = params.signed_by(&key, &ca).unwrap();
            let server = PostgresServer::start_with_tls(&certificate.pem(), &key.serialize_pem());
            let (_folder, ca_file) = in_file(&ca);
            Self { server, ca_file, _folder }
        })
    }

    /// A new schema, at a server of this name, by a CA.
    fn options(&self, name: &str, ca_file: &Path) -> PostgresOptions {
        let url = self.server.by_network(&self.server.fresh_schema(), name);
        PostgresOptions { ca_file: Some(ca_file.to_owned()), ..PostgresOptions::new(url) }
    }
}

/// All of them have the same name, so that only their keys tell them apart.
fn ca() -> CertifiedIssuer<'static, KeyPair> {
    let mut params = CertificateParams::default();
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    CertifiedIssuer::self_signed(params, KeyPair::generate().unwrap()).unwrap()
}

fn in_file(ca: &CertifiedIssuer<'_, KeyPair>) -> (TempDir, PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("ca.pem");
    std::fs::write(&path, ca.pem()).unwrap();
    (folder, path)
}

async fn refused(options: PostgresOptions) -> String {
    match SqlStore::open_postgres(options).await.err().expect("it was not refused") {
        OpenError::Encryption(EncryptionError::Handshake(told)) => told,
        other => panic!("refused for something else: {other}"),
    }
}

#[test]
fn a_server_whose_certificate_is_from_the_ca_and_for_its_name_is_used() {
    runtime().block_on(async {
        let encrypted = Encrypted::shared();
        let store =
            SqlStore::open_postgres(encrypted.options("localhost", &encrypted.ca_file)).await.unwrap();
        store.ping().await.unwrap();
        assert_eq!(conflict(&store, Changes::one(spend(b"code"))).await, None);
    });
}

/// So the test before this one did have TLS.
#[test]
fn the_server_of_these_tests_takes_nobody_in_clear_text() {
    runtime().block_on(async {
        let encrypted = Encrypted::shared();
        let options = encrypted.options("localhost", &encrypted.ca_file);
        let clear =
            PostgresOptions { url: format!("{} sslmode=disable", options.url), ca_file: None, ..options };
        let refused = SqlStore::open_postgres(clear).await.err().unwrap().to_string();
        assert!(refused.contains("no encryption"), "{refused}");
    });
}

#[test]
fn a_server_whose_certificate_is_from_another_ca_is_refused() {
    runtime().block_on(async {
        let (_folder, other) = in_file(&ca());
        let told = refused(Encrypted::shared().options("localhost", &other)).await;
        assert!(told.contains("invalid peer certificate"), "{told}");
    });
}

#[test]
fn a_server_whose_certificate_is_for_another_name_is_refused() {
    runtime().block_on(async {
        let encrypted = Encrypted::shared();
        for name in ["db.contoso.test", "localhost.contoso.test", "127.0.0.1"] {
            let told = refused(encrypted.options(name, &encrypted.ca_file)).await;
            assert!(told.contains("not valid for name"), "{told}");
        }
    });
}

/// The proof of a password that is bound to the certificate is worth nothing to whoever else sees it.
#[test]
fn a_password_can_be_bound_to_the_certificate() {
    runtime().block_on(async {
        let encrypted = Encrypted::shared();
        let socket = encrypted.server.fresh_schema();
        sql(&socket, "CREATE ROLE careful LOGIN SUPERUSER PASSWORD 'it''s-me'").await;
        let url = encrypted.server.by_network(&socket, "localhost").replace("user=postgres", "user=careful");
        let url = format!("{url} password='it\\'s-me' channel_binding=require");
        let ca_file = Some(encrypted.ca_file.clone());
        let store = SqlStore::open_postgres(PostgresOptions { ca_file, ..PostgresOptions::new(url) }).await;
        store.unwrap().ping().await.unwrap();
    });
}

/// Somebody in between may say that the server has no TLS. It is not talked into clear text.
#[test]
fn a_server_without_tls_is_told_nothing() {
    runtime().block_on(async {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let heard = tokio::spawn(async move {
            let (mut stream, _) = listener.accept().await.unwrap();
            let mut request = [0; 8];
            stream.read_exact(&mut request).await.unwrap();
            stream.write_all(b"N").await.unwrap();
            let mut rest = Vec::new();
            stream.read_to_end(&mut rest).await.unwrap();
            rest
        });
        let (_folder, ca_file) = in_file(&ca());
        let url = format!("host=localhost hostaddr=127.0.0.1 port={port} user=alice password=secret");
        let told = refused(PostgresOptions { ca_file: Some(ca_file), ..PostgresOptions::new(url) }).await;
        assert!(told.contains("server does not support TLS"), "{told}");
        assert!(timeout(Duration::from_secs(10), heard).await.unwrap().unwrap().is_empty());
    });
}
