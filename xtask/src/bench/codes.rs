//! Codes: a person signs in once; then authorize, redeem and refresh, on SQLite and on PostgreSQL.

use anyhow::Result;

use super::Bench;
use super::parts::{CONNECTIONS, start_server};
use super::postgres::Database;
use super::report::Load;
use super::server::Server;

/// An access token and an ID token.
const SIGNATURES: u8 = 2;

pub(super) fn measure(bench: &mut Bench) -> Result<()> {
    let placement = bench.instruments.placement();
    let server = start_server(bench, placement)?;
    load(bench, &server, "SQLite")?;
    server.stop()?;

    let what = "codes on PostgreSQL";
    let database = match Database::start(&bench.place.path().join("postgres")) {
        Ok(database) => database,
        Err(error) => {
            bench.report.not_measured(what, format!("{error:#}"));
            return Ok(());
        }
    };
    let data = bench.place.path().join("on-postgres");
    let mut command = bench.instruments.dev(placement, &data, "0");
    command.args(["--postgres", &database.url()]);
    match Server::start(command, placement, &data) {
        Ok(server) => {
            load(bench, &server, "PostgreSQL")?;
            server.stop()?;
        }
        Err(error) => bench.report.not_measured(what, format!("{error:#}")),
    }
    database.stop()
}

fn load(bench: &mut Bench, server: &Server, engine: &str) -> Result<()> {
    // At one connection nothing meets anything: that is the token endpoint again.
    for connections in CONNECTIONS.into_iter().filter(|connections| *connections > 1) {
        let load = || Ok(bench.instruments.load(server, "codes", connections, bench.requests / 2));
        let (outcome, signature_us) = bench.meter.around(&bench.instruments, load)?;
        let phases = match outcome {
            Ok(phases) => phases,
            Err(error) => {
                bench.report.not_measured(format!("codes on {engine}"), format!("{error:#}"));
                return Ok(());
            }
        };
        for phase in &phases {
            let signatures = if phase.name == "authorize" { 0 } else { SIGNATURES };
            let what = format!("{}, {engine}", phase.name);
            bench.report.load(Load::new(what, server.placement(), phase, signature_us, signatures));
        }
    }
    Ok(())
}
