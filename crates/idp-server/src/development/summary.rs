//! What `vestibule dev` prints: who is who, one line for each client library, a command that gets a token, `ready`.

use std::io::{self, Write};
use std::path::Path;

use idp_web::state::Origin;
use vestibule_wire::oauth::GrantType;

use super::cast::{ORGANISATIONS, PASSWORD, PEOPLE, PROGRAMS};

/// Prints the summary. Somebody who closed our standard output does not want it.
pub(crate) fn print(origin: &Origin, data: &Path, ca: &Path) {
    let _ = write(&mut io::stdout().lock(), origin, data, ca);
}

fn write(out: &mut impl Write, origin: &Origin, data: &Path, ca: &Path) -> io::Result<()> {
    let url = origin.as_str();
    let ca = ca.display();
    writeln!(out, "Vestibule, for development, at {url}\n")?;
    writeln!(out, "Everything about it is in {}\n", data.join("dev.json").display())?;
    for organisation in &ORGANISATIONS {
        writeln!(out, "  {:<14}  {}", organisation.domain, organisation.id)?;
    }
    writeln!(out)?;
    for person in &PEOPLE {
        let role = if person.administrator { "Global Administrator" } else { "" };
        writeln!(out, "  {:<20}  {PASSWORD}  {role}", person.upn)?;
    }
    writeln!(out)?;
    for program in &PROGRAMS {
        let secret = program.secret.unwrap_or("(no secret)");
        writeln!(out, "  {:<19}  {:<7} {}  {secret}", program.name, program.kind, program.client_id())?;
    }
    writeln!(out, "\nClient libraries (T is a tenant, such as contoso.test):")?;
    for (library, line) in recipes(url, origin.authority(), &ca.to_string()) {
        writeln!(out, "  {library:<12} {line}")?;
    }
    writeln!(out, "\nA token, now:\n\n{}\n", token_recipe(url, &ca.to_string()))?;
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
            format!(".authority(\"{url}/T/\").instanceDiscovery(false)   (trust the CA in the JVM's store)"),
        ),
        ("MSAL Go", format!("SSL_CERT_FILE={ca}   WithAuthority(\"{url}/T\"), WithInstanceDiscovery(false)")),
    ]
}

/// A command that can be pasted into a shell.
fn token_recipe(url: &str, ca: &str) -> String {
    let daemon = PROGRAMS.iter().find(|program| program.kind == "daemon");
    let api = PROGRAMS.iter().find_map(|program| program.identifier_uri);
    let (client, secret) =
        daemon.map(|d| (d.client_id().to_string(), d.secret.unwrap_or_default())).unwrap_or_default();
    let grant = GrantType::ClientCredentials.as_str();
    format!(
        "  curl --cacert '{ca}' {url}/contoso.test/oauth2/v2.0/token \\\n    -d grant_type={grant} -d client_id={client} \\\n    -d client_secret={secret} -d scope={}/.default",
        api.unwrap_or_default()
    )
}
