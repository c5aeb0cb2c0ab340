//! The files of the repository as the rules see them: path, text, and for Rust the parsed syntax.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result};
use proc_macro2::TokenStream;

/// One file. `text` is empty for what is not text, `rust` is there for Rust that parses.
pub(crate) struct Source {
    /// Relative to the repository's root, with forward slashes.
    pub(crate) path: String,
    pub(crate) text: String,
    pub(crate) rust: Option<Rust>,
}

pub(crate) struct Rust {
    pub(crate) syntax: syn::File,
    pub(crate) tokens: TokenStream,
}

impl Source {
    pub(crate) fn new(path: &str, bytes: Vec<u8>) -> Self {
        let text = String::from_utf8(bytes).unwrap_or_default();
        // What does not parse is the compiler's to report.
        let rust = if path.ends_with(".rs") { Rust::parse(&text) } else { None };
        Self { path: path.to_owned(), text, rust }
    }
}

impl Rust {
    fn parse(text: &str) -> Option<Self> {
        let tokens: TokenStream = text.parse().ok()?;
        Some(Self { syntax: syn::parse_file(text).ok()?, tokens })
    }
}

/// Every file of the tree except what `.gitignore` names and what version control keeps for itself.
pub(crate) fn read_tree(root: &Path) -> Result<Vec<Source>> {
    let ignored =
        ignored_names(&fs::read_to_string(root.join(".gitignore")).context("cannot read .gitignore")?);
    let mut files = Vec::new();
    read_folder(root, "", &ignored, &mut files)?;
    Ok(files)
}

fn read_folder(root: &Path, folder: &str, ignored: &[String], files: &mut Vec<Source>) -> Result<()> {
    for entry in fs::read_dir(root.join(folder))? {
        let entry = entry?;
        let name = entry.file_name().to_string_lossy().into_owned();
        let path = if folder.is_empty() { name.clone() } else { format!("{folder}/{name}") };
        let kind = entry.file_type()?;
        if ignored.contains(&name) {
            continue;
        }
        if kind.is_dir() {
            read_folder(root, &path, ignored, files)?;
        } else if kind.is_file() {
            let bytes = fs::read(entry.path()).with_context(|| format!("cannot read {path}"))?;
            files.push(Source::new(&path, bytes));
        }
    }
    Ok(())
}

/// Our `.gitignore` holds plain names only, one a line, so that this is all it takes to follow it.
fn ignored_names(gitignore: &str) -> Vec<String> {
    let names = gitignore.lines().map(|line| line.trim().trim_matches('/')).filter(|line| !line.is_empty());
    names.map(str::to_owned).chain([".git".to_owned()]).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::shell;

    #[test]
    fn gitignore_holds_plain_names_only() {
        let gitignore = fs::read_to_string(shell::root().join(".gitignore")).unwrap();
        let plain = |name: &String| name.chars().all(|c| c.is_ascii_alphanumeric() || "._-".contains(c));
        assert!(ignored_names(&gitignore).iter().all(plain), "teach source.rs the pattern first");
    }

    #[test]
    fn the_tree_is_read_without_what_is_ignored() {
        let folder = tempfile::tempdir().unwrap();
        let root = folder.path();
        fs::create_dir_all(root.join("a/target/debug")).unwrap();
        fs::write(root.join(".gitignore"), "target/\n").unwrap();
        fs::write(root.join("a/lib.rs"), "fn f() {}").unwrap();
        fs::write(root.join("a/target/debug/out.rs"), "").unwrap();
        fs::write(root.join("picture.png"), [0xff, 0xd8]).unwrap();
        let mut paths: Vec<String> = read_tree(root).unwrap().into_iter().map(|file| file.path).collect();
        paths.sort();
        assert_eq!(paths, [".gitignore", "a/lib.rs", "picture.png"]);
    }
}
