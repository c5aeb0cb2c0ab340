//! `cargo xtask interop`: other people's unmodified clients, and a browser that looks at the pages, against a running server.
//!
//! 1. install what the suite needs, under `target/interop/NAME` so that the tree stays clean;
//! 2. build the `vestibule` binary and start `vestibule dev` on a free port;
//! 3. run the suite, told by `VESTIBULE_DEV_JSON` where everything is, by its language's own variable which CA to trust, and
//!    by `VESTIBULE_INTEROP_RESULTS` where to write what it shows;
//! 4. stop the server;
//! 5. write what the suite showed into the table of libraries and flows, or compare the two, and hand on the exit code.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode, Stdio};
use std::time::Duration;

use anyhow::{Context, Result, bail};
use clap::{Args, ValueEnum};

use crate::server::{self, Server};
use crate::{cells, debian, generate, shell};

/// A suite that takes longer hangs.
const SUITE_LIMIT: Duration = Duration::from_secs(20 * 60);

#[derive(Args)]
pub(crate) struct Options {
    /// Whose clients.
    #[arg(value_enum)]
    suite: Suite,
    /// Against the optimised binary.
    #[arg(long)]
    release: bool,
    /// Handed on to the suite's own test runner.
    #[arg(last = true)]
    arguments: Vec<String>,
}

/// The suites there are, each a folder of `interop/`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Suite {
    Python,
    Graph,
    Node,
    Java,
    Go,
    Browser,
    Pages,
}

impl Suite {
    pub(crate) const ALL: [Self; 7] =
        [Self::Python, Self::Graph, Self::Node, Self::Java, Self::Go, Self::Browser, Self::Pages];

    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Python => "python",
            Self::Graph => "graph",
            Self::Node => "node",
            Self::Java => "java",
            Self::Go => "go",
            Self::Browser => "browser",
            Self::Pages => "pages",
        }
    }

    fn folder(self) -> PathBuf {
        shell::root().join("interop").join(self.name())
    }

    /// An empty folder is no suite: version control does not carry it.
    pub(crate) fn exists(self) -> bool {
        fs::read_dir(self.folder()).is_ok_and(|mut entries| entries.next().is_some())
    }

    fn needs(self) -> &'static [debian::Need] {
        match self {
            Self::Python | Self::Graph => &[debian::PYTHON, debian::VENV],
            Self::Node => &[debian::NODE, debian::NPM],
            Self::Java => &[debian::JDK, debian::MAVEN],
            Self::Go => &[debian::GO],
            Self::Browser | Self::Pages => &[debian::NODE, debian::NPM, debian::CHROMIUM, debian::CERTUTIL],
        }
    }

    /// The variable by which the suite's HTTP client learns of a certificate authority, if there is one.
    fn ca_variable(self) -> Option<&'static str> {
        match self {
            Self::Python | Self::Graph => Some("REQUESTS_CA_BUNDLE"),
            Self::Node | Self::Browser | Self::Pages => Some("NODE_EXTRA_CA_CERTS"),
            Self::Go => Some("SSL_CERT_FILE"),
            // It wants a store of its own kind, which the suite makes.
            Self::Java => None,
        }
    }

    /// Installs the suite's packages and returns the command that runs it.
    fn prepare(self, place: &Path) -> Result<Command> {
        match self {
            Self::Python | Self::Graph => prepare_python(&self.folder(), place),
            Self::Node => prepare_node(&self.folder(), place),
            Self::Java => Ok(prepare_java(&self.folder(), place)),
            Self::Go => Ok(prepare_go(&self.folder(), place)),
            Self::Browser | Self::Pages => {
                // They read the server's description with the other suite's module.
                let copies = copies_of(place);
                replace_all_but_packages(&Self::Node.folder(), &copies.join(Self::Node.name()))?;
                let mut node = prepare_node(&self.folder(), place)?;
                node.env("VESTIBULE_SCREENSHOTS", place.join("screenshots"));
                Ok(node)
            }
        }
    }
}

/// What becomes of the cells that a run shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Showing {
    /// They are written into the table.
    Write,
    /// They must be those of the table.
    Compare,
    /// A run of some of the tests says nothing of the others' cells.
    Part,
}

pub(crate) fn run(options: &Options) -> Result<ExitCode> {
    let showing = if options.arguments.is_empty() { Showing::Write } else { Showing::Part };
    let code = run_suite(options.suite, options.release, &options.arguments, showing)?;
    Ok(ExitCode::from(u8::try_from(code).unwrap_or(1)))
}

/// Runs one suite and returns its exit code.
pub(crate) fn run_suite(suite: Suite, release: bool, arguments: &[String], showing: Showing) -> Result<i32> {
    if !suite.exists() {
        bail!("there is no suite in {}", suite.folder().display());
    }
    // 1
    debian::ensure(suite.needs())?;
    let place = server::target_folder()?.join("interop").join(suite.name());
    fs::create_dir_all(&place)?;
    let mut command = suite.prepare(&place)?;
    // 2
    let binary = server::build(release)?;
    let server = Server::start(&binary, place.join("server.log"))?;
    println!("vestibule answers at {}", server.origin());
    // 3
    command.args(arguments);
    command.env("VESTIBULE_DEV_JSON", server.dev_json());
    if let Some(variable) = suite.ca_variable() {
        command.env(variable, server.ca());
    }
    let folder = tempfile::tempdir()?;
    let results = folder.path().join("shown.jsonl");
    command.env(cells::RESULTS, &results);
    let code = run_limited(&mut command);
    // 4
    if !matches!(code, Ok(0)) {
        eprintln!("{}", server.last_words());
    }
    server.stop()?;
    // 5
    let code = code?;
    keep(suite, cells::of_run(&results)?, code, showing)?;
    Ok(code)
}

fn keep(suite: Suite, shown: Vec<cells::Cell>, code: i32, showing: Showing) -> Result<()> {
    match showing {
        Showing::Write => {
            let mut table = cells::Table::read()?;
            if code == 0 {
                table.replace(suite.name(), shown);
            } else {
                table.amend(suite.name(), shown);
            }
            table.write()?;
            generate::interop()
        }
        // A suite that failed has been told of already.
        Showing::Compare if code == 0 => cells::Table::read()?.compare(suite.name(), &shown),
        Showing::Compare | Showing::Part => Ok(()),
    }
}

fn run_limited(command: &mut Command) -> Result<i32> {
    println!("$ {}", shell::spoken(command));
    let mut child = command.stdin(Stdio::null()).spawn().with_context(|| shell::spoken(command))?;
    match shell::wait(&mut child, SUITE_LIMIT)? {
        // No code means that a signal ended it.
        Some(status) => Ok(status.code().unwrap_or(1)),
        None => {
            shell::stop(&mut child, Duration::from_secs(10))?;
            bail!("the suite did not end within {SUITE_LIMIT:?}")
        }
    }
}

/// A virtual environment under `place`; the tests run where they are and leave nothing there.
fn prepare_python(folder: &Path, place: &Path) -> Result<Command> {
    let requirements = folder.join("requirements.txt");
    let venv = place.join("venv");
    let python = venv.join("bin/python");
    install_when_changed(&[&requirements], &venv.join("installed"), || {
        shell::run(Command::new("python3").args(["-m", "venv", "--clear"]).arg(&venv))?;
        let mut pip = Command::new(&python);
        pip.args(["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--requirement"]);
        shell::run(pip.arg(&requirements))
    })?;
    let mut pytest = Command::new(&python);
    pytest.current_dir(folder).env("PYTHONDONTWRITEBYTECODE", "1");
    pytest.args(["-m", "pytest", "-q", "-p", "no:cacheprovider"]);
    Ok(pytest)
}

/// Where the copies of the JavaScript suites lie: side by side, as in the repository.
fn copies_of(place: &Path) -> PathBuf {
    place.with_file_name("copies")
}

/// A copy, because npm writes its packages beside the manifest.
fn prepare_node(folder: &Path, place: &Path) -> Result<Command> {
    let copy = copies_of(place).join(folder.file_name().unwrap_or_default());
    replace_all_but_packages(folder, &copy)?;
    let manifests = [&*folder.join("package.json"), &*folder.join("package-lock.json")];
    let locked = manifests[1].is_file();
    install_when_changed(
        &manifests[..if locked { 2 } else { 1 }],
        &copy.join("node_modules/.installed"),
        || {
            let mut npm = Command::new("npm");
            npm.current_dir(&copy).args([if locked { "ci" } else { "install" }, "--no-audit", "--no-fund"]);
            // The browser is Debian's; no package may fetch another one.
            npm.env("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1").env("PUPPETEER_SKIP_DOWNLOAD", "1");
            shell::run(&mut npm)
        },
    )?;
    let mut node = Command::new("node");
    // One file at a time: they listen on the ports of the same redirect URIs.
    node.current_dir(&copy).args(["--test", "--test-concurrency=1"]);
    Ok(node)
}

/// Maven fetches what it lacks when it runs, and keeps it in `place`, as it does what it builds.
fn prepare_java(folder: &Path, place: &Path) -> Command {
    let mut mvn = Command::new("mvn");
    mvn.current_dir(folder).args(["--batch-mode", "--no-transfer-progress", "test"]);
    mvn.arg(format!("-Dmaven.repo.local={}", place.join("repository").display()));
    mvn.arg(format!("-Dbuilt={}", place.join("built").display()));
    mvn
}

/// So does Go. Of its own accord it would protect the modules even from being deleted, and fetch another Go than this one.
fn prepare_go(folder: &Path, place: &Path) -> Command {
    let mut go = Command::new("go");
    go.current_dir(folder).args(["test", "-count=1", "./..."]);
    go.env("GOMODCACHE", place.join("modules")).env("GOCACHE", place.join("built"));
    go.env("GOFLAGS", "-modcacherw").env("GOTOOLCHAIN", "local");
    go
}

/// Runs `install` unless it already ran to its end for exactly these manifests. What it installed counts only once
/// `stamp` is written, so an interrupted installation is done again.
fn install_when_changed(
    manifests: &[&Path],
    stamp: &Path,
    install: impl FnOnce() -> Result<()>,
) -> Result<()> {
    let mut wanted = String::new();
    for manifest in manifests {
        wanted +=
            &fs::read_to_string(manifest).with_context(|| format!("cannot read {}", manifest.display()))?;
    }
    if fs::read_to_string(stamp).is_ok_and(|installed| installed == wanted) {
        return Ok(());
    }
    install()?;
    if let Some(folder) = stamp.parent() {
        fs::create_dir_all(folder)?; // npm makes no `node_modules` for a manifest without dependencies
    }
    Ok(fs::write(stamp, wanted)?)
}

/// Makes `to` a copy of `from`, but keeps the packages that are already installed there.
fn replace_all_but_packages(from: &Path, to: &Path) -> Result<()> {
    fs::create_dir_all(to)?;
    for entry in fs::read_dir(to)? {
        let entry = entry?;
        if entry.file_name() == "node_modules" {
            continue;
        }
        if entry.file_type()?.is_dir() {
            fs::remove_dir_all(entry.path())?
        } else {
            fs::remove_file(entry.path())?
        }
    }
    copy_folder(from, to)
}

fn copy_folder(from: &Path, to: &Path) -> Result<()> {
    fs::create_dir_all(to)?;
    for entry in fs::read_dir(from)? {
        let entry = entry?;
        let target = to.join(entry.file_name());
        if entry.file_name() == "node_modules" {
            continue;
        }
        if entry.file_type()?.is_dir() {
            copy_folder(&entry.path(), &target)?;
        } else {
            fs::copy(entry.path(), target)?;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_copy_follows_its_original_and_keeps_the_packages() {
        let folder = tempfile::tempdir().unwrap();
        let (from, to) = (folder.path().join("from"), folder.path().join("to"));
        fs::create_dir_all(from.join("deep")).unwrap();
        fs::write(from.join("deep/new.js"), "new").unwrap();
        fs::create_dir_all(to.join("node_modules/package")).unwrap();
        fs::write(to.join("old.js"), "old").unwrap();
        replace_all_but_packages(&from, &to).unwrap();
        assert_eq!(fs::read_to_string(to.join("deep/new.js")).unwrap(), "new");
        assert!(!to.join("old.js").exists());
        assert!(to.join("node_modules/package").exists());
    }

    #[test]
    fn packages_are_installed_again_only_when_the_manifest_changed() {
        let folder = tempfile::tempdir().unwrap();
        let (manifest, stamp) = (folder.path().join("manifest"), folder.path().join("packages/.installed"));
        let mut installed = 0;
        for content in ["one", "one", "two"] {
            fs::write(&manifest, content).unwrap();
            install_when_changed(&[&manifest], &stamp, || {
                installed += 1;
                Ok(())
            })
            .unwrap();
        }
        assert_eq!(installed, 2);
    }
}
