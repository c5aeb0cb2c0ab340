//! `microsoft.graph.oAuth2PermissionGrant` and `microsoft.graph.appRoleAssignment`. Their ids say what they are of: three
//! GUIDs in lower-case hexadecimal, so that they are found without being looked for.

use idp_domain::applications::AppRoleAssignment;
use idp_domain::consent::PermissionGrant;
use idp_domain::directory::ObjectKind;
use serde_json::{Map, Value, json};
use uuid::Uuid;
use vestibule_wire::ids::{ServicePrincipalId, TenantId, UserId};

use super::directory_object::DELETED;
use super::texts::time;
use crate::odata::schema::{EntityType, date_time, guid, string};

/// Delegated permissions that were granted.
pub static PERMISSION_GRANT: EntityType = EntityType::open("oAuth2PermissionGrant", "oauth2PermissionGrants")
    .properties(&[
        guid("clientId").shown().filterable().writable_on_create().required(),
        string("consentType").shown().filterable().writable_on_create().required(),
        string("id").shown().filterable().required(),
        guid("principalId").shown().filterable().writable_on_create(),
        guid("resourceId").shown().filterable().writable_on_create().required(),
        string("scope").shown().filterable().writable(),
        // Graph ignores what clients of its older versions still send.
        string("startTime").writable_on_create(),
        string("expiryTime").writable_on_create(),
    ]);

/// An app role that somebody has.
pub static APP_ROLE_ASSIGNMENT: EntityType = EntityType::open("appRoleAssignment", "appRoleAssignments")
    .properties(&[
        string("id").shown().filterable().required(),
        DELETED.shown(),
        guid("appRoleId").shown().filterable().writable_on_create().required(),
        date_time("createdDateTime").shown().filterable(),
        string("principalDisplayName").shown().filterable(),
        guid("principalId").shown().filterable().writable_on_create().required(),
        string("principalType").shown().filterable(),
        string("resourceDisplayName").shown().filterable(),
        guid("resourceId").shown().filterable().writable_on_create().required(),
    ]);

/// A grant.
pub fn grant(grant: &PermissionGrant) -> Map<String, Value> {
    object(json!({
        "clientId": grant.client.to_string(),
        "consentType": if grant.principal.is_some() { "Principal" } else { "AllPrincipals" },
        "id": grant_id(grant),
        "principalId": grant.principal.map(|user| user.to_string()),
        "resourceId": grant.resource.to_string(),
        "scope": grant.scopes.join(" "),
    }))
}

/// The id of a grant: client, resource, and person; of everybody it is nobody's.
pub fn grant_id(grant: &PermissionGrant) -> String {
    let principal = grant.principal.map_or(Uuid::nil(), |user| user.guid());
    three([grant.client.guid(), grant.resource.guid(), principal])
}

/// A grant without its permissions, as its id names it.
pub fn read_grant_id(tenant: TenantId, text: &str) -> Option<PermissionGrant> {
    let [client, resource, principal] = read_three(text)?;
    Some(PermissionGrant {
        tenant,
        client: ServicePrincipalId::new(client),
        resource: ServicePrincipalId::new(resource),
        principal: (!principal.is_nil()).then(|| UserId::new(principal)),
        scopes: Vec::new(),
    })
}

/// An assignment, with what the two were called.
pub fn assignment(assignment: &AppRoleAssignment, principal: &str, resource: &str) -> Map<String, Value> {
    object(json!({
        "id": assignment_id(assignment),
        "deletedDateTime": null,
        "appRoleId": assignment.app_role.to_string(),
        "createdDateTime": time(assignment.created_at),
        "principalDisplayName": principal,
        "principalId": assignment.principal.to_string(),
        "principalType": match assignment.principal_kind {
            ObjectKind::User => "User",
            ObjectKind::Group => "Group",
            ObjectKind::Application | ObjectKind::ServicePrincipal => "ServicePrincipal",
        },
        "resourceDisplayName": resource,
        "resourceId": assignment.resource.to_string(),
    }))
}

/// The id of an assignment: principal, resource, role.
pub fn assignment_id(assignment: &AppRoleAssignment) -> String {
    three([assignment.principal, assignment.resource.guid(), assignment.app_role])
}

/// Principal, resource and role, as an id of an assignment names them.
pub fn read_assignment_id(text: &str) -> Option<(Uuid, ServicePrincipalId, Uuid)> {
    let [principal, resource, role] = read_three(text)?;
    Some((principal, ServicePrincipalId::new(resource), role))
}

fn three(ids: [Uuid; 3]) -> String {
    ids.map(|id| id.simple().to_string()).concat()
}

fn read_three(text: &str) -> Option<[Uuid; 3]> {
    if text.len() != 96 || !text.bytes().all(|b| b.is_ascii_hexdigit()) {
        return None;
    }
    let read = |from: usize| Uuid::try_parse(text.get(from..from + 32)?).ok();
    Some([read(0)?, read(32)?, read(64)?])
}

fn object(value: Value) -> Map<String, Value> {
    match value {
        Value::Object(members) => members,
        _ => Map::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_are_read_back_and_nothing_else_is() {
        let tenant = TenantId::from_u128(1);
        for principal in [None, Some(UserId::from_u128(4))] {
            let (client, resource) = (ServicePrincipalId::from_u128(2), ServicePrincipalId::from_u128(3));
            let given = PermissionGrant { tenant, client, resource, principal, scopes: vec![] };
            let id = grant_id(&given);
            assert_eq!(read_grant_id(tenant, &id), Some(given));
            assert_eq!(id, id.to_ascii_lowercase());
        }
        for bad in ["", "x", &"0".repeat(95), &"0".repeat(97), &"g".repeat(96), &"é".repeat(48)] {
            assert_eq!(read_three(bad), None, "{bad}");
        }
    }
}
