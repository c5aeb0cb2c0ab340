//! A running server: started from the binary beside the tests, found by its `dev.json`, and stopped whatever happens.

use std::fs::{self, File};
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::OnceLock;
use std::thread::sleep;
use std::time::Duration;

use crate::cast::DevJson;
use crate::client::host_of;

/// How long a server may take until it answers.
const PATIENCE: Duration = Duration::from_secs(30);

/// Waits for the end of its input, which comes when this process lets go of the other end or dies, then ends the
/// server and takes its data away. It outlives us, so nothing is left behind even by a test that is killed.
const UNDERTAKER: &str = r#"trap '' INT TERM
cat >/dev/null
kill -TERM "$1" 2>/dev/null
i=0; while kill -0 "$1" 2>/dev/null && [ $i -lt 100 ]; do sleep 0.05; i=$((i+1)); done
kill -KILL "$1" 2>/dev/null
rm -rf "$2""#;

/// A running `vestibule dev`.
pub struct Server {
    child: Child,
    undertaker: Child,
    lifeline: Option<ChildStdin>,
    data: PathBuf,
    dev: DevJson,
}

impl Server {
    /// The server that the tests of one run share. It ends with the run.
    pub fn shared() -> &'static Self {
        static SHARED: OnceLock<Server> = OnceLock::new();
        SHARED.get_or_init(Self::own)
    }

    /// A server of one's own, until it is dropped.
    pub fn own() -> Self {
        Self::with(&[])
    }

    /// A server of one's own, with more arguments.
    pub fn with(arguments: &[&str]) -> Self {
        let data = tempfile::Builder::new().prefix("vestibule-spec-").tempdir().unwrap().keep();
        Self::on(data, arguments)
    }

    /// A server of one's own under another name than `localhost`.
    pub fn called(host: &str) -> Self {
        let free = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
        Self::with(&["--listen", &free.to_string(), "--origin", &format!("https://{host}:{}", free.port())])
    }

    /// A server on data that are there, which it takes away in the end.
    pub fn on(data: PathBuf, arguments: &[&str]) -> Self {
        let log = File::options().create(true).append(true).open(data.join("stderr.log")).unwrap();
        let mut child = Command::new(binary())
            .args(["--log", "debug", "dev", "--listen", "127.0.0.1:0", "--data"])
            .arg(&data)
            .args(arguments)
            .stdin(Stdio::null())
            .stdout(File::create(data.join("stdout.log")).unwrap())
            .stderr(log)
            .spawn()
            .unwrap();
        let (undertaker, lifeline) = undertaker(&child, &data);
        let dev = wait_for(&data, &mut child);
        Self { child, undertaker, lifeline, data, dev }
    }

    /// Its process.
    pub fn process(&self) -> u32 {
        self.child.id()
    }

    /// Kills the server, without a word of warning.
    pub fn kill(&self) {
        let id = self.child.id().to_string();
        assert!(Command::new("kill").args(["-KILL", &id]).status().unwrap().success());
    }

    /// Kills the server, without a word of warning, and starts it again on the same data.
    #[must_use]
    pub fn killed_and_started_again(mut self) -> Self {
        self.child.kill().unwrap();
        self.started_again()
    }

    /// Asks the server to stop, waits until it has, and starts it again on the same data.
    #[must_use]
    pub fn stopped_and_started_again(self) -> Self {
        let id = self.child.id().to_string();
        assert!(Command::new("kill").args(["-TERM", &id]).status().unwrap().success());
        self.started_again()
    }

    /// On a copy of the data, when this one has ended.
    fn started_again(mut self) -> Self {
        let copy = tempfile::Builder::new().prefix("vestibule-spec-").tempdir().unwrap().keep();
        self.child.wait().unwrap();
        for entry in fs::read_dir(&self.data).unwrap().map(Result::unwrap) {
            fs::copy(entry.path(), copy.join(entry.file_name())).unwrap();
        }
        fs::remove_file(copy.join("dev.json")).unwrap();
        Self::on(copy, &[])
    }

    /// What is known about it.
    pub fn dev(&self) -> &DevJson {
        &self.dev
    }

    /// `https://localhost:<port>`
    pub fn origin(&self) -> &str {
        &self.dev.origin
    }

    /// The host of its origin.
    pub fn host(&self) -> &str {
        host_of(self.origin())
    }

    /// Where it listens.
    pub fn address(&self) -> SocketAddr {
        let (_, port) = self.origin().rsplit_once(':').unwrap();
        SocketAddr::from(([127, 0, 0, 1], port.parse().unwrap()))
    }

    /// The certificate of its authority, in PEM.
    pub fn ca(&self) -> Vec<u8> {
        fs::read(&self.dev.ca).unwrap()
    }

    /// Its data folder.
    pub fn data(&self) -> &Path {
        &self.data
    }

    /// What it has logged so far.
    pub fn log(&self) -> Vec<u8> {
        fs::read(self.data.join("stderr.log")).unwrap()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.lifeline.take();
        let _ = self.child.wait();
        let _ = self.undertaker.wait();
    }
}

/// Somebody who ends this process and takes its data away when the other end of the lifeline is let go.
pub(crate) fn undertaker(child: &Child, data: &Path) -> (Child, Option<ChildStdin>) {
    let mut undertaker = Command::new("sh")
        .args(["-c", UNDERTAKER, "undertaker", &child.id().to_string()])
        .arg(data)
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let lifeline = undertaker.stdin.take();
    (undertaker, lifeline)
}

/// `target/<profile>/vestibule`: tests are in `target/<profile>/deps`.
pub(crate) fn binary() -> PathBuf {
    let tests = std::env::current_exe().unwrap();
    let binary = tests.ancestors().nth(2).unwrap().join("vestibule");
    assert!(binary.exists(), "{} is missing. Build it first: cargo build -p idp-server", binary.display());
    binary
}

/// `dev.json` appears when the server answers.
fn wait_for(data: &Path, child: &mut Child) -> DevJson {
    let file = data.join("dev.json");
    for _ in 0..PATIENCE.as_millis() / 20 {
        if let Ok(text) = fs::read(&file) {
            return serde_json::from_slice(&text).unwrap();
        }
        if let Some(status) = child.try_wait().unwrap() {
            let log = fs::read_to_string(data.join("stderr.log")).unwrap_or_default();
            panic!("the server ended with {status} before it answered: {log}");
        }
        sleep(Duration::from_millis(20));
    }
    let _ = child.kill();
    panic!("the server did not answer within {PATIENCE:?}");
}
