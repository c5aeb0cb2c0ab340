//! Secrets and certificates as they are written. A certificate may be sent with the application; a secret is made here,
//! and its text is in one answer only (GA-06).

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use idp_domain::applications::{Application, Certificate, NewSecret};
use jiff::Timestamp;
use serde_json::{Map, Value};
use uuid::Uuid;

use crate::error::{Fault, MemberFault};

/// Credentials that what was written asks for.
#[derive(Debug, Default)]
pub struct NewCredentials {
    /// Secrets that are to be made.
    pub secrets: Vec<NewSecret>,
}

/// Takes `keyCredentials` and `passwordCredentials`, which name all that there are to be: what is there already is named
/// by its `keyId`, and what is not named goes. `new_id` makes ids for what has none.
///
/// `creating` says that secrets may be asked for, as when an application is made.
pub fn take_credentials(
    application: &mut Application,
    set: &Map<String, Value>,
    creating: bool,
    new_id: &dyn Fn() -> Uuid,
) -> Result<NewCredentials, Vec<MemberFault>> {
    let mut faults = Vec::new();
    let mut new = NewCredentials::default();
    if let Some(value) = set.get("keyCredentials") {
        let old = std::mem::take(&mut application.certificates);
        for (path, entry) in listed("keyCredentials", value, &mut faults) {
            match old.iter().find(|known| known.id.to_string() == text(entry, "keyId").to_ascii_lowercase()) {
                Some(known) => application.certificates.push(known.clone()),
                None => match certificate(&path, entry, new_id) {
                    Ok(certificate) => application.certificates.push(certificate),
                    Err(fault) => faults.push(fault),
                },
            }
        }
    }
    if let Some(value) = set.get("passwordCredentials") {
        let old = std::mem::take(&mut application.secrets);
        for (path, entry) in listed("passwordCredentials", value, &mut faults) {
            match old.iter().find(|known| known.id.to_string() == text(entry, "keyId").to_ascii_lowercase()) {
                Some(known) => application.secrets.push(known.clone()),
                None if creating => match new_secret(&path, entry) {
                    Ok(secret) => new.secrets.push(secret),
                    Err(fault) => faults.push(fault),
                },
                None => {
                    let why = "it is not there; a secret is made by addPassword.";
                    faults.push(MemberFault::new(format!("{path}/keyId"), Fault::Value(why.into())));
                }
            }
        }
    }
    if faults.is_empty() { Ok(new) } else { Err(faults) }
}

fn listed<'v>(
    name: &str,
    value: &'v Value,
    faults: &mut Vec<MemberFault>,
) -> Vec<(String, &'v Map<String, Value>)> {
    let mut entries = Vec::new();
    for (index, entry) in value.as_array().into_iter().flatten().enumerate() {
        let path = format!("{name}[{index}]");
        match entry.as_object() {
            Some(members) => entries.push((path, members)),
            None => faults.push(MemberFault::new(path, Fault::Type("an object"))),
        }
    }
    entries
}

/// A certificate that is new: `key` is the certificate in DER or PEM, in base64.
pub fn certificate(
    path: &str,
    entry: &Map<String, Value>,
    new_id: &dyn Fn() -> Uuid,
) -> Result<Certificate, MemberFault> {
    let wrong =
        |member: &str, why: String| Err(MemberFault::new(format!("{path}/{member}"), Fault::Value(why)));
    // Keys of other kinds would be taken for what proves who the application is.
    if !matches!(text(entry, "type"), "" | "AsymmetricX509Cert") {
        return wrong("type", "it is AsymmetricX509Cert.".into());
    }
    if !matches!(text(entry, "usage"), "" | "Verify") {
        return wrong("usage", "it is Verify: the application signs, and the directory verifies.".into());
    }
    let bytes = match STANDARD.decode(text(entry, "key").trim()) {
        Ok(bytes) if !bytes.is_empty() => bytes,
        _ => return wrong("key", "it is a certificate in base64.".into()),
    };
    let id = Uuid::try_parse(text(entry, "keyId")).unwrap_or_else(|_| new_id());
    let name = Some(text(entry, "displayName")).filter(|name| !name.is_empty()).map(str::to_owned);
    let mut certificate = match Certificate::read(id, name, &bytes) {
        Ok(certificate) => certificate,
        Err(bad) => return wrong("key", format!("{bad}.")),
    };
    // It may be used for less long than it says, never for longer.
    if let Some(from) = date(path, entry, "startDateTime")? {
        certificate.starts_at = certificate.starts_at.max(from);
    }
    if let Some(until) = date(path, entry, "endDateTime")? {
        certificate.expires_at = certificate.expires_at.min(until);
    }
    if certificate.expires_at <= certificate.starts_at {
        return wrong("endDateTime", "it ends before it begins.".into());
    }
    Ok(certificate)
}

/// A secret that is to be made. Its value is not the client's to choose.
pub fn new_secret(path: &str, entry: &Map<String, Value>) -> Result<NewSecret, MemberFault> {
    if entry.get("secretText").is_some_and(|value| !value.is_null()) {
        let why = "secrets are made by the directory.";
        return Err(MemberFault::new(format!("{path}/secretText"), Fault::Value(why.into())));
    }
    let name = text(entry, "displayName");
    if name.chars().count() > 90 || name.chars().any(char::is_control) {
        let why = "it has at most 90 characters, none of which controls anything.";
        return Err(MemberFault::new(format!("{path}/displayName"), Fault::Value(why.into())));
    }
    Ok(NewSecret {
        display_name: Some(name).filter(|name| !name.is_empty()).map(str::to_owned),
        starts_at: date(path, entry, "startDateTime")?,
        expires_at: date(path, entry, "endDateTime")?,
    })
}

fn text<'m>(entry: &'m Map<String, Value>, name: &str) -> &'m str {
    entry.get(name).and_then(Value::as_str).unwrap_or_default()
}

fn date(path: &str, entry: &Map<String, Value>, name: &str) -> Result<Option<Timestamp>, MemberFault> {
    match entry.get(name) {
        None | Some(Value::Null) => Ok(None),
        Some(value) => match value.as_str().and_then(|text| text.parse().ok()) {
            Some(at) => Ok(Some(at)),
            None => Err(MemberFault::new(format!("{path}/{name}"), Fault::Type("Edm.DateTimeOffset"))),
        },
    }
}
