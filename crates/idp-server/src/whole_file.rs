//! Files that are there whole or not at all.

use std::fs;
use std::io;
use std::path::Path;

/// Whole or not at all, and never readable to more people than `mode` says.
pub(crate) fn write(
    path: &Path,
    mode: u32,
    fill: impl FnOnce(&mut fs::File) -> io::Result<()>,
) -> io::Result<()> {
    let mut name = path.file_name().unwrap_or_default().to_owned();
    name.push(".new");
    let draft = path.with_file_name(name);
    // A draft that was left behind would keep its own mode, and whoever has it open would read along.
    match fs::remove_file(&draft) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
        _ => {}
    }
    let mut options = fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, mode);
    #[cfg(not(unix))]
    let _ = mode;
    let mut file = options.open(&draft)?;
    fill(&mut file)?;
    file.sync_all()?;
    fs::rename(draft, path)
}

#[cfg(all(test, unix))]
mod tests {
    use std::io::Write as _;
    use std::os::unix::fs::PermissionsExt as _;

    use super::*;

    #[test]
    fn a_draft_that_was_left_behind_does_not_loosen_the_mode() {
        let folder = tempfile::tempdir().unwrap();
        let (path, draft) = (folder.path().join("a.json"), folder.path().join("a.json.new"));
        fs::write(&draft, "left behind, and longer").unwrap();
        fs::set_permissions(&draft, fs::Permissions::from_mode(0o644)).unwrap();
        write(&path, 0o600, |file| file.write_all(b"whole")).unwrap();
        assert_eq!(fs::read_to_string(&path).unwrap(), "whole");
        assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
        assert!(!draft.exists());
    }
}
