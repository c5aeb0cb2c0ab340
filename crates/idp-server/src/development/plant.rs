//! What an empty store starts with: the cast, or the tenants of files.

use std::path::{Path, PathBuf};

use idp_domain::changes::{Change, Changes};
use idp_domain::clock::Clock as _;
use idp_domain::sealed::Sealer;
use idp_domain::store::Store as _;
use idp_store::SqlStore;

use super::roster::Roster;
use super::seed;
use super::seeded::{self, Seeded};
use crate::node;
use crate::transfer::{self, Audience, Document, Import, Imported};
use crate::world::{SystemClock, SystemRandomness};

/// A file of a tenant.
pub(crate) struct SeedFile {
    name: String,
    digest: String,
    document: Document,
}

/// Reads the files that a store is to start from.
pub(crate) fn read(files: &[PathBuf]) -> Result<Vec<SeedFile>, String> {
    let read = |path: &PathBuf| {
        let name = path.display().to_string();
        let bytes = std::fs::read(path).map_err(|error| format!("{name} cannot be read: {error}"))?;
        let document = transfer::parse(&bytes).map_err(|refused| format!("{name}: {refused}"))?;
        Ok(SeedFile { name, digest: seeded::digest_of(&bytes), document })
    };
    files.iter().map(read).collect()
}

/// Fills an empty store, in one commit, and says who is in it. A store that was filled before is left as it is,
/// whatever became of it.
pub(crate) async fn plant(
    store: &SqlStore,
    sealer: &Sealer,
    data: &Path,
    files: Vec<SeedFile>,
) -> Result<Roster, String> {
    let sentence = |error: &dyn std::fmt::Display| error.to_string();
    let digests: Vec<_> = files.iter().map(|file| file.digest.clone()).collect();
    if seed::is_planted(store).await.map_err(|error| sentence(&error))? {
        return already_planted(store, data, &digests).await;
    }
    let (changes, roster) = if files.is_empty() {
        let cast = seed::cast(sealer, SystemClock.now()).map_err(|error| sentence(&error))?;
        seeded::remove(data).map_err(|error| sentence(&error))?;
        (cast, Roster::of_the_cast())
    } else {
        let Imported { changes, roster } = import(store, sealer, files).await?;
        let seeded = Seeded { seeds: digests, roster };
        // Before the commit: beside an empty store it means nothing.
        seeded::write(data, &seeded).map_err(|error| sentence(&error))?;
        (changes.and(seed::mark()), seeded.roster)
    };
    let keys = node::first_keys(sealer).map_err(|error| sentence(&error))?;
    let keys = keys.into_iter().map(Change::AddSigningKey).collect::<Changes>();
    let committed = store.commit(changes.with(keys)).await;
    committed.map_err(|error| format!("the development directory could not be written: {error}"))?;
    Ok(roster)
}

async fn import(store: &SqlStore, sealer: &Sealer, files: Vec<SeedFile>) -> Result<Imported, String> {
    let (now, random) = (SystemClock.now(), &SystemRandomness);
    let with = Import { store, sealer, audience: Audience::Developers, now, random };
    let one = files.len() == 1;
    let first = files.first().map(|file| file.name.clone()).unwrap_or_default();
    // With several, each complaint says of which.
    let named =
        |file: SeedFile| (if one { String::new() } else { format!("{}: ", file.name) }, file.document);
    let imported = transfer::import(&with, files.into_iter().map(named).collect()).await;
    imported.map_err(|error| if one { format!("{first}: {error}") } else { error.to_string() })
}

async fn already_planted(store: &SqlStore, data: &Path, digests: &[String]) -> Result<Roster, String> {
    let folder = data.display();
    let cast = seed::has_cast(store).await.map_err(|error| error.to_string())?;
    let seeded = seeded::read(data).map_err(|error| {
        format!("{folder}/seeded.json cannot be read: {error}. Delete the folder to start anew")
    })?;
    let seeds = seeded.as_ref().map(|seeded| seeded.seeds.as_slice()).unwrap_or_default();
    if !digests.is_empty() && seeds != digests {
        return Err(format!(
            "the data folder {folder} was started from something else than these files, and is left as it is. Name another folder with --data, or, to start anew, delete its store: rm {folder}/vestibule.db*"
        ));
    }
    let mut roster = if cast { Roster::of_the_cast() } else { Roster::default() };
    match seeded {
        Some(seeded) => roster.extend(seeded.roster),
        None if cast => {}
        None => {
            return Err(format!(
                "{folder}/seeded.json, which says who is who in this store, is missing. To start anew, delete the store: rm {folder}/vestibule.db*"
            ));
        }
    }
    Ok(roster)
}
