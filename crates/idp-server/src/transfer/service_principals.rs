//! `servicePrincipals`: what applications are in the tenant, those of other tenants among them.

use std::sync::Arc;

use idp_domain::applications::{Application, Registration, ServicePrincipal};
use idp_graph::body::{self, Moment};
use idp_graph::odata::schema::Writable;
use idp_graph::schema::service_principal::{self, SERVICE_PRINCIPAL};
use idp_graph::schema::texts::time;
use serde_json::{Value, json};
use uuid::Uuid;
use vestibule_wire::ids::{ClientId, ServicePrincipalId};

use super::entry::Entry;
use super::format::Members;
use super::ids;
use super::import::{Known, Scene};

/// A service principal as the file has it, or as it comes by itself.
#[derive(Debug)]
pub(super) struct Read {
    pub(super) at: String,
    pub(super) registration: Registration,
    /// As the file calls them.
    pub(super) owners: Vec<String>,
}

pub(super) fn write(registration: &Registration, owners: &[String]) -> Members {
    let shown = service_principal::render(registration);
    let mut members = Members::new();
    for property in SERVICE_PRINCIPAL.properties.iter().filter(|p| p.writable != Writable::Never) {
        if let Some(value) = shown.get(property.name).filter(|value| says_something(property.name, value)) {
            members.insert(property.name.to_owned(), value.clone());
        }
    }
    members.insert("id".into(), json!(registration.principal.id));
    // Whose it is, for the reader.
    members.insert("displayName".into(), json!(registration.application.display_name));
    members.insert("createdDateTime".into(), time(registration.principal.created_at));
    if !owners.is_empty() {
        members.insert("owners".into(), json!(owners));
    }
    members
}

/// Whether a member is other than what it is when it is left out.
fn says_something(name: &str, value: &Value) -> bool {
    match name {
        "accountEnabled" => *value != json!(true),
        "appRoleAssignmentRequired" => *value != json!(false),
        _ => !value.is_null() && value.as_array().is_none_or(|list| !list.is_empty()),
    }
}

/// What the application that an entry names is; none if it is not clear.
fn application<'a>(entry: &mut Entry<'_>, known: &'a Known<'_>) -> Option<&'a Arc<Application>> {
    if entry.peek("appId").is_none() {
        // A name, of an application in the same file.
        let name = entry.text("displayName");
        let found = name.as_ref().map(|name| known.called(name));
        match found {
            Some(Ok(application)) => return Some(application),
            Some(Err(why)) => entry.fault("displayName", why),
            None => drop(entry.required("appId")),
        }
        return None;
    }
    let id = ClientId::new(entry.guid("appId")?);
    let found = known.by_id(id);
    if found.is_none() {
        let why = "no application in the file or in the store has this id. If another tenant has it, import that first";
        entry.fault("appId", why);
    }
    found
}

/// Reads a service principal; none if it is not clear which it is.
pub(super) fn read(mut entry: Entry<'_>, scene: &Scene<'_>, known: &Known<'_>) -> Option<Read> {
    let application = application(&mut entry, known);
    // What it is called is its application's to say.
    entry.take("displayName");
    let application = Arc::clone(application?);
    let named = entry.guid("id").map(ServicePrincipalId::new);
    let id = named.unwrap_or_else(|| derived(scene, application.client_id));
    let created_at = entry.time("createdDateTime").unwrap_or(scene.now);
    let principal = ServicePrincipal::new(scene.tenant, id, application.client_id, created_at);
    let mut registration = Registration { principal, application };
    let owners = entry.texts("owners");
    match body::members(&entry.rest(), &SERVICE_PRINCIPAL, Moment::Creating, &[]) {
        Ok(written) => {
            if let Err(faults) = service_principal::apply(&mut registration, &written.set) {
                entry.faults.of_members(&entry.at, faults);
            }
        }
        Err(refusal) => entry.faults.of_refusal(&entry.at, refusal),
    }
    Some(Read { at: entry.at, registration, owners })
}

/// The service principal that an application has when the file says nothing of it.
pub(super) fn by_itself(at: String, application: &Arc<Application>, scene: &Scene<'_>) -> Read {
    let id = derived(scene, application.client_id);
    let principal = ServicePrincipal::new(scene.tenant, id, application.client_id, scene.now);
    let registration = Registration { principal, application: Arc::clone(application) };
    Read { at, registration, owners: Vec::new() }
}

fn derived(scene: &Scene<'_>, application: ClientId) -> ServicePrincipalId {
    let id: Uuid = ids::of(scene.tenant, "service principal", &[&application.to_string()]);
    ServicePrincipalId::new(id)
}
