//! `vestibule dev`: an identity provider with known users, applications and secrets, for this machine only.

use std::fs;
use std::net::SocketAddr;
use std::path::PathBuf;

use clap::Args;
use idp_domain::clock::Clock as _;
use idp_domain::sealed::Sealer;
use idp_domain::store::Keys as _;
use idp_domain::tokens::AccessTokenLifetime;
use idp_store::{PostgresOptions, SqlStore};
use idp_web::graph_address::GraphAddress;
use idp_web::limits::{Addresses, Allowances};
use idp_web::outbound::{Outbound, Reach};
use idp_web::state::Origin;
use tokio::net::TcpListener;

use super::sentence;
use crate::config::limits;
use crate::development::{dev_json, plant, seed, summary};
use crate::listen::bind;
use crate::master_key;
use crate::node::{self, Ends, Operators, StoreAt};
use crate::tls::dev_ca::{DevCa, Provenance};
use crate::tls::server_config::ReloadableCertificate;
use crate::world::{SystemClock, SystemRandomness};

const DEFAULT_PORT: u16 = 8443;

#[derive(Debug, Args)]
pub(super) struct Arguments {
    /// Where the directory, the keys and the certificate authority are kept
    #[arg(long, value_name = "DIR", default_value = ".vestibule")]
    data: PathBuf,
    /// Where to listen: a loopback address; port 0 picks a free port. May be repeated [default: port 8443 on 127.0.0.1 and ::1]
    #[arg(long, value_name = "ADDR:PORT")]
    listen: Vec<SocketAddr>,
    /// Under which origin clients reach it [default: https://localhost:PORT]
    #[arg(long, value_name = "URL")]
    origin: Option<String>,
    /// Keep the directory in this PostgreSQL database instead of the data folder
    #[arg(long, value_name = "URL", hide = true)]
    postgres: Option<String>,
    /// Start an empty data folder from this file of a tenant, as `vestibule export` writes them, instead of from the built-in organisations. May be repeated, for a tenant each
    #[arg(long, value_name = "FILE")]
    seed: Vec<PathBuf>,
    /// Limit what has no limit here, to see what a program makes of it: the name of a setting under `limits`, and how often, such as `tokens=5`. May be repeated
    #[arg(long, value_name = "NAME=TIMES", value_parser = limit)]
    limit: Vec<(String, String)>,
    /// Where to answer /metrics, /healthz and /readyz
    #[arg(long, value_name = "ADDR:PORT")]
    metrics: Option<SocketAddr>,
}

pub(super) async fn run(arguments: Arguments) -> Result<(), String> {
    let Arguments { data, listen, origin, postgres, seed: seeds, limit, metrics } = arguments;
    // Its passwords are published: nobody else may reach it.
    if let Some(address) = listen.iter().chain(&metrics).find(|address| !address.ip().is_loopback()) {
        return Err(format!(
            "`vestibule dev` has published passwords and listens on loopback addresses only, not on {address}. Use `vestibule serve` to let others in"
        ));
    }
    let operators = Operators::at(metrics).map_err(sentence)?;
    let seeds = plant::read(&seeds)?;
    fs::create_dir_all(&data)
        .map_err(|error| format!("the data folder {} cannot be made: {error}", data.display()))?;
    let data = data.canonicalize().map_err(sentence)?;
    let listeners =
        if listen.is_empty() { bind::bind_loopback(DEFAULT_PORT).await } else { bind::bind(&listen).await };
    let listeners = listeners.map_err(sentence)?;
    let origin = match origin {
        Some(origin) => Origin::parse(&origin).map_err(sentence)?,
        None => Origin::parse(&format!("https://localhost:{}", port_of(&listeners)?)).map_err(sentence)?,
    };

    let now = SystemClock.now();
    let postgres = postgres.map(PostgresOptions::new);
    let store_at = postgres.as_ref().map_or(StoreAt::Folder(&data), StoreAt::Postgres);
    let store = own_store(&store_at).await?;
    // Only now: until here the folder may be that of another server, which is running.
    dev_json::remove(&data).map_err(sentence)?;
    let master = master_key::read_or_create(&data.join(master_key::DEVELOPMENT_FILE), &SystemRandomness)
        .map_err(sentence)?;
    let sealer = Sealer::new(&master);
    let roster = plant::plant(&store, &sealer, &data, seeds).await?;
    let keys = node::open_keys(&store, &sealer).await.map_err(sentence)?;
    let ca = DevCa::open_or_create(&data, &[origin.host()], now).map_err(sentence)?;
    tell_if_replaced(&ca);
    let certificate = ReloadableCertificate::new(ca.issue(now).map_err(sentence)?);
    let settings = node::Settings {
        origin: origin.clone(),
        graph: GraphAddress::under(&origin),
        lifetime: AccessTokenLifetime::default(),
        // Everybody is this machine, and may do everything as often as they like, unless somebody wants to see limits.
        addresses: if limit.is_empty() { Addresses::Shared } else { Addresses::Apart },
        allowances: allowances(&limit)?,
        outbound: outbound(&ca)?,
    };
    let app = node::assemble(store, keys, &master, settings).map_err(sentence)?;

    let ca_file = ca.certificate_file().to_owned();
    let ready = move || {
        // The file appears when the server answers, so that whoever waits for it need not try.
        if let Err(error) = dev_json::write(&data, &origin, &ca_file, &roster) {
            tracing::error!(%error, "dev.json could not be written");
        }
        summary::print(&origin, &data, &ca_file, &roster);
    };
    node::run(app, Ends { listeners, certificate, operators }, ready).await.map_err(sentence)
}

fn limit(text: &str) -> Result<(String, String), String> {
    let (name, times) = text.split_once('=').ok_or("write it like tokens=5")?;
    limits::set(&mut Allowances::none(), name, times).map_err(sentence)?;
    Ok((name.to_owned(), times.to_owned()))
}

fn allowances(limits: &[(String, String)]) -> Result<Allowances, String> {
    let mut allowances = Allowances::none();
    for (name, times) in limits {
        limits::set(&mut allowances, name, times).map_err(sentence)?;
    }
    Ok(allowances)
}

/// Whoever trusted the authority before must do so again.
fn tell_if_replaced(ca: &DevCa) {
    if let Provenance::Replaced(reason) = ca.provenance() {
        eprintln!(
            "vestibule: the certificate authority was made anew ({reason}). Trust {} again",
            ca.certificate_file().display()
        );
    }
}

/// Reaches this machine too, and believes what its authority has signed.
fn outbound(ca: &DevCa) -> Result<Outbound, String> {
    let authority = fs::read(ca.certificate_file()).map_err(sentence)?;
    Outbound::new(Reach::and_this_machine(), &authority).map_err(sentence)
}

/// The store, if it is new or was made by this command.
async fn own_store(at: &StoreAt<'_>) -> Result<SqlStore, String> {
    let store = node::open_store(at).await.map_err(sentence)?;
    let used = !store.signing_keys().await.map_err(sentence)?.is_empty();
    if used && !seed::is_planted(&store).await.map_err(sentence)? {
        return Err("this store was not made by `vestibule dev`, which would put published passwords into it. Name another data folder".into());
    }
    Ok(store)
}

fn port_of(listeners: &[TcpListener]) -> Result<u16, String> {
    let first = listeners.first().ok_or("there is nothing to listen on")?;
    Ok(first.local_addr().map_err(sentence)?.port())
}
