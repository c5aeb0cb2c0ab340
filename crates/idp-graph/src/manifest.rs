//! Manifests: an application out of a file and into one, in the form of Microsoft Graph or of the portal until 2024.
//!
//! What nobody here knows is carried, and comes back: members of the application, of its `api`, `web`, `spa`,
//! `publicClient` and `info`, and of its permissions and app roles; not those within its other lists.
//!
//! What the directory says of an application is not taken from a file: its ids, its publisher and who vouches for it. Nor
//! are secrets, of which a file has at most the hint; secrets and certificates that the application has and the file
//! names are kept, and what it does not name goes.

use idp_domain::applications::{Application, FederatedCredential};
use serde_json::{Map, Value, json};
use uuid::Uuid;
use vestibule_wire::manifest::{self, Form};

use crate::error::{Fault, MemberFault};
use crate::schema::application::{self, Source};

/// Federated credentials are objects of their own in Graph, and stand in its answers under this name when expanded.
const FEDERATED: &str = "federatedIdentityCredentials";

/// Writes an application as a manifest.
pub fn write(application: &Application, form: Form) -> Map<String, Value> {
    let mut members = application::render(application);
    application::with_keys(&mut members, &application.certificates);
    members.retain(|name, _| !name.contains('@') && name != "deletedDateTime");
    for name in ["tokenLifetime", "clientFamily"] {
        if members.get(name).is_some_and(Value::is_null) {
            members.remove(name);
        }
    }
    // They say nothing that `redirectUris` does not, unless they were carried.
    if application.other.members().get("web").and_then(|web| web.get("redirectUriSettings")).is_none()
        && let Some(web) = members.get_mut("web").and_then(Value::as_object_mut)
    {
        web.remove("redirectUriSettings");
    }
    if !application.federated_credentials.is_empty() {
        members.insert(FEDERATED.into(), json!(application.federated_credentials));
    }
    for (name, value) in application.other.members().iter().filter(|(name, _)| !name.starts_with('@')) {
        members.entry(name.clone()).or_insert_with(|| value.clone());
    }
    match form {
        Form::Graph => members,
        Form::Legacy => manifest::to_legacy(&members),
    }
}

/// Reads a manifest of either form as what becomes of an application: all of it but what the directory says.
///
/// `new_id` makes ids for certificates that have none. The rules of the domain are still to be asked.
pub fn read(
    file: &[u8],
    onto: &Application,
    new_id: &dyn Fn() -> Uuid,
) -> Result<(Form, Application), Vec<MemberFault>> {
    let (form, members) = manifest::parse(file).map_err(faults_of)?;
    let members = match form {
        Form::Graph => members,
        Form::Legacy => manifest::to_graph(members).map_err(faults_of)?,
    };
    let mut application = Application {
        created_at: onto.created_at,
        publisher_domain: onto.publisher_domain.clone(),
        verified_publisher: onto.verified_publisher.clone(),
        secrets: onto.secrets.clone(),
        certificates: onto.certificates.clone(),
        federated_credentials: onto.federated_credentials.clone(),
        revision: onto.revision,
        ..Application::new(onto.tenant, onto.id, onto.client_id, onto.display_name.clone())
    };
    application.info.logo_url.clone_from(&onto.info.logo_url);
    let mut faults =
        application::apply(&mut application, &rest(&members), Source::Manifest).err().unwrap_or_default();
    faults.extend(credentials(&mut application, &members, new_id));
    faults.extend(federated(&mut application, members.get(FEDERATED)));
    if faults.is_empty() { Ok((form, application)) } else { Err(faults) }
}

fn rest(members: &Map<String, Value>) -> Map<String, Value> {
    members
        .iter()
        .filter(|(name, _)| *name != FEDERATED)
        .map(|(name, value)| (name.clone(), value.clone()))
        .collect()
}

/// Files name credentials whose value they do not have: those are kept if they are there, and passed over if not.
fn credentials(
    application: &mut Application,
    members: &Map<String, Value>,
    new_id: &dyn Fn() -> Uuid,
) -> Vec<MemberFault> {
    let secrets: Vec<String> = application.secrets.iter().map(|secret| secret.id.to_string()).collect();
    let keys: Vec<String> = application.certificates.iter().map(|key| key.id.to_string()).collect();
    let known = |ids: &[String], entry: &Value| {
        let id = entry["keyId"].as_str().unwrap_or_default().to_ascii_lowercase();
        ids.contains(&id)
    };
    let mut taken = Map::new();
    for (name, ids, value) in
        [("passwordCredentials", &secrets, "secretText"), ("keyCredentials", &keys, "key")]
    {
        if let Some(list) = members.get(name).and_then(Value::as_array) {
            let wanted = list.iter().filter(|entry| known(ids, entry) || !entry[value].is_null());
            taken.insert(name.to_owned(), wanted.cloned().collect());
        }
    }
    application::take_credentials(application, &taken, true, new_id).err().unwrap_or_default()
}

fn federated(application: &mut Application, value: Option<&Value>) -> Vec<MemberFault> {
    let Some(list) = value.and_then(Value::as_array) else { return Vec::new() };
    let mut faults = Vec::new();
    let mut read = Vec::with_capacity(list.len());
    for (index, entry) in list.iter().enumerate() {
        match serde_json::from_value::<FederatedCredential>(entry.clone()) {
            Ok(credential) => read.push(credential),
            Err(error) => {
                let why = format!("it cannot be read: {error}.");
                faults.push(MemberFault::new(format!("{FEDERATED}[{index}]"), Fault::Value(why)));
            }
        }
    }
    application.federated_credentials = read;
    faults
}

fn faults_of(errors: manifest::ManifestErrors) -> Vec<MemberFault> {
    let fault = |error: manifest::ManifestError| {
        MemberFault::new(error.member, Fault::Value(format!("it {}.", error.reason)))
    };
    errors.into_iter().map(fault).collect()
}
