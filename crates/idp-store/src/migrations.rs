//! Migrations: numbered, upwards only, each in one transaction with the row that records it. This module knows what is
//! to be done; the engines do it.

use aws_lc_rs::digest::{SHA256, digest};

use crate::OpenError;

/// A step from one schema to the next.
pub(crate) struct Migration {
    /// Its number; there are no gaps.
    pub(crate) number: i64,
    text: &'static str,
}

/// Every migration, in order. One that was released is never changed.
pub(crate) const ALL: &[Migration] = &[
    Migration { number: 1, text: include_str!("../migrations/0001_first_tables.sql") },
    Migration { number: 2, text: include_str!("../migrations/0002_directory.sql") },
    Migration { number: 3, text: include_str!("../migrations/0003_device_codes.sql") },
    Migration { number: 4, text: include_str!("../migrations/0004_guests.sql") },
    Migration { number: 5, text: include_str!("../migrations/0005_switches.sql") },
];

/// A migration that a store has been through, as it recorded it.
pub(crate) struct Applied {
    pub(crate) number: i64,
    pub(crate) checksum: Vec<u8>,
}

/// The table of records. The row with number 0 stands for no migration: it is what two servers that start at once take
/// turns on.
pub(crate) const CREATE_RECORDS: &str = "CREATE TABLE IF NOT EXISTS schema_migrations (number BIGINT NOT NULL PRIMARY KEY, checksum BYTES NOT NULL)";
pub(crate) const READ_RECORDS: &str =
    "SELECT number, checksum FROM schema_migrations WHERE number > 0 ORDER BY number";
pub(crate) const RECORD: &str = "INSERT INTO schema_migrations (number, checksum) VALUES ($1, $2)";

impl Migration {
    /// The text for an engine that calls byte strings `bytes`.
    pub(crate) fn text(&self, bytes: &str) -> String {
        typed(self.text, bytes)
    }

    /// Over the text as written, so that it is the same on every engine.
    pub(crate) fn checksum(&self) -> Vec<u8> {
        digest(&SHA256, self.text.as_bytes()).as_ref().to_vec()
    }
}

/// Writes the engine's name of byte strings into a definition.
pub(crate) fn typed(definition: &str, bytes: &str) -> String {
    definition.replace("BYTES", bytes)
}

/// What is left to do for a store that has been through `applied`, in order.
pub(crate) fn outstanding(applied: &[Applied]) -> Result<&'static [Migration], OpenError> {
    plan(ALL, applied)
}

fn plan<'a>(known: &'a [Migration], applied: &[Applied]) -> Result<&'a [Migration], OpenError> {
    if let Some(newest) = applied.last().filter(|newest| known.iter().all(|m| m.number < newest.number)) {
        let known = known.last().map_or(0, |migration| migration.number);
        return Err(OpenError::NewerSchema { found: newest.number, known });
    }
    for (migration, record) in known.iter().zip(applied) {
        if migration.number != record.number || migration.checksum() != record.checksum {
            return Err(OpenError::ForeignSchema { number: migration.number });
        }
    }
    Ok(known.get(applied.len()..).unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn known() -> [Migration; 2] {
        [Migration { number: 1, text: "one" }, Migration { number: 2, text: "two" }]
    }

    fn record(number: i64, text: &'static str) -> Applied {
        Applied { number, checksum: Migration { number, text }.checksum() }
    }

    #[test]
    fn only_what_is_outstanding_is_done() {
        let left = |applied: &[Applied]| {
            plan(&known(), applied).unwrap().iter().map(|migration| migration.number).collect::<Vec<_>>()
        };
        assert_eq!(left(&[]), [1, 2]);
        assert_eq!(left(&[record(1, "one")]), [2]);
        assert!(left(&[record(1, "one"), record(2, "two")]).is_empty());
    }

    #[test]
    fn st_10_a_newer_schema_is_refused() {
        let applied = [record(1, "one"), record(2, "two"), record(3, "three")];
        assert!(matches!(plan(&known(), &applied), Err(OpenError::NewerSchema { found: 3, known: 2 })));
    }

    #[test]
    fn a_schema_that_came_of_other_texts_is_refused() {
        let applied = [record(1, "other")];
        assert!(matches!(plan(&known(), &applied), Err(OpenError::ForeignSchema { number: 1 })));
    }

    #[test]
    fn migrations_are_numbered_without_gaps() {
        assert!(ALL.iter().zip(1..).all(|(migration, number)| migration.number == number));
    }
}
