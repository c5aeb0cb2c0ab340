//! What is PostgreSQL's own: several servers on one database, settings that are refused, transactions that must be
//! repeated, connections that are cut.

use std::sync::Arc;
use std::time::Duration;

use idp_domain::changes::{Change, Changes, Conflict, SpentKind};
use idp_domain::store::{Grants as _, Store as _, Tenants as _};
use idp_store::{EncryptionError, OpenError, PostgresOptions, SqlStore};
use tokio::time::timeout;
use vestibule_wire::ids::SessionId;

use crate::actors::*;
use crate::engines::{Database, World, conflict, runtime, sql};
use crate::postgres_server::PostgresServer;
use crate::races::{assert_one_winner, at_once, redeem_at_once};

fn schema() -> String {
    PostgresServer::shared().fresh_schema()
}

/// The same schema, with one more setting for the session.
fn with_setting(url: &str, setting: &str) -> String {
    url.replace("options='", &format!("options='-c {setting} "))
}

async fn open(url: &str) -> Result<SqlStore, OpenError> {
    SqlStore::open_postgres(PostgresOptions::new(url)).await
}

fn guarded_disable(revision: i64) -> Changes {
    let (tenant, user) = (CONTOSO, ALICE);
    Changes::one(Change::UserAt { tenant, user, revision }).and(Change::SetUserEnabled {
        tenant,
        user,
        enabled: false,
    })
}

#[test]
fn st_09_servers_that_start_at_once_on_an_empty_database_all_start() {
    runtime().block_on(async {
        for _ in 0..5 {
            let url = schema();
            let starting: Vec<_> = (0..8)
                .map(|_| {
                    let url = url.clone();
                    tokio::spawn(async move { open(&url).await })
                })
                .collect();
            let mut stores = Vec::new();
            for store in starting {
                stores.push(store.await.unwrap().unwrap());
            }
            // One spends, and all the others know.
            for (n, store) in stores.iter().enumerate() {
                let outcome = conflict(store, Changes::one(spend(b"code"))).await;
                assert_eq!(outcome, (n > 0).then_some(Conflict::AlreadySpent(SpentKind::AuthorizationCode)));
            }
        }
    });
}

#[test]
fn st_10_a_database_with_a_newer_schema_is_refused() {
    runtime().block_on(async {
        let url = schema();
        open(&url).await.unwrap().close().await;
        sql(&url, "INSERT INTO schema_migrations VALUES (99, '')").await;
        let refused = open(&url).await.err().unwrap();
        assert!(matches!(refused, OpenError::NewerSchema { found: 99, .. }), "{refused}");
    });
}

#[test]
fn a_server_that_forgets_what_it_acknowledged_is_refused() {
    runtime().block_on(async {
        let refused = open(&with_setting(&schema(), "synchronous_commit=off")).await.err().unwrap();
        assert!(matches!(refused, OpenError::ForgetfulServer));
        assert!(refused.to_string().contains("set it to on"), "{refused}");
        open(&with_setting(&schema(), "synchronous_commit=local")).await.unwrap();
    });
}

#[test]
fn encryption_that_cannot_be_had_is_refused_before_anything_is_sent() {
    runtime().block_on(async {
        let url = "postgresql://vestibule:very-secret@db.contoso.test/vestibule";
        let refused = open(url).await.err().unwrap();
        assert!(matches!(refused, OpenError::Encryption(EncryptionError::NoCa)), "{refused}");
        assert!(!format!("{:?}", PostgresOptions::new(url)).contains("very-secret"));
    });
}

#[test]
fn a_server_that_is_not_there_is_told_of() {
    runtime().block_on(async {
        let refused = open("host=/nowhere user=postgres").await.err().unwrap();
        assert!(matches!(refused, OpenError::Database(_)), "{refused}");
    });
}

/// The engines that this SQL is also for run every transaction serialisable, and refuse some of those that meet.
#[test]
fn transactions_that_were_in_each_others_way_are_repeated() {
    runtime().block_on(async {
        let url = with_setting(&schema(), "default_transaction_isolation=serializable");
        let world = World::on_postgres_at(url).await;
        for round in 0..3 {
            redeem_at_once(&world, round).await;
        }
        world.make([create_alice()]).await;
        let (tenant, user) = (CONTOSO, ALICE);
        let change = |_| {
            Changes::one(Change::UserAt { tenant, user, revision: 1 }).and(Change::SetUserEnabled {
                tenant,
                user,
                enabled: false,
            })
        };
        assert_one_winner(&at_once(&world, change).await, Conflict::UserChanged);
    });
}

/// Were it to happen, PostgreSQL would notice after a second and the commit be repeated: too late for a sign-in. Here it
/// notices never.
#[test]
fn callers_that_write_the_row_they_guard_do_not_deadlock() {
    runtime().block_on(async {
        let world = World::on_postgres_at(with_setting(&schema(), "deadlock_timeout=10min")).await;
        world.make([create_alice()]).await;
        for revision in 1..=10 {
            let outcomes = at_once(&world, |_| guarded_disable(revision));
            let outcomes = timeout(Duration::from_secs(60), outcomes).await.expect("a deadlock");
            assert_one_winner(&outcomes, Conflict::UserChanged);
        }
    });
}

/// A guard decides on what is, not on what was before a change that is just being committed.
#[test]
fn a_guard_waits_for_a_change_of_its_row_that_is_under_way() {
    runtime().block_on(async {
        let world = World::on_postgres().await;
        world.make([create_alice()]).await;
        let Database::Postgres { url } = &world.database else { panic!("this is PostgreSQL's") };
        let (client, connection) = tokio_postgres::connect(url, tokio_postgres::NoTls).await.unwrap();
        tokio::spawn(connection);
        client.batch_execute("BEGIN; UPDATE users SET revision = 2").await.unwrap();
        let (store, guard) =
            (Arc::clone(&world.store), Change::UserAt { tenant: CONTOSO, user: ALICE, revision: 1 });
        let mut commit =
            tokio::spawn(async move { conflict(&store, Changes::one(guard).and(spend(b"code"))).await });
        timeout(Duration::from_millis(300), &mut commit).await.expect_err("the guard did not wait");
        client.batch_execute("COMMIT").await.unwrap();
        assert_eq!(commit.await.unwrap(), Some(Conflict::UserChanged));
    });
}

#[test]
fn a_store_whose_connections_were_cut_connects_again() {
    runtime().block_on(async {
        let world = World::on_postgres().await;
        world.make([create_contoso()]).await;
        let Database::Postgres { url } = &world.database else { panic!("this is PostgreSQL's") };
        // Under another name the administrator's own connection is spared.
        let cut = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE query LIKE '%tenants%' \
                   AND application_name = 'this test'";
        let named = format!("{url} application_name='this test'");
        let store = open(&named).await.unwrap();
        assert!(store.tenant(CONTOSO).await.unwrap().is_some());
        sql(url, cut).await;
        // At worst the callers that were on those connections hear of it.
        for _ in 0..16 {
            if store.ping().await.is_ok() {
                break;
            }
        }
        assert_eq!(conflict(&store, Changes::one(spend(b"code"))).await, None);
    });
}

/// A failed commit leaves nothing behind on its connection, and there is but one.
#[test]
fn a_connection_is_clean_after_every_conflict() {
    runtime().block_on(async {
        let options = PostgresOptions { pool_size: 1, ..PostgresOptions::new(schema()) };
        let store = SqlStore::open_postgres(options).await.unwrap();
        for n in 0..50_u8 {
            assert_eq!(
                conflict(&store, Changes::one(spend(&[n])).and(start_family(family_id(n.into())))).await,
                None
            );
            let again = Changes::one(start_family(family_id(1000 + u128::from(n)))).and(spend(&[n]));
            assert_eq!(
                conflict(&store, again).await,
                Some(Conflict::AlreadySpent(SpentKind::AuthorizationCode))
            );
            assert_eq!(store.tenant(CONTOSO).await.unwrap(), None);
        }
    });
}

/// A caller that goes away in the middle takes its whole commit with it, or leaves it whole.
#[test]
fn a_commit_that_is_given_up_is_done_or_not_done_and_in_nobodys_way() {
    use idp_domain::store::Grants as _;
    runtime().block_on(async {
        let options = PostgresOptions { pool_size: 2, ..PostgresOptions::new(schema()) };
        let store = SqlStore::open_postgres(options).await.unwrap();
        for n in 0..200_u8 {
            let id = family_id(u128::from(n));
            let commit = store.commit(Changes::one(spend(&[n])).and(start_family(id)));
            let _ = timeout(Duration::from_micros(u64::from(n) * 10), commit).await;
        }
        for n in 0..200_u8 {
            let started = store.family(CONTOSO, family_id(u128::from(n))).await.unwrap().is_some();
            let spent = conflict(&store, Changes::one(spend(&[n]))).await
                == Some(Conflict::AlreadySpent(SpentKind::AuthorizationCode));
            assert_eq!(started, spent, "commit {n}");
        }
    });
}

/// Nothing of a session is remembered by the node that read it.
#[test]
fn ui_12_a_session_that_was_ended_at_one_node_is_over_at_the_other() {
    runtime().block_on(async {
        let url = schema();
        let nodes = [open(&url).await.unwrap(), open(&url).await.unwrap()];
        for round in 0..50 {
            let (one, other) = (&nodes[round % 2], &nodes[(round + 1) % 2]);
            let id = SessionId::from_u128(1 + round as u128);
            let begun = session(id, [7; 32], at(0));
            one.commit(Changes::one(Change::StartSession(Box::new(begun)))).await.unwrap();
            assert!(other.session(CONTOSO, id).await.unwrap().is_some());
            one.commit(Changes::one(Change::EndSession { tenant: CONTOSO, session: id })).await.unwrap();
            assert_eq!(other.session(CONTOSO, id).await.unwrap(), None);
            let goes_on = Changes::one(Change::SessionLive { tenant: CONTOSO, session: id });
            assert!(other.commit(goes_on).await.is_err());
        }
    });
}

#[test]
fn cd_03_of_two_nodes_that_redeem_a_code_at_once_one_does() {
    runtime().block_on(async {
        let url = schema();
        let nodes = [open(&url).await.unwrap(), open(&url).await.unwrap()].map(Arc::new);
        for round in 0..500_u128 {
            let redeemed = nodes.clone().map(|node| {
                let changes =
                    Changes::one(spend(&round.to_be_bytes())).and(start_family(family_id(round + 1)));
                tokio::spawn(async move { conflict(&node, changes).await })
            });
            let mut outcomes = Vec::new();
            for outcome in redeemed {
                outcomes.push(outcome.await.unwrap());
            }
            assert_one_winner(&outcomes, Conflict::AlreadySpent(SpentKind::AuthorizationCode));
        }
    });
}
