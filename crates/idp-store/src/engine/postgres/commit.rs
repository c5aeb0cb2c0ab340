//! Commits: BEGIN, the steps and COMMIT leave together, and the answers come back together.
//!
//! Nobody looks at the outcome of a step before the next is sent. So each step carries its expectation with it, as a
//! division by the number of its rows: none, and it fails, and with it everything that follows up to COMMIT, which
//! PostgreSQL then answers by rolling back.
//!
//! Two transactions that touch the same rows may be told to try again (40001, 40P01): rarely by PostgreSQL, as a matter
//! of course by CockroachDB and YugabyteDB. The whole is then repeated.

use std::future::poll_fn;
use std::pin::Pin;
use std::sync::atomic::{AtomicU64, Ordering};
use std::task::Poll;
use std::time::Duration;

use deadpool_postgres::Object;
use futures_util::TryStreamExt as _;
use idp_domain::changes::Conflict;
use idp_domain::store::{CommitError, Unavailable};
use tokio_postgres::error::SqlState;
use tokio_postgres::{Error, Statement};

use super::values::fit;
use super::{Postgres, discard, told};
use crate::engine::unavailable;
use crate::step::{Expect, Step};

const TRIES: u32 = 5;

/// Why nothing was committed.
pub(super) enum Failed {
    /// An expectation did not hold.
    Expectation(Conflict),
    /// Another transaction was in the way.
    TryAgain(String),
    /// PostgreSQL could not do it.
    Engine(Unavailable),
}

impl From<Unavailable> for Failed {
    fn from(unavailable: Unavailable) -> Self {
        Self::Engine(unavailable)
    }
}

/// Repeats what others were in the way of.
pub(super) async fn repeated<F>(attempt: impl Fn() -> F + Send) -> Result<(), CommitError>
where
    F: Future<Output = Result<(), Failed>> + Send,
{
    let mut tries = 1;
    loop {
        match attempt().await {
            Ok(()) => return Ok(()),
            Err(Failed::Expectation(conflict)) => return Err(conflict.into()),
            Err(Failed::Engine(unavailable)) => return Err(unavailable.into()),
            Err(Failed::TryAgain(cause)) if tries == TRIES => {
                return Err(unavailable("committing, others being in the way", &cause).into());
            }
            Err(Failed::TryAgain(_)) => tokio::time::sleep(pause(tries)).await,
        }
        tries += 1;
    }
}

/// 5 to 10 ms, then twice as long each time. A counter spreads those who met, as well as chance would.
fn pause(tries: u32) -> Duration {
    static PAUSES: AtomicU64 = AtomicU64::new(0);
    let spread = PAUSES.fetch_add(1, Ordering::Relaxed).wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 56;
    Duration::from_micros((5000 + spread * 20) << (tries - 1).min(3))
}

/// Checks guards, one after the other but in one round trip.
///
/// They need no common snapshot. Revisions only grow and what is dead stays dead, so a guard that holds now has held
/// since its decision was made: all of them held together when the first was looked at.
pub(super) async fn check(postgres: &Postgres, guards: &[Step]) -> Result<(), Failed> {
    let connection = postgres.connection().await?;
    let answers = async {
        let statements = prepare(&connection, guards, |guard| guard.sql.to_owned()).await?;
        let asked =
            guards.iter().zip(&statements).map(|(guard, statement)| found(&connection, guard, statement));
        in_order(asked.map(|asked| Box::pin(asked) as Pin<Box<_>>).collect()).await.into_iter().collect()
    };
    let found: Vec<bool> = match answers.await {
        Ok(found) => found,
        Err(cause) => return Err(failed(connection, &cause)),
    };
    let failed = guards.iter().zip(found).find(|(guard, found)| *found == is_absent(guard));
    failed
        .and_then(|(guard, _)| conflict(guard))
        .map_or(Ok(()), |conflict| Err(Failed::Expectation(conflict)))
}

async fn found(connection: &Object, guard: &Step, statement: &Statement) -> Result<bool, Error> {
    let rows: Vec<_> = connection.query_raw(statement, &guard.params).await?.try_collect().await?;
    Ok(!rows.is_empty())
}

/// Commits steps. When this is given up half-way, PostgreSQL still does all of it or nothing: either nothing was sent,
/// or everything up to COMMIT.
pub(super) async fn commit(postgres: &Postgres, steps: &[Step]) -> Result<(), Failed> {
    let connection = postgres.connection().await?;
    let statements = match prepare(&connection, steps, |step| carrying_its_expectation(step, steps)).await {
        Ok(statements) => statements,
        Err(cause) => return Err(failed(connection, &cause)),
    };
    if !steps.iter().zip(&statements).all(|(step, statement)| fit(&step.params, statement)) {
        return Err(unavailable("committing", &"a parameter does not fit its column").into());
    }
    let mut sent: Vec<Sent<'_>> = vec![Box::pin(connection.batch_execute("BEGIN"))];
    for (step, statement) in steps.iter().zip(&statements) {
        sent.push(Box::pin(run(&connection, step, statement)));
    }
    sent.push(Box::pin(connection.batch_execute("COMMIT")));
    let answers = in_order(sent).await;
    let Some((place, cause)) = first_failure(answers) else { return Ok(()) };
    // BEGIN comes first, so the step is one place on; COMMIT fails by itself only after every step has succeeded.
    let step = place.checked_sub(1).and_then(|place| steps.get(place));
    match step.and_then(conflict) {
        Some(conflict) if cause.code() == Some(&SqlState::DIVISION_BY_ZERO) => {
            Err(Failed::Expectation(conflict))
        }
        _ => Err(failed(connection, &cause)),
    }
}

type Sent<'a> = Pin<Box<dyn Future<Output = Result<(), Error>> + Send + 'a>>;

async fn run(connection: &Object, step: &Step, statement: &Statement) -> Result<(), Error> {
    connection.query_raw(statement, &step.params).await?.try_collect::<Vec<_>>().await.map(drop)
}

fn first_failure(answers: Vec<Result<(), Error>>) -> Option<(usize, Error)> {
    answers.into_iter().enumerate().find_map(|(place, answer)| Some((place, answer.err()?)))
}

/// Prepares the texts that this connection has not prepared before, which takes a round trip for each.
async fn prepare(
    connection: &Object,
    steps: &[Step],
    text: impl Fn(&Step) -> String + Send,
) -> Result<Vec<Statement>, Error> {
    let mut statements = Vec::with_capacity(steps.len());
    for step in steps {
        statements.push(connection.prepare_cached(&text(step)).await?);
    }
    Ok(statements)
}

/// The step's text, failing with a division by zero when what it expects is not so.
fn carrying_its_expectation(step: &Step, all: &[Step]) -> String {
    let sql = step.sql;
    match step.expect {
        Expect::AnyRows => sql.to_owned(),
        Expect::OneRow(_) => ["WITH step AS (", sql, " RETURNING 1) SELECT 1/count(*) FROM step"].concat(),
        Expect::Absent(_) => ["SELECT 1/(1 - least(count(*), 1)) FROM (", sql, ") AS guard"].concat(),
        Expect::Found(_) => ["SELECT 1/count(*) FROM (", sql, lock_of(step, all), ") AS guard"].concat(),
    }
}

/// A guard holds its row until COMMIT. It shares the lock with other guards, unless a later step writes to the same
/// table: two transactions that both share a row and both go on to write it would wait for each other.
fn lock_of(guard: &Step, all: &[Step]) -> &'static str {
    let table = table_of(guard.sql);
    let is_written = all.iter().any(|step| !step.is_guard() && table_of(step.sql) == table);
    if is_written { " FOR UPDATE" } else { " FOR SHARE" }
}

/// The table that a guard reads or a step writes: it comes after the first of these words.
fn table_of(sql: &str) -> Option<&str> {
    let mut words = sql.split_whitespace();
    words.find(|word| ["FROM", "INTO", "UPDATE"].contains(word))?;
    words.next()
}

const fn conflict(step: &Step) -> Option<Conflict> {
    match step.expect {
        Expect::Found(conflict) | Expect::Absent(conflict) | Expect::OneRow(conflict) => Some(conflict),
        Expect::AnyRows => None,
    }
}

const fn is_absent(step: &Step) -> bool {
    matches!(step.expect, Expect::Absent(_))
}

/// Others were in the way: what failed is done again, on what they left. A name that was free when it was looked for and
/// taken when it was written is among it: the next time it is found taken.
const TRY_AGAIN: [SqlState; 3] =
    [SqlState::T_R_SERIALIZATION_FAILURE, SqlState::T_R_DEADLOCK_DETECTED, SqlState::UNIQUE_VIOLATION];

/// Sorts out what is no failed expectation. The transaction was rolled back by the COMMIT that followed the failure;
/// after anything unforeseen the connection is not trusted to be clean, and closed.
fn failed(connection: Object, cause: &Error) -> Failed {
    match cause.code() {
        Some(code) if TRY_AGAIN.contains(code) => Failed::TryAgain(told(cause)),
        _ => {
            discard(connection);
            Failed::Engine(unavailable("committing", &told(cause)))
        }
    }
}

/// Waits for all answers. The first poll of a request sends it: polling them in order sends them in order, and all of
/// them before the first answer is waited for.
async fn in_order<T>(mut sent: Vec<Pin<Box<dyn Future<Output = T> + Send + '_>>>) -> Vec<T> {
    let mut answers: Vec<Option<T>> = sent.iter().map(|_| None).collect();
    poll_fn(|context| {
        let mut outstanding = false;
        for (request, answer) in sent.iter_mut().zip(&mut answers) {
            if answer.is_none() {
                match request.as_mut().poll(context) {
                    Poll::Ready(arrived) => *answer = Some(arrived),
                    Poll::Pending => outstanding = true,
                }
            }
        }
        if outstanding { Poll::Pending } else { Poll::Ready(()) }
    })
    .await;
    answers.into_iter().flatten().collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{grants, users};

    #[test]
    fn the_table_of_a_text_is_found() {
        assert_eq!(table_of(users::AT_REVISION), Some("users"));
        assert_eq!(table_of(users::SET_ENABLED), Some("users"));
        assert_eq!(table_of(grants::SPEND), Some("spent"));
        assert_eq!(table_of(grants::END_SESSION), Some("sessions"));
    }

    #[test]
    fn pauses_grow_and_stay_below_a_tenth_of_a_second() {
        for tries in 1..TRIES {
            let base = 5 << (tries - 1);
            let pause = pause(tries);
            assert!(pause >= Duration::from_millis(base) && pause < Duration::from_millis(base * 2 + 10));
        }
    }
}
