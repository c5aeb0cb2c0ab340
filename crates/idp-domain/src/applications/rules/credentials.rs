//! Secrets and certificates: each under an id of its own, by which it is taken away, and with a name fit to be shown.

use std::collections::HashSet;

use super::{Findings, Rule};
use crate::applications::Application;

/// The longest name of a credential, in characters.
const MAX_NAME: usize = 256;

pub(super) fn check(new: &Application, found: &mut Findings) {
    let secrets = new.secrets.iter().map(|secret| (secret.id, secret.display_name.as_deref()));
    of_list(secrets, "passwordCredentials", found);
    let certificates = new.certificates.iter().map(|key| (key.id, key.display_name.as_deref()));
    of_list(certificates, "keyCredentials", found);
}

fn of_list<'a>(
    list: impl Iterator<Item = (uuid::Uuid, Option<&'a str>)>,
    member: &str,
    found: &mut Findings,
) {
    let mut ids = HashSet::new();
    for (index, (id, name)) in list.enumerate() {
        if !ids.insert(id) {
            found.add(
                format!("{member}[{index}].keyId"),
                Rule::Duplicate,
                format!("the id {id} is there twice"),
            );
        }
        let name = name.unwrap_or_default();
        if name.chars().count() > MAX_NAME || name.chars().any(char::is_control) {
            let reason = format!("it has at most {MAX_NAME} characters, none of which controls anything");
            found.add(format!("{member}[{index}].displayName"), Rule::Form, reason);
        }
    }
}
