//! The two engines behind one face. Only [`sqlite`] and [`postgres`] know which database they talk to; everything else
//! hands them texts, parameters and steps.

pub(crate) mod postgres;
mod row;
pub(crate) mod sqlite;

use idp_domain::store::{CommitError, Unavailable};

use self::postgres::Postgres;
pub(crate) use self::row::{Columns, Damaged, Row};
use self::sqlite::Sqlite;
use crate::step::{Step, Value};

/// A database.
pub(crate) enum Engine {
    Sqlite(Sqlite),
    Postgres(Postgres),
}

/// What is done with each row of an answer.
type EachRow<'a> = &'a mut (dyn FnMut(&dyn Row) -> Result<(), Damaged> + Send);

impl Engine {
    /// The first row of an answer.
    pub(crate) async fn first<T: Send>(
        &self,
        sql: &'static str,
        params: &[Value<'_>],
        map: impl Fn(&mut Columns<'_>) -> Result<T, Damaged> + Send + Sync,
    ) -> Result<Option<T>, Unavailable> {
        let mut first = None;
        self.read(sql, params, &mut |row| {
            if first.is_none() {
                first = Some(map(&mut Columns::of(row))?);
            }
            Ok(())
        })
        .await?;
        Ok(first)
    }

    /// All rows of an answer.
    pub(crate) async fn all<T: Send>(
        &self,
        sql: &'static str,
        params: &[Value<'_>],
        map: impl Fn(&mut Columns<'_>) -> Result<T, Damaged> + Send + Sync,
    ) -> Result<Vec<T>, Unavailable> {
        let mut all = Vec::new();
        self.read(sql, params, &mut |row| {
            all.push(map(&mut Columns::of(row))?);
            Ok(())
        })
        .await?;
        Ok(all)
    }

    async fn read(
        &self,
        sql: &'static str,
        params: &[Value<'_>],
        each: EachRow<'_>,
    ) -> Result<(), Unavailable> {
        match self {
            Self::Sqlite(sqlite) => sqlite.read(sql, params, each),
            Self::Postgres(postgres) => postgres.read(sql, params, each).await,
        }
    }

    /// All steps at once and durably, or none. Guards alone write nothing, and do not stand in line with the writers.
    pub(crate) async fn commit(&self, steps: Vec<Step>) -> Result<(), CommitError> {
        let guards_only = steps.iter().all(Step::is_guard);
        match self {
            _ if steps.is_empty() => Ok(()),
            Self::Sqlite(sqlite) if guards_only => sqlite.check(&steps),
            Self::Sqlite(sqlite) => sqlite.commit(steps).await,
            Self::Postgres(postgres) if guards_only => postgres.check(&steps).await,
            Self::Postgres(postgres) => postgres.commit(&steps).await,
        }
    }

    /// Whether the database answers.
    pub(crate) async fn ping(&self) -> Result<(), Unavailable> {
        match self {
            Self::Sqlite(sqlite) => sqlite.ping(),
            Self::Postgres(postgres) => postgres.ping().await,
        }
    }

    /// Waits until what was begun is done, and lets go of the database.
    pub(crate) async fn close(self) {
        match self {
            // The writer may have a queue to work off: that is waited for where waiting is allowed.
            Self::Sqlite(sqlite) => {
                let _ = tokio::task::spawn_blocking(move || drop(sqlite)).await;
            }
            Self::Postgres(postgres) => postgres.close(),
        }
    }
}

/// Says to the caller that the store cannot answer, and to the log why. `cause` must not hold parameter values.
fn unavailable(doing: &'static str, cause: &dyn std::fmt::Display) -> Unavailable {
    tracing::error!(%cause, "the store failed while {doing}");
    Unavailable(format!("it failed while {doing}"))
}
