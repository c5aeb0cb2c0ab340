//! `vestibule init` and `vestibule serve` as an operator has them: a folder with a configuration, a certificate, a store.

use std::fs::{self, File};
use std::net::{SocketAddr, TcpListener};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, Command, ExitStatus, Stdio};
use std::thread::sleep;
use std::time::Duration;

use crate::client::Client;
use crate::server::{binary, undertaker};

/// How long a command may take.
const PATIENCE: Duration = Duration::from_secs(30);
/// The name of the server in its origin. It is not `localhost`.
pub const HOST: &str = "login.production.test";
/// The domain of its organisation.
pub const DOMAIN: &str = "production.test";

/// A folder with a configuration, a certificate and a store.
pub struct Installation {
    folder: tempfile::TempDir,
    certificate: String,
    listen: SocketAddr,
    metrics: SocketAddr,
}

/// What a command said, and how it ended.
#[derive(Debug)]
pub struct Said {
    /// How it ended.
    pub status: ExitStatus,
    /// Standard output.
    pub output: String,
    /// Standard error.
    pub errors: String,
}

/// A running `vestibule serve`.
pub struct Running {
    child: Child,
    undertaker: Child,
    lifeline: Option<ChildStdin>,
    log: PathBuf,
}

impl Installation {
    /// A configuration with this certificate and its key, in PEM, and no store yet.
    pub fn new(certificate: &str, key: &str) -> Self {
        let folder = tempfile::Builder::new().prefix("vestibule-spec-").tempdir().unwrap();
        let [listen, metrics] = free_addresses();
        let this = Self { folder, certificate: certificate.to_owned(), listen, metrics };
        fs::write(this.path("chain.pem"), certificate).unwrap();
        fs::write(this.path("key.pem"), key).unwrap();
        let at = this.folder.path().display();
        let text = format!(
            "origin = \"{}\"\nlisten = [\"{listen}\"]\nmetrics = \"{metrics}\"\n\
             master_key_file = \"{at}/master.key\"\n\
             [tls]\ncertificate = \"{at}/chain.pem\"\nkey = \"{at}/key.pem\"\n\
             [store]\nfolder = \"{at}/store\"\n",
            this.origin()
        );
        fs::write(this.path("vestibule.toml"), text).unwrap();
        this
    }

    /// A file of it.
    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// Its origin.
    pub fn origin(&self) -> String {
        format!("https://{HOST}:{}", self.listen.port())
    }

    /// Where it listens.
    pub fn address(&self) -> SocketAddr {
        self.listen
    }

    /// Its certificate, in PEM, which its clients trust.
    pub fn certificate(&self) -> &[u8] {
        self.certificate.as_bytes()
    }

    /// A client of it.
    pub fn client(&self) -> Client {
        self.client_of(&self.origin())
    }

    /// A client of it under another origin.
    pub fn client_of(&self, origin: &str) -> Client {
        Client::at(origin, self.listen, self.certificate())
    }

    /// An address for operators.
    pub fn for_operators(&self, path: &str) -> String {
        format!("http://{}{path}", self.metrics)
    }

    /// The configuration, with another text in place of one that must be there.
    pub fn configure(&self, from: &str, to: &str) {
        let file = self.path("vestibule.toml");
        let text = fs::read_to_string(&file).unwrap();
        assert!(text.contains(from), "{from} is not in {text}");
        fs::write(file, text.replace(from, to)).unwrap();
    }

    /// `vestibule init`
    pub fn init(&self) -> Said {
        self.run(&["init", "--organisation", "Production Ltd", "--domain", DOMAIN])
    }

    /// `vestibule init`, or whatever else, with the configuration, to its end.
    pub fn run(&self, arguments: &[&str]) -> Said {
        let config = self.path("vestibule.toml");
        self.run_bare(&[arguments, &["--config", config.to_str().unwrap()]].concat(), &[])
    }

    /// `vestibule` with these arguments and variables, to its end.
    pub fn run_bare(&self, arguments: &[&str], variables: &[(&str, &str)]) -> Said {
        let (output, errors) = (self.path("output.log"), self.path("errors.log"));
        let mut child = command(arguments, variables, &output, &errors);
        let status = ended(&mut child).unwrap_or_else(|| panic!("{arguments:?} did not end"));
        let text = |path: &Path| fs::read_to_string(path).unwrap();
        Said { status, output: text(&output), errors: text(&errors) }
    }

    /// `vestibule serve`, when it is ready.
    pub fn serve(&self) -> Running {
        let config = self.path("vestibule.toml");
        self.serve_bare(&["serve", "--config", config.to_str().unwrap()], &[])
    }

    /// `vestibule` with these arguments and variables, when it is ready.
    pub fn serve_bare(&self, arguments: &[&str], variables: &[(&str, &str)]) -> Running {
        let log = self.path("serve.log");
        let mut child = command(arguments, variables, &self.path("serve.out"), &log);
        for _ in 0..PATIENCE.as_millis() / 20 {
            if fs::read_to_string(&log).unwrap().contains("\"ready\"") {
                let (undertaker, lifeline) = undertaker(&child, Path::new(""));
                return Running { child, undertaker, lifeline, log };
            }
            if let Some(status) = child.try_wait().unwrap() {
                panic!("it ended with {status}: {}", fs::read_to_string(&log).unwrap());
            }
            sleep(Duration::from_millis(20));
        }
        let _ = child.kill();
        panic!("it was not ready within {PATIENCE:?}: {}", fs::read_to_string(&log).unwrap());
    }
}

impl Said {
    /// It went well.
    #[track_caller]
    pub fn went_well(&self) -> &Self {
        assert_eq!(self.status.code(), Some(0), "{self:?}");
        self
    }

    /// It refused: exit code 1, nothing on standard output, and one sentence on standard error with these words in it.
    #[track_caller]
    pub fn refused(&self, words: &[&str]) -> &Self {
        assert_eq!((self.status.code(), self.output.as_str()), (Some(1), ""), "{self:?}");
        let sentence = self.errors.strip_prefix("vestibule: ").unwrap_or_else(|| panic!("{self:?}"));
        assert_eq!(sentence.trim_end().lines().count(), 1, "{self:?}");
        for word in words {
            assert!(sentence.contains(word), "nothing of {word:?}: {sentence}");
        }
        for leak in ["panicked", "RUST_BACKTRACE", ".rs:", "Error {", "Os {"] {
            assert!(!sentence.contains(leak), "{sentence}");
        }
        self
    }

    /// What `init` printed behind a word.
    #[track_caller]
    pub fn value(&self, word: &str) -> &str {
        let line = self.output.lines().find_map(|line| line.strip_prefix(word));
        line.and_then(|rest| rest.split_whitespace().next()).unwrap_or_else(|| panic!("no {word}: {self:?}"))
    }
}

impl Running {
    /// What it has logged.
    pub fn log(&self) -> String {
        fs::read_to_string(&self.log).unwrap()
    }

    /// Asks it to stop.
    pub fn terminate(&self) {
        let id = self.child.id().to_string();
        assert!(Command::new("kill").args(["-TERM", &id]).status().unwrap().success());
    }

    /// Waits until it has ended.
    pub fn ended(&mut self) -> ExitStatus {
        ended(&mut self.child).unwrap_or_else(|| panic!("it did not end: {}", self.log()))
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        self.lifeline.take();
        let _ = self.child.wait();
        let _ = self.undertaker.wait();
    }
}

/// Starts the program, with no variable of ours but these.
fn command(arguments: &[&str], variables: &[(&str, &str)], output: &Path, errors: &Path) -> Child {
    let mut command = Command::new(binary());
    for (name, _) in std::env::vars_os() {
        if name == "RUST_LOG" || name.to_string_lossy().starts_with("VESTIBULE_") {
            command.env_remove(name);
        }
    }
    command
        .args(arguments)
        .envs(variables.iter().copied())
        .stdin(Stdio::null())
        .stdout(File::create(output).unwrap())
        .stderr(File::create(errors).unwrap())
        .spawn()
        .unwrap()
}

/// How a process ended, if it does in time. Otherwise it is killed.
fn ended(child: &mut Child) -> Option<ExitStatus> {
    for _ in 0..PATIENCE.as_millis() / 10 {
        if let Some(status) = child.try_wait().unwrap() {
            return Some(status);
        }
        sleep(Duration::from_millis(10));
    }
    let _ = child.kill();
    let _ = child.wait();
    None
}

/// Two addresses where nobody listens.
fn free_addresses() -> [SocketAddr; 2] {
    let listeners = [(); 2].map(|()| TcpListener::bind("127.0.0.1:0").unwrap());
    listeners.map(|listener| listener.local_addr().unwrap())
}
