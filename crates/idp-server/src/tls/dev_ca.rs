//! The development server's own certificate authority. It is made once and kept in the data folder, so that trust put
//! into it outlives a restart; the server's certificate is issued anew at every start.
//!
//! Whoever steals the CA's key can only impersonate this machine's loopback names: the CA is constrained to them, and
//! to the hosts of the configured origin (RFC 5280 §4.2.1.10).

mod hosts;

use std::collections::BTreeSet;
use std::fmt;
use std::fs;
use std::io::{self, Write};
use std::net::{Ipv4Addr, Ipv6Addr};
use std::path::{Path, PathBuf};

use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan};
use rcgen::{
    BasicConstraints, CertificateParams, DistinguishedName, DnType, ExtendedKeyUsagePurpose, IsCa, Issuer,
    KeyPair, KeyUsagePurpose, NameConstraints, PublicKeyData,
};
use rustls::sign::CertifiedKey;
use rustls_pki_types::pem::PemObject;
use rustls_pki_types::{CertificateDer, PrivateKeyDer, PrivatePkcs8KeyDer};

use self::hosts::Host;
use super::validity::Validity;
use crate::whole_file;

const CERTIFICATE: &str = "ca.pem";
const KEY: &str = "ca-key.pem";
const NAME: &str = "Vestibule development CA (this machine only)";

const CA_DAYS: i32 = 10 * 365;
const SERVER_DAYS: i32 = 90;

/// What was found in the data folder.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Provenance {
    /// Nothing: this is the first start.
    Made,
    /// A CA that will do.
    Kept,
    /// A CA that will not do, for this reason. Whoever trusted it must be given the new one.
    Replaced(Unfit),
}

/// Why a CA that was there had to go.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Unfit {
    Unreadable,
    NotAPair,
    OutOfDate,
    OtherHosts,
}

impl fmt::Display for Unfit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Unreadable => "it could not be read",
            Self::NotAPair => "its key belonged to another",
            Self::OutOfDate => "it would expire too soon",
            Self::OtherHosts => "it was not made for the host of this origin",
        })
    }
}

/// The CA could not be made or used. The sentence says what to do.
#[derive(Debug, thiserror::Error)]
pub(crate) enum DevCaError {
    #[error("cannot use {}: {source}. The data folder must belong to the user that runs the server", path.display())]
    File { path: PathBuf, source: io::Error },
    #[error(
        "no certificate can be issued for {host:?}. Give an origin whose host is a plain name or an address"
    )]
    Host { host: String },
    #[error("the development certificates could not be made")]
    Issue(#[from] rcgen::Error),
    #[error("the development certificate cannot be used")]
    Use(#[from] rustls::Error),
    #[error("no certificate can be dated {0}. Check the clock of this machine")]
    Date(Timestamp),
}

/// A CA that can issue.
pub(crate) struct DevCa {
    issuer: Issuer<'static, KeyPair>,
    hosts: BTreeSet<Host>,
    certificate: PathBuf,
    provenance: Provenance,
}

impl DevCa {
    /// The CA in the data folder `dir`, which must exist, for `localhost`, the loopback addresses and `extra_hosts`
    /// (the origin's). It is made if there is none or it will not do.
    pub(crate) fn open_or_create(
        dir: &Path,
        extra_hosts: &[&str],
        now: Timestamp,
    ) -> Result<Self, DevCaError> {
        let (certificate, key_file) = (dir.join(CERTIFICATE), dir.join(KEY));
        let mut hosts = BTreeSet::from([
            Host::Name("localhost".to_owned()),
            Host::Address(Ipv4Addr::LOCALHOST.into()),
            Host::Address(Ipv6Addr::LOCALHOST.into()),
        ]);
        hosts.extend(extra_hosts.iter().map(|host| Host::parse(host)));

        let kept = match (read(&certificate)?, read(&key_file)?) {
            (Some(certificate), Some(key)) => Kept::read(&certificate, &key).ok_or(Unfit::Unreadable),
            (None, None) => {
                let key = create(&certificate, &key_file, &hosts, now)?;
                return Self::new(key, hosts, certificate, Provenance::Made);
            }
            _ => Err(Unfit::NotAPair),
        };
        let (reason, earlier_hosts) = match kept {
            Ok(kept) => match kept.unfit(&hosts, now) {
                None => {
                    keep_private(&key_file)?;
                    return Self::new(kept.key, hosts, certificate, Provenance::Kept);
                }
                Some(reason) => (reason, kept.hosts),
            },
            Err(reason) => (reason, BTreeSet::new()),
        };
        // For the hosts it served before, too: going back and forth between two origins replaces it once.
        let permitted: BTreeSet<Host> = hosts.union(&earlier_hosts).cloned().collect();
        let key = create(&certificate, &key_file, &permitted, now)?;
        Self::new(key, hosts, certificate, Provenance::Replaced(reason))
    }

    fn new(
        key: KeyPair,
        hosts: BTreeSet<Host>,
        certificate: PathBuf,
        provenance: Provenance,
    ) -> Result<Self, DevCaError> {
        let issuer = Issuer::new(ca_params(&hosts)?, key);
        Ok(Self { issuer, hosts, certificate, provenance })
    }

    /// The file that clients are to trust.
    pub(crate) fn certificate_file(&self) -> &Path {
        &self.certificate
    }

    pub(crate) fn provenance(&self) -> &Provenance {
        &self.provenance
    }

    /// A certificate for the server, good for 90 days from `now`.
    pub(crate) fn issue(&self, now: Timestamp) -> Result<CertifiedKey, DevCaError> {
        let mut params = CertificateParams::default();
        set_dates(&mut params, now, SERVER_DAYS)?;
        params.distinguished_name = named("Vestibule development server");
        params.subject_alt_names =
            self.hosts.iter().map(Host::subject_alt_name).collect::<Result<_, DevCaError>>()?;
        params.is_ca = IsCa::ExplicitNoCa;
        params.key_usages = vec![KeyUsagePurpose::DigitalSignature];
        params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth];
        params.use_authority_key_identifier_extension = true;
        let key = KeyPair::generate()?;
        let certificate = params.signed_by(&key, &self.issuer)?;
        let key = PrivateKeyDer::from(PrivatePkcs8KeyDer::from(key.serialize_der()));
        Ok(CertifiedKey::from_der(vec![certificate.der().clone()], key, &super::provider())?)
    }
}

/// A CA as it was found.
struct Kept {
    key: KeyPair,
    is_pair: bool,
    validity: Validity,
    hosts: BTreeSet<Host>,
}

impl Kept {
    fn read(certificate: &str, key: &str) -> Option<Self> {
        let key = KeyPair::from_pem(key).ok()?;
        let der = CertificateDer::from_pem_slice(certificate.as_bytes()).ok()?;
        let (_, parsed) = x509_parser::parse_x509_certificate(&der).ok()?;
        let constraints = parsed.name_constraints().ok()??;
        let hosts = constraints.value.permitted_subtrees.iter().flatten();
        Some(Self {
            is_pair: parsed.public_key().raw == key.subject_public_key_info(),
            validity: Validity::of(&der)?,
            hosts: hosts.filter_map(|subtree| Host::permitted(&subtree.base)).collect(),
            key,
        })
    }

    /// Why it will not do, if so.
    fn unfit(&self, hosts: &BTreeSet<Host>, now: Timestamp) -> Option<Unfit> {
        let outlives_server = self.validity.not_after > now + (24 * i64::from(SERVER_DAYS)).hours();
        if !self.is_pair {
            Some(Unfit::NotAPair)
        } else if !outlives_server || now < self.validity.not_before {
            Some(Unfit::OutOfDate)
        } else if !self.hosts.is_superset(hosts) {
            Some(Unfit::OtherHosts)
        } else {
            None
        }
    }
}

fn named(name: &str) -> DistinguishedName {
    let mut distinguished_name = DistinguishedName::new();
    distinguished_name.push(DnType::CommonName, name);
    distinguished_name
}

/// All but the dates, which issuing does not need.
fn ca_params(hosts: &BTreeSet<Host>) -> Result<CertificateParams, DevCaError> {
    for host in hosts {
        host.subject_alt_name()?;
    }
    let mut params = CertificateParams::default();
    params.distinguished_name = named(NAME);
    params.is_ca = IsCa::Ca(BasicConstraints::Constrained(0));
    params.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
    params.name_constraints = Some(NameConstraints {
        permitted_subtrees: hosts.iter().map(Host::subtree).collect(),
        excluded_subtrees: vec![],
    });
    Ok(params)
}

/// Makes a CA and writes it down, the key first: a CA without its key would look whole.
fn create(
    certificate: &Path,
    key_file: &Path,
    hosts: &BTreeSet<Host>,
    now: Timestamp,
) -> Result<KeyPair, DevCaError> {
    let mut params = ca_params(hosts)?;
    set_dates(&mut params, now, CA_DAYS)?;
    let key = KeyPair::generate()?;
    let ca = params.self_signed(&key)?;
    write(key_file, &key.serialize_pem(), 0o600)?;
    write(certificate, &ca.pem(), 0o644)?;
    Ok(key)
}

/// From the midnight a day ago, for clocks that disagree a little, to that `days` days ahead.
fn set_dates(params: &mut CertificateParams, now: Timestamp, days: i32) -> Result<(), DevCaError> {
    let today = now.to_zoned(TimeZone::UTC).date();
    let midnight = |days: i32| {
        let date = today.checked_add(days.days()).ok()?;
        let (month, day) = (u8::try_from(date.month()).ok()?, u8::try_from(date.day()).ok()?);
        Some(rcgen::date_time_ymd(date.year().into(), month, day))
    };
    let dates = midnight(-1).zip(midnight(days)).ok_or(DevCaError::Date(now))?;
    (params.not_before, params.not_after) = dates;
    Ok(())
}

/// `None` when there is no such file. What is there and no text reads as nothing of use.
fn read(path: &Path) -> Result<Option<String>, DevCaError> {
    match fs::read(path) {
        Ok(bytes) => Ok(Some(String::from_utf8_lossy(&bytes).into_owned())),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(source) => Err(DevCaError::File { path: path.to_owned(), source }),
    }
}

fn write(path: &Path, contents: &str, mode: u32) -> Result<(), DevCaError> {
    whole_file::write(path, mode, |file| file.write_all(contents.as_bytes()))
        .map_err(|source| DevCaError::File { path: path.to_owned(), source })
}

/// Takes the key of a kept CA away from everybody else, should it have been copied carelessly.
fn keep_private(key_file: &Path) -> Result<(), DevCaError> {
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        fs::set_permissions(key_file, fs::Permissions::from_mode(0o600))
            .map_err(|source| DevCaError::File { path: key_file.to_owned(), source })?;
    }
    #[cfg(not(unix))]
    let _ = key_file;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn now() -> Timestamp {
        "2030-06-15T12:00:00Z".parse().unwrap()
    }

    fn provenance(dir: &Path, hosts: &[&str], now: Timestamp) -> Provenance {
        DevCa::open_or_create(dir, hosts, now).unwrap().provenance().clone()
    }

    #[test]
    fn it_is_made_once_and_kept() {
        let dir = tempfile::tempdir().unwrap();
        assert_eq!(provenance(dir.path(), &[], now()), Provenance::Made);
        let before = fs::read(dir.path().join(CERTIFICATE)).unwrap();
        assert_eq!(provenance(dir.path(), &[], now() + 24.hours()), Provenance::Kept);
        assert_eq!(fs::read(dir.path().join(CERTIFICATE)).unwrap(), before);
    }

    #[cfg(unix)]
    #[test]
    fn nobody_else_reads_its_key() {
        use std::os::unix::fs::PermissionsExt;
        let dir = tempfile::tempdir().unwrap();
        let key = dir.path().join(KEY);
        let mode = || fs::metadata(&key).unwrap().permissions().mode() & 0o777;
        provenance(dir.path(), &[], now());
        assert_eq!(mode(), 0o600);
        fs::set_permissions(&key, fs::Permissions::from_mode(0o644)).unwrap();
        provenance(dir.path(), &[], now());
        assert_eq!(mode(), 0o600);
    }

    #[test]
    fn it_is_replaced_when_it_will_not_do_and_says_why() {
        let dir = tempfile::tempdir().unwrap();
        provenance(dir.path(), &[], now());
        let other = &["id.contoso.test"];
        let replaced = |reason| Provenance::Replaced(reason);
        assert_eq!(provenance(dir.path(), other, now()), replaced(Unfit::OtherHosts));
        assert_eq!(provenance(dir.path(), &["192.0.2.7"], now()), replaced(Unfit::OtherHosts));
        assert_eq!(provenance(dir.path(), other, now()), Provenance::Kept, "earlier hosts stay permitted");
        let late = now() + (24 * 365 * 10).hours();
        assert_eq!(provenance(dir.path(), other, late), replaced(Unfit::OutOfDate));

        fs::write(dir.path().join(KEY), KeyPair::generate().unwrap().serialize_pem()).unwrap();
        assert_eq!(provenance(dir.path(), other, late), replaced(Unfit::NotAPair));
        fs::remove_file(dir.path().join(KEY)).unwrap();
        assert_eq!(provenance(dir.path(), other, late), replaced(Unfit::NotAPair));
        fs::write(dir.path().join(CERTIFICATE), "nonsense").unwrap();
        assert_eq!(provenance(dir.path(), other, late), replaced(Unfit::Unreadable));
    }

    #[test]
    fn a_host_that_is_not_ascii_is_refused_in_words() {
        let dir = tempfile::tempdir().unwrap();
        let refused = DevCa::open_or_create(dir.path(), &["bücher.test"], now()).err().unwrap().to_string();
        assert!(refused.contains("bücher.test"), "{refused}");
    }
}
