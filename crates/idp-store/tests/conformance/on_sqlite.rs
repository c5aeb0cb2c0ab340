//! What is SQLite's own: the file, its one server, and what is in it after a restart.

use std::sync::Arc;

use idp_domain::changes::{Conflict, SpentKind};
use idp_domain::store::{Grants as _, Store as _};
use idp_store::{OpenError, SqlStore};

use crate::actors::*;
use crate::engines::{conflict, runtime};

#[test]
fn a_store_that_is_opened_again_has_everything_that_was_acknowledged() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("store.db");
    for round in 0..3_u128 {
        let store = Arc::new(SqlStore::open_sqlite(&path).unwrap());
        runtime().block_on(async {
            let writes = (0..200).map(|n| {
                let (store, id) = (Arc::clone(&store), family_id(round << 64 | n));
                tokio::spawn(async move { store.commit([start_family(id)].into_iter().collect()).await })
            });
            for write in writes.collect::<Vec<_>>() {
                write.await.unwrap().unwrap();
            }
            for n in 0..200 {
                for past in 0..=round {
                    assert!(store.family(CONTOSO, family_id(past << 64 | n)).await.unwrap().is_some());
                }
            }
            // Closing and dropping are the same to what was written.
            if round == 1 {
                Arc::into_inner(store).unwrap().close().await;
            }
        });
    }
}

#[test]
fn what_was_spent_before_a_restart_is_spent_after_it() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("store.db");
    let spend_it = || {
        let store = SqlStore::open_sqlite(&path).unwrap();
        runtime().block_on(conflict(&store, [spend(b"code")].into_iter().collect()))
    };
    assert_eq!(spend_it(), None);
    assert_eq!(spend_it(), Some(Conflict::AlreadySpent(SpentKind::AuthorizationCode)));
}

#[test]
fn a_second_server_on_the_same_file_is_refused_until_the_first_has_gone() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("store.db");
    let first = SqlStore::open_sqlite(&path).unwrap();
    let refused = SqlStore::open_sqlite(&path).err().unwrap();
    assert!(matches!(refused, OpenError::InUse { .. }));
    assert!(refused.to_string().contains("stop it first"), "{refused}");
    drop(first);
    SqlStore::open_sqlite(&path).unwrap();
}

#[test]
fn st_10_a_file_with_a_newer_schema_is_refused_and_left_as_it_is() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("store.db");
    drop(SqlStore::open_sqlite(&path).unwrap());
    let connection = rusqlite::Connection::open(&path).unwrap();
    connection.execute_batch("INSERT INTO schema_migrations VALUES (99, x'00')").unwrap();
    for _ in 0..2 {
        let refused = SqlStore::open_sqlite(&path).err().unwrap();
        assert!(matches!(refused, OpenError::NewerSchema { found: 99, .. }), "{refused}");
    }
}

#[test]
fn a_folder_that_is_not_there_is_named() {
    let folder = tempfile::tempdir().unwrap();
    let refused = SqlStore::open_sqlite(&folder.path().join("nowhere/store.db")).err().unwrap();
    assert!(refused.to_string().contains("nowhere"), "{refused}");
}

#[test]
fn a_file_that_is_no_database_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("store.db");
    std::fs::write(&path, "this is no database, and long enough to be looked at as one".repeat(100)).unwrap();
    assert!(matches!(SqlStore::open_sqlite(&path), Err(OpenError::Database(_))));
}

#[cfg(unix)]
#[test]
fn st_04_nobody_else_can_read_the_files() {
    use std::os::unix::fs::PermissionsExt as _;
    let folder = tempfile::tempdir().unwrap();
    let store = SqlStore::open_sqlite(&folder.path().join("store.db")).unwrap();
    runtime().block_on(store.commit([spend(b"code")].into_iter().collect())).unwrap();
    for file in std::fs::read_dir(folder.path()).unwrap().flatten() {
        let mode = file.metadata().unwrap().permissions().mode();
        assert_eq!(mode & 0o077, 0, "{:?} has mode {mode:o}", file.file_name());
    }
}

#[test]
fn two_databases_in_memory_are_two() {
    let (one, two) = (SqlStore::open_sqlite_in_memory().unwrap(), SqlStore::open_sqlite_in_memory().unwrap());
    for store in [one, two] {
        assert_eq!(runtime().block_on(conflict(&store, [spend(b"code")].into_iter().collect())), None);
    }
}
