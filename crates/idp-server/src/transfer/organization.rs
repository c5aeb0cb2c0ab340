//! `organization`: the tenant itself, with its domains.

use std::collections::HashSet;

use idp_domain::applications::rules::TOKEN_LIFETIME;
use idp_domain::policies::{FlowPolicy, FlowSwitch};
use idp_domain::tenant::{CompatProfile, Tenant, UserConsent};
use idp_graph::schema::texts::time;
use jiff::Timestamp;
use serde_json::{Value, json};
use vestibule_wire::authority::Authority;
use vestibule_wire::ids::TenantId;

use super::entry::Entry;
use super::format::Members;
use super::ids;

/// What the file calls the choices.
const USER_CONSENT: [(&str, UserConsent); 3] =
    [("any", UserConsent::Any), ("lowRisk", UserConsent::LowRisk), ("nothing", UserConsent::Nothing)];
const REFRESH_TOKENS: [(&str, CompatProfile); 2] =
    [("entra", CompatProfile::Entra), ("strict", CompatProfile::Strict)];

/// A tenant with its domains.
#[derive(Debug)]
pub(super) struct Organization {
    pub(super) tenant: Tenant,
    pub(super) domains: Vec<String>,
}

pub(super) fn write(tenant: &Tenant, domains: &[String]) -> Members {
    let mut names = vec![tenant.default_domain.as_str()];
    names.extend(domains.iter().map(String::as_str).filter(|domain| *domain != tenant.default_domain));
    let mut members = Members::from_iter([
        ("id".to_owned(), json!(tenant.id)),
        ("displayName".to_owned(), json!(tenant.display_name)),
        ("domains".to_owned(), json!(names)),
        ("createdDateTime".to_owned(), time(tenant.created_at)),
    ]);
    let mut say = |name: &str, value: Value| drop(members.insert(name.to_owned(), value));
    if !tenant.enabled {
        say("enabled", json!(false));
    }
    if tenant.user_consent != UserConsent::default() {
        say("userConsent", json!(word(&USER_CONSENT, tenant.user_consent)));
    }
    if tenant.compat != CompatProfile::default() {
        say("refreshTokens", json!(word(&REFRESH_TOKENS, tenant.compat)));
    }
    let (flows, unsaid) = (tenant.flows, FlowPolicy::default());
    if flows.password_grant != unsaid.password_grant {
        say("passwordGrant", json!(flows.password_grant.as_str()));
    }
    if flows.device_code != unsaid.device_code {
        say("deviceCode", json!(flows.device_code.as_str()));
    }
    if let Some(seconds) = tenant.token_lifetime {
        say("tokenLifetime", json!(seconds));
    }
    members
}

fn word<T: PartialEq + Copy>(words: &[(&'static str, T)], value: T) -> Option<&'static str> {
    words.iter().find(|(_, meaning)| *meaning == value).map(|(word, _)| *word)
}

/// Reads the tenant; none if it is not clear which it is.
pub(super) fn read(mut entry: Entry<'_>, now: Timestamp) -> Option<Organization> {
    let domains = domains(&mut entry);
    let named = entry.guid("id").map(TenantId::new);
    let display_name = entry.required("displayName");
    let user_consent = choice(&mut entry, "userConsent", &USER_CONSENT);
    let compat = choice(&mut entry, "refreshTokens", &REFRESH_TOKENS);
    let switches = FlowSwitch::ALL.map(|switch| (switch.as_str(), switch));
    let unsaid = FlowPolicy::default();
    let flows = FlowPolicy {
        password_grant: choice(&mut entry, "passwordGrant", &switches).unwrap_or(unsaid.password_grant),
        device_code: choice(&mut entry, "deviceCode", &switches).unwrap_or(unsaid.device_code),
    };
    let token_lifetime = entry.number("tokenLifetime");
    if token_lifetime.is_some_and(|seconds| !TOKEN_LIFETIME.contains(&seconds)) {
        let (from, to) = (TOKEN_LIFETIME.start(), TOKEN_LIFETIME.end());
        entry.fault("tokenLifetime", format_args!("it is from {from} to {to} seconds"));
    }
    let enabled = entry.flag("enabled").unwrap_or(true);
    let created_at = entry.time("createdDateTime").unwrap_or(now);
    if display_name.as_ref().is_some_and(|name| !is_name(name)) {
        entry.fault("displayName", "it has 1 to 256 characters, none of which controls anything");
    }
    entry.end();
    let default_domain = domains.first()?.clone();
    let tenant = Tenant {
        id: named.unwrap_or_else(|| ids::of_tenant(&default_domain)),
        display_name: display_name.unwrap_or_default(),
        default_domain,
        enabled,
        compat: compat.unwrap_or_default(),
        user_consent: user_consent.unwrap_or_default(),
        flows,
        token_lifetime,
        created_at,
        revision: 0,
    };
    Some(Organization { tenant, domains })
}

fn is_name(text: &str) -> bool {
    !text.trim().is_empty() && text.chars().count() <= 256 && !text.chars().any(char::is_control)
}

/// The domains, in lower case, the default one first.
fn domains(entry: &mut Entry<'_>) -> Vec<String> {
    let texts = entry.texts("domains");
    if texts.is_empty() {
        entry
            .fault("domains", "it names at least one domain, such as contoso.test; the first is the default");
    }
    let mut seen = HashSet::new();
    let mut domains = Vec::with_capacity(texts.len());
    for (index, text) in texts.iter().enumerate() {
        let at = format!("domains[{index}]");
        match Authority::parse(&text.to_ascii_lowercase()) {
            Ok(Authority::Domain(domain)) if seen.insert(domain.clone()) => domains.push(domain),
            Ok(Authority::Domain(_)) => entry.fault(&at, "it is there twice"),
            _ => entry.fault(&at, format_args!("'{text}' is not a domain name such as contoso.test")),
        }
    }
    domains
}

fn choice<T: Copy>(entry: &mut Entry<'_>, name: &str, words: &[(&str, T)]) -> Option<T> {
    let text = entry.text(name)?;
    let found = words.iter().find(|(word, _)| *word == text).map(|(_, meaning)| *meaning);
    if found.is_none() {
        let known: Vec<_> = words.iter().map(|(word, _)| *word).collect();
        entry.fault(name, format_args!("'{text}' is not one of {}", known.join(", ")));
    }
    found
}
