//! What a fresh Debian machine lacks, installed just before it is needed. On any other system the person is told.

use std::fs;
use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicBool, Ordering};

use anyhow::{Result, bail};

use crate::shell;

/// Something a step needs from outside: the Debian package, and how one sees that it is there. Programs are looked for
/// rather than packages, because a machine may have them from elsewhere.
#[derive(Clone, Copy)]
pub(crate) struct Need {
    package: &'static str,
    evidence: Evidence,
}

#[derive(Clone, Copy)]
enum Evidence {
    Program(&'static str),
    /// Debian splits parts of Python's own library into packages; only importing tells.
    PythonModule(&'static str),
}

pub(crate) const POSTGRESQL: Need = Need { package: "postgresql", evidence: Evidence::Program("initdb") };
pub(crate) const CHROMIUM: Need = Need { package: "chromium", evidence: Evidence::Program("chromium") };
/// Puts the development CA into the certificate store that Chromium reads.
pub(crate) const CERTUTIL: Need = Need { package: "libnss3-tools", evidence: Evidence::Program("certutil") };
pub(crate) const NODE: Need = Need { package: "nodejs", evidence: Evidence::Program("node") };
pub(crate) const NPM: Need = Need { package: "npm", evidence: Evidence::Program("npm") };
pub(crate) const JDK: Need = Need { package: "default-jdk-headless", evidence: Evidence::Program("javac") };
pub(crate) const MAVEN: Need = Need { package: "maven", evidence: Evidence::Program("mvn") };
pub(crate) const GO: Need = Need { package: "golang-go", evidence: Evidence::Program("go") };
pub(crate) const PYTHON: Need = Need { package: "python3", evidence: Evidence::Program("python3") };
pub(crate) const VENV: Need = Need { package: "python3-venv", evidence: Evidence::PythonModule("ensurepip") };

impl Need {
    fn is_met(self) -> bool {
        match self.evidence {
            Evidence::Program(name) => shell::find_program(name, &postgresql_folders()).is_some(),
            Evidence::PythonModule(name) => Command::new("python3")
                .args(["-c", &format!("import {name}")])
                .stdin(Stdio::null())
                .stderr(Stdio::null())
                .status()
                .is_ok_and(|status| status.success()),
        }
    }
}

/// Installs whichever of the needs are not met.
pub(crate) fn ensure(needs: &[Need]) -> Result<()> {
    let missing: Vec<&str> = needs.iter().filter(|need| !need.is_met()).map(|need| need.package).collect();
    if missing.is_empty() {
        return Ok(());
    }
    let install = install_arguments(&missing);
    let by_hand = format!("apt-get update && {}", install.join(" "));
    if shell::find_program("apt-get", &[]).is_none() {
        bail!(
            "missing: {}. This is not Debian; install them, or on Debian run: {by_hand}",
            missing.join(", ")
        );
    }
    let Some(privilege) = privilege()? else {
        bail!("missing: {}. As root, run: {by_hand}", missing.join(", "));
    };
    update_once(privilege)?;
    shell::run(&mut privileged(privilege, &install))
}

/// What makes a command one that may install packages: nothing when we are root, else sudo, if there is any.
fn privilege() -> Result<Option<&'static [&'static str]>> {
    if shell::read(Command::new("id").arg("-u"))?.trim() == "0" {
        return Ok(Some(&[]));
    }
    Ok(shell::find_program("sudo", &[]).map(|_| ["sudo"].as_slice()))
}

/// The package lists age in days, not between two parts of one run.
fn update_once(privilege: &[&str]) -> Result<()> {
    static UPDATED: AtomicBool = AtomicBool::new(false);
    if UPDATED.swap(true, Ordering::Relaxed) {
        return Ok(());
    }
    shell::run(&mut privileged(privilege, &["apt-get", "update"]))
}

fn privileged(privilege: &[&str], arguments: &[&str]) -> Command {
    let words = [privilege, arguments].concat();
    let mut command = Command::new(words[0]);
    command.args(&words[1..]);
    command
}

/// `env` in front, because sudo would drop a variable that was merely set.
fn install_arguments<'a>(packages: &[&'a str]) -> Vec<&'a str> {
    let mut arguments = vec!["env", "DEBIAN_FRONTEND=noninteractive", "apt-get", "install"];
    arguments.extend(["-y", "--no-install-recommends"]);
    arguments.extend(packages);
    arguments
}

/// Debian keeps the programs of the PostgreSQL server off the path, in one folder for each version.
fn postgresql_folders() -> Vec<PathBuf> {
    let Ok(versions) = fs::read_dir("/usr/lib/postgresql") else { return Vec::new() };
    versions.flatten().map(|version| version.path().join("bin")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_there_is_not_installed() {
        ensure(&[Need { package: "no-such-package", evidence: Evidence::Program("sh") }]).unwrap();
    }

    #[test]
    fn what_is_missing_is_seen() {
        assert!(!Need { package: "x", evidence: Evidence::Program("no-such-program-anywhere") }.is_met());
        assert!(!Need { package: "x", evidence: Evidence::PythonModule("no_such_module_anywhere") }.is_met());
    }

    #[test]
    fn the_installation_asks_nothing() {
        assert_eq!(
            install_arguments(&["chromium"]).join(" "),
            "env DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends chromium"
        );
    }
}
