//! Redirect URIs by platform, and what an application is when no redirect URI tells.
//!
//! | the old form | the Microsoft Graph form |
//! |---|---|
//! | `replyUrlsWithType[]` of type `Web` | `web.redirectUris` |
//! | … `Spa` | `spa.redirectUris` |
//! | … `InstalledClient` | `publicClient.redirectUris` |
//! | `replyUrls` (2015) | `publicClient.redirectUris` if `publicClient` is true, else `web.redirectUris` |
//! | `allowPublicClient`, `publicClient` (2015) | `isFallbackPublicClient` |
//!
//! `publicClient` is a boolean in the old form and an object in the new one. All three lists are written if one of the
//! old members is there: Microsoft Graph always answers with all three.

use std::collections::BTreeSet;

use serde_json::{Map, Value, json};

use super::conversion::Conversion;
use super::error::Reason;
use super::kind::Kind;

pub(crate) const OLD: &[&str] = &["replyUrlsWithType", "replyUrls", "allowPublicClient", PUBLIC_CLIENT];
pub(crate) const NEW: &[&str] =
    &["web.redirectUris", "spa.redirectUris", "publicClient.redirectUris", "isFallbackPublicClient"];

/// The name that both forms have, with different meanings.
pub(crate) const PUBLIC_CLIENT: &str = "publicClient";

/// The types of `replyUrlsWithType`, in the order of the lists in [`NEW`].
const TYPES: [&str; 3] = ["Web", "Spa", "InstalledClient"];
const LISTS: [&str; 3] = ["web.redirectUris", "spa.redirectUris", "publicClient.redirectUris"];
const WEB: usize = 0;
const INSTALLED_CLIENT: usize = 2;

type Lists = [Vec<Value>; 3];

pub(crate) fn to_graph(conversion: &mut Conversion) {
    let faults = conversion.fault_count();
    let public = match conversion.get(PUBLIC_CLIENT) {
        // What is carried of the new form's object.
        Some(Value::Object(_)) => None,
        _ => conversion.typed(PUBLIC_CLIENT, Kind::Flag),
    };
    let lists = redirect_uris(conversion, public == Some(Value::Bool(true)));
    // The boolean goes first: the object of the same name cannot be put while it is there.
    fallback(conversion, public);
    if conversion.fault_count() == faults
        && let Some(lists) = lists
    {
        let put = LISTS.into_iter().zip(lists).map(|(to, uris)| (to, Value::Array(uris))).collect();
        conversion.replace(&["replyUrlsWithType", "replyUrls"], put);
    }
}

fn fallback(conversion: &mut Conversion, public: Option<Value>) {
    let allow = match conversion.get("allowPublicClient") {
        None => None,
        Some(_) => match conversion.typed("allowPublicClient", Kind::Flag) {
            None => return,
            said => said,
        },
    };
    let mut taken = vec!["allowPublicClient"];
    if public.is_some() {
        taken.push(PUBLIC_CLIENT);
    }
    let value = match (allow, public) {
        (None, None) => return,
        (Some(allow @ Value::Bool(_)), Some(public @ Value::Bool(_))) if allow != public => {
            return conversion.fault(PUBLIC_CLIENT, Reason::Contradicts("allowPublicClient".to_owned()));
        }
        (None | Some(Value::Null), Some(public)) => public,
        (Some(allow), _) => allow,
    };
    conversion.replace(&taken, vec![("isFallbackPublicClient", value)]);
}

/// The three lists, or `None` if the document has neither old member, or a wrong one.
fn redirect_uris(conversion: &mut Conversion, public: bool) -> Option<Lists> {
    let typed = conversion.get("replyUrlsWithType").cloned().map(|value| by_type(conversion, &value));
    let plain = match conversion.get("replyUrls") {
        None => None,
        Some(_) => Some(items(conversion.typed("replyUrls", Kind::Texts)?)),
    };
    match (typed, plain) {
        (Some(lists), Some(plain)) => {
            let lists = lists?;
            let listed: BTreeSet<_> = lists.iter().flatten().filter_map(Value::as_str).collect();
            let same = listed == plain.iter().filter_map(Value::as_str).collect();
            if !same {
                conversion.fault("replyUrls", Reason::Contradicts("replyUrlsWithType".to_owned()));
            }
            Some(lists)
        }
        (Some(lists), None) => lists,
        (None, Some(plain)) => {
            let mut lists = Lists::default();
            lists[if public { INSTALLED_CLIENT } else { WEB }] = plain;
            Some(lists)
        }
        (None, None) => None,
    }
}

fn items(value: Value) -> Vec<Value> {
    match value {
        Value::Array(items) => items,
        _ => Vec::new(),
    }
}

fn by_type(conversion: &mut Conversion, value: &Value) -> Option<Lists> {
    let mut lists = Lists::default();
    let entries = match value {
        Value::Null => return Some(lists),
        Value::Array(entries) => entries,
        _ => {
            conversion.fault("replyUrlsWithType", Reason::Expected("an array of objects"));
            return None;
        }
    };
    for (index, entry) in entries.iter().enumerate() {
        let at = format!("replyUrlsWithType[{index}]");
        let Value::Object(members) = entry else {
            conversion.fault(at, Reason::Expected("an object"));
            continue;
        };
        for name in members.keys().filter(|name| !["url", "type"].contains(&name.as_str())) {
            conversion.fault(format!("{at}.{}", super::json::printable(name)), Reason::NoPlace);
        }
        let (url, list) = (url(conversion, &at, members), list(conversion, &at, members));
        if let (Some(url), Some(list)) = (url, list) {
            lists[list].push(url);
        }
    }
    Some(lists)
}

fn url(conversion: &mut Conversion, at: &str, members: &Map<String, Value>) -> Option<Value> {
    let reason = match members.get("url") {
        Some(url @ Value::String(_)) => return Some(url.clone()),
        Some(_) => Reason::Expected("a string"),
        None => Reason::Missing,
    };
    conversion.fault(format!("{at}.url"), reason);
    None
}

fn list(conversion: &mut Conversion, at: &str, members: &Map<String, Value>) -> Option<usize> {
    let reason = match members.get("type") {
        Some(Value::String(word)) => match TYPES.iter().position(|known| known == word) {
            Some(list) => return Some(list),
            None => Reason::NotOneOf(&TYPES),
        },
        Some(_) => Reason::Expected("a string"),
        None => Reason::Missing,
    };
    conversion.fault(format!("{at}.type"), reason);
    None
}

pub(crate) fn to_legacy(conversion: &mut Conversion) {
    conversion.read("isFallbackPublicClient", &[], "allowPublicClient", Kind::Flag);
    let mut entries = Vec::new();
    let (mut there, faults) = (false, conversion.fault_count());
    for (list, word) in LISTS.into_iter().zip(TYPES) {
        there |= conversion.get(list).is_some();
        let uris = conversion.typed(list, Kind::Texts).unwrap_or_default();
        entries.extend(items(uris).into_iter().map(|url| json!({"url": url, "type": word})));
    }
    if there && conversion.fault_count() == faults {
        conversion.replace(&LISTS, vec![("replyUrlsWithType", Value::Array(entries))]);
    }
}
