//! What `deny.toml` says about licences and banned crates. It is the one list: `cargo deny` reads the same file, so the
//! two cannot disagree.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result};
use serde::Deserialize;

#[derive(Deserialize)]
pub(crate) struct Policy {
    pub(crate) licenses: Licenses,
    pub(crate) bans: Bans,
}

#[derive(Deserialize)]
pub(crate) struct Licenses {
    pub(crate) allow: Vec<String>,
    pub(crate) exceptions: Vec<Exception>,
}

/// A licence that one crate may have and others may not.
#[derive(Deserialize)]
pub(crate) struct Exception {
    #[serde(rename = "crate")]
    pub(crate) name: String,
    pub(crate) allow: Vec<String>,
}

#[derive(Deserialize)]
pub(crate) struct Bans {
    pub(crate) deny: Vec<Ban>,
}

/// A crate that may not be built, and why; the reason is not optional.
#[derive(Deserialize)]
pub(crate) struct Ban {
    #[serde(rename = "crate")]
    pub(crate) name: String,
    pub(crate) reason: String,
}

pub(crate) fn read(root: &Path) -> Result<Policy> {
    let text = fs::read_to_string(root.join("deny.toml")).context("cannot read deny.toml")?;
    toml::from_str(&text).context("deny.toml says something tidy does not understand")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::shell;

    #[test]
    fn what_must_never_come_in_stays_banned() {
        let policy = read(shell::root()).unwrap();
        let banned: Vec<&str> = policy.bans.deny.iter().map(|ban| ban.name.as_str()).collect();
        for name in
            ["rsa", "openssl", "openssl-sys", "native-tls", "ring", "jsonwebtoken", "fancy-regex", "sqlx"]
        {
            assert!(banned.contains(&name), "{name}");
        }
        assert!(policy.bans.deny.iter().all(|ban| !ban.reason.is_empty()));
    }

    #[test]
    fn no_licence_that_reaches_into_our_own_files_is_allowed_everywhere() {
        let policy = read(shell::root()).unwrap();
        let reaches =
            |licence: &String| ["GPL", "MPL", "EUPL", "OSL", "CPAL"].iter().any(|l| licence.contains(l));
        assert!(!policy.licenses.allow.iter().any(reaches));
        let only_mpl = |exception: &Exception| exception.allow == ["MPL-2.0"];
        assert!(policy.licenses.exceptions.iter().all(only_mpl));
    }
}
