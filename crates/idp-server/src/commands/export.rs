//! `vestibule export`: a tenant, out of a store, as one file.

use std::io::{self, BufWriter, Write as _};
use std::path::{Path, PathBuf};

use clap::{Args, ValueEnum};
use idp_domain::sealed::Sealer;
use idp_domain::store::{Keys as _, Tenants as _};
use idp_domain::tenant::Tenant;
use idp_store::SqlStore;
use vestibule_wire::authority::Authority;
use vestibule_wire::ids::TenantId;

use super::place::{self, Progress};
use super::sentence;
use crate::development::seed;
use crate::transfer::{self, Document, Secrets};
use crate::{master_key, node, whole_file};

#[derive(Debug, Args)]
pub(super) struct Arguments {
    #[command(flatten)]
    place: place::PlaceArguments,
    /// Which tenant: its id, or one of its domains
    #[arg(long, value_name = "ID|DOMAIN")]
    tenant: String,
    /// What becomes of passwords and client secrets
    #[arg(long, value_enum, default_value_t = Kept::Omit)]
    secrets: Kept,
    /// The file to write; without it the tenant is written to standard output
    #[arg(long, value_name = "FILE")]
    output: Option<PathBuf>,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum Kept {
    /// They are left out
    Omit,
    /// They are sealed under the master key, for stores that have the same one
    Sealed,
}

pub(super) async fn run(arguments: Arguments) -> Result<(), String> {
    let Arguments { place, tenant, secrets, output } = arguments;
    let place = place.place()?;
    if let Some(folder) = place.folder().filter(|folder| !folder.join(node::SQLITE_FILE).exists()) {
        return Err(format!(
            "there is no store in {}. Name the folder or the configuration of one",
            folder.display()
        ));
    }
    let sealer = match secrets {
        Kept::Omit => None,
        Kept::Sealed => {
            let master = master_key::read(&place.master_key_file()).map_err(sentence)?;
            Some(Sealer::new(&master))
        }
    };
    let store = place.open().await?;
    let new = store.signing_keys().await.map_err(sentence)?.is_empty();
    place.fits(&store, new).await?;
    let tenant = find(&store, &tenant).await?;
    let progress = Progress::new();
    let mut told = |what: &str, many: usize| progress.tell(format_args!("{what}: {many}"));
    let secrets = sealer.as_ref().map_or(Secrets::Omitted, Secrets::Sealed);
    let document = transfer::export(&store, &tenant, secrets, &mut told).await.map_err(sentence)?;
    drop(progress);
    match output {
        Some(path) => {
            write(&document, &path).map_err(|error| format!("{} cannot be written: {error}", path.display()))
        }
        None => document.write(&mut BufWriter::new(io::stdout().lock())).map_err(sentence),
    }
}

/// The tenant that somebody means.
async fn find(store: &SqlStore, text: &str) -> Result<Tenant, String> {
    let found = match Authority::parse(&text.to_ascii_lowercase()) {
        Ok(Authority::Tenant(id)) => store.tenant(id).await.map_err(sentence)?,
        Ok(Authority::Domain(domain)) => store.tenant_of_domain(&domain).await.map_err(sentence)?,
        _ => return Err(format!("'{text}' is neither the id of a tenant nor a domain such as contoso.test")),
    };
    let ours = [TenantId::CONSUMERS, seed::MARK];
    let found = found.filter(|tenant| !ours.contains(&tenant.id));
    found.ok_or_else(|| format!("the store has no tenant {text}. Say its id, or one of its domains"))
}

/// Writes the file, whole or not at all, for its owner alone: who is in a directory is not for everybody.
fn write(document: &Document, path: &Path) -> io::Result<()> {
    whole_file::write(path, 0o600, |file| {
        let mut file = BufWriter::new(file);
        document.write(&mut file)?;
        file.flush()
    })
}
