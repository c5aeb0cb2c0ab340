//! The clients an application names as a resource: those whose consent is asked for together with its own
//! (`knownClientApplications`), and those that need none (`preAuthorizedApplications`).

use std::collections::HashSet;

use super::{Findings, Rule};
use crate::applications::Application;

pub(super) fn check(new: &Application, found: &mut Findings) {
    let mut known = HashSet::new();
    for (index, client) in new.known_clients.iter().enumerate() {
        let member = format!("api.knownClientApplications[{index}]");
        if !known.insert(client) {
            found.add(&member, Rule::Duplicate, format!("the client {client} is there twice"));
        }
    }
    let offered: HashSet<_> = new.delegated_permissions.iter().map(|scope| scope.id).collect();
    let mut clients = HashSet::new();
    for (index, one) in new.pre_authorized.iter().enumerate() {
        let member = format!("api.preAuthorizedApplications[{index}]");
        if !clients.insert(one.app_id) {
            let reason = format!("the client {} is there twice", one.app_id);
            found.add(format!("{member}.appId"), Rule::Duplicate, reason);
        }
        let mut seen = HashSet::new();
        for (index, id) in one.delegated_permission_ids.iter().enumerate() {
            let member = format!("{member}.delegatedPermissionIds[{index}]");
            if !offered.contains(id) {
                found.add(&member, Rule::Unknown, format!("{id} is not in api.oauth2PermissionScopes"));
            }
            if !seen.insert(id) {
                found.add(member, Rule::Duplicate, format!("{id} is there twice"));
            }
        }
    }
}
