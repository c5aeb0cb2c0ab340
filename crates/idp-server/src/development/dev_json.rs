//! `dev.json`: where scripts, tests and people find everything. Its keys are a public interface: add, never rename.

use std::fs;
use std::io;
use std::path::Path;

use idp_web::state::Origin;
use serde::Serialize;

use super::roster::Roster;

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

/// Writes the file, whole or not at all.
pub(crate) fn write(data: &Path, origin: &Origin, ca: &Path, roster: &Roster) -> io::Result<()> {
    let text = serde_json::to_string_pretty(&DevJson { origin: origin.as_str(), ca, roster })?;
    let unfinished = data.join(format!("{FILE}.new"));
    fs::write(&unfinished, text + "\n")?;
    fs::rename(unfinished, data.join(FILE))
}
