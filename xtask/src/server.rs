//! A `vestibule dev` of our own: built, started on a free port with a throw-away data folder, and always stopped.

use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use serde::Deserialize;
use tempfile::TempDir;

use crate::shell;

const START_LIMIT: Duration = Duration::from_secs(30);
const STOP_PATIENCE: Duration = Duration::from_secs(10);
const LOG_LINES_SHOWN: usize = 40;

/// What we read of `dev.json`; the suites read the rest themselves.
#[derive(Deserialize)]
struct DevJson {
    origin: String,
    ca: PathBuf,
}

/// A running server. Dropping it ends the process, so no error path leaves one behind.
pub(crate) struct Server {
    child: Child,
    data: TempDir,
    log: PathBuf,
    origin: String,
    ca: PathBuf,
}

/// Builds the `vestibule` binary and returns where it is.
pub(crate) fn build(release: bool) -> Result<PathBuf> {
    let mut command = shell::cargo();
    // The whole workspace decides the features, as in the `build` part: selecting the one package would select other
    // features of shared dependencies and compile them a second time.
    command.args(["build", "--workspace", "--bin", "vestibule", "--locked"]);
    if release {
        command.arg("--release");
    }
    shell::run(&mut command)?;
    Ok(target_folder()?.join(if release { "release" } else { "debug" }).join("vestibule"))
}

/// Where cargo puts what it builds; a person may have moved it.
pub(crate) fn target_folder() -> Result<PathBuf> {
    #[derive(Deserialize)]
    struct Metadata {
        target_directory: PathBuf,
    }
    let mut command = shell::cargo();
    command.args(["metadata", "--format-version", "1", "--no-deps", "--locked"]);
    Ok(serde_json::from_str::<Metadata>(&shell::read(&mut command)?)?.target_directory)
}

impl Server {
    /// Starts the binary and returns once it answers. Its own output goes to `log`.
    pub(crate) fn start(binary: &Path, log: PathBuf) -> Result<Self> {
        let data = tempfile::Builder::new().prefix("vestibule-").tempdir()?;
        let out = File::create(&log).with_context(|| format!("cannot write {}", log.display()))?;
        let child = Command::new(binary)
            .args(["dev", "--listen", "127.0.0.1:0", "--data"])
            .arg(data.path())
            .stdin(Stdio::null())
            .stderr(out.try_clone()?)
            .stdout(out)
            .spawn()
            .with_context(|| format!("cannot start {}", binary.display()))?;
        let mut server = Self { child, data, log, origin: String::new(), ca: PathBuf::new() };
        let dev_json = server.wait_until_it_answers()?;
        server.origin = dev_json.origin;
        // The file may name its neighbour relative to itself.
        server.ca = server.data.path().join(dev_json.ca);
        Ok(server)
    }

    /// `dev.json` is written only once the server answers, so its presence is the signal.
    fn wait_until_it_answers(&mut self) -> Result<DevJson> {
        let start = Instant::now();
        while start.elapsed() < START_LIMIT {
            if let Some(status) = self.child.try_wait()? {
                bail!("`vestibule dev` ended before it answered: {status}\n{}", self.last_words());
            }
            // A file that does not parse yet is still being written.
            let text = fs::read_to_string(self.dev_json()).unwrap_or_default();
            if let Ok(dev_json) = serde_json::from_str(&text) {
                return Ok(dev_json);
            }
            thread::sleep(Duration::from_millis(50));
        }
        bail!("`vestibule dev` wrote no usable dev.json within {START_LIMIT:?}\n{}", self.last_words())
    }

    /// The file that tells programs where everything is.
    pub(crate) fn dev_json(&self) -> PathBuf {
        self.data.path().join("dev.json")
    }

    /// The certificate authority that vouches for the server.
    pub(crate) fn ca(&self) -> &Path {
        &self.ca
    }

    /// `https://localhost:<port>`
    pub(crate) fn origin(&self) -> &str {
        &self.origin
    }

    /// The end of the server's own output, for the person who has to find out what went wrong.
    pub(crate) fn last_words(&self) -> String {
        let text = fs::read_to_string(&self.log).unwrap_or_default();
        let lines: Vec<&str> = text.lines().collect();
        let end = &lines[lines.len().saturating_sub(LOG_LINES_SHOWN)..];
        format!("the server's last words ({}):\n{}", self.log.display(), end.join("\n"))
    }

    /// Ends the server and says so if it did not go well.
    pub(crate) fn stop(mut self) -> Result<()> {
        shell::stop(&mut self.child, STOP_PATIENCE).context("cannot stop the server")
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // Already stopped in the good case; here there is nobody left to tell.
        let _ = shell::stop(&mut self.child, STOP_PATIENCE);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A program that behaves like `vestibule dev` as far as this module can see.
    fn stand_in(folder: &Path, script: &str) -> PathBuf {
        let path = folder.join("vestibule");
        // Written by another process: a child that some other test forks meanwhile would inherit our open file, and
        // Linux refuses to start a program that anybody still has open for writing.
        let write = "printf '%s\\n' '#!/bin/sh' \"$1\" > \"$0\" && chmod +x \"$0\"";
        let status = Command::new("sh").args(["-c", write]).arg(&path).arg(script).status().unwrap();
        assert!(status.success());
        path
    }

    #[test]
    fn a_server_is_ready_when_its_dev_json_is_whole() {
        let folder = tempfile::tempdir().unwrap();
        let script = r#"printf '{"origin":' > "$5/dev.json"; sleep 0.3
            printf '{"origin":"https://localhost:1","ca":"ca.pem"}' > "$5/dev.json"; exec sleep 30"#;
        let server = Server::start(&stand_in(folder.path(), script), folder.path().join("log")).unwrap();
        assert_eq!(server.origin(), "https://localhost:1");
        assert_eq!(server.ca(), server.data.path().join("ca.pem"));
        server.stop().unwrap();
    }

    #[test]
    fn a_server_that_ends_early_is_reported_with_its_last_words() {
        let folder = tempfile::tempdir().unwrap();
        let binary = stand_in(folder.path(), "echo the port is taken; exit 3");
        let error = Server::start(&binary, folder.path().join("log")).err().unwrap().to_string();
        assert!(error.contains("the port is taken"), "{error}");
    }
}
