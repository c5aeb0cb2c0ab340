//! `vestibule import`: a tenant from a file into a store, all of it or nothing.

use std::fs;
use std::io::{self, Write as _};
use std::path::PathBuf;

use clap::Args;
use idp_domain::changes::{Change, Changes};
use idp_domain::clock::Clock as _;
use idp_domain::sealed::Sealer;
use idp_domain::store::{CommitError, Keys as _, Store as _};
use idp_store::SqlStore;

use super::place::{self, Place, Progress};
use super::sentence;
use crate::development::roster::Roster;
use crate::development::seed;
use crate::development::seeded::{self, Seeded};
use crate::transfer::{self, Audience, Document, Import, Imported};
use crate::world::{SystemClock, SystemRandomness};
use crate::{master_key, node};

#[derive(Debug, Args)]
pub(super) struct Arguments {
    #[command(flatten)]
    place: place::PlaceArguments,
    /// The file of the tenant
    #[arg(value_name = "FILE")]
    file: PathBuf,
}

pub(super) async fn run(arguments: Arguments) -> Result<(), String> {
    let Arguments { place, file } = arguments;
    let place = place.place()?;
    let progress = Progress::new();
    progress.tell("reading the file");
    let name = file.display();
    let bytes = fs::read(&file).map_err(|error| format!("{name} cannot be read: {error}"))?;
    let document = transfer::parse(&bytes).map_err(|refused| format!("{name}: {refused}"))?;
    drop(bytes);
    if let Some(folder) = place.folder() {
        fs::create_dir_all(folder)
            .map_err(|error| format!("the data folder {} cannot be made: {error}", folder.display()))?;
    }
    let store = place.open().await?;
    let new = store.signing_keys().await.map_err(sentence)?.is_empty();
    let planted = place.fits(&store, new).await?;
    let key_file = place.master_key_file();
    // Only for a store that is new: a key made for any other would open nothing.
    let master = if new {
        master_key::read_or_create(&key_file, &SystemRandomness)
    } else {
        master_key::read(&key_file)
    };
    let sealer = Sealer::new(&master.map_err(sentence)?);
    progress.tell("looking at everything in it");
    let Imported { changes, roster } = decide(&place, &store, planted, &sealer, document)
        .await
        .map_err(|error| format!("{name}: {error}"))?;
    let keys = if new { node::first_keys(&sealer).map_err(sentence)? } else { Vec::new() };
    let changes = changes.with(keys.into_iter().map(Change::AddSigningKey).collect());
    progress.tell("writing it to the store");
    commit(&place, &store, planted, changes, &roster).await?;
    drop(progress);
    tell(&roster).map_err(sentence)
}

async fn decide(
    place: &Place,
    store: &SqlStore,
    planted: bool,
    sealer: &Sealer,
    document: Document,
) -> Result<Imported, String> {
    let audience = match place {
        Place::Development(_) => Audience::Developers,
        Place::Configured(_) => Audience::Everybody,
    };
    let with = Import { store, sealer, audience, now: SystemClock.now(), random: &SystemRandomness };
    let mut imported = transfer::import(&with, vec![(String::new(), document)]).await.map_err(sentence)?;
    if audience == Audience::Developers && !planted {
        imported.changes.add(seed::mark());
    }
    Ok(imported)
}

/// One commit. A development folder also remembers who is who, for its `dev.json`.
async fn commit(
    place: &Place,
    store: &SqlStore,
    planted: bool,
    changes: Changes,
    roster: &Roster,
) -> Result<(), String> {
    let committed = |outcome: Result<(), CommitError>| {
        outcome.map_err(|error| {
            format!("nothing was imported: {error}. If somebody works on the store, run this again")
        })
    };
    let Place::Development(folder) = place else {
        return committed(store.commit(changes).await);
    };
    let before = if planted { seeded::read(folder).map_err(sentence)? } else { None };
    let (seeds, mut everybody) = before.map(|seeded| (seeded.seeds, seeded.roster)).unwrap_or_default();
    let known = (seeds.clone(), everybody.clone());
    everybody.extend(roster.clone());
    seeded::write(folder, &Seeded { seeds, roster: everybody }).map_err(sentence)?;
    let outcome = committed(store.commit(changes).await);
    if outcome.is_err() {
        seeded::write(folder, &Seeded { seeds: known.0, roster: known.1 }).map_err(sentence)?;
    }
    outcome
}

fn tell(roster: &Roster) -> io::Result<()> {
    let mut out = io::stdout().lock();
    for tenant in &roster.tenants {
        writeln!(out, "Tenant         {}  {}", tenant.id, tenant.domain)?;
    }
    writeln!(out, "Users          {}", roster.users.len())?;
    writeln!(out, "Applications   {}", roster.applications.len())?;
    out.flush()
}
