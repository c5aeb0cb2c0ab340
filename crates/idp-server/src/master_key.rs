//! The master key file: 32 bytes as 64 hexadecimal digits, readable by its owner alone.

use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};

use idp_domain::randomness::Randomness;
use idp_domain::sealed::MasterKey;

/// The name of the file in a data folder of `vestibule dev`.
pub(crate) const DEVELOPMENT_FILE: &str = "master.key";

/// The master key cannot be used. The sentence says what to do.
#[derive(Debug, thiserror::Error)]
pub(crate) enum MasterKeyError {
    #[error(
        "the master key file {0} does not exist. Restore it, or name the file this store was made with. For a store that is new, `vestibule init` makes one"
    )]
    Missing(PathBuf),
    #[error("the master key file {path} cannot be read: {source}")]
    Unreadable { path: PathBuf, source: std::io::Error },
    #[error("the master key file {0} can be read by others than its owner. Run: chmod 600 {0}")]
    TooOpen(PathBuf),
    #[error(
        "the master key file {0} does not hold 64 hexadecimal digits. Restore it from your backup; without it the store cannot be opened"
    )]
    Malformed(PathBuf),
    #[error("the master key file {path} cannot be written: {source}")]
    Unwritable { path: PathBuf, source: std::io::Error },
}

/// Reads the key.
pub(crate) fn read(path: &Path) -> Result<MasterKey, MasterKeyError> {
    let text = match fs::read_to_string(path) {
        Ok(text) => text,
        Err(source) if source.kind() == std::io::ErrorKind::NotFound => {
            return Err(MasterKeyError::Missing(path.into()));
        }
        Err(source) => return Err(MasterKeyError::Unreadable { path: path.into(), source }),
    };
    if is_open_to_others(path) {
        return Err(MasterKeyError::TooOpen(path.into()));
    }
    parse(text.trim()).map(MasterKey::new).ok_or_else(|| MasterKeyError::Malformed(path.into()))
}

/// Reads the key, making the file first if there is none.
pub(crate) fn read_or_create(path: &Path, random: &dyn Randomness) -> Result<MasterKey, MasterKeyError> {
    if !path.exists() {
        create(path, random)?;
    }
    read(path)
}

fn create(path: &Path, random: &dyn Randomness) -> Result<(), MasterKeyError> {
    let digits: String = random.bytes::<32>().iter().map(|byte| format!("{byte:02x}")).collect();
    let mut options = fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let written = options.open(path).and_then(|mut file| {
        file.write_all(digits.as_bytes())?;
        file.write_all(b"\n")?;
        file.sync_all()
    });
    written.map_err(|source| MasterKeyError::Unwritable { path: path.into(), source })
}

fn parse(digits: &str) -> Option<[u8; 32]> {
    if digits.len() != 64 || !digits.is_ascii() {
        return None;
    }
    let mut key = [0; 32];
    for (at, byte) in key.iter_mut().enumerate() {
        *byte = u8::from_str_radix(digits.get(at * 2..at * 2 + 2)?, 16).ok()?;
    }
    Some(key)
}

#[cfg(unix)]
fn is_open_to_others(path: &Path) -> bool {
    use std::os::unix::fs::PermissionsExt as _;
    fs::metadata(path).is_ok_and(|metadata| metadata.permissions().mode() & 0o077 != 0)
}

#[cfg(not(unix))]
fn is_open_to_others(_: &Path) -> bool {
    false
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::world::SystemRandomness;

    #[test]
    fn ds_11_a_master_key_is_made_once_private_and_refused_when_it_is_not() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("master.key");
        assert!(matches!(read(&path), Err(MasterKeyError::Missing(_))));
        read_or_create(&path, &SystemRandomness).unwrap();
        let first = fs::read_to_string(&path).unwrap();
        read_or_create(&path, &SystemRandomness).unwrap();
        assert_eq!(fs::read_to_string(&path).unwrap(), first);
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt as _;
            fs::set_permissions(&path, fs::Permissions::from_mode(0o640)).unwrap();
            assert!(matches!(read(&path), Err(MasterKeyError::TooOpen(_))));
            fs::set_permissions(&path, fs::Permissions::from_mode(0o600)).unwrap();
        }
        fs::write(&path, "short").unwrap();
        assert!(matches!(read(&path), Err(MasterKeyError::Malformed(_))));
    }
}
