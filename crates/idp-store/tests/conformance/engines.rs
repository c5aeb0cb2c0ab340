//! The engines that a test runs on, each with a store of the test's own.

use std::ops::Deref;
use std::path::PathBuf;
use std::sync::Arc;

use idp_domain::changes::{Change, Changes, Conflict};
use idp_domain::store::{CommitError, Store as _};
use idp_store::{PostgresOptions, SqlStore};
use tempfile::TempDir;
use tokio::runtime::Runtime;

use crate::neighbours;
use crate::postgres_server::PostgresServer;

/// A store, and the way to its database past it.
pub(crate) struct World {
    pub(crate) store: Arc<SqlStore>,
    pub(crate) database: Database,
}

/// Where the database is.
pub(crate) enum Database {
    Memory,
    File { path: PathBuf, _folder: TempDir },
    Postgres { url: String },
}

impl Deref for World {
    type Target = SqlStore;

    fn deref(&self) -> &SqlStore {
        &self.store
    }
}

impl World {
    pub(crate) async fn in_memory() -> Self {
        Self { store: Arc::new(SqlStore::open_sqlite_in_memory().unwrap()), database: Database::Memory }
    }

    pub(crate) async fn on_sqlite() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("store.db");
        let store = Arc::new(SqlStore::open_sqlite(&path).unwrap());
        Self { store, database: Database::File { path, _folder: folder } }
    }

    pub(crate) async fn on_postgres() -> Self {
        Self::on_postgres_at(PostgresServer::shared().fresh_schema()).await
    }

    pub(crate) async fn on_postgres_at(url: String) -> Self {
        let store = SqlStore::open_postgres(PostgresOptions::new(url.clone())).await.unwrap();
        Self { store: Arc::new(store), database: Database::Postgres { url } }
    }

    /// Commits what must succeed.
    pub(crate) async fn make(&self, changes: impl IntoIterator<Item = Change>) {
        self.store.commit(changes.into_iter().collect()).await.unwrap();
    }

    /// Commits what must fail for a reason.
    pub(crate) async fn conflict(&self, changes: impl IntoIterator<Item = Change>) -> Conflict {
        conflict(&self.store, changes.into_iter().collect()).await.expect("the changes conflict with nothing")
    }

    /// Changes the database behind the store's back.
    pub(crate) async fn sql(&self, text: &str) {
        match &self.database {
            Database::Memory => panic!("nothing else can reach a database in memory"),
            Database::File { path, .. } => {
                rusqlite::Connection::open(path).unwrap().execute_batch(text).unwrap()
            }
            Database::Postgres { url } => sql(url, text).await,
        }
    }
}

/// Runs statements on PostgreSQL.
pub(crate) async fn sql(url: &str, text: &str) {
    let (client, connection) = tokio_postgres::connect(url, tokio_postgres::NoTls).await.unwrap();
    let connection = tokio::spawn(connection);
    client.batch_execute(text).await.unwrap();
    drop(client);
    connection.await.unwrap().unwrap();
}

pub(crate) async fn conflict(store: &SqlStore, changes: Changes) -> Option<Conflict> {
    match store.commit(changes).await {
        Ok(()) => None,
        Err(CommitError::Conflict(conflict)) => Some(conflict),
        Err(CommitError::Unavailable(unavailable)) => panic!("{unavailable}"),
    }
}

/// Several threads, so that callers do meet.
pub(crate) fn runtime() -> Runtime {
    tokio::runtime::Builder::new_multi_thread().worker_threads(4).enable_all().build().unwrap()
}

/// Runs a test in a world with neighbours, whom it must leave alone.
pub(crate) fn run<T: AsyncFnOnce(&World)>(open: impl Future<Output = World>, test: T) {
    runtime().block_on(async {
        let world = open.await;
        neighbours::move_in(&world).await;
        test(&world).await;
        neighbours::are_as_they_were(&world).await;
    });
}

/// Runs each function as a test on every engine.
macro_rules! on_every_engine {
    ($($(#[$doc:meta])* async fn $name:ident($world:ident) $body:block)+) => {$(
        $(#[$doc])*
        mod $name {
            #[allow(unused_imports, reason = "a test takes what it needs")]
            use super::*;

            async fn test($world: &crate::engines::World) $body

            #[test]
            fn in_memory() {
                crate::engines::run(crate::engines::World::in_memory(), test);
            }

            #[test]
            fn on_sqlite() {
                crate::engines::run(crate::engines::World::on_sqlite(), test);
            }

            #[test]
            fn on_postgres() {
                crate::engines::run(crate::engines::World::on_postgres(), test);
            }
        }
    )+};
}
pub(crate) use on_every_engine;

/// Runs each function as a test on every engine whose database can be reached past the store.
macro_rules! past_the_store {
    ($($(#[$doc:meta])* async fn $name:ident($world:ident) $body:block)+) => {$(
        $(#[$doc])*
        mod $name {
            #[allow(unused_imports, reason = "a test takes what it needs")]
            use super::*;

            async fn test($world: &crate::engines::World) $body

            #[test]
            fn on_sqlite() {
                crate::engines::run(crate::engines::World::on_sqlite(), test);
            }

            #[test]
            fn on_postgres() {
                crate::engines::run(crate::engines::World::on_postgres(), test);
            }
        }
    )+};
}
pub(crate) use past_the_store;
