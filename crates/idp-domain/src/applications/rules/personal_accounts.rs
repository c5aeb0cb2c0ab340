//! What is not possible when personal accounts may sign in, beyond the limits that stand with their families.
//!
//! Optional claims are not refused: Entra documents that they have no effect for personal accounts.

use super::{Findings, Rule};
use crate::applications::Application;

const MAX_NAME: usize = 90;
const MAX_IDENTIFIER_URIS: usize = 50;
const MAX_IDENTIFIER_URI: usize = 120;
const MAX_SECRETS: usize = 2;
const MAX_SCOPES: usize = 100;
const MAX_SCOPE: usize = 40;
const MAX_CLIENTS: usize = 100;
const MAX_SCOPES_OF_CLIENT: usize = 30;

pub(super) fn check(new: &Application, found: &mut Findings) {
    const RULE: Rule = Rule::PersonalAccounts;
    if !new.sign_in_audience.takes_personal_accounts() {
        return;
    }
    if !new.access_token_version.is_v2() {
        let reason =
            "Application must accept Access Token Version 2 to be available for Microsoft Account users.";
        found.add("api.requestedAccessTokenVersion", Rule::TokenVersion, reason);
    }
    found.at_most(MAX_NAME, new.display_name.chars().count(), "displayName", RULE);
    found.at_most(MAX_IDENTIFIER_URIS, new.identifier_uris.len(), "identifierUris", RULE);
    for (index, uri) in new.identifier_uris.iter().enumerate() {
        let member = format!("identifierUris[{index}]");
        if uri.to_ascii_lowercase().starts_with("urn:") || uri.contains('?') {
            let reason = "urn: names and queries are not possible with personal accounts";
            found.add(&member, RULE, reason);
        }
        found.at_most(MAX_IDENTIFIER_URI, uri.chars().count(), &member, RULE);
    }
    found.at_most(MAX_SECRETS, new.secrets.len(), "passwordCredentials", RULE);
    found.at_most(MAX_SCOPES, new.delegated_permissions.len(), "api.oauth2PermissionScopes", RULE);
    for (index, scope) in new.delegated_permissions.iter().enumerate() {
        let member = format!("api.oauth2PermissionScopes[{index}].value");
        found.at_most(MAX_SCOPE, scope.value.chars().count(), &member, RULE);
    }
    if !new.app_roles.is_empty() {
        found.add("appRoles", RULE, "app roles are not possible with personal accounts");
    }
    found.at_most(MAX_CLIENTS, new.pre_authorized.len(), "api.preAuthorizedApplications", RULE);
    for (index, client) in new.pre_authorized.iter().enumerate() {
        let member = format!("api.preAuthorizedApplications[{index}].delegatedPermissionIds");
        found.at_most(MAX_SCOPES_OF_CLIENT, client.delegated_permission_ids.len(), &member, RULE);
    }
}
