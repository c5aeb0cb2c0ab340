//! SQLite: one writer, many readers, one file that one server has open.
//!
//! Reads run where they are asked for, on connections of their own: at a few microseconds each, sending them elsewhere
//! would cost more than they do. Writes go to the [`writer`], which commits many callers' changes at once. The database
//! in memory has a single connection, which readers and writer take turns on.

mod file;
mod values;
mod writer;

use std::cell::Cell;
use std::path::Path;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use idp_domain::changes::Conflict;
use idp_domain::store::{CommitError, Unavailable};
use rusqlite::{CachedStatement, Connection, TransactionBehavior};

use self::file::FileLock;
use self::values::SqliteRow;
use self::writer::Writer;
use super::{EachRow, unavailable};
use crate::OpenError;
use crate::migrations::{self, Applied};
use crate::step::{Expect, Step, Value};

/// A connection that several threads take turns on. It is held for one query or one batch, never across an await.
type Shared = Arc<Mutex<Connection>>;

/// A SQLite database.
pub(crate) struct Sqlite {
    // In this order they are dropped: the writer works off its queue, and the file is let go last.
    writer: Writer,
    readers: Vec<Shared>,
    _lock: Option<FileLock>,
}

/// Why a step was not done.
enum Failed {
    /// Its expectation did not hold.
    Expectation(Conflict),
    /// SQLite could not do it.
    Engine(rusqlite::Error),
}

impl From<rusqlite::Error> for Failed {
    fn from(cause: rusqlite::Error) -> Self {
        Self::Engine(cause)
    }
}

impl Failed {
    fn told(self, doing: &'static str) -> CommitError {
        match self {
            Self::Expectation(conflict) => conflict.into(),
            Self::Engine(cause) => unavailable(doing, &cause).into(),
        }
    }
}

impl Sqlite {
    pub(crate) fn open(path: &Path) -> Result<Self, OpenError> {
        let lock = FileLock::take(path)?;
        file::create_private(path)?;
        let mut writing = file::connect_for_writing(path)?;
        migrate(&mut writing)?;
        let readers = (0..file::reader_count()).map(|_| Ok(shared(file::connect_for_reading(path)?)));
        let readers = readers.collect::<rusqlite::Result<_>>().map_err(cannot_open)?;
        Ok(Self { writer: Writer::start(shared(writing))?, readers, _lock: Some(lock) })
    }

    pub(crate) fn open_in_memory() -> Result<Self, OpenError> {
        let mut connection = file::connect_in_memory().map_err(cannot_open)?;
        migrate(&mut connection)?;
        let connection = shared(connection);
        let readers = vec![Arc::clone(&connection)];
        Ok(Self { writer: Writer::start(connection)?, readers, _lock: None })
    }

    pub(crate) fn read(
        &self,
        sql: &'static str,
        params: &[Value<'_>],
        each: EachRow<'_>,
    ) -> Result<(), Unavailable> {
        let reading = |cause: &dyn std::fmt::Display| unavailable("reading", cause);
        let connection = self.reader();
        let mut statement = bound(&connection, sql, params).map_err(|cause| reading(&cause))?;
        let mut rows = statement.raw_query();
        while let Some(row) = rows.next().map_err(|cause| reading(&cause))? {
            each(&SqliteRow(row)).map_err(|cause| reading(&format_args!("{cause}, of: {sql}")))?;
        }
        Ok(())
    }

    /// Checks guards against one state of the database.
    pub(crate) fn check(&self, guards: &[Step]) -> Result<(), CommitError> {
        let connection = self.reader();
        let outcome = match guards {
            [guard] => run(&connection, guard),
            guards => check_together(&connection, guards),
        };
        outcome.map_err(|failed| failed.told("checking guards"))
    }

    pub(crate) async fn commit(&self, steps: Vec<Step>) -> Result<(), CommitError> {
        self.writer.commit(steps).await
    }

    pub(crate) fn ping(&self) -> Result<(), Unavailable> {
        self.read("SELECT 1", &[], &mut |_| Ok(()))?;
        self.writer.ping()
    }

    /// A reader nobody uses; each thread begins to look at a place of its own, so that threads seldom meet.
    fn reader(&self) -> MutexGuard<'_, Connection> {
        static THREADS: AtomicUsize = AtomicUsize::new(0);
        thread_local! { static PLACE: Cell<usize> = Cell::new(THREADS.fetch_add(1, Ordering::Relaxed)); }
        let place = PLACE.get() % self.readers.len();
        let (after, before) = (&self.readers[place..], &self.readers[..place]);
        let free = after.iter().chain(before).find_map(|reader| reader.try_lock().ok());
        free.unwrap_or_else(|| exclusively(&self.readers[place]))
    }
}

fn shared(connection: Connection) -> Shared {
    Arc::new(Mutex::new(connection))
}

/// A panic between two statements leaves the connection usable: what was open is rolled back by whoever begins next.
fn exclusively(connection: &Mutex<Connection>) -> MutexGuard<'_, Connection> {
    connection.lock().unwrap_or_else(PoisonError::into_inner)
}

/// A prepared statement with its parameters, which SQLite numbers in the order in which they appear.
fn bound<'c>(
    connection: &'c Connection,
    sql: &'static str,
    params: &[Value<'_>],
) -> rusqlite::Result<CachedStatement<'c>> {
    let mut statement = connection.prepare_cached(sql)?;
    for (index, value) in params.iter().enumerate() {
        statement.raw_bind_parameter(index + 1, value)?;
    }
    Ok(statement)
}

/// Does one step, and compares its outcome with what was expected.
fn run(connection: &Connection, step: &Step) -> Result<(), Failed> {
    let mut statement = bound(connection, step.sql, &step.params)?;
    let (as_expected, conflict) = match step.expect {
        Expect::Found(conflict) => (statement.raw_query().next()?.is_some(), conflict),
        Expect::Absent(conflict) => (statement.raw_query().next()?.is_none(), conflict),
        Expect::OneRow(conflict) => (statement.raw_execute()? == 1, conflict),
        Expect::AnyRows => return Ok(statement.raw_execute().map(drop)?),
    };
    if as_expected { Ok(()) } else { Err(Failed::Expectation(conflict)) }
}

/// Within a transaction SQLite shows one state of the database.
fn check_together(connection: &Connection, guards: &[Step]) -> Result<(), Failed> {
    execute(connection, "BEGIN")?;
    let outcome = guards.iter().try_for_each(|guard| run(connection, guard));
    execute(connection, "COMMIT")?;
    outcome
}

fn execute(connection: &Connection, sql: &'static str) -> rusqlite::Result<()> {
    connection.prepare_cached(sql)?.raw_execute().map(drop)
}

fn migrate(connection: &mut Connection) -> Result<(), OpenError> {
    const BYTES: &str = "BLOB";
    // Exclusive: whoever else opens the file waits here, and then finds the work done.
    let transaction =
        connection.transaction_with_behavior(TransactionBehavior::Exclusive).map_err(cannot_open)?;
    transaction.execute_batch(&migrations::typed(migrations::CREATE_RECORDS, BYTES)).map_err(cannot_open)?;
    for migration in migrations::outstanding(&applied(&transaction).map_err(cannot_open)?)? {
        transaction.execute_batch(&migration.text(BYTES)).map_err(cannot_open)?;
        let record = rusqlite::params![migration.number, migration.checksum()];
        transaction.execute(migrations::RECORD, record).map_err(cannot_open)?;
    }
    transaction.commit().map_err(cannot_open)
}

fn applied(connection: &Connection) -> rusqlite::Result<Vec<Applied>> {
    let mut statement = connection.prepare(migrations::READ_RECORDS)?;
    let records =
        statement.query_map([], |row| Ok(Applied { number: row.get(0)?, checksum: row.get(1)? }))?;
    records.collect()
}

fn cannot_open(cause: rusqlite::Error) -> OpenError {
    OpenError::Database(cause.to_string())
}

#[cfg(test)]
mod tests {
    use rusqlite::StatementStatus;

    use super::*;
    use crate::texts;

    /// Preparing a statement costs more than running it.
    #[test]
    fn no_text_is_prepared_again_when_other_values_are_bound() {
        let mut connection = file::connect_in_memory().unwrap();
        migrate(&mut connection).unwrap();
        for sql in texts::tests::all() {
            let mut statement = connection.prepare(sql).unwrap();
            for round in 0..3 {
                for index in 1..=statement.parameter_count() {
                    statement.raw_bind_parameter(index, round).unwrap();
                }
                let mut rows = statement.raw_query();
                while rows.next().unwrap().is_some() {}
            }
            assert_eq!(statement.get_status(StatementStatus::RePrepare), 0, "{sql}");
        }
    }
}
