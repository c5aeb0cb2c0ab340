//! What somebody may have been granted is not taken away unawares: a permission is disabled first, then removed or given
//! another value. Titles and explanations may change at any time.

use super::{Findings, Rule};
use crate::applications::Application;

const REASON: &str = "Permission (scope or role) cannot be deleted or updated unless disabled first.";

pub(super) fn check(new: &Application, old: Option<&Application>, found: &mut Findings) {
    let Some(old) = old else { return };
    for scope in old.delegated_permissions.iter().filter(|scope| scope.is_enabled) {
        let now = new.delegated_permissions.iter().enumerate().find(|(_, now)| now.id == scope.id);
        match now {
            None => found.add("api.oauth2PermissionScopes", Rule::EnabledEntitlement, REASON),
            Some((index, now)) if now.value != scope.value => {
                let member = format!("api.oauth2PermissionScopes[{index}].value");
                found.add(member, Rule::EnabledEntitlement, REASON);
            }
            Some(_) => {}
        }
    }
    for role in old.app_roles.iter().filter(|role| role.is_enabled) {
        let now = new.app_roles.iter().enumerate().find(|(_, now)| now.id == role.id);
        let Some((index, now)) = now else {
            found.add("appRoles", Rule::EnabledEntitlement, REASON);
            continue;
        };
        let mut change = |member: &str, changed: bool| {
            if changed {
                found.add(format!("appRoles[{index}].{member}"), Rule::EnabledEntitlement, REASON);
            }
        };
        change("value", now.value != role.value);
        // Taking in more kinds of members takes nothing from anybody.
        let lost = role.allowed_member_types.iter().any(|kind| !now.allowed_member_types.contains(kind));
        change("allowedMemberTypes", lost);
    }
}
