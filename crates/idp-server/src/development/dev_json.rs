//! `dev.json`: where scripts, tests and people find everything. Its keys are a public interface: add, never rename.

use std::fs;
use std::io::{self, Write as _};
use std::path::Path;

use idp_web::state::Origin;
use serde::Serialize;

use super::roster::Roster;
use crate::whole_file;

const FILE: &str = "dev.json";

#[derive(Serialize)]
struct DevJson<'a> {
    origin: &'a str,
    ca: &'a Path,
    #[serde(flatten)]
    roster: &'a Roster,
}

/// Takes an old file away: while there is none, nothing answers.
pub(crate) fn remove(data: &Path) -> io::Result<()> {
    match fs::remove_file(data.join(FILE)) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
        _ => Ok(()),
    }
}

/// Writes the file, whole or not at all, for its owner alone: it can have passwords and client secrets from somebody's
/// own files.
pub(crate) fn write(data: &Path, origin: &Origin, ca: &Path, roster: &Roster) -> io::Result<()> {
    let text = serde_json::to_string_pretty(&DevJson { origin: origin.as_str(), ca, roster })?;
    whole_file::write(&data.join(FILE), 0o600, |file| file.write_all((text + "\n").as_bytes()))
}
