//! Federated credentials: whose tokens count as the application's own proof.

use url::Url;

use super::{Findings, Rule};
use crate::applications::{Application, FederatedCredential};

/// How many an application may have.
const MAX: usize = 20;
/// The longest name, in characters; the shortest has three.
const MAX_NAME: usize = 120;
/// The longest issuer, subject, audience and description.
const MAX_TEXT: usize = 600;

pub(super) fn check(new: &Application, old: Option<&Application>, found: &mut Findings) {
    let all = &new.federated_credentials;
    found.at_most(MAX, all.len(), "federatedIdentityCredentials", Rule::Count);
    for (index, one) in all.iter().enumerate() {
        let member = format!("federatedIdentityCredentials[{index}]");
        let before = &all[..index];
        // It is a key in addresses, whose case does not matter.
        if before.iter().any(|other| other.name.eq_ignore_ascii_case(&one.name)) {
            let reason = format!("another has the name '{}'", one.name.escape_debug());
            found.add(format!("{member}.name"), Rule::Duplicate, reason);
        }
        if before.iter().any(|other| (&other.issuer, &other.subject) == (&one.issuer, &one.subject)) {
            let reason = "another has the same issuer and subject";
            found.add(format!("{member}.subject"), Rule::Duplicate, reason);
        }
        let was = old.and_then(|old| old.federated_credentials.iter().find(|other| other.id == one.id));
        if was.is_some_and(|was| was.name != one.name) {
            found.add(format!("{member}.name"), Rule::Immutable, "it cannot be changed");
        }
        of_credential(one, &member, found);
    }
}

fn of_credential(one: &FederatedCredential, member: &str, found: &mut Findings) {
    let word = |b: u8| b.is_ascii_alphanumeric() || b == b'-' || b == b'_';
    let starts_well = one.name.bytes().next().is_some_and(|b| b.is_ascii_alphanumeric());
    if !(3..=MAX_NAME).contains(&one.name.len()) || !one.name.bytes().all(word) || !starts_well {
        let reason = format!(
            "a name has 3 to {MAX_NAME} letters, digits, hyphens and underscores, and begins with a letter or digit"
        );
        found.add(format!("{member}.name"), Rule::Form, reason);
    }
    let mut text = |name: &str, text: &str| {
        let shape = !text.is_empty() && text.trim() == text && !text.chars().any(char::is_control);
        if !shape || text.chars().count() > MAX_TEXT {
            let reason = format!("it has 1 to {MAX_TEXT} characters, and no blanks around them");
            found.add(format!("{member}.{name}"), Rule::Length, reason);
        }
    };
    text("issuer", &one.issuer);
    text("subject", &one.subject);
    if let [audience] = one.audiences.as_slice() {
        text("audiences[0]", audience);
    } else {
        found.add(format!("{member}.audiences"), Rule::Count, "there must be exactly one");
    }
    if one.description.as_ref().is_some_and(|text| text.chars().count() > MAX_TEXT) {
        let reason = format!("it is longer than {MAX_TEXT} characters");
        found.add(format!("{member}.description"), Rule::Length, reason);
    }
    // Its keys are fetched from there: only over TLS.
    if !Url::parse(&one.issuer).is_ok_and(|url| {
        url.scheme() == "https" && url.host().is_some() && url.query().is_none() && url.fragment().is_none()
    }) {
        let reason = "it is not an https address without query and fragment";
        found.add(format!("{member}.issuer"), Rule::Form, reason);
    }
}
