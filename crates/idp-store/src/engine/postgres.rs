//! PostgreSQL, and what speaks its protocol: several servers may share one database.
//!
//! Every request takes one round trip, reads as well as commits ([`commit`]), so that no transaction waits for a client.

mod commit;
mod schema;
mod tls;
mod values;

use std::path::PathBuf;
use std::time::Duration;

use deadpool_postgres::{Manager, ManagerConfig, Object, Pool, PoolError, RecyclingMethod, Runtime};
use futures_util::TryStreamExt as _;
use idp_domain::store::{CommitError, Unavailable};
use tokio_postgres::{Config, Error, NoTls};

pub use self::tls::EncryptionError;
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
    /// PEM: the CA that issued the server's certificate. Needed for every host that is not this machine; with it,
    /// `localhost` is spoken to by TLS too, unless the connection string says `sslmode=disable`.
    pub ca_file: Option<PathBuf>,
}

impl PostgresOptions {
    /// With 16 connections, and nobody to trust for TLS.
    pub fn new(url: impl Into<String>) -> Self {
        Self { url: url.into(), pool_size: 16, ca_file: None }
    }
}

/// The URL may hold a password.
impl std::fmt::Debug for PostgresOptions {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("PostgresOptions")
            .field("pool_size", &self.pool_size)
            .field("ca_file", &self.ca_file)
            .finish_non_exhaustive()
    }
}

/// A PostgreSQL database.
pub(crate) struct Postgres {
    pool: Pool,
}

impl Postgres {
    pub(crate) async fn open(options: PostgresOptions) -> Result<Self, OpenError> {
        let mut config = config(&options.url)?;
        let recycling = ManagerConfig { recycling_method: RecyclingMethod::Fast };
        let manager = match tls::settle(&mut config, options.ca_file.as_deref())? {
            Some(tls) => Manager::from_config(config, tls, recycling),
            None => Manager::from_config(config, NoTls, recycling),
        };
        let pool = Pool::builder(manager)
            .max_size(options.pool_size.max(1))
            .runtime(Runtime::Tokio1)
            .wait_timeout(Some(PATIENCE))
            .build()
            .map_err(|cause| OpenError::Database(cause.to_string()))?;
        let mut connection = pool.get().await.map_err(|cause| cannot_connect(&cause))?;
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
    let mut config: Config = url.parse().map_err(|cause: Error| {
        let told = told(&cause);
        OpenError::Url(format!("{told}{}", tls::hint(&told)))
    })?;
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

fn cannot_connect(cause: &PoolError) -> OpenError {
    match cause {
        PoolError::Backend(cause) if tls::is_handshake(cause) => {
            EncryptionError::Handshake(told(cause)).into()
        }
        cause => OpenError::Database(told_by_pool(cause)),
    }
}

fn told_by_pool(cause: &PoolError) -> String {
    match cause {
        PoolError::Backend(cause) => told(cause),
        cause => cause.to_string(),
    }
}
