//! The writer: the one thread that changes a SQLite database.
//!
//! ```text
//! 1. wait for a job            a queue with an end: when it is full, callers are told that the store is busy
//! 2. take what else has come   up to a batch
//! 3. BEGIN IMMEDIATE           each job in a savepoint: one that fails takes nothing with it but itself
//! 4. COMMIT                    one flush to disk for all of them
//! 5. answer                    nobody is told before it is true
//! ```

use std::sync::mpsc::{Receiver, SyncSender, TrySendError, sync_channel};
use std::thread::JoinHandle;

use idp_domain::store::{CommitError, Unavailable};
use rusqlite::Connection;
use tokio::sync::oneshot;

use super::{Failed, Shared, exclusively, execute, run};
use crate::OpenError;
use crate::engine::unavailable;
use crate::step::Step;

/// More than this many callers in line are told to come back: waiting would take longer than trying again.
const QUEUE: usize = 1024;
/// A batch larger than this gains nothing, and its first caller waits for its last.
const BATCH: usize = 256;

pub(super) struct Writer {
    /// There until the writer is to end.
    queue: Option<SyncSender<Job>>,
    thread: Option<JoinHandle<()>>,
}

/// One caller's steps.
struct Job {
    steps: Vec<Step>,
    answer: oneshot::Sender<Result<(), CommitError>>,
}

impl Writer {
    pub(super) fn start(connection: Shared) -> Result<Self, OpenError> {
        let (queue, jobs) = sync_channel(QUEUE);
        let thread = std::thread::Builder::new()
            .name("store writer".into())
            .spawn(move || work(&connection, &jobs))
            .map_err(|cause| OpenError::Database(format!("its writer thread does not start: {cause}")))?;
        Ok(Self { queue: Some(queue), thread: Some(thread) })
    }

    pub(super) async fn commit(&self, steps: Vec<Step>) -> Result<(), CommitError> {
        let (answer, told) = oneshot::channel();
        let queue = self.queue.as_ref().ok_or_else(stopped)?;
        queue.try_send(Job { steps, answer }).map_err(|refused| match refused {
            TrySendError::Full(_) => Unavailable("it is busy: too many changes wait to be written".into()),
            TrySendError::Disconnected(_) => stopped(),
        })?;
        // The thread lets go of an answer only when it dies in the middle of a batch.
        told.await.unwrap_or_else(|_| Err(stopped().into()))
    }

    pub(super) fn ping(&self) -> Result<(), Unavailable> {
        let works = self.thread.as_ref().is_some_and(|thread| !thread.is_finished());
        if works { Ok(()) } else { Err(stopped()) }
    }
}

impl Drop for Writer {
    /// Ends the queue, and waits until what is in it has been written.
    fn drop(&mut self) {
        self.queue = None;
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

fn stopped() -> Unavailable {
    tracing::error!("the store's writer has stopped");
    Unavailable("its writer has stopped".into())
}

fn work(connection: &Shared, jobs: &Receiver<Job>) {
    while let Ok(first) = jobs.recv() {
        let mut batch = vec![first];
        batch.extend(jobs.try_iter().take(BATCH - 1));
        let outcomes = commit(&exclusively(connection), &batch);
        for (job, outcome) in batch.into_iter().zip(outcomes) {
            // A caller that has gone away wants no answer.
            let _ = job.answer.send(outcome);
        }
    }
}

/// Commits a batch; says for each job what became of it.
fn commit(connection: &Connection, batch: &[Job]) -> Vec<Result<(), CommitError>> {
    const DOING: &str = "committing";
    match write(connection, batch) {
        Ok(outcomes) => {
            outcomes.into_iter().map(|outcome| outcome.map_err(|failed| failed.told(DOING))).collect()
        }
        Err(cause) => {
            if !connection.is_autocommit()
                && let Err(cause) = execute(connection, "ROLLBACK")
            {
                tracing::error!(%cause, "a failed batch could not be rolled back");
            }
            let cause = unavailable(DOING, &cause);
            batch.iter().map(|_| Err(cause.clone().into())).collect()
        }
    }
}

/// `Err` is the failure of the whole batch, of which nothing was written.
fn write(connection: &Connection, batch: &[Job]) -> rusqlite::Result<Vec<Result<(), Failed>>> {
    execute(connection, "BEGIN IMMEDIATE")?;
    let outcomes = match batch {
        [alone] => {
            let outcome = apply(connection, &alone.steps)?;
            execute(connection, if outcome.is_ok() { "COMMIT" } else { "ROLLBACK" })?;
            return Ok(vec![outcome]);
        }
        jobs => jobs.iter().map(|job| apply_apart(connection, &job.steps)).collect::<Result<_, _>>()?,
    };
    execute(connection, "COMMIT")?;
    Ok(outcomes)
}

/// Applies one job among others. A single statement needs no savepoint: it happens or does not.
fn apply_apart(connection: &Connection, steps: &[Step]) -> rusqlite::Result<Result<(), Failed>> {
    if steps.len() == 1 {
        return apply(connection, steps);
    }
    execute(connection, "SAVEPOINT job")?;
    let outcome = apply(connection, steps)?;
    if outcome.is_err() {
        execute(connection, "ROLLBACK TO job")?;
    }
    execute(connection, "RELEASE job")?;
    Ok(outcome)
}

/// The outer result is the batch's: some failures (no space, no memory) make SQLite roll everything back.
fn apply(connection: &Connection, steps: &[Step]) -> rusqlite::Result<Result<(), Failed>> {
    match steps.iter().try_for_each(|step| run(connection, step)) {
        Err(Failed::Engine(cause)) if connection.is_autocommit() => Err(cause),
        outcome => Ok(outcome),
    }
}

#[cfg(test)]
mod tests {
    use std::sync::{Arc, Mutex};

    use idp_domain::changes::{Conflict, SpentKind};

    use super::*;
    use crate::step::values;

    const INSERT: &str = "INSERT INTO things (id) VALUES ($1) ON CONFLICT DO NOTHING";
    const COUNT: &str = "SELECT count(*) FROM things";
    /// Breaks the foreign key, which is looked at when the transaction is committed.
    const BREAK: &str = "INSERT INTO parts (thing) VALUES ($1)";

    fn database() -> Connection {
        let connection = Connection::open_in_memory().unwrap();
        let tables = "PRAGMA foreign_keys = ON; CREATE TABLE things (id BIGINT NOT NULL PRIMARY KEY);
            CREATE TABLE parts (thing BIGINT REFERENCES things (id) DEFERRABLE INITIALLY DEFERRED);";
        connection.execute_batch(tables).unwrap();
        connection
    }

    fn insert(id: i64) -> Step {
        Step::one(INSERT, Conflict::AlreadySpent(SpentKind::AuthorizationCode), values![id])
    }

    fn job(steps: Vec<Step>) -> Job {
        Job { steps, answer: oneshot::channel().0 }
    }

    fn count(connection: &Connection) -> i64 {
        connection.query_row(COUNT, [], |row| row.get(0)).unwrap()
    }

    #[test]
    fn a_job_that_fails_takes_nothing_with_it_but_itself() {
        let connection = database();
        let batch =
            [vec![insert(1), insert(2)], vec![insert(3), insert(1)], vec![insert(2)], vec![insert(4)]];
        let outcomes = commit(&connection, &batch.map(job));
        let failed: Vec<_> = outcomes.iter().map(Result::is_err).collect();
        assert_eq!(failed, [false, true, true, false]);
        assert_eq!(count(&connection), 3);
    }

    #[test]
    fn a_statement_that_sqlite_refuses_fails_its_own_job_only() {
        let connection = database();
        let refused = Step::any("INSERT INTO things (id) VALUES ($1)", values![None::<i64>]);
        let outcomes = commit(&connection, &[job(vec![insert(1), refused]), job(vec![insert(2)])]);
        assert!(matches!(outcomes[..], [Err(CommitError::Unavailable(_)), Ok(())]));
        assert_eq!(count(&connection), 1);
    }

    #[test]
    fn when_the_commit_fails_nobody_is_told_of_success() {
        let connection = database();
        let broken = Step::any(BREAK, values![99_i64]);
        let outcomes = commit(&connection, &[job(vec![insert(1)]), job(vec![broken])]);
        assert!(outcomes.iter().all(|outcome| matches!(outcome, Err(CommitError::Unavailable(_)))));
        assert_eq!(count(&connection), 0);
        // And the writer goes on.
        assert!(commit(&connection, &[job(vec![insert(1)])])[0].is_ok());
        assert_eq!(count(&connection), 1);
    }

    #[test]
    fn when_the_queue_is_full_callers_are_told_that_the_store_is_busy() {
        let connection = Arc::new(Mutex::new(database()));
        let writer = Arc::new(Writer::start(Arc::clone(&connection)).unwrap());
        let held = connection.lock().unwrap();
        tokio::runtime::Builder::new_current_thread().build().unwrap().block_on(async {
            let callers = (0..2 * QUEUE as i64).map(|id| {
                let writer = Arc::clone(&writer);
                tokio::spawn(async move { writer.commit(vec![insert(id)]).await })
            });
            let callers: Vec<_> = callers.collect();
            // Each turn lets some of the callers go as far as they can.
            for _ in 0..QUEUE {
                tokio::task::yield_now().await;
            }
            let turned_away = callers.iter().filter(|caller| caller.is_finished()).count();
            assert!((QUEUE - BATCH..=QUEUE).contains(&turned_away), "{turned_away} were turned away");
            drop(held);
            let mut written = 0;
            for caller in callers {
                match caller.await.unwrap() {
                    Ok(()) => written += 1,
                    Err(busy) => assert!(busy.to_string().contains("busy"), "{busy}"),
                }
            }
            assert_eq!(written + turned_away, 2 * QUEUE);
            assert_eq!(count(&connection.lock().unwrap()), written as i64);
        });
    }

    /// What is in line when the writer is dropped is written first.
    #[test]
    fn dropping_the_writer_works_off_the_queue() {
        let connection = Arc::new(Mutex::new(database()));
        let writer = Writer::start(Arc::clone(&connection)).unwrap();
        let held = connection.lock().unwrap();
        let queue = writer.queue.clone().unwrap();
        for id in 0..500 {
            queue.send(job(vec![insert(id)])).unwrap();
        }
        drop((held, queue));
        drop(writer);
        assert_eq!(count(&connection.lock().unwrap()), 500);
    }
}
