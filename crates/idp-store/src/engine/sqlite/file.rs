//! The file: who may have it open, who may read it, and how connections to it are set up.

use std::fs::{File, OpenOptions, TryLockError};
use std::path::{Path, PathBuf};
use std::thread::available_parallelism;
use std::time::Duration;

use rusqlite::config::DbConfig;
use rusqlite::{Connection, OpenFlags};

use super::cannot_open;
use crate::OpenError;

/// More than there are texts, so that each is prepared once per connection.
const STATEMENTS_KEPT: usize = 256;
/// For each connection. The file is not mapped into memory: there an error of the disk would end the process.
const CACHE_KIB: i64 = 16 * 1024;
/// 16 MiB: the larger the log, the more changes of one page are copied back to the database as one.
const CHECKPOINT_PAGES: i64 = 4096;
/// For the administrator's own `sqlite3`: within a server nobody waits for a lock of the file.
const PATIENCE: Duration = Duration::from_secs(5);

/// The right to be the one server on a file. It ends with the process at the latest.
pub(super) struct FileLock(#[expect(dead_code, reason = "the lock is held by keeping the file open")] File);

impl FileLock {
    /// The lock is a file beside the database: on the database itself it would meet SQLite's own locks.
    pub(super) fn take(path: &Path) -> Result<Self, OpenError> {
        let mut beside = path.as_os_str().to_owned();
        beside.push(".lock");
        let beside = PathBuf::from(beside);
        let file = open_private(&beside)?;
        match file.try_lock() {
            Ok(()) => Ok(Self(file)),
            Err(TryLockError::WouldBlock) => Err(OpenError::InUse { path: path.to_owned() }),
            Err(TryLockError::Error(cause)) => Err(OpenError::File { path: beside, cause }),
        }
    }
}

/// Makes the file, if it is not there, for this user's eyes only. SQLite gives its companions the same rights.
pub(super) fn create_private(path: &Path) -> Result<(), OpenError> {
    open_private(path).map(drop)
}

fn open_private(path: &Path) -> Result<File, OpenError> {
    let mut options = OpenOptions::new();
    options.create(true).truncate(false).read(true).write(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path).map_err(|cause| OpenError::File { path: path.to_owned(), cause })
}

/// One for each thread that may be reading at a time, within reason.
pub(super) fn reader_count() -> usize {
    available_parallelism().map_or(4, |count| count.get().clamp(4, 16))
}

pub(super) fn connect_for_writing(path: &Path) -> Result<Connection, OpenError> {
    let connection = connect(path).map_err(cannot_open)?;
    let mode: String = connection
        .pragma_update_and_check(None, "journal_mode", "WAL", |row| row.get(0))
        .map_err(cannot_open)?;
    if mode != "wal" {
        let path = path.display();
        return Err(OpenError::Database(format!(
            "{path} cannot have a write-ahead log: move it to a local disk"
        )));
    }
    // FULL: what was acknowledged survives a power cut. Committing in groups makes it cheap.
    connection.pragma_update(None, "synchronous", "FULL").map_err(cannot_open)?;
    connection.pragma_update(None, "wal_autocheckpoint", CHECKPOINT_PAGES).map_err(cannot_open)?;
    Ok(connection)
}

pub(super) fn connect_for_reading(path: &Path) -> rusqlite::Result<Connection> {
    let connection = connect(path)?;
    connection.pragma_update(None, "query_only", true)?;
    Ok(connection)
}

pub(super) fn connect_in_memory() -> rusqlite::Result<Connection> {
    prepared(Connection::open_in_memory()?)
}

fn connect(path: &Path) -> rusqlite::Result<Connection> {
    // No mutex inside SQLite: ours is around the connection.
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = prepared(Connection::open_with_flags(path, flags)?)?;
    connection.busy_timeout(PATIENCE)?;
    connection.pragma_update(None, "cache_size", -CACHE_KIB)?;
    Ok(connection)
}

fn prepared(connection: Connection) -> rusqlite::Result<Connection> {
    connection.set_prepared_statement_cache_capacity(STATEMENTS_KEPT);
    // Plans do not depend on parameters: else SQLite prepares some statements again for each value that is bound.
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true)?;
    connection.pragma_update(None, "foreign_keys", false)?;
    connection.pragma_update(None, "temp_store", "MEMORY")?;
    Ok(connection)
}
