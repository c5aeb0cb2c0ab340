//! `oauth2PermissionGrants`: which delegated permissions of a resource a client has, for everybody or for one person.

use std::collections::HashSet;

use idp_domain::consent::PermissionGrant;
use idp_domain::directory::ObjectKind;
use serde_json::json;
use uuid::Uuid;
use vestibule_wire::ids::{ServicePrincipalId, UserId};

use super::entry::Entry;
use super::format::Members;
use super::import::Tenancy;
use super::names::Called;

const EVERYBODY: &str = "AllPrincipals";
const ONE: &str = "Principal";

/// Writes a grant; none if one of the three is not in the file, or nothing is left of it. `offered` are the permissions
/// that the resource has: one that is gone means nothing.
pub(super) fn write(grant: &PermissionGrant, offered: &[String], called: &Called) -> Option<Members> {
    let mut scopes: Vec<_> =
        grant.scopes.iter().filter(|scope| offered.contains(scope)).map(String::as_str).collect();
    scopes.sort_unstable();
    if scopes.is_empty() {
        return None;
    }
    let mut members = Members::from_iter([
        ("clientId".to_owned(), json!(called.name(grant.client.guid())?)),
        ("resourceId".to_owned(), json!(called.name(grant.resource.guid())?)),
        ("scope".to_owned(), json!(scopes.join(" "))),
    ]);
    if let Some(user) = grant.principal {
        members.insert("consentType".into(), json!(ONE));
        members.insert("principalId".into(), json!(called.name(user.guid())?));
    }
    Some(members)
}

/// The grants of a file, none of them twice.
#[derive(Debug, Default)]
pub(super) struct Grants(HashSet<(Uuid, Uuid, Option<Uuid>)>);

impl Grants {
    /// Reads a grant; none if anything is wrong with it.
    pub(super) fn read(&mut self, mut entry: Entry<'_>, tenancy: &Tenancy<'_>) -> Option<PermissionGrant> {
        let find = |entry: &mut Entry<'_>, name: &str, kind: ObjectKind| {
            let text = entry.required(name)?;
            tenancy.find(entry, name, &text, &[kind]).map(|(id, _)| id)
        };
        let client = find(&mut entry, "clientId", ObjectKind::ServicePrincipal);
        let resource = find(&mut entry, "resourceId", ObjectKind::ServicePrincipal);
        let one = match entry.text("consentType").as_deref() {
            None => entry.said("principalId"),
            Some(EVERYBODY) => false,
            Some(ONE) => true,
            Some(_) => {
                entry.fault("consentType", format_args!("it is {EVERYBODY} or {ONE}"));
                return None;
            }
        };
        let principal = if one { Some(find(&mut entry, "principalId", ObjectKind::User)) } else { None };
        let scopes = scopes(&mut entry, resource, tenancy);
        let at = entry.at.clone();
        let (client, resource) = (client?, resource?);
        let principal = match principal {
            Some(user) => Some(user?),
            None => None,
        };
        if !self.0.insert((client, resource, principal)) {
            entry
                .faults
                .add(at, "the client has another grant on the resource for the same; put them together");
        }
        entry.end();
        Some(PermissionGrant {
            tenant: tenancy.tenant,
            client: ServicePrincipalId::new(client),
            resource: ServicePrincipalId::new(resource),
            principal: principal.map(UserId::new),
            scopes,
        })
    }
}

/// The permissions, each of which the resource offers.
fn scopes(entry: &mut Entry<'_>, resource: Option<Uuid>, tenancy: &Tenancy<'_>) -> Vec<String> {
    let text = entry.required("scope").unwrap_or_default();
    let mut scopes: Vec<String> = Vec::new();
    for scope in text.split_ascii_whitespace() {
        let offered = resource.and_then(|id| tenancy.application_of(id));
        let known = offered.is_none_or(|application| {
            application.delegated_permissions.iter().any(|permission| permission.value == scope)
        });
        if !known {
            entry.fault("scope", format_args!("the resource has no delegated permission '{scope}'"));
        }
        if !scopes.iter().any(|other| other == scope) {
            scopes.push(scope.to_owned());
        }
    }
    if scopes.is_empty() && !text.is_empty() {
        entry.fault("scope", "it names no permission");
    }
    scopes
}
