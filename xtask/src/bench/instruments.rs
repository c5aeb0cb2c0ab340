//! The programs that are run: the release server, the crate `bench`, and `taskset` to give each a core of its own.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::thread::available_parallelism;

use anyhow::{Context, Result};
use serde::Deserialize;
use serde::de::DeserializeOwned;

use super::server::Server;
use crate::server::target_folder;
use crate::shell;

/// Where programs may run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Placement {
    /// The server on one core, whoever asks on another.
    Apart,
    /// Where the kernel likes.
    Free,
}

/// The cores of [`Placement::Apart`].
const SERVER_CORE: &str = "0";
const ASKING_CORE: &str = "1";

pub(super) struct Instruments {
    server: PathBuf,
    bench: PathBuf,
    can_pin: bool,
}

/// CPU time of one signature, in microseconds.
#[derive(Clone, Copy, Deserialize)]
pub(super) struct Costs {
    pub(super) signature_us: f64,
    pub(super) token_us: f64,
}

/// One phase of a load; see the crate `bench`.
#[derive(Clone, Deserialize)]
pub(super) struct Phase {
    pub(super) name: String,
    pub(super) connections: usize,
    pub(super) requests: usize,
    pub(super) seconds: f64,
    pub(super) server_seconds: f64,
    pub(super) own_seconds: f64,
    pub(super) p50_us: f64,
    pub(super) p99_us: f64,
}

/// How long starts took, in milliseconds: by the wall clock, and in the server's CPU time.
#[derive(Deserialize)]
pub(super) struct Times {
    pub(super) wall: Vec<f64>,
    pub(super) cpu: Vec<f64>,
}

impl Instruments {
    /// Builds the server as it is shipped, by itself: together with others it would get their features. What was built
    /// is copied to `place`, so that another build meanwhile does not change what is measured.
    pub(super) fn build(place: &Path) -> Result<Self> {
        for package in ["idp-server", "bench"] {
            shell::run(shell::cargo().args(["build", "--release", "--locked", "--package", package]))?;
        }
        let folder = target_folder()?.join("release");
        let cores = available_parallelism().map_or(1, usize::from);
        let can_pin = cores > 1 && shell::find_program("taskset", &[]).is_some();
        let copy = |name| -> Result<PathBuf> {
            fs::copy(folder.join(name), place.join(name)).with_context(|| format!("cannot copy {name}"))?;
            Ok(place.join(name))
        };
        Ok(Self { server: copy("vestibule")?, bench: copy("bench")?, can_pin })
    }

    /// The placements this machine offers.
    pub(super) fn placements(&self) -> &'static [Placement] {
        if self.can_pin { &[Placement::Apart, Placement::Free] } else { &[Placement::Free] }
    }

    /// The first of them: what is measured once is measured there.
    pub(super) fn placement(&self) -> Placement {
        if self.can_pin { Placement::Apart } else { Placement::Free }
    }

    /// `vestibule dev` on a data folder.
    pub(super) fn dev(&self, placement: Placement, data: &Path, port: &str) -> Command {
        let mut command = self.placed(placement, SERVER_CORE, &self.server);
        command.args(["dev", "--listen", &format!("127.0.0.1:{port}"), "--data"]).arg(data);
        command
    }

    /// Signatures, on the core where the server runs.
    pub(super) fn signatures(&self, seconds: f64) -> Result<Costs> {
        let mut command = self.placed(self.placement(), SERVER_CORE, &self.bench);
        command.args(["signatures", "--seconds", &seconds.to_string()]);
        read(&mut command)
    }

    pub(super) fn load(
        &self,
        server: &Server,
        what: &str,
        connections: usize,
        requests: usize,
    ) -> Result<Vec<Phase>> {
        let mut command = self.placed(server.placement(), ASKING_CORE, &self.bench);
        command.args(["load", what, "--pid", &server.pid().to_string(), "--dev-json"]).arg(server.dev_json());
        command.args(["--connections", &connections.to_string(), "--requests", &requests.to_string()]);
        read(&mut command).with_context(|| server.last_words())
    }

    /// A tenant with so many people and groups, as a file.
    pub(super) fn directory(&self, output: &Path, users: usize, groups: usize) -> Result<()> {
        let mut command = Command::new(&self.bench);
        command.args([
            "directory",
            "--users",
            &users.to_string(),
            "--groups",
            &groups.to_string(),
            "--output",
        ]);
        shell::read(command.arg(output)).map(drop)
    }

    /// From start to first answer, several times.
    pub(super) fn start(&self, data: &Path, times: usize) -> Result<Times> {
        let server = self.dev(Placement::Free, data, "{port}");
        let mut command = self.placed(Placement::Free, ASKING_CORE, &self.bench);
        command.args(["start", "--times", &times.to_string(), "--ca"]).arg(data.join("ca.pem"));
        command.args(["--path", "/contoso.test/v2.0/.well-known/openid-configuration", "--"]);
        command.arg(server.get_program()).args(server.get_args());
        read(&mut command)
    }

    fn placed(&self, placement: Placement, core: &str, program: &Path) -> Command {
        if placement == Placement::Free {
            return Command::new(program);
        }
        // It becomes the program, so that the process id is the program's.
        let mut command = Command::new("taskset");
        command.args(["--cpu-list", core]).arg(program);
        command
    }
}

fn read<T: DeserializeOwned>(command: &mut Command) -> Result<T> {
    let text = shell::read(command)?;
    serde_json::from_str(&text)
        .with_context(|| format!("`{}` printed something else", shell::spoken(command)))
}
