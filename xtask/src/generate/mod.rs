//! `cargo xtask generate`: the reference pages in `docs/reference/`, from the tables that the behaviour itself comes from.
//!
//! The program prints what it knows of itself (`vestibule reference …`); the routes it cannot list, since a router does not
//! tell what is in it, so they are read from the source; and what libraries do, the interop suites have shown. With
//! `--check` nothing is written, and a page that is not what would be written is an error.

mod interop;
mod routes;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};

use anyhow::{Context, Result, bail};
use clap::Args;

use crate::{server, shell};

#[derive(Args)]
pub(crate) struct Options {
    /// Write nothing; fail when a page is out of date.
    #[arg(long)]
    check: bool,
}

/// The pages that the program prints.
const PRINTED: [&str; 4] = ["errors", "settings", "command-line", "graph"];
/// The document that the program prints.
const OPENAPI: &str = "openapi";
const ROUTES: &str = "routes";
/// Which libraries go through which flows.
const INTEROP: &str = "interop";

const NOTICE: &str = "<!-- Written by `cargo xtask generate`: change the code, not this page. -->\n\n";

struct Page {
    path: PathBuf,
    text: String,
}

pub(crate) fn run(options: &Options) -> Result<ExitCode> {
    if options.check {
        check()?;
    } else {
        pages()?.iter().try_for_each(Page::write)?;
    }
    Ok(ExitCode::SUCCESS)
}

/// Writes the table of libraries and flows alone.
pub(crate) fn interop() -> Result<()> {
    Page::new(INTEROP, &interop::page(shell::root())?).write()
}

/// Whether every page is what would be written.
pub(crate) fn check() -> Result<()> {
    let old: Vec<_> =
        pages()?.iter().filter(|page| !page.is_current()).map(|page| shown(&page.path)).collect();
    if !old.is_empty() {
        bail!("out of date: {}. Run: cargo xtask generate", old.join(", "));
    }
    Ok(())
}

fn pages() -> Result<Vec<Page>> {
    let binary = server::build(false)?;
    let mut pages = Vec::new();
    for name in PRINTED {
        pages.push(Page::new(name, &printed(&binary, name)?));
    }
    let path = shell::root().join("docs/reference").join(OPENAPI).with_extension("json");
    pages.push(Page { path, text: printed(&binary, OPENAPI)? });
    pages.push(Page::new(ROUTES, &routes::page(shell::root())?));
    pages.push(Page::new(INTEROP, &interop::page(shell::root())?));
    Ok(pages)
}

fn printed(binary: &Path, name: &str) -> Result<String> {
    let mut command = Command::new(binary);
    // The help shows what such variables hold.
    command.args(["reference", name]).env_remove("VESTIBULE_CONFIG").env_remove("RUST_LOG");
    shell::read(&mut command)
}

fn shown(path: &Path) -> String {
    path.strip_prefix(shell::root()).unwrap_or(path).display().to_string()
}

impl Page {
    fn new(name: &str, text: &str) -> Self {
        let path = shell::root().join("docs/reference").join(name).with_extension("md");
        Self { path, text: format!("{NOTICE}{text}") }
    }

    fn write(&self) -> Result<()> {
        if let Some(folder) = self.path.parent() {
            fs::create_dir_all(folder)?;
        }
        fs::write(&self.path, &self.text).with_context(|| format!("cannot write {}", self.path.display()))?;
        println!("{}", shown(&self.path));
        Ok(())
    }

    fn is_current(&self) -> bool {
        // Git may have given the lines another ending.
        fs::read_to_string(&self.path).is_ok_and(|there| there.replace("\r\n", "\n") == self.text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_is_current_when_it_holds_what_would_be_written() {
        let folder = tempfile::tempdir().unwrap();
        let page = Page { path: folder.path().join("errors.md"), text: "one\ntwo\n".into() };
        assert!(!page.is_current(), "there is none");
        fs::write(&page.path, "one\n").unwrap();
        assert!(!page.is_current());
        fs::write(&page.path, "one\r\ntwo\r\n").unwrap();
        assert!(page.is_current());
    }
}
