//! PostgreSQL, and what speaks its protocol: several servers may share one database.
//!
//! Every request takes one round trip, reads as well as commits ([`commit`]), so that no transaction waits for a client.

mod commit;
mod schema;
mod values;

use std::time::Duration;

use deadpool_postgres::{Manager, ManagerConfig, Object, Pool, PoolError, RecyclingMethod, Runtime};
use futures_util::TryStreamExt as _;
use idp_domain::store::{CommitError, Unavailable};
use tokio_postgres::config::SslMode;
use tokio_postgres::{Config, Error, NoTls};

use self::values::PostgresRow;
use super::{EachRow, unavailable};
use crate::OpenError;
use crate::step::{Step, Value};

/// How long a caller waits for a connection before it is told that the store is busy.
const PATIENCE: Duration = Duration::from_secs(5);
/// How long a server may leave a packet unacknowledged: a failover is to be noticed, not waited for.
const SILENCE: Duration = Duration::from_secs(3);

/// Where PostgreSQL is, and how much of it may be used.
#[derive(Clone)]
pub struct PostgresOptions {
    /// A connection string: `postgresql://user:password@host/database`, or `host=/run/postgresql user=…`.
    pub url: String,
    /// The most connections this server opens.
    pub pool_size: usize,
}

impl PostgresOptions {
    /// With 16 connections.
    pub fn new(url: impl Into<String>) -> Self {
        Self { url: url.into(), pool_size: 16 }
    }
}

/// The URL may hold a password.
impl std::fmt::Debug for PostgresOptions {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("PostgresOptions").field("pool_size", &self.pool_size).finish_non_exhaustive()
    }
}

/// A PostgreSQL database.
pub(crate) struct Postgres {
    pool: Pool,
}

impl Postgres {
    pub(crate) async fn open(options: PostgresOptions) -> Result<Self, OpenError> {
        let config = config(&options.url)?;
        let recycling = ManagerConfig { recycling_method: RecyclingMethod::Fast };
        let pool = Pool::builder(Manager::from_config(config, NoTls, recycling))
            .max_size(options.pool_size.max(1))
            .runtime(Runtime::Tokio1)
            .wait_timeout(Some(PATIENCE))
            .build()
            .map_err(|cause| OpenError::Database(cause.to_string()))?;
        let mut connection = pool.get().await.map_err(|cause| OpenError::Database(told_by_pool(&cause)))?;
        schema::refuse_forgetfulness(&connection).await?;
        schema::migrate(&mut connection).await?;
        drop(connection);
        Ok(Self { pool })
    }

    pub(crate) async fn read(
        &self,
        sql: &'static str,
        params: &[Value<'_>],
        each: EachRow<'_>,
    ) -> Result<(), Unavailable> {
        // PostgreSQL has no text with a zero in it, and calls asking for one an error.
        if params.iter().any(|value| matches!(value, Value::Text(text) if text.contains('\0'))) {
            return Ok(());
        }
        let connection = self.connection().await?;
        let answer = async {
            let statement = connection.prepare_cached(sql).await?;
            connection.query_raw(&statement, params).await?.try_collect::<Vec<_>>().await
        };
        let rows = match answer.await {
            Ok(rows) => rows,
            Err(cause) => {
                discard(connection);
                return Err(unavailable("reading", &told(&cause)));
            }
        };
        for row in &rows {
            each(&PostgresRow(row))
                .map_err(|cause| unavailable("reading", &format_args!("{cause}, of: {sql}")))?;
        }
        Ok(())
    }

    pub(crate) async fn check(&self, guards: &[Step]) -> Result<(), CommitError> {
        commit::repeated(|| commit::check(self, guards)).await
    }

    pub(crate) async fn commit(&self, steps: &[Step]) -> Result<(), CommitError> {
        commit::repeated(|| commit::commit(self, steps)).await
    }

    pub(crate) async fn ping(&self) -> Result<(), Unavailable> {
        self.read("SELECT 1", &[], &mut |_| Ok(())).await
    }

    pub(crate) fn close(self) {
        self.pool.close();
    }

    async fn connection(&self) -> Result<Object, Unavailable> {
        self.pool.get().await.map_err(|cause| match cause {
            PoolError::Timeout(_) => {
                Unavailable("it is busy: no connection to PostgreSQL became free".into())
            }
            cause => unavailable("connecting", &told_by_pool(&cause)),
        })
    }
}

fn config(url: &str) -> Result<Config, OpenError> {
    let mut config: Config = url.parse().map_err(|cause: Error| OpenError::Url(told(&cause)))?;
    if config.get_ssl_mode() == SslMode::Require {
        return Err(OpenError::Url(
            "sslmode=require is asked for, and this version speaks to PostgreSQL without TLS: connect over its \
             Unix socket, or over a network nobody else is on, with sslmode=disable"
                .into(),
        ));
    }
    if config.get_application_name().is_none() {
        config.application_name("vestibule");
    }
    if config.get_connect_timeout().is_none() {
        config.connect_timeout(PATIENCE);
    }
    if config.get_tcp_user_timeout().is_none() {
        config.tcp_user_timeout(SILENCE);
    }
    Ok(config)
}

/// Closes a connection about whose state nothing is certain, instead of giving it back.
fn discard(connection: Object) {
    drop(Object::take(connection));
}

/// What went wrong, for the log. The server's *detail* is left out, because it quotes values.
fn told(cause: &Error) -> String {
    match (cause.as_db_error(), std::error::Error::source(cause)) {
        (Some(error), _) => format!("{} {}: {}", error.severity(), error.code().code(), error.message()),
        (None, Some(source)) => format!("{cause}: {source}"),
        (None, None) => cause.to_string(),
    }
}

fn told_by_pool(cause: &PoolError) -> String {
    match cause {
        PoolError::Backend(cause) => told(cause),
        cause => cause.to_string(),
    }
}
