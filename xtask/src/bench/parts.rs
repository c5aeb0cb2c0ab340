//! The parts that need nothing but a server on SQLite: signatures, tokens, discovery, start, memory.

use std::process::Command;
use std::thread;
use std::time::Duration;

use anyhow::{Context, Result};

use super::Bench;
use super::instruments::Placement;
use super::report::{Figure, Load};
use super::server::Server;
use crate::shell;

/// Of what a token costs, this much has to be its signature.
const EFFICIENCY: f64 = 0.75;
/// Discovery documents per second of the server's CPU time.
const DISCOVERY: f64 = 30_000.0;
/// Milliseconds from start to first answer, on a store that exists.
const START: f64 = 50.0;
/// MiB resident.
const IDLE: f64 = 25.0;
const LOADED: f64 = 40.0;

pub(super) const CONNECTIONS: [usize; 3] = [1, 16, 64];
/// A discovery document costs a tenth of a token at most, and the kernel counts CPU time in hundredths of a second.
const DISCOVERY_FACTOR: usize = 10;
const STARTS: usize = 9;
/// Each hashes a password, which takes memory on purpose. What is kept of it shows after a few.
const SIGN_INS: usize = 5;
/// For what a start or a load leaves behind to settle.
const SETTLE: Duration = Duration::from_secs(1);

pub(super) fn signatures(bench: &mut Bench) -> Result<()> {
    match openssl_signatures()? {
        Some(rate) => {
            bench.report.figure(Figure::new("RSA-2048 signatures, openssl speed", rate, "per CPU-s"))
        }
        None => bench.report.not_measured("RSA-2048 signatures by openssl", "there is no openssl"),
    }
    let costs = bench.meter.read(&bench.instruments)?;
    let rate = |microseconds: f64| 1e6 / microseconds;
    let bare = Figure::new("RSA-2048 signatures, aws-lc-rs", rate(costs.signature_us), "per CPU-s");
    bench.report.figure(bare);
    let whole =
        Figure::new("tokens signed, vestibule-jose, 1 kB of claims", rate(costs.token_us), "per CPU-s");
    bench.report.figure(whole);
    Ok(())
}

fn openssl_signatures() -> Result<Option<f64>> {
    if shell::find_program("openssl", &[]).is_none() {
        return Ok(None);
    }
    let text = shell::read(Command::new("openssl").args(["speed", "-seconds", "2", "rsa2048"]))?;
    signatures_per_second(&text).context("`openssl speed` printed something else").map(Some)
}

/// `rsa 2048 bits 0.000198s 0.000012s   5049.0  83530.2`: sign and verify, the time each and the rate each.
fn signatures_per_second(speed: &str) -> Option<f64> {
    let line = speed.lines().find(|line| line.split_whitespace().take(2).eq(["rsa", "2048"]))?;
    let mut words = line.split_whitespace().skip(3).skip_while(|word| word.ends_with('s'));
    words.next()?.parse().ok()
}

pub(super) fn tokens(bench: &mut Bench) -> Result<()> {
    for placement in bench.instruments.placements() {
        let server = start_server(bench, *placement)?;
        for connections in CONNECTIONS {
            let load = || bench.instruments.load(&server, "tokens", connections, bench.requests);
            let (phases, signature_us) = bench.meter.around(&bench.instruments, load)?;
            for phase in &phases {
                let load = Load::new("tokens", *placement, phase, signature_us, 1);
                bench.report.load(load.wanting_efficiency(EFFICIENCY));
            }
        }
        by_certificate(bench, &server, *placement)?;
        server.stop()?;
    }
    Ok(())
}

/// The same tokens for an application with a certificate. What they cost more is to be one verification.
fn by_certificate(bench: &mut Bench, server: &Server, placement: Placement) -> Result<()> {
    let load = || bench.instruments.load(server, "tokens-by-certificate", 16, bench.requests);
    let (phases, signature_us) = bench.meter.around(&bench.instruments, load)?;
    for phase in &phases {
        bench.report.load(Load::new("tokens by certificate", placement, phase, signature_us, 1));
    }
    Ok(())
}

pub(super) fn discovery(bench: &mut Bench) -> Result<()> {
    for placement in bench.instruments.placements() {
        let server = start_server(bench, *placement)?;
        let requests = bench.requests * DISCOVERY_FACTOR;
        let load = || bench.instruments.load(&server, "discovery", 16, requests);
        let (phases, signature_us) = bench.meter.around(&bench.instruments, load)?;
        for phase in &phases {
            let load = Load::new("discovery", *placement, phase, signature_us, 0);
            bench.report.load(load.wanting_per_server_cpu_second(DISCOVERY));
        }
        server.stop()?;
    }
    Ok(())
}

pub(super) fn start(bench: &mut Bench) -> Result<()> {
    let data = bench.place.path().join("start");
    let made = bench.instruments.start(&data, 1)?;
    let there = bench.instruments.start(&data, STARTS)?;
    let figure =
        |what: &str, milliseconds| Figure::new(format!("start to first answer, {what}"), milliseconds, "ms");
    bench.report.figure(figure("store and keys to be made", median(made.wall)?));
    bench.report.figure(figure("store there, median", median(there.wall.clone())?).wanting_below(START));
    bench.report.figure(figure("store there, fastest", there.wall.into_iter().fold(f64::INFINITY, f64::min)));
    bench.report.figure(figure("store there, server's CPU time", median(there.cpu)?));
    Ok(())
}

fn median(mut figures: Vec<f64>) -> Result<f64> {
    figures.sort_unstable_by(f64::total_cmp);
    figures.get(figures.len() / 2).copied().context("nothing was measured")
}

pub(super) fn memory(bench: &mut Bench) -> Result<()> {
    // Once to make the store, because making it is not being idle.
    start_server(bench, bench.instruments.placement())?.stop()?;
    let server = start_server(bench, bench.instruments.placement())?;
    bench.instruments.load(&server, "discovery", 1, 10)?;
    thread::sleep(SETTLE);
    let idle = server.memory()?;
    bench.instruments.load(&server, "tokens", 64, bench.requests)?;
    bench.instruments.load(&server, "discovery", 64, bench.requests)?;
    thread::sleep(SETTLE);
    let loaded = server.memory()?;
    for _ in 0..SIGN_INS {
        bench.instruments.load(&server, "codes", 1, 10)?;
    }
    thread::sleep(SETTLE);
    let signed_in = server.memory()?;
    server.stop()?;
    let moments =
        [("idle", idle, IDLE), ("after load", loaded, LOADED), ("after sign-ins", signed_in, LOADED)];
    for (when, memory, limit) in moments {
        let resident = Figure::new(format!("memory {when}, resident"), memory.resident, "MiB");
        bench.report.figure(resident.wanting_below(limit));
        bench.report.figure(Figure::new(
            format!("memory {when}, of that anonymous"),
            memory.anonymous,
            "MiB",
        ));
    }
    Ok(())
}

/// A server on the data folder that all parts share.
pub(super) fn start_server(bench: &Bench, placement: super::instruments::Placement) -> Result<Server> {
    let data = bench.place.path().join("sqlite");
    Server::start(bench.instruments.dev(placement, &data, "0"), placement, &data)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_signatures_are_found_in_what_openssl_prints() {
        let old = "                  sign    verify    sign/s verify/s\n\
                   rsa 2048 bits 0.000198s 0.000012s   5049.0  83530.2\n";
        assert_eq!(signatures_per_second(old), Some(5049.0));
        let new = "                   sign    verify    encrypt   decrypt   sign/s verify/s  encr./s  decr./s\n\
                   rsa  2048 bits 0.000198s 0.000012s 0.000013s 0.000205s   5049.0  83530.2  78740.2   4885.0\n";
        assert_eq!(signatures_per_second(new), Some(5049.0));
        assert_eq!(signatures_per_second("nothing"), None);
    }
}
