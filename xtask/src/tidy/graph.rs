//! The dependency graph, as cargo tells it: what the packages declare (`cargo metadata`) and what is really built
//! (`cargo tree`). They differ: the lock file also lists what an optional feature nobody enabled would bring.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use anyhow::{Context, Result};
use serde::Deserialize;

use crate::shell;

pub(crate) struct Graph {
    pub(crate) members: Vec<Member>,
    /// Every package of the lock file.
    pub(crate) packages: Vec<Package>,
    /// The names of the packages that are built for some target with some feature, by us or by our tests.
    pub(crate) built: BTreeSet<String>,
    /// Where each package stands in `Cargo.lock`.
    pub(crate) lock_lines: BTreeMap<String, usize>,
}

/// A package of this workspace.
pub(crate) struct Member {
    pub(crate) name: String,
    /// Relative to the repository's root.
    pub(crate) manifest: String,
    pub(crate) manifest_text: String,
    /// The other members it names.
    pub(crate) uses: Vec<Use>,
}

pub(crate) struct Use {
    pub(crate) name: String,
    /// For tests only.
    pub(crate) dev: bool,
}

#[derive(Deserialize)]
pub(crate) struct Package {
    id: String,
    pub(crate) name: String,
    pub(crate) version: String,
    pub(crate) license: Option<String>,
    manifest_path: String,
    dependencies: Vec<Dependency>,
}

#[derive(Deserialize)]
struct Dependency {
    name: String,
    kind: Option<String>,
    path: Option<String>,
}

#[derive(Deserialize)]
struct Metadata {
    packages: Vec<Package>,
    workspace_members: BTreeSet<String>,
}

impl Graph {
    pub(crate) fn lock_line(&self, package: &str) -> usize {
        self.lock_lines.get(package).copied().unwrap_or(1)
    }
}

pub(crate) fn read(root: &Path) -> Result<Graph> {
    let mut command = shell::cargo();
    command.args(["metadata", "--format-version", "1", "--locked"]);
    let metadata: Metadata = serde_json::from_str(&shell::read(&mut command)?)?;

    let mut command = shell::cargo();
    command.args(["tree", "--workspace", "--locked", "--all-features", "--target", "all"]);
    command.args(["--edges", "normal,build,dev", "--prefix", "none", "--format", "{p}"]);
    let built = built_names(&shell::read(&mut command)?);

    let lock = fs::read_to_string(root.join("Cargo.lock")).context("cannot read Cargo.lock")?;
    let members = metadata.packages.iter().filter(|package| metadata.workspace_members.contains(&package.id));
    let members = members.map(|package| member(root, package)).collect::<Result<_>>()?;
    Ok(Graph { members, packages: metadata.packages, built, lock_lines: lock_lines(&lock) })
}

fn member(root: &Path, package: &Package) -> Result<Member> {
    let manifest = Path::new(&package.manifest_path).strip_prefix(root)?.to_string_lossy().replace('\\', "/");
    let uses = package.dependencies.iter().filter(|dependency| dependency.path.is_some());
    Ok(Member {
        name: package.name.clone(),
        manifest_text: fs::read_to_string(&package.manifest_path)?,
        manifest,
        uses: uses.map(|d| Use { name: d.name.clone(), dev: d.kind.as_deref() == Some("dev") }).collect(),
    })
}

/// One package a line, its name first; a package that was already listed comes again with a mark behind it.
fn built_names(tree: &str) -> BTreeSet<String> {
    tree.lines().filter_map(|line| line.split_whitespace().next()).map(str::to_owned).collect()
}

fn lock_lines(lock: &str) -> BTreeMap<String, usize> {
    let name = |line: &str| Some(line.strip_prefix("name = \"")?.strip_suffix('"')?.to_owned());
    lock.lines().enumerate().filter_map(|(index, line)| Some((name(line)?, index + 1))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tree_is_read_by_its_names() {
        let tree = "idp-web v0.1.0 (crates/idp-web)\nserde v1.0.0\n\nserde v1.0.0 (*)\n";
        assert_eq!(built_names(tree).into_iter().collect::<Vec<_>>(), ["idp-web", "serde"]);
    }

    #[test]
    fn a_package_is_found_in_the_lock_file() {
        let lock = "version = 4\n\n[[package]]\nname = \"serde\"\nversion = \"1\"\n";
        assert_eq!(lock_lines(lock).get("serde"), Some(&4));
    }
}
