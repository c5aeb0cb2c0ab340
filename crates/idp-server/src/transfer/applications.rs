//! `applications`: manifests in the form of Microsoft Graph, written without what goes without saying, and read in that
//! form or the older one; with their owners and their secrets: sealed, or one in plain in a file that somebody wrote.

use std::cell::Cell;

use idp_domain::applications::rules::{self, Circumstances};
use idp_domain::applications::{Application, ClientSecret};
use idp_domain::credentials::client_secret_hash;
use idp_domain::sealed::Sealer;
use idp_domain::secret::Secret;
use idp_graph::manifest;
use idp_graph::schema::texts::time;
use jiff::{SignedDuration, Timestamp};
use serde_json::{Map, Value, json};
use uuid::Uuid;
use vestibule_wire::ids::{ApplicationId, ClientId};
use vestibule_wire::manifest::{Form, detect};

use super::entry::Entry;
use super::format::Members;
use super::ids;
use super::import::{Audience, Scene};
use super::seals::{self, Owner};

/// Objects whose members have places of their own. Others are carried whole, and so are written whole.
const NESTED: [&str; 5] = ["api", "info", "publicClient", "spa", "web"];
/// Members that are the tenant's to say, or that have a place of their own in the file.
const LEFT_OUT: [&str; 4] = ["id", "appId", "passwordCredentials", "publisherDomain"];
/// What a secret that somebody wrote into a file has at least and at most.
const SECRET_LENGTH: std::ops::RangeInclusive<usize> = 16..=256;

/// An application as the file has it.
#[derive(Debug)]
pub(super) struct Read {
    pub(super) at: String,
    pub(super) application: Application,
    /// As the file calls them.
    pub(super) owners: Vec<String>,
    /// Whether it has a service principal even if the file lists none.
    pub(super) principal: bool,
    /// The secret that the file has in plain.
    pub(super) secret: Option<Secret>,
}

/// Writes an application. `principal` says whether it has a service principal, as most have.
pub(super) fn write(
    application: &Application,
    domains: &[String],
    owners: &[String],
    principal: bool,
    sealer: Option<&Sealer>,
) -> Members {
    let bare = Application::new(application.tenant, application.id, application.client_id, String::new());
    let mut members = manifest::write(application, Form::Graph);
    without_saying(&mut members, &manifest::write(&bare, Form::Graph));
    let web = members.get("web").cloned();
    members.retain(|name, _| !LEFT_OUT.contains(&name.as_str()));
    if !matches!(detect(&members), Ok(Form::Graph)) {
        // Something that it carries looks like the older form.
        members.insert("web".into(), web.unwrap_or_else(|| json!({ "redirectUris": [] })));
    }
    let mut say = |name: &str, value: Value| drop(members.insert(name.to_owned(), value));
    say("id", json!(application.id));
    say("appId", json!(application.client_id));
    say("createdDateTime", time(application.created_at));
    let publisher = application.publisher_domain.as_ref().filter(|domain| domains.contains(domain));
    if publisher != domains.first() {
        say("publisherDomain", json!(publisher));
    }
    if !owners.is_empty() {
        say("owners", json!(owners));
    }
    if !principal {
        say("servicePrincipal", json!(false));
    }
    if let Some(sealer) = sealer.filter(|_| !application.secrets.is_empty()) {
        let sealed = application.secrets.iter().map(|secret| write_secret(application, secret, sealer));
        say("secrets", sealed.collect());
    }
    members
}

/// Takes out what is as it is when nothing is said.
fn without_saying(members: &mut Members, bare: &Members) {
    for name in NESTED {
        let (Some(Value::Object(inner)), Some(default)) = (members.get_mut(name), bare.get(name)) else {
            continue;
        };
        inner.retain(|name, value| !value.is_null() && default.get(name) != Some(value));
        if inner.is_empty() {
            members.remove(name);
        }
    }
    members.retain(|name, value| !value.is_null() && bare.get(name) != Some(value));
    let scopes = members.get_mut("api").and_then(|api| api.get_mut("oauth2PermissionScopes"));
    entries_without_saying(scopes);
    entries_without_saying(members.get_mut("appRoles"));
}

fn entries_without_saying(list: Option<&mut Value>) {
    for entry in list.and_then(Value::as_array_mut).into_iter().flatten().filter_map(Value::as_object_mut) {
        entry.retain(|name, value| !value.is_null() && (name != "origin" || value != "Application"));
    }
}

fn write_secret(application: &Application, secret: &ClientSecret, sealer: &Sealer) -> Value {
    let mut members = Map::from_iter([
        ("keyId".to_owned(), json!(secret.id)),
        ("startDateTime".to_owned(), time(secret.starts_at)),
        ("endDateTime".to_owned(), time(secret.expires_at)),
        ("sealed".to_owned(), json!(seals::seal(sealer, &owner(application, secret.id), &secret.hash))),
    ]);
    for (name, text) in [("displayName", &secret.display_name), ("hint", &secret.hint)] {
        if let Some(text) = text {
            members.insert(name.into(), json!(text));
        }
    }
    Value::Object(members)
}

fn owner(application: &Application, secret: Uuid) -> Owner {
    Owner { tenant: application.tenant, object: application.id.guid(), secret }
}

/// Reads an application; none if it is not clear which it is.
pub(super) fn read(mut entry: Entry<'_>, scene: &Scene<'_>) -> Option<Read> {
    // The older form says `name`.
    let Some(name) = entry.peek("displayName").or_else(|| entry.peek("name")).map(str::to_owned) else {
        entry.required("displayName");
        return None;
    };
    let tenant = scene.tenant;
    let id = entry.guid("id").unwrap_or_else(|| ids::of(tenant, "application", &[&name]));
    let client = entry.guid("appId").unwrap_or_else(|| ids::of(tenant, "appId", &[&name]));
    let mut application = Application::new(tenant, ApplicationId::new(id), ClientId::new(client), name);
    application.created_at = entry.time("createdDateTime").unwrap_or(scene.now);
    publisher(&mut entry, &mut application, scene);
    let owners = entry.texts("owners");
    let principal = entry.flag("servicePrincipal").unwrap_or(true);
    let sealed = entry.objects("secrets");
    let plain = entry.text("clientSecret").map(Secret::new);
    let mut application = members(&mut entry, application)?;
    for (index, secret) in sealed.into_iter().enumerate() {
        let at = format!("{}.secrets[{index}]", entry.at);
        if let Some(secret) = read_secret(Entry::new(at, secret, entry.faults), &application, scene.sealer) {
            application.secrets.push(secret);
        }
    }
    if let Some(secret) = &plain {
        take_plain(&mut entry, &mut application, secret, scene);
    }
    // It was registered elsewhere: names that could not be taken any more stay.
    let circumstances = Circumstances { domains: scene.domains, registered_before: true };
    if let Err(problems) = rules::check(&application, None, &circumstances) {
        entry.faults.of_rules(&entry.at, problems);
    }
    Some(Read { at: entry.at, application, owners, principal, secret: plain })
}

/// Everything that a manifest says.
fn members(entry: &mut Entry<'_>, onto: Application) -> Option<Application> {
    let mut rest = entry.rest();
    with_ids(&mut rest, &onto);
    let text = serde_json::to_vec(&rest).unwrap_or_default();
    let made = Cell::new(0_u32);
    let new_id = || {
        made.set(made.get() + 1);
        ids::of(onto.tenant, "certificate", &[&onto.client_id.to_string(), &made.get().to_string()])
    };
    match manifest::read(&text, &onto, &new_id) {
        Ok((_, application)) => Some(application),
        Err(faults) => {
            entry.faults.of_members(&entry.at, faults);
            None
        }
    }
}

/// Gives ids to what has none: delegated permissions and app roles by their value, federated credentials by their name.
fn with_ids(members: &mut Members, application: &Application) {
    let client = application.client_id.to_string();
    let fill = |list: Option<&mut Value>, kind: &str, name: &str| {
        for entry in list.and_then(Value::as_array_mut).into_iter().flatten().filter_map(Value::as_object_mut)
        {
            if entry.get("id").is_none_or(Value::is_null) {
                let name = entry.get(name).and_then(Value::as_str).unwrap_or_default();
                let id = ids::of(application.tenant, kind, &[&client, name]);
                entry.insert("id".into(), json!(id));
            }
        }
    };
    let scopes = members.get_mut("api").and_then(|api| api.get_mut("oauth2PermissionScopes"));
    fill(scopes, "scope", "value");
    fill(members.get_mut("oauth2Permissions"), "scope", "value");
    fill(members.get_mut("appRoles"), "app role", "value");
    fill(members.get_mut("federatedIdentityCredentials"), "federated credential", "name");
}

/// What the directory says of an application, and a manifest cannot.
fn publisher(entry: &mut Entry<'_>, application: &mut Application, scene: &Scene<'_>) {
    application.publisher_domain = match entry.said("publisherDomain") {
        false => scene.domains.first().cloned(),
        true => entry.text("publisherDomain"),
    };
    if application.publisher_domain.as_ref().is_some_and(|domain| !scene.domains.contains(domain)) {
        entry.fault("publisherDomain", "it is not one of organization.domains");
    }
    if let Some(value) = entry.take("verifiedPublisher") {
        match serde_json::from_value(value) {
            Ok(publisher) => application.verified_publisher = publisher,
            Err(error) => entry.fault("verifiedPublisher", error),
        }
    }
}

fn read_secret(mut entry: Entry<'_>, application: &Application, sealer: &Sealer) -> Option<ClientSecret> {
    let id = entry.guid("keyId");
    if id.is_none() {
        entry.required("keyId");
    }
    let (display_name, hint) = (entry.text("displayName"), entry.text("hint"));
    let starts_at = entry.time("startDateTime").unwrap_or(Timestamp::UNIX_EPOCH);
    let expires_at = entry.time("endDateTime");
    if expires_at.is_none() {
        entry.fault("endDateTime", "it is missing");
    }
    let sealed = entry.required("sealed");
    let hash = sealed.and_then(|sealed| {
        let opened = seals::open(sealer, &owner(application, id?), &sealed);
        if opened.is_none() {
            let why = "it does not open: it was sealed under another master key, or for another application or tenant";
            entry.fault("sealed", why);
        }
        opened
    });
    entry.end();
    Some(ClientSecret { id: id?, hash: hash?, display_name, hint, starts_at, expires_at: expires_at? })
}

/// Somebody chose it: it is good enough where nobody else gets to.
fn take_plain(entry: &mut Entry<'_>, application: &mut Application, secret: &Secret, scene: &Scene<'_>) {
    let text = secret.expose();
    if scene.audience == Audience::Everybody {
        let why = "a secret that somebody chose is for development; leave it out, and let the server make one (addPassword)";
        entry.fault("clientSecret", why);
    }
    if !SECRET_LENGTH.contains(&text.len()) || !text.bytes().all(|b| b.is_ascii_graphic()) {
        let (least, most) = (SECRET_LENGTH.start(), SECRET_LENGTH.end());
        entry.fault(
            "clientSecret",
            format_args!("it has {least} to {most} characters of ASCII, and no blanks"),
        );
    }
    let client = application.client_id;
    let in_a_hundred_years = SignedDuration::from_hours(100 * 365 * 24);
    application.secrets.push(ClientSecret {
        id: ids::of(application.tenant, "secret", &[&client.to_string()]),
        hash: client_secret_hash(scene.sealer, client, secret),
        display_name: Some("From the tenant's file".to_owned()),
        hint: Some(text.chars().take(3).collect()),
        starts_at: Timestamp::UNIX_EPOCH,
        expires_at: scene.now.saturating_add(in_a_hundred_years).unwrap_or(Timestamp::MAX),
    });
}
