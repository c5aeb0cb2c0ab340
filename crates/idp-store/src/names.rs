//! The names under which applications are asked for: Application ID URIs, each one application's in its home tenant, and
//! the names of service principals, each one's in its tenant.

use idp_domain::applications::{Application, Registration};
use idp_domain::changes::Conflict;
use vestibule_wire::ids::{ApplicationId, ClientId, TenantId};

use crate::step::{Step, values};
use crate::texts::texts;

texts! {
    TAKE_URI = "INSERT INTO identifier_uris (tenant_id, uri, application_id) VALUES ($1, $2, $3) \
        ON CONFLICT DO NOTHING";
    FREE_URIS = "DELETE FROM identifier_uris WHERE tenant_id = $1 AND application_id = $2";

    NAME_PRINCIPAL = "INSERT INTO service_principal_names (tenant_id, name, principal_id) \
        VALUES ($1, $2, $3) ON CONFLICT DO NOTHING";
    FREE_NAMES = "DELETE FROM service_principal_names WHERE tenant_id = $1 AND principal_id = $2";
    /// The service principals of an application, in every tenant.
    FREE_NAMES_OF_ALL = "DELETE FROM service_principal_names WHERE (tenant_id, principal_id) IN \
        (SELECT tenant_id, id FROM service_principals WHERE client_id = $1)";
    NAME_ALL = "INSERT INTO service_principal_names (tenant_id, name, principal_id) \
        SELECT tenant_id, $1, id FROM service_principals WHERE client_id = $2 ON CONFLICT DO NOTHING";
    /// Asked after everybody took what is free: the application's own service principal must have got it.
    NAME_OF_ANOTHER = "SELECT 1 FROM service_principal_names n \
        JOIN service_principals p ON p.tenant_id = n.tenant_id AND p.id <> n.principal_id \
        WHERE n.tenant_id = $1 AND n.name = $2 AND p.client_id = $3";
}

/// A list, each item once.
fn distinct(mut names: Vec<String>) -> Vec<String> {
    let mut seen = std::collections::HashSet::new();
    names.retain(|name| seen.insert(name.clone()));
    names
}

/// The names that the service principals of an application go by.
pub(crate) fn of(application: &Application) -> Vec<String> {
    let client = application.client_id.to_string();
    distinct(std::iter::once(client).chain(application.identifier_uris.iter().cloned()).collect())
}

/// The application's Application ID URIs are its own, or another has one of them.
pub(crate) fn take_uris(application: &Application) -> impl Iterator<Item = Step> {
    let Application { tenant, id, .. } = *application;
    let uris = distinct(application.identifier_uris.clone()).into_iter();
    uris.map(move |uri| Step::one(TAKE_URI, Conflict::AlreadyExists, values![tenant, uri, id]))
}

pub(crate) fn free_uris(tenant: TenantId, application: ApplicationId) -> Step {
    Step::any(FREE_URIS, values![tenant, application])
}

/// A service principal takes its names. Only at home does it insist on them: elsewhere an application could otherwise
/// keep others out by what it calls itself.
pub(crate) fn take_names(registration: &Registration) -> impl Iterator<Item = Step> {
    let (tenant, id) = (registration.principal.tenant, registration.principal.id);
    let insists = registration.is_at_home();
    distinct(registration.names()).into_iter().map(move |name| {
        let params = values![tenant, name, id];
        if insists {
            Step::one(NAME_PRINCIPAL, Conflict::AlreadyExists, params)
        } else {
            Step::any(NAME_PRINCIPAL, params)
        }
    })
}

pub(crate) fn free_names(registration: &Registration) -> Step {
    Step::any(FREE_NAMES, values![registration.principal.tenant, registration.principal.id])
}

/// All service principals of the application take these names, by the same rule.
pub(crate) fn take_names_of_all(application: &Application, names: &[String]) -> Vec<Step> {
    let (tenant, client) = (application.tenant, application.client_id);
    let take = |name: &String| {
        [
            Step::any(NAME_ALL, values![name.clone(), client]),
            Step::absent(NAME_OF_ANOTHER, Conflict::AlreadyExists, values![tenant, name.clone(), client]),
        ]
    };
    names.iter().flat_map(take).collect()
}

pub(crate) fn free_names_of_all(client: ClientId) -> Step {
    Step::any(FREE_NAMES_OF_ALL, values![client])
}
