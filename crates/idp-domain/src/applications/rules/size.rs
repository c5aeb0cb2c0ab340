//! How large it may be: all its lists together.

use super::{Findings, Rule};
use crate::applications::Application;

/// Entries of all lists together.
const MAX: usize = 1200;

pub(super) fn check(new: &Application, found: &mut Findings) {
    let entries = new.app_roles.len()
        + new.delegated_permissions.len()
        + new.redirect_uris.len()
        + new.identifier_uris.len()
        + new.required_resource_access.iter().map(|one| 1 + one.resource_access.len()).sum::<usize>()
        + new.pre_authorized.iter().map(|one| 1 + one.delegated_permission_ids.len()).sum::<usize>()
        + new.known_clients.len()
        + new.optional_claims.id_token.len()
        + new.optional_claims.access_token.len()
        + new.optional_claims.saml2_token.len()
        + new.secrets.len()
        + new.certificates.len()
        + new.federated_credentials.len()
        + new.other.members().values().filter_map(serde_json::Value::as_array).map(Vec::len).sum::<usize>();
    if entries > MAX {
        let reason = format!(
            "The size of the manifest has exceeded its limit: there are {entries} entries, and at most {MAX} are possible. Please reduce the number of values and retry your request."
        );
        found.add("", Rule::Count, reason);
    }
}
