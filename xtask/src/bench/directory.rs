//! The part on the size of a directory: what the same questions cost among a hundred people and among a hundred thousand.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result};

use super::Bench;
use super::instruments::Phase;
use super::report::Figure;
use super::server::Server;

/// People and groups.
const SMALL: (usize, usize) = (100, 10);
const LARGE: (usize, usize) = (100_000, 10_000);
/// How many times as much the large directory may cost.
const GROWTH: f64 = 2.0;
/// Each answer of a hundred people is long.
const REQUESTS: usize = 500;

pub(super) fn measure(bench: &mut Bench) -> Result<()> {
    let small = phases(bench, "small", SMALL)?;
    let large = phases(bench, "large", LARGE)?;
    for (small, large) in small.iter().zip(&large) {
        let per_answer = |phase: &Phase| phase.server_seconds * 1e6 / phase.requests as f64;
        let (few, many) = (per_answer(small), per_answer(large));
        let what = |size: &str| format!("{}, among {size}: server's CPU time", small.name);
        bench.report.figure(Figure::new(what("100"), few, "µs"));
        bench.report.figure(Figure::new(what("100,000"), many, "µs"));
        let ratio = Figure::new(format!("{}, 100,000 against 100", small.name), many / few, "times");
        bench.report.figure(ratio.wanting_below(GROWTH));
    }
    Ok(())
}

fn phases(bench: &Bench, name: &str, (users, groups): (usize, usize)) -> Result<Vec<Phase>> {
    let folder = bench.place.path().join(name);
    fs::create_dir_all(&folder)?;
    let file = folder.join("tenant.json");
    bench.instruments.directory(&file, users, groups)?;
    let server = start(bench, &folder.join("data"), &file)?;
    let phases = bench.instruments.load(&server, "directory", 1, REQUESTS)?;
    server.stop()?;
    Ok(phases)
}

fn start(bench: &Bench, data: &Path, seed: &Path) -> Result<Server> {
    let placement = bench.instruments.placement();
    let mut command = bench.instruments.dev(placement, data, "0");
    command.arg("--seed").arg(seed);
    Server::start(command, placement, data).context("a server with the directory")
}
