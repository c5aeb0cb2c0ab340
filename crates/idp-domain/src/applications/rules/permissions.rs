//! What it offers as a resource: delegated permissions (`api.oauth2PermissionScopes`) and app roles, which share one
//! space of ids and, while they are enabled, one of values.

use uuid::Uuid;

use super::{Findings, Rule};
use crate::applications::Application;

/// The longest value, in characters.
const MAX_VALUE: usize = 120;

/// What else than letters and digits a value may have.
const ALLOWED: &str = ":!#$%&'()*+,-./;=?@[]^_`{|}~";

struct Offered<'a> {
    member: String,
    id: Uuid,
    value: Option<&'a str>,
    enabled: bool,
}

pub(super) fn check(new: &Application, found: &mut Findings) {
    let scopes = new.delegated_permissions.iter().enumerate().map(|(index, scope)| Offered {
        member: format!("api.oauth2PermissionScopes[{index}]"),
        id: scope.id,
        value: Some(scope.value.as_str()),
        enabled: scope.is_enabled,
    });
    let roles = new.app_roles.iter().enumerate().map(|(index, role)| Offered {
        member: format!("appRoles[{index}]"),
        id: role.id,
        value: role.value.as_deref(),
        enabled: role.is_enabled,
    });
    let offered: Vec<_> = scopes.chain(roles).collect();
    for (index, one) in offered.iter().enumerate() {
        let before = &offered[..index];
        if one.id.is_nil() {
            found.add(format!("{}.id", one.member), Rule::Form, "it is the id that no permission has");
        }
        if before.iter().any(|other| other.id == one.id) {
            found.add(
                format!("{}.id", one.member),
                Rule::Duplicate,
                format!("the id {} is there twice", one.id),
            );
        }
        let member = format!("{}.value", one.member);
        let Some(value) = one.value else { continue };
        of_value(value, &member, found);
        let same = |other: &&Offered<'_>| {
            other.enabled && other.value.is_some_and(|theirs| theirs.eq_ignore_ascii_case(value))
        };
        if one.enabled && before.iter().any(|other| same(&other)) {
            found.add(member, Rule::Duplicate, format!("another enabled permission has the value '{value}'"));
        }
    }
    for (index, role) in new.app_roles.iter().enumerate() {
        if role.allowed_member_types.is_empty() {
            let member = format!("appRoles[{index}].allowedMemberTypes");
            found.add(member, Rule::Length, "somebody must be able to have it: User, Application, or both");
        }
    }
}

fn of_value(value: &str, member: &str, found: &mut Findings) {
    if value.is_empty() || value.chars().count() > MAX_VALUE {
        found.add(member, Rule::Length, format!("a value has 1 to {MAX_VALUE} characters"));
    }
    if !value.bytes().all(|b| b.is_ascii_alphanumeric() || ALLOWED.as_bytes().contains(&b)) {
        found.add(member, Rule::Form, "it has characters that a value cannot have");
    }
    // `.default` is a word of the protocol.
    if value.starts_with('.') {
        found.add(member, Rule::Form, "it begins with a full stop");
    }
}
