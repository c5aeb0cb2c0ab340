//! Whether a connection to PostgreSQL is encrypted, decided before anything is sent.
//!
//! There are two ways: in clear text within this machine, or by TLS with the server's certificate and name verified.
//! What others call `prefer`, to take what the server offers, is neither, and whoever sits between the two could choose
//! clear text. So `sslmode` absent, which reads as `prefer`, means TLS for every host that is not this machine.

use std::net::IpAddr;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use rustls::crypto::aws_lc_rs;
use rustls::{ClientConfig, RootCertStore};
use rustls_pki_types::pem::PemObject as _;
use rustls_pki_types::{CertificateDer, ServerName};
use tokio_postgres::config::{Host, SslMode, SslNegotiation};
use tokio_postgres::{Config, Error};
use tokio_postgres_rustls::MakeRustlsConnect;

/// What servers since PostgreSQL 17 know the protocol by; older ones do not look.
const ALPN: &[u8] = b"postgresql";

/// Why PostgreSQL is not connected to, where that is for the sake of encryption. Every message says what to do. None
/// quotes the URL: with an `@` in a password that was not written `%40`, even the host would be a piece of the password.
#[derive(Debug, thiserror::Error)]
pub enum EncryptionError {
    /// There is nothing to connect to.
    #[error(
        "the PostgreSQL URL names no host: write postgresql://user@host/database, or the percent-encoded folder of a Unix socket in place of the host"
    )]
    NoHost,
    /// It is not certain which address belongs to which host.
    #[error(
        "the PostgreSQL URL names {hosts} hosts and {addresses} addresses in hostaddr: give one address for each host, or leave hostaddr out"
    )]
    Uneven {
        /// How many hosts it names.
        hosts: usize,
        /// How many addresses it names.
        addresses: usize,
    },
    /// Clear text is asked for, over a network.
    #[error(
        "sslmode=disable is asked for, and PostgreSQL is not on this machine, or not on all of its hosts: leave sslmode out of the URL, which means TLS, and name the CA of the server's certificate in store.postgres_ca (VESTIBULE_STORE_POSTGRES_CA)"
    )]
    Disabled,
    /// There is nobody to trust.
    #[error(
        "PostgreSQL is to be reached by TLS, because it is not on this machine or the URL asks for it, and nothing says whom to trust: name the file with the CA of the server's certificate in store.postgres_ca (VESTIBULE_STORE_POSTGRES_CA)"
    )]
    NoCa,
    /// PostgreSQL has no TLS on Unix sockets.
    #[error(
        "the PostgreSQL URL names a Unix socket, which has no TLS, and also asks for TLS or names a host that needs it: leave sslmode and sslnegotiation out for a socket, and do not put it into one list with other hosts"
    )]
    Socket,
    /// There is no name that the server's certificate could be held against.
    #[error(
        "the PostgreSQL URL gives a host no name that a certificate could be for, and TLS verifies the server's name: name the host as its certificate does, beside hostaddr if there is one, and write an @ in a password as %40"
    )]
    Unnamed,
    /// The CA file cannot be read.
    #[error(
        "the CA file {} cannot be read: {cause}; correct store.postgres_ca (VESTIBULE_STORE_POSTGRES_CA), or let the user that runs the server read the file", path.display()
    )]
    Unreadable {
        /// The CA file.
        path: PathBuf,
        /// What the operating system says.
        cause: std::io::Error,
    },
    /// The CA file holds something else.
    #[error(
        "the CA file {} holds no certificate, or a damaged one: it must be PEM, with the certificate of the CA that issued the PostgreSQL server's", path.display()
    )]
    NoCertificate {
        /// The CA file.
        path: PathBuf,
    },
    /// TLS cannot be set up.
    #[error("TLS to PostgreSQL cannot be set up, which is a bug, please report it: {0}")]
    Setup(rustls::Error),
    /// The server has no TLS, or could not prove who it is.
    #[error(
        "no TLS connection to PostgreSQL came about: {0}. Check that the server has ssl = on, that store.postgres_ca (VESTIBULE_STORE_POSTGRES_CA) holds the CA that issued its certificate, and that the URL names it as the certificate does"
    )]
    Handshake(String),
}

/// Settles how to connect: by TLS with what is returned, or in clear text. What the driver would do of itself is
/// overridden in `config`.
pub(super) fn settle(
    config: &mut Config,
    ca_file: Option<&Path>,
) -> Result<Option<MakeRustlsConnect>, EncryptionError> {
    let targets = targets(config)?;
    if !is_by_tls(config, &targets, ca_file.is_some())? {
        config.ssl_mode(SslMode::Disable);
        return Ok(None);
    }
    if targets.iter().any(|target| target.reach == Reach::Socket) {
        return Err(EncryptionError::Socket);
    }
    let ca_file = ca_file.ok_or(EncryptionError::NoCa)?;
    if !targets.iter().all(Target::can_be_verified) {
        return Err(EncryptionError::Unnamed);
    }
    let connector = connector(ca_file)?;
    config.ssl_mode(SslMode::Require);
    Ok(Some(connector))
}

/// All hosts of a list go the same way, since the driver knows only one mode.
fn is_by_tls(config: &Config, targets: &[Target<'_>], has_ca: bool) -> Result<bool, EncryptionError> {
    let any = |reach| targets.iter().any(|target| target.reach == reach);
    match config.get_ssl_mode() {
        SslMode::Disable if any(Reach::Network) => Err(EncryptionError::Disabled),
        SslMode::Disable => Ok(false),
        SslMode::Prefer => {
            let is_asked_for = config.get_ssl_negotiation() == SslNegotiation::Direct;
            // Whoever names a CA wants it used, where it can be.
            Ok(any(Reach::Network) || is_asked_for || (has_ca && !any(Reach::Socket)))
        }
        _ => Ok(true),
    }
}

/// One of the places that the driver tries.
struct Target<'a> {
    reach: Reach,
    /// What the server's certificate must be for.
    name: Option<&'a str>,
}

/// Who could listen in between.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Reach {
    /// Nobody.
    Socket,
    /// Nobody either, but PostgreSQL could speak TLS there.
    Loopback,
    /// Anybody.
    Network,
}

impl<'a> Target<'a> {
    /// The driver connects to the address if there is one, whatever the host says, and verifies the host's name.
    fn of(host: Option<&'a Host>, address: Option<&IpAddr>) -> Self {
        let (by_host, name) = match host {
            Some(Host::Tcp(name)) => (Reach::of_name(name), Some(name.as_str())),
            #[cfg(unix)]
            Some(Host::Unix(_)) => (Reach::Socket, None),
            None => (Reach::Network, None),
        };
        Self { reach: address.map_or(by_host, |address| Reach::of_address(*address)), name }
    }

    fn can_be_verified(&self) -> bool {
        self.name.is_some_and(|name| ServerName::try_from(name).is_ok())
    }
}

impl Reach {
    fn of_address(address: IpAddr) -> Self {
        if address.to_canonical().is_loopback() { Self::Loopback } else { Self::Network }
    }

    /// Of all names, only `localhost` is known to lead to this machine (RFC 6761 §6.3).
    fn of_name(name: &str) -> Self {
        match name.parse() {
            Ok(address) => Self::of_address(address),
            Err(_) if name.eq_ignore_ascii_case("localhost") => Self::Loopback,
            Err(_) => Self::Network,
        }
    }
}

fn targets(config: &Config) -> Result<Vec<Target<'_>>, EncryptionError> {
    let (hosts, addresses) = (config.get_hosts(), config.get_hostaddrs());
    match (hosts.len(), addresses.len()) {
        (0, 0) => Err(EncryptionError::NoHost),
        (hosts, addresses) if hosts > 0 && addresses > 0 && hosts != addresses => {
            Err(EncryptionError::Uneven { hosts, addresses })
        }
        (a, b) => Ok((0..a.max(b)).map(|n| Target::of(hosts.get(n), addresses.get(n))).collect()),
    }
}

fn connector(ca_file: &Path) -> Result<MakeRustlsConnect, EncryptionError> {
    // Named, never taken from the process default: that panics when two providers are linked in.
    let provider = Arc::new(aws_lc_rs::default_provider());
    let mut config = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(EncryptionError::Setup)?
        .with_root_certificates(roots(ca_file)?)
        .with_no_client_auth();
    config.alpn_protocols = vec![ALPN.to_vec()];
    Ok(MakeRustlsConnect::new(config))
}

fn roots(ca_file: &Path) -> Result<RootCertStore, EncryptionError> {
    let pem = std::fs::read(ca_file)
        .map_err(|cause| EncryptionError::Unreadable { path: ca_file.to_owned(), cause })?;
    let no_certificate = || EncryptionError::NoCertificate { path: ca_file.to_owned() };
    let mut roots = RootCertStore::empty();
    for certificate in CertificateDer::pem_slice_iter(&pem) {
        roots.add(certificate.map_err(|_| no_certificate())?).map_err(|_| no_certificate())?;
    }
    if roots.is_empty() { Err(no_certificate()) } else { Ok(roots) }
}

/// Whether it was TLS that failed. The driver tells it in words only.
pub(super) fn is_handshake(cause: &Error) -> bool {
    cause.to_string().starts_with("error performing TLS handshake")
}

/// What to add to what the driver says of a URL, for those who write it as for other drivers.
pub(super) fn hint(told: &str) -> &'static str {
    if told.contains("`ssl") {
        ". Of TLS the URL says nothing, or sslmode=require, or within one machine sslmode=disable: with TLS the server's \
         name is always verified, and the CA file is named in store.postgres_ca (VESTIBULE_STORE_POSTGRES_CA)"
    } else {
        ""
    }
}

#[cfg(test)]
mod tests {
    use tempfile::TempDir;

    use super::*;

    fn ca() -> (TempDir, PathBuf) {
        let certified = rcgen::generate_simple_self_signed(vec!["ca.contoso.test".to_owned()]).unwrap();
        file(&certified.cert.pem())
    }

    fn file(content: &str) -> (TempDir, PathBuf) {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("ca.pem");
        std::fs::write(&path, content).unwrap();
        (folder, path)
    }

    /// Whether it is by TLS; what the driver was told is the same.
    fn settled(url: &str, ca_file: Option<&Path>) -> Result<bool, EncryptionError> {
        let mut config: Config = url.parse().unwrap();
        let by_tls = settle(&mut config, ca_file)?.is_some();
        let told = if by_tls { SslMode::Require } else { SslMode::Disable };
        assert_eq!(config.get_ssl_mode(), told, "{url}");
        Ok(by_tls)
    }

    fn without_ca(url: &str) -> Result<bool, EncryptionError> {
        settled(url, None)
    }

    fn with_ca(url: &str) -> Result<bool, EncryptionError> {
        let (_folder, path) = ca();
        settled(url, Some(&path))
    }

    const ON_THIS_MACHINE: [&str; 10] = [
        "postgresql://u@localhost/d",
        "postgresql://u@LocalHost/d",
        "postgresql://u@127.0.0.1/d",
        "postgresql://u@127.8.9.10:5433/d",
        "postgresql://u@[::1]/d",
        "postgresql://u@[::ffff:127.0.0.1]/d",
        "postgresql://u@localhost/d?sslmode=prefer",
        "postgresql://u@localhost,[::1]/d",
        "postgresql://u@db.contoso.test/d?hostaddr=127.0.0.1",
        "host=localhost hostaddr=::1 user=u",
    ];

    const ON_ANOTHER: [&str; 9] = [
        "postgresql://u@db.contoso.test/d",
        "postgresql://u@10.0.0.7/d",
        "postgresql://u@[2001:db8::7]/d",
        "postgresql://u@localhost.contoso.test/d",
        "postgresql://u@0.0.0.0/d",
        "postgresql://u@localhost/d?hostaddr=10.0.0.7",
        "postgresql://u@localhost,db.contoso.test/d",
        "postgresql://u@localhost,127.0.0.1/d?hostaddr=127.0.0.1,10.0.0.7",
        "host=localhost user=u host=db.contoso.test",
    ];

    #[test]
    fn within_this_machine_clear_text_will_do() {
        for url in ON_THIS_MACHINE {
            assert!(!without_ca(url).unwrap(), "{url}");
        }
        for url in ["postgresql://u@%2Frun%2Fpostgresql/d", "host=/run/postgresql,localhost user=u"] {
            assert!(!without_ca(url).unwrap() && !with_ca(url).unwrap(), "{url}");
        }
        assert!(!without_ca("hostaddr=127.0.0.1 user=u").unwrap());
    }

    #[test]
    fn within_this_machine_a_ca_is_used_unless_the_url_says_otherwise() {
        for url in ON_THIS_MACHINE {
            assert!(with_ca(url).unwrap(), "{url}");
        }
        assert!(!with_ca("postgresql://u@localhost/d?sslmode=disable").unwrap());
    }

    #[test]
    fn a_host_that_is_not_this_machine_gets_tls_whatever_the_url_says_or_leaves_out() {
        for url in ON_ANOTHER {
            let join = if url.contains("://") { if url.contains('?') { "&" } else { "?" } } else { " " };
            for mode in ["", "sslmode=prefer", "sslmode=require"].map(|mode| format!("{url}{join}{mode}")) {
                let url = mode.trim_end_matches(join);
                assert!(matches!(without_ca(url), Err(EncryptionError::NoCa)), "{url}");
                assert!(with_ca(url).unwrap(), "{url}");
            }
            let url = format!("{url}{join}sslmode=disable");
            assert!(matches!(without_ca(&url), Err(EncryptionError::Disabled)), "{url}");
            assert!(matches!(with_ca(&url), Err(EncryptionError::Disabled)), "{url}");
        }
    }

    #[test]
    fn tls_that_is_asked_for_is_never_left_out() {
        for asked in ["sslmode=require", "sslnegotiation=direct"] {
            let url = format!("postgresql://u@localhost/d?{asked}");
            assert!(matches!(without_ca(&url), Err(EncryptionError::NoCa)), "{url}");
            assert!(with_ca(&url).unwrap(), "{url}");
            let url = format!("postgresql://u@%2Frun%2Fpostgresql/d?{asked}");
            assert!(matches!(with_ca(&url), Err(EncryptionError::Socket)), "{url}");
        }
        let list = "postgresql://u@%2Frun%2Fpostgresql,db.contoso.test/d";
        assert!(matches!(with_ca(list), Err(EncryptionError::Socket)));
        assert!(matches!(with_ca(&format!("{list}?sslmode=disable")), Err(EncryptionError::Disabled)));
    }

    #[test]
    fn a_host_without_a_name_to_verify_is_refused() {
        for url in [
            "hostaddr=10.0.0.7 user=u",
            "hostaddr=127.0.0.1 user=u sslmode=require",
            "host=/run/postgresql hostaddr=10.0.0.7 user=u",
            "host='' hostaddr=10.0.0.7 user=u",
            "postgresql://u@db.contoso.test,/d",
        ] {
            assert!(matches!(with_ca(url), Err(EncryptionError::Unnamed)), "{url}");
        }
    }

    #[test]
    fn hosts_and_addresses_that_do_not_pair_up_are_refused() {
        assert!(matches!(with_ca("postgresql:///d"), Err(EncryptionError::NoHost)));
        let uneven = without_ca("postgresql://u@localhost,db.contoso.test/d?hostaddr=127.0.0.1");
        assert!(matches!(uneven, Err(EncryptionError::Uneven { hosts: 2, addresses: 1 })));
    }

    #[test]
    fn a_file_that_is_no_ca_is_refused() {
        let key = rcgen::KeyPair::generate().unwrap().serialize_pem();
        let damaged = "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n";
        for content in ["", "nothing of the kind", &key, damaged] {
            let (_folder, path) = file(content);
            let refused = settled("host=db.contoso.test user=u", Some(&path)).unwrap_err();
            assert!(matches!(refused, EncryptionError::NoCertificate { .. }), "{content}: {refused}");
        }
        let (folder, _) = ca();
        let missing = settled("host=db.contoso.test user=u", Some(&folder.path().join("none")));
        assert!(matches!(missing, Err(EncryptionError::Unreadable { .. })));
    }

    #[test]
    fn every_refusal_says_what_to_do_and_none_quotes_the_url() {
        for (url, says) in [
            ("postgresql://u:pass@word@host/d", "as %40"),
            ("postgresql://u:secret@db.contoso.test/d?sslmode=disable", "leave sslmode out"),
            ("postgresql://u:secret@%2Frun/d?sslmode=require", "for a socket"),
            ("postgresql:///secret", "names no host"),
        ] {
            let refused = with_ca(url).unwrap_err().to_string();
            assert!(refused.contains(says), "{refused}");
            assert!(!refused.contains("secret") && !refused.contains("word@"), "{refused}");
        }
        let refused = without_ca("postgresql://u@db.contoso.test/d").unwrap_err().to_string();
        assert!(refused.contains("store.postgres_ca (VESTIBULE_STORE_POSTGRES_CA)"), "{refused}");
    }

    #[test]
    fn what_other_drivers_call_it_is_answered_with_what_it_is_called_here() {
        for parameter in ["sslmode=verify-full", "sslrootcert=/etc/ca.pem"] {
            let url = format!("postgresql://u:secret@db.contoso.test/d?{parameter}");
            let refused = super::super::config(&url).unwrap_err().to_string();
            assert!(refused.contains("store.postgres_ca") && !refused.contains("secret"), "{refused}");
        }
        let refused = super::super::config("postgresql://u@h/d?colour=blue").unwrap_err().to_string();
        assert!(!refused.contains("store.postgres_ca"), "{refused}");
    }
}
