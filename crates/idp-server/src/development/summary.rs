//! What `vestibule dev` prints: who is who, one line for each client library, a command that gets a token, `ready`.

use std::io::{self, Write};
use std::path::Path;

use idp_web::state::Origin;
use vestibule_wire::ids::ClientId;
use vestibule_wire::oauth::GrantType;

use super::roster::Roster;

/// How many people and applications are printed; the others are in `dev.json`.
const PRINTED: usize = 20;

/// Prints the summary. Somebody who closed our standard output does not want it.
pub(crate) fn print(origin: &Origin, data: &Path, ca: &Path, roster: &Roster) {
    let _ = write(&mut io::stdout().lock(), origin, data, ca, roster);
}

fn write(out: &mut impl Write, origin: &Origin, data: &Path, ca: &Path, roster: &Roster) -> io::Result<()> {
    let url = origin.as_str();
    let ca = ca.display();
    writeln!(out, "Vestibule, for development, at {url}\n")?;
    writeln!(out, "Everything about it is in {}\n", data.join("dev.json").display())?;
    for tenant in &roster.tenants {
        writeln!(out, "  {:<14}  {}", tenant.domain, tenant.id)?;
    }
    writeln!(out)?;
    for user in roster.users.iter().take(PRINTED) {
        let password = user.password.as_deref().unwrap_or("(not in the file)");
        writeln!(out, "  {:<20}  {password}  {}", user.upn, user.roles.join(", "))?;
    }
    more(out, roster.users.len())?;
    writeln!(out)?;
    for program in roster.applications.iter().take(PRINTED) {
        let none = if program.certificate.is_some() { "(a certificate)" } else { "(no secret)" };
        let secret = program.client_secret.as_deref().unwrap_or(none);
        writeln!(out, "  {:<26}  {:<7} {}  {secret}", program.name, program.kind, program.client_id)?;
    }
    more(out, roster.applications.len())?;
    let example = roster.tenants.first().map_or("T", |tenant| tenant.domain.as_str());
    writeln!(out, "\nClient libraries (T is a tenant, such as {example}):")?;
    for (library, line) in recipes(url, origin.authority(), &ca.to_string()) {
        writeln!(out, "  {library:<12} {line}")?;
    }
    if let Some(recipe) = token_recipe(url, &ca.to_string(), roster) {
        writeln!(out, "\nA token, now:\n\n{recipe}")?;
    }
    writeln!(out)?;
    writeln!(out, "ready")?;
    out.flush()
}

fn recipes(url: &str, authority: &str, ca: &str) -> [(&'static str, String); 5] {
    [
        ("MSAL Python", format!("REQUESTS_CA_BUNDLE={ca}   authority=\"{url}/T\", instance_discovery=False")),
        (
            "MSAL Node",
            format!("NODE_EXTRA_CA_CERTS={ca}   authority: \"{url}/T\", knownAuthorities: [\"{authority}\"]"),
        ),
        (
            "MSAL Browser",
            format!(
                "authority: \"{url}/T\", knownAuthorities: [\"{authority}\"]   (trust the CA in the browser)"
            ),
        ),
        (
            "MSAL Java",
            format!(".oidcAuthority(\"{url}/ID/v2.0/\"), ID of T   (trust the CA in the JVM's store)"),
        ),
        ("MSAL Go", format!("SSL_CERT_FILE={ca}   WithAuthority(\"{url}/T\"), WithInstanceDiscovery(false)")),
    ]
}

fn more(out: &mut impl Write, all: usize) -> io::Result<()> {
    match all.saturating_sub(PRINTED) {
        0 => Ok(()),
        more => writeln!(out, "  and {more} more"),
    }
}

/// A command that can be pasted into a shell, if an application has a secret to get a token with.
fn token_recipe(url: &str, ca: &str, roster: &Roster) -> Option<String> {
    let with_secret = |kind: Option<&str>| {
        let mut all = roster.applications.iter().filter(|listed| listed.client_secret.is_some());
        all.find(|listed| kind.is_none_or(|kind| listed.kind == kind))
    };
    let daemon = with_secret(Some("daemon")).or_else(|| with_secret(None))?;
    let (client, secret) = (daemon.client_id, daemon.client_secret.as_deref()?);
    let ours = roster.applications.iter().filter(|listed| listed.tenant == daemon.tenant);
    let api = ours.filter_map(|listed| listed.identifier_uri.clone()).next();
    let resource = api.unwrap_or_else(|| ClientId::MICROSOFT_GRAPH.to_string());
    let domain = &roster.tenants.iter().find(|tenant| tenant.id == daemon.tenant)?.domain;
    let grant = GrantType::ClientCredentials.as_str();
    Some(format!(
        "  curl --cacert '{ca}' {url}/{domain}/oauth2/v2.0/token \\\n    -d grant_type={grant} -d client_id={client} \\\n    -d client_secret={secret} -d scope={resource}/.default"
    ))
}
