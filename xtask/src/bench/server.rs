//! A release server under measurement: started on a data folder that may exist already, watched by its process id, and
//! always stopped.

use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};

use super::instruments::Placement;
use crate::shell;

/// A first start may read a file of a hundred thousand people.
const START_LIMIT: Duration = Duration::from_secs(300);
const STOP_PATIENCE: Duration = Duration::from_secs(10);

pub(super) struct Server {
    child: Child,
    placement: Placement,
    data: PathBuf,
}

/// What the kernel says of a process's memory, in MiB.
#[derive(Clone, Copy)]
pub(super) struct Memory {
    pub(super) resident: f64,
    /// The part that is nobody else's and in no file.
    pub(super) anonymous: f64,
}

impl Server {
    /// Runs `command`, which keeps its data in `data`, and returns once it answers.
    pub(super) fn start(mut command: Command, placement: Placement, data: &Path) -> Result<Self> {
        fs::create_dir_all(data)?;
        let log = File::create(data.join("log"))?;
        let dev_json = data.join("dev.json");
        if dev_json.exists() {
            fs::remove_file(&dev_json)?;
        }
        command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(log);
        let child = command.spawn().with_context(|| format!("cannot start `{}`", shell::spoken(&command)))?;
        let mut server = Self { child, placement, data: data.to_owned() };
        server.wait_until_it_answers()?;
        Ok(server)
    }

    /// `dev.json` appears, whole, when the server answers.
    fn wait_until_it_answers(&mut self) -> Result<()> {
        let start = Instant::now();
        while start.elapsed() < START_LIMIT {
            if let Some(status) = self.child.try_wait()? {
                bail!("`vestibule dev` ended before it answered: {status}\n{}", self.last_words());
            }
            if self.dev_json().exists() {
                return Ok(());
            }
            thread::sleep(Duration::from_millis(10));
        }
        bail!("`vestibule dev` did not answer within {START_LIMIT:?}\n{}", self.last_words())
    }

    pub(super) fn pid(&self) -> u32 {
        self.child.id()
    }

    pub(super) fn placement(&self) -> Placement {
        self.placement
    }

    pub(super) fn dev_json(&self) -> PathBuf {
        self.data.join("dev.json")
    }

    /// What the server said, for the person who has to find out what went wrong.
    pub(super) fn last_words(&self) -> String {
        let text = fs::read_to_string(self.data.join("log")).unwrap_or_default();
        format!("the server's own words: {}", if text.trim().is_empty() { "none" } else { text.trim() })
    }

    pub(super) fn memory(&self) -> Result<Memory> {
        let path = format!("/proc/{}/status", self.pid());
        let text = fs::read_to_string(&path).with_context(|| format!("cannot read {path}"))?;
        let mebibytes = |field| kibibytes(&text, field).with_context(|| format!("{path} has no {field}"));
        Ok(Memory { resident: mebibytes("VmRSS")? / 1024.0, anonymous: mebibytes("RssAnon")? / 1024.0 })
    }

    pub(super) fn stop(mut self) -> Result<()> {
        shell::stop(&mut self.child, STOP_PATIENCE).context("cannot stop the server")
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // Already stopped in the good case; here there is nobody left to tell.
        let _ = shell::stop(&mut self.child, STOP_PATIENCE);
    }
}

/// proc(5): `VmRSS:    14576 kB`
fn kibibytes(status: &str, field: &str) -> Option<f64> {
    let line = status.lines().find_map(|line| line.strip_prefix(field)?.strip_prefix(':'))?;
    line.split_whitespace().next()?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn memory_is_read_in_kibibytes() {
        let status = "Name:\tvestibule\nVmRSS:\t   14576 kB\nRssAnon:\t    1896 kB\n";
        assert_eq!(kibibytes(status, "VmRSS"), Some(14576.0));
        assert_eq!(kibibytes(status, "Vm"), None);
    }
}
