//! `microsoft.graph.directoryRole`, its template, and the same in the words of role management.
//!
//! Every built-in role is active in every directory, under the id of its template.

use idp_domain::directory::role::{self, DirectoryRole};
use serde_json::{Map, Value, json};
use uuid::Uuid;
use vestibule_wire::ids::UserId;

use super::directory_object::DELETED;
use crate::odata::schema::{EntityType, Kind, boolean, collection, guid, string, strings};

/// A role of the directory.
pub static DIRECTORY_ROLE: EntityType = EntityType::open("directoryRole", "directoryRoles").properties(&[
    guid("id").shown().filterable().required(),
    DELETED.shown(),
    string("description").shown(),
    string("displayName").shown().filterable(),
    guid("roleTemplateId").shown().filterable(),
]);

/// What a role of a directory is made from.
pub static DIRECTORY_ROLE_TEMPLATE: EntityType =
    EntityType::open("directoryRoleTemplate", "directoryRoleTemplates").properties(&[
        guid("id").shown().filterable().required(),
        DELETED.shown(),
        string("description").shown(),
        string("displayName").shown().filterable(),
    ]);

/// The same role, in the words of role management.
pub static ROLE_DEFINITION: EntityType =
    EntityType::open("unifiedRoleDefinition", "roleManagement/directory/roleDefinitions").properties(&[
        guid("id").shown().filterable().required(),
        string("description").shown(),
        string("displayName").shown().filterable(),
        boolean("isBuiltIn").shown().filterable(),
        boolean("isEnabled").shown().filterable(),
        boolean("isPrivileged").filterable(),
        strings("resourceScopes").shown(),
        guid("templateId").shown().filterable(),
        string("version").shown(),
        collection("rolePermissions", &Kind::Any).shown(),
    ]);

/// Who has a role.
pub static ROLE_ASSIGNMENT: EntityType =
    EntityType::open("unifiedRoleAssignment", "roleManagement/directory/roleAssignments").properties(&[
        string("id").shown().filterable().required(),
        guid("principalId").shown().filterable().writable_on_create().required(),
        guid("roleDefinitionId").shown().filterable().writable_on_create().required(),
        string("directoryScopeId").shown().filterable().writable_on_create(),
        string("appScopeId"),
    ]);

/// A role of the directory.
pub fn role(role: &DirectoryRole) -> Map<String, Value> {
    let mut members = template(role);
    members.insert("roleTemplateId".into(), json!(role.template.to_string()));
    members
}

/// A template.
pub fn template(role: &DirectoryRole) -> Map<String, Value> {
    object(json!({
        "id": role.template.to_string(),
        "deletedDateTime": null,
        "description": role.description,
        "displayName": role.name,
    }))
}

/// A definition.
pub fn definition(role: &DirectoryRole) -> Map<String, Value> {
    object(json!({
        "id": role.template.to_string(),
        "description": role.description,
        "displayName": role.name,
        "isBuiltIn": true,
        "isEnabled": true,
        "isPrivileged": role.privileged,
        "resourceScopes": ["/"],
        "templateId": role.template.to_string(),
        "version": "1",
        "rolePermissions": [],
    }))
}

/// An assignment.
pub fn assignment(template: Uuid, user: UserId) -> Map<String, Value> {
    object(json!({
        "id": assignment_id(template, user),
        "principalId": user.to_string(),
        "roleDefinitionId": template.to_string(),
        "directoryScopeId": "/",
        "appScopeId": null,
    }))
}

/// The id of an assignment says whose and which: both ids in lower-case hexadecimal.
fn assignment_id(template: Uuid, user: UserId) -> String {
    format!("{}{}", template.simple(), user.guid().simple())
}

/// Reads the id of an assignment back.
pub fn read_assignment_id(text: &str) -> Option<(&'static DirectoryRole, UserId)> {
    let (template, user) = text.split_at_checked(32).filter(|(_, user)| user.len() == 32)?;
    let role = role::find(Uuid::try_parse(template).ok()?)?;
    Some((role, UserId::new(Uuid::try_parse(user).ok()?)))
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
    fn the_id_of_an_assignment_is_read_back_and_nothing_else_is() {
        let user = UserId::from_u128(7);
        let id = assignment_id(role::USER_ADMINISTRATOR, user);
        let (found, who) = read_assignment_id(&id).unwrap();
        assert_eq!((found.template, who), (role::USER_ADMINISTRATOR, user));
        assert_eq!(id, id.to_ascii_lowercase());
        for other in ["", "x", &id[..63], &format!("{id}0"), &"0".repeat(64), &"é".repeat(32)] {
            assert!(read_assignment_id(other).is_none(), "{other}");
        }
    }
}
