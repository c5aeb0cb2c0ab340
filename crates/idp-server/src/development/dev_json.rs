//! `dev.json`: where scripts, tests and people find everything. Its keys are a public interface: add, never rename.

use std::fs;
use std::io;
use std::path::Path;

use idp_domain::directory::role;
use idp_web::state::Origin;
use serde::Serialize;
use vestibule_wire::ids::{ClientId, TenantId, UserId};

use super::cast::{ORGANISATIONS, PASSWORD, PEOPLE, PROGRAMS, Program};

const FILE: &str = "dev.json";

#[derive(Serialize)]
struct DevJson<'a> {
    origin: &'a str,
    ca: &'a Path,
    tenants: Vec<Tenant>,
    users: Vec<User>,
    applications: Vec<Application>,
}

#[derive(Serialize)]
struct Tenant {
    id: TenantId,
    name: &'static str,
    domain: &'static str,
}

#[derive(Serialize)]
struct User {
    tenant: TenantId,
    id: UserId,
    upn: &'static str,
    password: &'static str,
    roles: Vec<&'static str>,
}

#[derive(Serialize)]
struct Application {
    name: &'static str,
    tenant: TenantId,
    client_id: ClientId,
    kind: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    client_secret: Option<&'static str>,
    redirect_uris: &'static [&'static str],
    #[serde(skip_serializing_if = "Option::is_none")]
    identifier_uri: Option<&'static str>,
    scopes: Vec<String>,
    app_roles: &'static [&'static str],
    /// App roles of Microsoft Graph that it has.
    graph_app_roles: &'static [&'static str],
    /// Whether an administrator of each tenant has consented to it.
    consented: bool,
    multi_tenant: bool,
}

/// Takes an old file away: while there is none, nothing answers.
pub(crate) fn remove(data: &Path) -> io::Result<()> {
    match fs::remove_file(data.join(FILE)) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
        _ => Ok(()),
    }
}

/// Writes the file, whole or not at all.
pub(crate) fn write(data: &Path, origin: &Origin, ca: &Path) -> io::Result<()> {
    let document = DevJson {
        origin: origin.as_str(),
        ca,
        tenants: ORGANISATIONS.iter().map(|o| Tenant { id: o.id, name: o.name, domain: o.domain }).collect(),
        users: PEOPLE
            .iter()
            .map(|person| User {
                tenant: person.tenant,
                id: person.id,
                upn: person.upn,
                password: PASSWORD,
                roles: role::name(role::GLOBAL_ADMINISTRATOR)
                    .filter(|_| person.administrator)
                    .into_iter()
                    .collect(),
            })
            .collect(),
        applications: PROGRAMS.iter().map(application).collect(),
    };
    let text = serde_json::to_string_pretty(&document)?;
    let unfinished = data.join(format!("{FILE}.new"));
    fs::write(&unfinished, text + "\n")?;
    fs::rename(unfinished, data.join(FILE))
}

fn application(program: &Program) -> Application {
    let uri = program.identifier_uri.unwrap_or_default();
    Application {
        name: program.name,
        tenant: program.tenant,
        client_id: program.client_id(),
        kind: program.kind,
        client_secret: program.secret,
        redirect_uris: program.redirect_uris,
        identifier_uri: program.identifier_uri,
        scopes: program.scopes.iter().map(|scope| format!("{uri}/{scope}")).collect(),
        app_roles: program.app_roles,
        graph_app_roles: program.graph_app_roles,
        consented: program.consented,
        multi_tenant: program.audience.is_multi_tenant(),
    }
}
