//! `vestibule serve`: the identity provider that a configuration describes. It refuses what is insecure.

use std::path::PathBuf;
use std::sync::Arc;

use clap::Args;
use idp_domain::clock::Clock as _;
use idp_domain::sealed::Sealer;
use idp_domain::store::Keys as _;
use idp_web::graph_address::GraphAddress;

use super::sentence;
use crate::config::{Config, StoreConfig};
use crate::development::seed;
use crate::listen::bind;
use crate::master_key;
use crate::node::{self, Ends, Operators, StoreAt};
use crate::tls::files::LOOK_EVERY;
use crate::tls::server_config::ReloadableCertificate;
use crate::world::SystemClock;

#[derive(Debug, Args)]
pub(super) struct Arguments {
    /// The configuration file, TOML. Environment variables go over it; without a file they are all there is
    #[arg(long, value_name = "FILE", env = "VESTIBULE_CONFIG")]
    config: Option<PathBuf>,
}

pub(super) async fn run(arguments: Arguments) -> Result<(), String> {
    let config = Config::load(arguments.config.as_deref()).map_err(sentence)?;
    let operators = Operators::at(config.metrics).map_err(sentence)?;
    let master = master_key::read(&config.master_key_file).map_err(sentence)?;
    let certificate = ReloadableCertificate::new(config.tls.load(SystemClock.now()).map_err(sentence)?);
    let store = node::open_store(&store_at(&config.store)).await.map_err(sentence)?;
    if seed::is_planted(&store).await.map_err(sentence)? {
        return Err("this store was made by `vestibule dev` and has published passwords. Make another with `vestibule init`".into());
    }
    if store.signing_keys().await.map_err(sentence)?.is_empty() {
        return Err("this store is empty. Run `vestibule init` first: it makes the first tenant and its administrator".into());
    }
    let keys = node::open_keys(&store, &Sealer::new(&master)).await.map_err(sentence)?;
    let origin = config.origin.as_str().to_owned();
    let graph = match &config.graph_origin {
        Some(own) => GraphAddress::at(own),
        None => GraphAddress::under(&config.origin),
    };
    let outbound = config.outbound.client().map_err(sentence)?;
    let settings = node::Settings {
        origin: config.origin,
        graph,
        lifetime: config.access_lifetime,
        addresses: config.limits.addresses,
        allowances: config.limits.allowances,
        outbound,
    };
    let app = node::assemble(store, keys, &master, settings).map_err(sentence)?;
    let listeners = bind::bind(&config.listen).await.map_err(sentence)?;
    tokio::spawn(config.tls.keep_loaded(Arc::clone(&certificate), LOOK_EVERY, || SystemClock.now()));
    let ready = move || tracing::info!(%origin, "ready");
    node::run(app, Ends { listeners, certificate, operators }, ready).await.map_err(sentence)
}

/// Where a configuration says the store is.
pub(super) fn store_at(config: &StoreConfig) -> StoreAt<'_> {
    match config {
        StoreConfig::Folder(folder) => StoreAt::Folder(folder),
        StoreConfig::Postgres(options) => StoreAt::Postgres(options),
    }
}
