//! The server's certificate from files, as ACME clients and certificate managers leave them: read at the start, and
//! again whenever they change.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use jiff::Timestamp;
use rustls::sign::CertifiedKey;
use rustls_pki_types::pem::PemObject;
use rustls_pki_types::{CertificateDer, PrivateKeyDer};

use super::server_config::ReloadableCertificate;
use super::validity::Validity;

/// How often the files are looked at. Certificates are renewed weeks ahead.
pub(crate) const LOOK_EVERY: Duration = Duration::from_secs(30);

/// Where the certificate is.
#[derive(Debug, Clone)]
pub(crate) struct CertificateFiles {
    /// PEM: the server's certificate first, then the intermediates.
    pub(crate) chain: PathBuf,
    /// PEM: PKCS #8, PKCS #1 or SEC 1, not encrypted.
    pub(crate) key: PathBuf,
}

/// Why the files do not serve, and what to do about it.
#[derive(Debug, thiserror::Error)]
pub(crate) enum CertificateFilesError {
    #[error("cannot read {}: {source}. The path comes from the configuration: correct it, or let the user that runs the server read the file", path.display())]
    Unreadable { path: PathBuf, source: std::io::Error },
    #[error("{} holds no certificate. It must be PEM: the server's certificate first, then the intermediates", path.display())]
    NoCertificate { path: PathBuf },
    #[error("{} holds no private key. It must be PEM (PKCS #8, PKCS #1 or SEC 1) and not encrypted", path.display())]
    NoKey { path: PathBuf },
    #[error("the key in {} does not belong to the first certificate in {}. Give the pair that was issued together, and the server's certificate before the intermediates", files.key.display(), files.chain.display())]
    Mismatch { files: CertificateFiles },
    #[error("the certificate in {} cannot be used: {source}. Use an RSA key of at least 2048 bits, or one on P-256 or P-384", files.chain.display())]
    Unusable { files: CertificateFiles, source: rustls::Error },
    #[error("the certificate in {} expired on {not_after}. Renew it: clients would refuse to connect", path.display())]
    Expired { path: PathBuf, not_after: Timestamp },
    #[error("the certificate in {} holds only from {not_before} on. Check the clock of this machine, and that it is the right file", path.display())]
    NotYet { path: PathBuf, not_before: Timestamp },
}

impl CertificateFiles {
    /// Reads the pair, and makes sure that it is one and holds at `now`.
    pub(crate) fn load(&self, now: Timestamp) -> Result<CertifiedKey, CertificateFilesError> {
        let path = || self.chain.clone();
        let chain: Vec<_> = CertificateDer::pem_slice_iter(&read(&self.chain)?)
            .collect::<Result<_, _>>()
            .map_err(|_| CertificateFilesError::NoCertificate { path: path() })?;
        let leaf = chain.first().ok_or_else(|| CertificateFilesError::NoCertificate { path: path() })?;
        let Validity { not_before, not_after } =
            Validity::of(leaf).ok_or_else(|| CertificateFilesError::NoCertificate { path: path() })?;
        // The parser's own words are left out: they may quote the file.
        let key = PrivateKeyDer::from_pem_slice(&read(&self.key)?)
            .map_err(|_| CertificateFilesError::NoKey { path: self.key.clone() })?;

        let certified =
            CertifiedKey::from_der(chain, key, &super::provider()).map_err(|source| match source {
                rustls::Error::InconsistentKeys(_) => CertificateFilesError::Mismatch { files: self.clone() },
                source => CertificateFilesError::Unusable { files: self.clone(), source },
            })?;
        if now > not_after {
            return Err(CertificateFilesError::Expired { path: path(), not_after });
        }
        if now < not_before {
            return Err(CertificateFilesError::NotYet { path: path(), not_before });
        }
        metrics::gauge!("vestibule_tls_certificate_expires_at_seconds").set(not_after.as_second() as f64);
        Ok(certified)
    }

    /// Keeps `certificate` as the files are, looking at them every `every`, for as long as the future is polled. What
    /// cannot be loaded is reported once and tried again, and the old certificate stays. `now` is the clock.
    pub(crate) async fn keep_loaded(
        self,
        certificate: Arc<ReloadableCertificate>,
        every: Duration,
        now: impl Fn() -> Timestamp,
    ) {
        // Unknown, so that a change between the first load and now is not missed.
        let mut loaded = None;
        let mut complained = None;
        let mut ticks = tokio::time::interval(every);
        ticks.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
        loop {
            ticks.tick().await;
            let (files, now) = (self.clone(), now());
            let known = loaded;
            // Reading may block for long when the files are on a network.
            let looked = tokio::task::spawn_blocking(move || {
                let seen = files.stamp();
                (seen, (known != Some(seen)).then(|| files.load(now)))
            });
            let Ok((seen, outcome)) = looked.await else { continue };
            match outcome {
                None => {}
                Some(Ok(fresh)) => {
                    certificate.replace(fresh);
                    if loaded.replace(seen).is_some() {
                        tracing::info!(chain = %self.chain.display(), "the certificate was reloaded");
                    }
                    complained = None;
                }
                Some(Err(error)) => {
                    let said_so = complained.replace(seen) == Some(seen);
                    if !said_so {
                        tracing::error!(%error, "the certificate was not reloaded: the old one stays in use");
                    }
                }
            }
        }
    }

    /// Changes when one of the files does. A link that is bent to another file counts, as in Kubernetes' volumes.
    fn stamp(&self) -> Stamp {
        let of = |path: &Path| {
            let metadata = std::fs::metadata(path).ok()?;
            Some((metadata.modified().ok()?, metadata.len()))
        };
        [of(&self.chain), of(&self.key)]
    }
}

type Stamp = [Option<(SystemTime, u64)>; 2];

fn read(path: &Path) -> Result<Vec<u8>, CertificateFilesError> {
    std::fs::read(path).map_err(|source| CertificateFilesError::Unreadable { path: path.to_owned(), source })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn now() -> Timestamp {
        "2030-06-15T12:00:00Z".parse().unwrap()
    }

    /// A pair in files, good for the year 2030.
    fn pair(dir: &Path, name: &str) -> CertificateFiles {
        let mut params = rcgen::CertificateParams::new(vec!["login.contoso.test".to_owned()]).unwrap();
        params.not_before = rcgen::date_time_ymd(2030, 1, 1);
        params.not_after = rcgen::date_time_ymd(2031, 1, 1);
        let key = rcgen::KeyPair::generate().unwrap();
        let files = CertificateFiles {
            chain: dir.join(format!("{name}.pem")),
            key: dir.join(format!("{name}-key.pem")),
        };
        std::fs::write(&files.chain, params.self_signed(&key).unwrap().pem()).unwrap();
        std::fs::write(&files.key, key.serialize_pem()).unwrap();
        files
    }

    fn complaint(files: &CertificateFiles, now: Timestamp) -> String {
        files.load(now).unwrap_err().to_string()
    }

    #[test]
    fn a_good_pair_loads() {
        let dir = tempfile::tempdir().unwrap();
        assert_eq!(pair(dir.path(), "a").load(now()).unwrap().cert.len(), 1);
    }

    #[test]
    fn every_complaint_says_what_to_do() {
        let dir = tempfile::tempdir().unwrap();
        let (a, b) = (pair(dir.path(), "a"), pair(dir.path(), "b"));

        let missing = CertificateFiles { chain: dir.path().join("nowhere.pem"), key: a.key.clone() };
        assert!(complaint(&missing, now()).contains("nowhere.pem"));

        let swapped = CertificateFiles { chain: a.key.clone(), key: a.chain.clone() };
        assert!(complaint(&swapped, now()).contains("holds no certificate"));

        let keyless = CertificateFiles { chain: a.chain.clone(), key: a.chain.clone() };
        assert!(complaint(&keyless, now()).contains("holds no private key"));

        let mixed = CertificateFiles { chain: a.chain.clone(), key: b.key.clone() };
        assert!(complaint(&mixed, now()).contains("Give the pair that was issued together"));

        assert!(complaint(&a, "2032-01-01T00:00:00Z".parse().unwrap()).contains("expired on 2031-01-01"));
        assert!(complaint(&a, "2029-01-01T00:00:00Z".parse().unwrap()).contains("Check the clock"));
    }

    #[tokio::test]
    async fn a_bad_change_keeps_the_old_certificate_and_a_good_one_replaces_it() {
        let dir = tempfile::tempdir().unwrap();
        let (live, next) = (pair(dir.path(), "live"), pair(dir.path(), "next"));
        let first = live.load(now()).unwrap();
        let first_der = first.cert[0].clone();
        let next_der = next.load(now()).unwrap().cert[0].clone();
        let certificate = ReloadableCertificate::new(first);
        let presented = || certificate.current().cert[0].clone();

        let keeper =
            tokio::spawn(live.clone().keep_loaded(Arc::clone(&certificate), Duration::from_millis(10), now));
        // The chain without its key: half a renewal.
        std::fs::copy(&next.chain, &live.chain).unwrap();
        tokio::time::sleep(Duration::from_millis(100)).await;
        assert_eq!(presented(), first_der);

        std::fs::copy(&next.key, &live.key).unwrap();
        let renewed = async {
            while presented() != next_der {
                tokio::time::sleep(Duration::from_millis(5)).await;
            }
        };
        tokio::time::timeout(Duration::from_secs(5), renewed).await.unwrap();
        keeper.abort();
    }
}
