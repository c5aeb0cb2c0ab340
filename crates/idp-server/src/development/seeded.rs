//! `seeded.json`: who is who in the tenants that came into a development store from files. It is read at each start, so
//! that `dev.json` has them as it has the cast.

use std::fs;
use std::io::{self, Write as _};
use std::path::Path;

use aws_lc_rs::digest::{SHA256, digest};
use serde::{Deserialize, Serialize};

use super::roster::Roster;
use crate::whole_file;

const FILE: &str = "seeded.json";

/// What came from files.
#[derive(Debug, Default, Serialize, Deserialize)]
pub(crate) struct Seeded {
    /// Digests of the files that the store was started from, so that they are known again.
    pub(crate) seeds: Vec<String>,
    pub(crate) roster: Roster,
}

/// A digest of a file.
pub(crate) fn digest_of(file: &[u8]) -> String {
    digest(&SHA256, file).as_ref().iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Reads the file; none if there is none.
pub(crate) fn read(data: &Path) -> io::Result<Option<Seeded>> {
    match fs::read(data.join(FILE)) {
        Ok(text) => Ok(Some(serde_json::from_slice(&text)?)),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error),
    }
}

/// Writes the file, whole or not at all, for its owner alone: it has passwords.
pub(crate) fn write(data: &Path, seeded: &Seeded) -> io::Result<()> {
    let text = serde_json::to_vec(seeded)?;
    whole_file::write(&data.join(FILE), 0o600, |file| file.write_all(&text))
}

/// Takes an old file away.
pub(crate) fn remove(data: &Path) -> io::Result<()> {
    match fs::remove_file(data.join(FILE)) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
        _ => Ok(()),
    }
}
