//! The file as a whole: one JSON object, its sections, and how it is laid out.

use std::io::{self, Write};

use serde::Serialize;
use serde::ser::{SerializeMap as _, Serializer};
use serde_json::{Map, Value};
use vestibule_jose::strict_json::{JsonError, parse_object};

use super::faults::{Faults, Refused};

/// What the file calls its own form.
const FORMAT: &str = "vestibule-tenant/1";

/// An object of the file.
pub(super) type Members = Map<String, Value>;

/// The file, in sections.
#[derive(Debug, Default)]
pub(crate) struct Document {
    pub(super) organization: Members,
    pub(super) users: Vec<Members>,
    pub(super) groups: Vec<Members>,
    pub(super) applications: Vec<Members>,
    pub(super) service_principals: Vec<Members>,
    pub(super) permission_grants: Vec<Members>,
    pub(super) app_role_assignments: Vec<Members>,
}

/// The sections that are lists, in their order in the file.
pub(super) const USERS: &str = "users";
pub(super) const GROUPS: &str = "groups";
pub(super) const APPLICATIONS: &str = "applications";
pub(super) const SERVICE_PRINCIPALS: &str = "servicePrincipals";
pub(super) const GRANTS: &str = "oauth2PermissionGrants";
pub(super) const ASSIGNMENTS: &str = "appRoleAssignments";

/// What an object begins with, as far as it has it. The rest is in the order of the alphabet.
const FIRST: [&str; 10] = [
    "id",
    "appId",
    "userPrincipalName",
    "displayName",
    "domains",
    "clientId",
    "principalId",
    "resourceId",
    "scope",
    "appRoleId",
];

impl Document {
    fn section(&mut self, name: &str) -> Option<&mut Vec<Members>> {
        Some(match name {
            USERS => &mut self.users,
            GROUPS => &mut self.groups,
            APPLICATIONS => &mut self.applications,
            SERVICE_PRINCIPALS => &mut self.service_principals,
            GRANTS => &mut self.permission_grants,
            ASSIGNMENTS => &mut self.app_role_assignments,
            _ => return None,
        })
    }

    /// Writes the file: indented, in a stable order, with a line end at its end.
    pub(crate) fn write(&self, out: &mut dyn Write) -> io::Result<()> {
        serde_json::to_writer_pretty(&mut *out, self)?;
        out.write_all(b"\n")
    }
}

impl Serialize for Document {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut file = serializer.serialize_map(None)?;
        file.serialize_entry("format", FORMAT)?;
        file.serialize_entry("organization", &InOrder(&self.organization))?;
        for (name, section) in [
            (USERS, &self.users),
            (GROUPS, &self.groups),
            (APPLICATIONS, &self.applications),
            (SERVICE_PRINCIPALS, &self.service_principals),
            (GRANTS, &self.permission_grants),
            (ASSIGNMENTS, &self.app_role_assignments),
        ] {
            if !section.is_empty() {
                file.serialize_entry(name, &section.iter().map(InOrder).collect::<Vec<_>>())?;
            }
        }
        file.end()
    }
}

/// An object that begins with what it is called.
struct InOrder<'m>(&'m Members);

impl Serialize for InOrder<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut object = serializer.serialize_map(Some(self.0.len()))?;
        for name in FIRST {
            if let Some(value) = self.0.get(name) {
                object.serialize_entry(name, value)?;
            }
        }
        for (name, value) in self.0.iter().filter(|(name, _)| !FIRST.contains(&name.as_str())) {
            object.serialize_entry(name, value)?;
        }
        object.end()
    }
}

/// Takes a file apart.
pub(crate) fn parse(bytes: &[u8]) -> Result<Document, Refused> {
    let mut faults = Faults::default();
    let document = sections(bytes, &mut faults);
    faults.refuse_if_any().map(|()| document)
}

fn sections(bytes: &[u8], faults: &mut Faults) -> Document {
    let mut document = Document::default();
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    let members = match parse_object(bytes) {
        Ok(members) => members,
        Err(error) => {
            faults.add("the file", whereabouts(bytes, error));
            return document;
        }
    };
    match members.get("format") {
        Some(Value::String(format)) if format == FORMAT => {}
        Some(other) => faults.add("format", format_args!("it is \"{FORMAT}\", not {other}")),
        None => faults.add("format", format_args!("it is missing; it says \"{FORMAT}\"")),
    }
    if !members.contains_key("organization") {
        faults.add("organization", "it is missing");
    }
    for (name, value) in members {
        match (name.as_str(), value) {
            ("format", _) => {}
            ("organization", Value::Object(organization)) => document.organization = organization,
            ("organization", _) => faults.add("organization", "it is not an object"),
            (name, value) => match (document.section(name), value) {
                (None, _) => faults.add(name, "there is no such member"),
                (Some(section), Value::Array(entries)) => {
                    section.reserve(entries.len());
                    for (index, entry) in entries.into_iter().enumerate() {
                        match entry {
                            Value::Object(entry) => section.push(entry),
                            _ => faults.add(format_args!("{name}[{index}]"), "it is not an object"),
                        }
                    }
                }
                (Some(_), _) => faults.add(name, "it is not a list"),
            },
        }
    }
    document
}

/// Where the text is not JSON, if a reader can say.
fn whereabouts(bytes: &[u8], error: JsonError) -> String {
    match serde_json::from_slice::<serde::de::IgnoredAny>(bytes) {
        Err(cause) if error == JsonError::Malformed => {
            format!("it is not JSON: line {}, column {}", cause.line(), cause.column())
        }
        _ => format!("it cannot be read: {error}"),
    }
}
