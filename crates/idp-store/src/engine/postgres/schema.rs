//! What must be true of the server before it is used: it remembers what it acknowledges, and has our tables.

use deadpool_postgres::ClientWrapper;
use tokio_postgres::error::SqlState;
use tokio_postgres::{Client, Error};

use super::told;
use crate::OpenError;
use crate::migrations::{self, Applied};

const BYTES: &str = "BYTEA";
/// Two servers that start at once both find the row there, and one waits for the other's lock on it.
const PREPARE_TURNS: &str =
    "INSERT INTO schema_migrations (number, checksum) VALUES (0, '') ON CONFLICT DO NOTHING";
const TAKE_TURN: &str = "SELECT number FROM schema_migrations WHERE number = 0 FOR UPDATE";

/// An acknowledged commit must survive the server's crash, or a used code could be used again.
pub(super) async fn refuse_forgetfulness(client: &Client) -> Result<(), OpenError> {
    let row = client.query_one("SHOW synchronous_commit", &[]).await.map_err(cannot_open)?;
    let setting: &str = row.try_get(0).map_err(cannot_open)?;
    if setting == "off" { Err(OpenError::ForgetfulServer) } else { Ok(()) }
}

pub(super) async fn migrate(client: &mut ClientWrapper) -> Result<(), OpenError> {
    create_records(client).await.map_err(cannot_open)?;
    let transaction = client.transaction().await.map_err(cannot_open)?;
    transaction.batch_execute(TAKE_TURN).await.map_err(cannot_open)?;
    let rows = transaction.query(migrations::READ_RECORDS, &[]).await.map_err(cannot_open)?;
    let applied = rows.iter().map(|row| Ok(Applied { number: row.try_get(0)?, checksum: row.try_get(1)? }));
    let applied: Vec<_> = applied.collect::<Result<_, Error>>().map_err(cannot_open)?;
    for migration in migrations::outstanding(&applied)? {
        transaction.batch_execute(&migration.text(BYTES)).await.map_err(cannot_open)?;
        transaction
            .execute(migrations::RECORD, &[&migration.number, &migration.checksum()])
            .await
            .map_err(cannot_open)?;
    }
    transaction.commit().await.map_err(cannot_open)
}

async fn create_records(client: &Client) -> Result<(), Error> {
    match client.batch_execute(&migrations::typed(migrations::CREATE_RECORDS, BYTES)).await {
        // IF NOT EXISTS does not see a table that another server is just making; it does see to it that there is one.
        Err(cause) if is_there_already(&cause) => {}
        outcome => outcome?,
    }
    client.batch_execute(PREPARE_TURNS).await
}

/// Which of the three depends on how far the other server has come.
fn is_there_already(cause: &Error) -> bool {
    let codes = [SqlState::UNIQUE_VIOLATION, SqlState::DUPLICATE_OBJECT, SqlState::DUPLICATE_TABLE];
    cause.code().is_some_and(|code| codes.contains(code))
}

fn cannot_open(cause: Error) -> OpenError {
    OpenError::Database(told(&cause))
}
