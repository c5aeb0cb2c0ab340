//! Application ID URIs (`identifierUris`): the names under which an application is asked for as a resource.
//!
//! A name must say whose it is, so that nobody takes another's (CN-10): by the client id, the tenant id, or a verified
//! domain. Names that were there before stay.

use url::Url;

use super::{Circumstances, Findings, Rule};
use crate::applications::Application;

/// The longest name, in characters.
const MAX: usize = 255;

pub(super) fn check(
    new: &Application,
    old: Option<&Application>,
    circumstances: &Circumstances<'_>,
    found: &mut Findings,
) {
    for (index, uri) in new.identifier_uris.iter().enumerate() {
        let member = format!("identifierUris[{index}]");
        if new.identifier_uris[..index].iter().any(|other| other.eq_ignore_ascii_case(uri)) {
            found.add(&member, Rule::Duplicate, format!("'{}' is there twice", shown(uri)));
        }
        if old.is_some_and(|old| old.identifier_uris.contains(uri)) {
            continue;
        }
        if let Err((rule, reason)) = acceptable(uri, new, circumstances) {
            found.add(member, rule, reason);
        }
    }
}

type Fault = (Rule, String);

fn acceptable(uri: &str, new: &Application, circumstances: &Circumstances<'_>) -> Result<(), Fault> {
    let form = |reason: &str| Err((Rule::Form, format!("'{}' {reason}", shown(uri))));
    if uri.is_empty() || uri.len() > MAX {
        return Err((Rule::Length, format!("a name has 1 to {MAX} characters")));
    }
    if !uri.bytes().all(|b| b.is_ascii_graphic())
        || uri.contains(['"', '<', '>', '\\', '^', '`', '{', '|', '}'])
    {
        return form("has characters that a URI cannot have");
    }
    if uri.contains(['#', '*']) {
        return form("has a fragment or a wildcard");
    }
    let Ok(parsed) = Url::parse(uri) else { return form("is not an absolute URI") };
    if !parsed.username().is_empty() || parsed.password().is_some() {
        return form("has user information");
    }
    // Whatever runs as a link is no name.
    if matches!(parsed.scheme(), "javascript" | "data" | "vbscript" | "file" | "blob" | "about") {
        return form("has a scheme that is not possible");
    }
    if circumstances.registered_before {
        return Ok(());
    }
    if uri.ends_with('/') {
        return form("ends with a slash");
    }
    if says_whose_it_is(uri, &parsed, new, circumstances.domains) {
        return Ok(());
    }
    // Entra's own sentence, which people look up.
    Err((
        Rule::NotOnVerifiedDomain,
        format!(
            "Values of identifierUris property must use a verified domain of the organization or its subdomain: '{}'",
            shown(uri)
        ),
    ))
}

fn says_whose_it_is(uri: &str, parsed: &Url, new: &Application, domains: &[String]) -> bool {
    match parsed.scheme() {
        "https" => parsed.host_str().is_some_and(|host| on_domain(host, domains)),
        "api" => {
            let Some(rest) = uri.get("api://".len()..).filter(|_| uri[..6].eq_ignore_ascii_case("api://"))
            else {
                return false;
            };
            let (first, more) = rest.split_once('/').unwrap_or((rest, ""));
            let client = new.client_id.to_string();
            // The forms that are listed as safe: by client id, by tenant id, by domain.
            first.eq_ignore_ascii_case(&client)
                || (first.eq_ignore_ascii_case(&new.tenant.to_string()) && !more.is_empty())
                || (!first.is_empty() && more.eq_ignore_ascii_case(&client))
                || on_domain(first, domains)
        }
        _ => false,
    }
}

fn on_domain(host: &str, domains: &[String]) -> bool {
    let host = host.to_ascii_lowercase();
    domains.iter().any(|domain| {
        host == *domain
            || host.strip_suffix(domain.as_str()).is_some_and(|sub| sub.len() > 1 && sub.ends_with('.'))
    })
}

/// A name fit for a message.
fn shown(uri: &str) -> String {
    uri.chars().take(MAX).flat_map(char::escape_debug).collect()
}
