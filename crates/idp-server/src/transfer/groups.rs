//! `groups`: Graph's members, and who belongs to them.

use idp_domain::directory::{Group, Profile};
use idp_graph::body::{self, Moment};
use idp_graph::odata::schema::Writable;
use idp_graph::schema::group::{self, GROUP};
use idp_graph::schema::texts::time;
use serde_json::{Value, json};
use vestibule_wire::ids::GroupId;

use super::entry::Entry;
use super::format::Members;
use super::ids;
use super::import::Scene;

/// A group as the file has it.
#[derive(Debug)]
pub(super) struct Read {
    pub(super) at: String,
    pub(super) group: Group,
    /// As the file calls them.
    pub(super) members: Vec<String>,
    pub(super) owners: Vec<String>,
}

pub(super) fn write(group: &Group, belonging: &[String], owners: &[String]) -> Members {
    let shown = group::render(group);
    let mut members = Members::new();
    for property in GROUP.properties.iter().filter(|property| property.writable != Writable::Never) {
        if let Some(value) = shown.get(property.name).filter(|value| says_something(property.name, value)) {
            members.insert(property.name.to_owned(), value.clone());
        }
    }
    members.insert("id".into(), json!(group.id));
    members.insert("createdDateTime".into(), time(group.created_at));
    for (name, list) in [("members", belonging), ("owners", owners)] {
        if !list.is_empty() {
            members.insert(name.into(), json!(list));
        }
    }
    members
}

/// Whether a member is other than what it is when it is left out.
fn says_something(name: &str, value: &Value) -> bool {
    match name {
        "mailEnabled" => *value != json!(false),
        "securityEnabled" => *value != json!(true),
        _ => !value.is_null() && value.as_array().is_none_or(|list| !list.is_empty()),
    }
}

/// Reads a group; none if it is not clear which it is.
pub(super) fn read(mut entry: Entry<'_>, scene: &Scene<'_>) -> Option<Read> {
    let Some(name) = entry.peek("displayName").map(str::to_owned) else {
        entry.required("displayName");
        return None;
    };
    let named = entry.guid("id");
    let mut group = Group {
        tenant: scene.tenant,
        id: GroupId::new(named.unwrap_or_else(|| ids::of(scene.tenant, "group", &[&name]))),
        display_name: name.clone(),
        mail_nickname: nickname(&name),
        mail_enabled: false,
        security_enabled: true,
        assignable_to_role: false,
        created_at: entry.time("createdDateTime").unwrap_or(scene.now),
        profile: Profile::default(),
        revision: 0,
    };
    let (members, owners) = (entry.texts("members"), entry.texts("owners"));
    match body::members(&entry.rest(), &GROUP, Moment::Creating, &[]) {
        Ok(written) => {
            if let Err(faults) = group::apply(&mut group, &written.set) {
                entry.faults.of_members(&entry.at, faults);
            }
        }
        Err(refusal) => entry.faults.of_refusal(&entry.at, refusal),
    }
    Some(Read { at: entry.at, group, members, owners })
}

/// What a group that says none gets: the letters and digits of its name.
fn nickname(name: &str) -> String {
    let plain: String = name.chars().filter(char::is_ascii_alphanumeric).take(64).collect();
    if plain.is_empty() { "group".to_owned() } else { plain.to_ascii_lowercase() }
}
