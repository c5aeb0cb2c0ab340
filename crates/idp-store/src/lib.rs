//! The domain's ports in SQL, on SQLite and PostgreSQL, with one text per query.
//!
//! A port's method is a text and a mapping of its rows, in the file of its noun (`tenants`, `users`, `groups`, `links`,
//! `applications`, `principals`, `permissions`, `grants`, `devices`, `lockouts`, `keys`, `audit`). What is found of a directory, and how
//! (`objects`, `seek`, `members`, `deleted`), comes together in `directory`. A commit is planned (`plan`) as
//! steps (`step`) and carried out by an `engine`, which alone knows the database. What the ports promise is tested
//! in `tests/conformance`, on both engines.

mod applications;
mod audit;
mod deleted;
mod devices;
mod directory;
mod engine;
mod grants;
mod groups;
mod keys;
mod links;
mod lockouts;
mod members;
mod migrations;
mod names;
mod object_keys;
mod objects;
mod permissions;
mod plan;
mod principals;
mod seek;
mod step;
mod tenants;
mod texts;
mod unindexed;
mod users;

use std::path::{Path, PathBuf};

use async_trait::async_trait;
use idp_domain::changes::Changes;
use idp_domain::store::{CommitError, Store, Unavailable};

pub use crate::engine::postgres::{EncryptionError, PostgresOptions};

use crate::applications::Documents;
use crate::engine::Engine;
use crate::engine::postgres::Postgres;
use crate::engine::sqlite::Sqlite;

/// The store. Dropping it waits until what was begun is written.
pub struct SqlStore {
    engine: Engine,
    documents: Documents,
}

/// Why a store cannot be opened. Every message says what to do.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// Another server works on the file.
    #[error("another server has {} open: stop it first, or start this one on another data folder", path.display())]
    InUse {
        /// The database file.
        path: PathBuf,
    },
    /// The file, or the lock beside it, cannot be opened.
    #[error("{} cannot be opened: {cause}; check that its folder exists and that this user may write there", path.display())]
    File {
        /// The database file.
        path: PathBuf,
        /// What the operating system says.
        cause: std::io::Error,
    },
    /// A later version of this program has been here.
    #[error(
        "the store was written by a newer version of this program (its schema is number {found}, this version knows {known}): start that version, or restore the backup made before the upgrade"
    )]
    NewerSchema {
        /// The number of the store's schema.
        found: i64,
        /// The highest number this version knows.
        known: i64,
    },
    /// The schema did not come of this program's migrations.
    #[error(
        "migration {number} of the store is not the one this program would have made: start the program that made the store, or restore a backup"
    )]
    ForeignSchema {
        /// The number of the first migration that differs.
        number: i64,
    },
    /// PostgreSQL is set up to forget what it has acknowledged.
    #[error(
        "PostgreSQL runs with synchronous_commit = off, under which a crash forgets what was acknowledged, so that a used code could be used again: set it to on, for the server, the database and the role"
    )]
    ForgetfulServer,
    /// The address of the server cannot be used.
    #[error("the PostgreSQL URL cannot be used: {0}")]
    Url(String),
    /// The connection would not be safe, or is not.
    #[error(transparent)]
    Encryption(#[from] EncryptionError),
    /// The database does not do what is asked of it.
    #[error("the database cannot be opened: {0}")]
    Database(String),
}

impl SqlStore {
    /// Opens a SQLite file, made if it is not there, and brings its schema up to date. One server at a time.
    pub fn open_sqlite(path: &Path) -> Result<Self, OpenError> {
        unindexed::index_now(Self::on(Engine::Sqlite(Sqlite::open(path)?)))
    }

    /// Opens a SQLite database that lives as long as the store: the same engine, without the file.
    pub fn open_sqlite_in_memory() -> Result<Self, OpenError> {
        Ok(Self::on(Engine::Sqlite(Sqlite::open_in_memory()?)))
    }

    /// Connects to PostgreSQL and brings the schema up to date. Several servers may, also at the same moment.
    pub async fn open_postgres(options: PostgresOptions) -> Result<Self, OpenError> {
        unindexed::index(Self::on(Engine::Postgres(Postgres::open(options).await?))).await
    }

    fn on(engine: Engine) -> Self {
        Self { engine, documents: Documents::new() }
    }

    /// Waits until what was begun is written, and lets go of the database.
    pub async fn close(self) {
        self.engine.close().await;
    }
}

#[async_trait]
impl Store for SqlStore {
    async fn commit(&self, changes: Changes) -> Result<(), CommitError> {
        let steps = plan::steps(&changes).map_err(|cause| {
            tracing::error!(%cause, "a change could not be written as a document");
            Unavailable("a change could not be written as a document".into())
        })?;
        self.engine.commit(steps).await
    }

    async fn ping(&self) -> Result<(), Unavailable> {
        self.engine.ping().await
    }
}
