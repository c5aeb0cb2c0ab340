//! `appRoleAssignments`: who has which app role of a resource.

use std::collections::HashSet;

use idp_domain::applications::{AppRoleAssignment, Application, DEFAULT_ACCESS};
use idp_domain::directory::ObjectKind;
use idp_graph::schema::texts::time;
use serde_json::json;
use uuid::Uuid;
use vestibule_wire::graph::MemberType;
use vestibule_wire::ids::ServicePrincipalId;

use super::entry::{Entry, guid_of};
use super::format::Members;
use super::import::Tenancy;
use super::names::Called;

/// Writes an assignment; none if one of the two is not in the file, or the resource has no such role any more.
pub(super) fn write(
    assignment: &AppRoleAssignment,
    resource: &Application,
    called: &Called,
) -> Option<Members> {
    let mut members = Members::from_iter([
        ("principalId".to_owned(), json!(called.name(assignment.principal)?)),
        ("resourceId".to_owned(), json!(called.name(assignment.resource.guid())?)),
        ("createdDateTime".to_owned(), time(assignment.created_at)),
    ]);
    if assignment.app_role != DEFAULT_ACCESS {
        let role = resource.app_roles.iter().find(|role| role.id == assignment.app_role)?;
        let by_value = role
            .value
            .as_deref()
            .filter(|value| matches!(role_called(resource, value), Some(id) if id == role.id));
        members.insert("appRoleId".into(), by_value.map_or_else(|| json!(role.id), |value| json!(value)));
    }
    Some(members)
}

/// The one role with this value.
fn role_called(resource: &Application, value: &str) -> Option<Uuid> {
    if guid_of(value).is_some() {
        return None;
    }
    let mut with_value = resource.app_roles.iter().filter(|role| role.value.as_deref() == Some(value));
    let found = with_value.next()?;
    with_value.next().is_none().then_some(found.id)
}

/// The assignments of a file, none of them twice.
#[derive(Debug, Default)]
pub(super) struct Assignments(HashSet<(Uuid, Uuid, Uuid)>);

impl Assignments {
    /// Reads an assignment; none if anything is wrong with it.
    pub(super) fn read(&mut self, mut entry: Entry<'_>, tenancy: &Tenancy<'_>) -> Option<AppRoleAssignment> {
        const WHO: [ObjectKind; 3] = [ObjectKind::User, ObjectKind::Group, ObjectKind::ServicePrincipal];
        let principal = entry.required("principalId");
        let principal = principal.and_then(|text| tenancy.find(&mut entry, "principalId", &text, &WHO));
        let resource = entry.required("resourceId");
        let resource = resource
            .and_then(|text| tenancy.find(&mut entry, "resourceId", &text, &[ObjectKind::ServicePrincipal]));
        let role = entry.text("appRoleId");
        let created_at = entry.time("createdDateTime").unwrap_or(tenancy.now);
        let at = entry.at.clone();
        let ((principal, principal_kind), (resource, _)) = (principal?, resource?);
        let app_role = match (role, tenancy.application_of(resource)) {
            (Some(text), Some(application)) => role_of(&mut entry, &text, application, principal_kind)?,
            _ => DEFAULT_ACCESS,
        };
        if !self.0.insert((principal, resource, app_role)) {
            entry.faults.add(at, "it is there twice");
        }
        entry.end();
        let resource = ServicePrincipalId::new(resource);
        Some(AppRoleAssignment {
            tenant: tenancy.tenant,
            principal,
            principal_kind,
            resource,
            app_role,
            created_at,
        })
    }
}

/// The role that the text means, if the principal can have it.
fn role_of(entry: &mut Entry<'_>, text: &str, resource: &Application, kind: ObjectKind) -> Option<Uuid> {
    let id = guid_of(text).or_else(|| role_called(resource, text));
    if id == Some(DEFAULT_ACCESS) {
        return id;
    }
    let Some(role) = resource.app_roles.iter().find(|role| Some(role.id) == id) else {
        entry.fault("appRoleId", format_args!("the resource has no app role '{text}'"));
        return None;
    };
    let wanted = match kind {
        ObjectKind::User | ObjectKind::Group => MemberType::User,
        ObjectKind::Application | ObjectKind::ServicePrincipal => MemberType::Application,
    };
    if !role.allowed_member_types.contains(&wanted) {
        let who = if wanted == MemberType::User { "users and groups" } else { "applications" };
        entry.fault("appRoleId", format_args!("the role is not for {who} (allowedMemberTypes)"));
        return None;
    }
    id
}
