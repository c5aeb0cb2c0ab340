//! A node: the store opened, the keys read, the parts put together, and all of it run until it is told to stop.

use std::net::SocketAddr;
use std::num::NonZeroUsize;
use std::path::Path;
use std::sync::Arc;
use std::thread::available_parallelism;

use idp_domain::clock::Clock;
use idp_domain::keys::{KeyRing, KeyRingError, KeyStage, StoredKey};
use idp_domain::sealed::{MasterKey, Sealer};
use idp_domain::store::{Keys as _, Unavailable};
use idp_domain::tokens::AccessTokenLifetime;
use idp_store::{OpenError, PostgresOptions, SqlStore};
use idp_web::back_channel::{self, BackChannel};
use idp_web::graph_address::GraphAddress;
use idp_web::limits::{self, Addresses, Allowances};
use idp_web::outbound::{IssuerKeys, Outbound};
use idp_web::passwords::PasswordPool;
use idp_web::state::{App, Origin};
use tokio::net::TcpListener;

use crate::listen::bind::{self, BindError};
use crate::listen::{self, Limits};
use crate::ops::endpoints;
use crate::ops::metrics::{self, MetricsError, PrometheusHandle};
use crate::ops::readiness::Readiness;
use crate::ops::signals::Shutdown;
use crate::tls::server_config::{ReloadableCertificate, server_config};
use crate::world::{SystemClock, SystemRandomness};
use crate::{router, upkeep};

/// A node cannot start.
#[derive(Debug, thiserror::Error)]
pub(crate) enum NodeError {
    #[error("{0}")]
    Store(#[from] OpenError),
    #[error("{0}")]
    Keys(#[from] KeyRingError),
    #[error("{0}")]
    Unavailable(#[from] Unavailable),
    #[error("the threads that hash passwords could not be started: {0}")]
    Threads(std::io::Error),
    #[error("signals cannot be received: {0}")]
    Signals(std::io::Error),
    #[error("TLS cannot be set up: {0}")]
    Tls(#[from] rustls::Error),
    #[error("{0}")]
    Metrics(#[from] MetricsError),
    #[error("for the figures: {0}")]
    MetricsAddress(#[from] BindError),
}

/// Where a node keeps what it knows.
#[derive(Debug, Clone)]
pub(crate) enum StoreAt<'a> {
    /// A data folder, with an SQLite file in it.
    Folder(&'a Path),
    /// A PostgreSQL database.
    Postgres(&'a PostgresOptions),
}

/// The name of the SQLite file in a data folder.
pub(crate) const SQLITE_FILE: &str = "vestibule.db";

/// Opens the store, bringing its schema up to date.
pub(crate) async fn open_store(at: &StoreAt<'_>) -> Result<SqlStore, OpenError> {
    match at {
        StoreAt::Folder(folder) => SqlStore::open_sqlite(&folder.join(SQLITE_FILE)),
        StoreAt::Postgres(options) => SqlStore::open_postgres((*options).clone()).await,
    }
}

/// Opens the signing keys of a store that has them.
pub(crate) async fn open_keys(store: &SqlStore, sealer: &Sealer) -> Result<KeyRing, NodeError> {
    Ok(KeyRing::open(&store.signing_keys().await?, sealer)?)
}

/// The first two keys: one that signs, and the next, published from the start, so that there is always more than one.
pub(crate) fn first_keys(sealer: &Sealer) -> Result<Vec<StoredKey>, KeyRingError> {
    let make = |stage| StoredKey::generate(stage, sealer, SystemClock.now(), &SystemRandomness);
    Ok(vec![make(KeyStage::Current)?, make(KeyStage::Next)?])
}

/// What is settled for a node by its configuration.
pub(crate) struct Settings {
    /// The public origin.
    pub(crate) origin: Origin,
    /// Where Graph is reached.
    pub(crate) graph: GraphAddress,
    /// How long access tokens live.
    pub(crate) lifetime: AccessTokenLifetime,
    /// Whether strangers have addresses of their own.
    pub(crate) addresses: Addresses,
    /// How often each thing may be done.
    pub(crate) allowances: Allowances,
    /// The one client for requests to elsewhere.
    pub(crate) outbound: Outbound,
}

/// Puts a node together.
pub(crate) fn assemble(
    store: SqlStore,
    keys: KeyRing,
    master: &MasterKey,
    settings: Settings,
) -> Result<Arc<App>, NodeError> {
    let Settings { origin, graph, lifetime, addresses, allowances, outbound } = settings;
    // One core is left for everything that is not a password.
    let cores = available_parallelism().map_or(1, NonZeroUsize::get);
    let threads = NonZeroUsize::new(cores.saturating_sub(1)).unwrap_or(NonZeroUsize::MIN);
    let clock: Arc<dyn Clock> = Arc::new(SystemClock);
    Ok(Arc::new(App {
        store: Arc::new(store),
        keys,
        sealer: Sealer::new(master),
        passwords: PasswordPool::start(threads).map_err(NodeError::Threads)?,
        origin,
        graph,
        issuers: IssuerKeys::new(outbound.clone()),
        back_channel: BackChannel::new(outbound),
        lifetime,
        limits: limits::Limits::allowing(&allowances, addresses, &clock),
        clock: Box::new(SystemClock),
        random: Box::new(SystemRandomness),
    }))
}

/// What a node listens on.
pub(crate) struct Ends {
    /// For the world.
    pub(crate) listeners: Vec<TcpListener>,
    /// What it proves there that it is.
    pub(crate) certificate: Arc<ReloadableCertificate>,
    /// For operators.
    pub(crate) operators: Option<Operators>,
}

/// Where operators look, and at what.
pub(crate) struct Operators {
    address: SocketAddr,
    figures: PrometheusHandle,
}

impl Operators {
    /// Begins to count, before there is anything to count.
    pub(crate) fn at(address: Option<SocketAddr>) -> Result<Option<Self>, MetricsError> {
        address.map(|address| Ok(Self { address, figures: metrics::install()? })).transpose()
    }
}

/// Runs a node until it is told to stop, then drains it. `ready` is called when it answers.
pub(crate) async fn run(app: Arc<App>, ends: Ends, ready: impl FnOnce() + Send) -> Result<(), NodeError> {
    let shutdown = Shutdown::new();
    shutdown.on_signals().map_err(NodeError::Signals)?;
    let readiness = Readiness::new();
    if let Some(Operators { address, figures }) = ends.operators {
        let store = Arc::clone(&app.store);
        let check = move || {
            let store = Arc::clone(&store);
            async move { store.ping().await.map_err(|cause| cause.to_string()) }
        };
        for listener in bind::bind(&[address]).await? {
            tokio::spawn(endpoints::serve(listener, figures.clone(), readiness.clone(), check.clone()));
        }
    }
    tokio::spawn(upkeep::keep(Arc::clone(&app)));
    tokio::spawn(back_channel::deliver(Arc::clone(&app)));
    let tls = Arc::new(server_config(ends.certificate)?);
    let draining = readiness.clone();
    let told = shutdown.clone();
    tokio::spawn(async move {
        told.requested().await;
        draining.draining();
    });
    let hurry = shutdown.clone();
    let routes = router::router(Arc::clone(&app));
    let serving = listen::serve(ends.listeners, tls, routes, Limits::default(), shutdown);
    readiness.ready();
    ready();
    let drained = serving.await;
    if drained.requests_cut > 0 {
        tracing::warn!(
            requests = drained.requests_cut,
            connections = drained.connections_cut,
            "stopped before everything was answered"
        );
    }
    // The last sign-outs are told, and what is told is recorded.
    tokio::select! {
        () = app.back_channel.drain() => {}
        () = hurry.hurried() => {}
    }
    Ok(())
}
