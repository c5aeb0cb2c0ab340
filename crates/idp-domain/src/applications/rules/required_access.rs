//! The permissions it needs of resources (`requiredResourceAccess`).

use std::collections::HashSet;

use super::{Findings, Rule};
use crate::applications::Application;

/// Resources.
const MAX_RESOURCES: usize = 50;
/// Permissions of all resources together.
const MAX_PERMISSIONS: usize = 400;
/// The same, with personal accounts, of all and of one resource.
const MAX_PERSONAL: (usize, usize) = (200, 30);

pub(super) fn check(new: &Application, found: &mut Findings) {
    const MEMBER: &str = "requiredResourceAccess";
    let required = &new.required_resource_access;
    found.at_most(MAX_RESOURCES, required.len(), MEMBER, Rule::Count);
    let all: usize = required.iter().map(|one| one.resource_access.len()).sum();
    found.at_most(MAX_PERMISSIONS, all, MEMBER, Rule::Count);
    let personal = new.sign_in_audience.takes_personal_accounts();
    if personal {
        found.at_most(MAX_PERSONAL.0, all, MEMBER, Rule::PersonalAccounts);
    }
    let mut resources = HashSet::new();
    for (index, one) in required.iter().enumerate() {
        let member = format!("{MEMBER}[{index}]");
        if !resources.insert(one.resource_app_id) {
            let reason = format!("the resource {} is there twice", one.resource_app_id);
            found.add(format!("{member}.resourceAppId"), Rule::Duplicate, reason);
        }
        let member = format!("{member}.resourceAccess");
        if personal {
            found.at_most(MAX_PERSONAL.1, one.resource_access.len(), &member, Rule::PersonalAccounts);
        }
        let mut permissions = HashSet::new();
        for (index, permission) in one.resource_access.iter().enumerate() {
            // Graph has permissions whose scope and role share an id.
            if !permissions.insert((permission.id, format!("{:?}", permission.kind))) {
                let reason = format!("the permission {} is there twice", permission.id);
                found.add(format!("{member}[{index}].id"), Rule::Duplicate, reason);
            }
        }
    }
}
