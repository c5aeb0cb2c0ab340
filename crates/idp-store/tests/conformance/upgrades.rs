//! Stores that an earlier version made: what is in them is read, listed and found.

use std::path::Path;

use aws_lc_rs::digest::{SHA256, digest};
use idp_domain::applications::Platform;
use idp_domain::changes::{Change, Changes, Conflict};
use idp_domain::directory::{DirectoryObject, Indexed, ObjectKind, Seek, UserType};
use idp_domain::policies::FlowPolicy;
use idp_domain::store::{Applications as _, Directory as _, Tenants as _, Users as _};
use idp_domain::tenant::UserConsent;
use idp_store::{PostgresOptions, SqlStore};
use jiff::Timestamp;

use crate::actors::*;
use crate::engines::{conflict, runtime, sql};
use crate::postgres_server::PostgresServer;

const FIRST: &str = include_str!("../../migrations/0001_first_tables.sql");
/// More than are indexed at a time.
const USERS: u32 = 450;

/// How an engine writes bytes.
struct Dialect {
    name: &'static str,
    literal: fn(&[u8]) -> String,
}

const SQLITE: Dialect = Dialect { name: "BLOB", literal: |bytes| format!("x'{}'", hexadecimal(bytes)) };
const POSTGRES: Dialect =
    Dialect { name: "BYTEA", literal: |bytes| format!("'\\x{}'::bytea", hexadecimal(bytes)) };

fn hexadecimal(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// The schema of version 1, and what its program wrote there.
fn first_version(dialect: &Dialect) -> String {
    let id = |number: u128| (dialect.literal)(&number.to_be_bytes());
    let (contoso, daemon) = (id(0xc0), id(0xdae));
    let checksum = (dialect.literal)(digest(&SHA256, FIRST.as_bytes()).as_ref());
    let platform = serde_json::to_string(&Platform::Web).unwrap();
    let application = format!(
        r#"{{"tenant":"{CONTOSO}","id":"00000000-0000-0000-0000-000000000dae","client_id":"{DAEMON}",
        "display_name":"Ältere Anwendung","sign_in_audience":"AzureADMyOrg",
        "redirect_uris":[{{"platform":{platform},"uri":"https://app.contoso.test/"}}],
        "identifier_uris":["api://old"],
        "delegated_permissions":[{{"id":"00000000-0000-0000-0000-000000000001","value":"Read","admin_only":false}}],
        "app_roles":[{{"id":"00000000-0000-0000-0000-000000000002","value":"Reader"}}],
        "is_fallback_public_client":false,"secrets":[]}}"#
    );
    let users: String = (1..=USERS)
        .map(|number| {
            let id = id(1 << 90 | u128::from(number));
            let columns = "tenant_id, id, upn, display_name, mail, enabled, directory_roles, must_change_password, \
                valid_from, revision";
            format!(
                "INSERT INTO users ({columns}) VALUES ({contoso}, {id}, 'user{number}@contoso.test', \
                 'ÄLTERE {number}', 'Mail{number}@contoso.test', 1, '[]', 0, 7, 3);"
            )
        })
        .collect();
    format!(
        "CREATE TABLE schema_migrations (number BIGINT NOT NULL PRIMARY KEY, checksum {bytes} NOT NULL);
        {tables}
        INSERT INTO schema_migrations VALUES (1, {checksum});
        INSERT INTO tenants VALUES ({contoso}, 'Contoso', 'contoso.test', 1, 'strict', 0);
        INSERT INTO applications VALUES ({contoso}, {daemon}, {daemon}, '{application}', 2);
        INSERT INTO service_principals VALUES ({contoso}, {principal}, {daemon}, 1, 0, 1);
        INSERT INTO service_principal_names VALUES ({contoso}, 'api://old', {principal});
        INSERT INTO app_role_assignments VALUES ({contoso}, {user}, {principal}, {role});
        INSERT INTO app_role_assignments VALUES ({contoso}, {principal}, {principal}, {role});
        INSERT INTO audit (tenant_id, id, happened_at, activity) VALUES ({contoso}, {role}, 5, 'sign_in');
        {users}",
        bytes = dialect.name,
        tables = FIRST.replace("BYTES", dialect.name),
        principal = id(DAEMON_PRINCIPAL.guid().as_u128()),
        user = id(1 << 90 | 1),
        role = id(2),
    )
}

async fn everything_is_there(store: &SqlStore) {
    let tenant = store.tenant(CONTOSO).await.unwrap().unwrap();
    assert_eq!((tenant.user_consent, tenant.token_lifetime), (UserConsent::LowRisk, None));
    // Whoever used them before there were switches goes on.
    assert_eq!(tenant.flows, FlowPolicy::ALLOWED);
    let found = async |kind, property, value: &str| {
        let seek = Seek::OneOf(property, vec![value.to_owned()]);
        let page = store.objects(CONTOSO, kind, &seek, None, 10).await.unwrap();
        page.into_iter().map(|(_, object)| object).collect::<Vec<_>>()
    };
    for number in [1, USERS / 2, USERS] {
        for (property, value) in [
            (Indexed::DisplayName, format!("ältere {number}")),
            (Indexed::UserPrincipalName, format!("USER{number}@contoso.test")),
            (Indexed::Mail, format!("mail{number}@contoso.test")),
        ] {
            let [DirectoryObject::User(user)] = &found(ObjectKind::User, property, &value).await[..] else {
                panic!("one user has {value}")
            };
            assert_eq!((user.user_type, user.created_at), (UserType::Member, Timestamp::UNIX_EPOCH));
            assert_eq!(store.user(CONTOSO, user.id).await.unwrap().as_ref(), Some(user));
        }
    }
    let all = Seek::StartsWith(Indexed::DisplayName, "Ältere".into());
    let page = store.objects(CONTOSO, ObjectKind::User, &all, None, 10_000).await.unwrap();
    assert_eq!(page.len(), USERS as usize);
    assert_eq!(found(ObjectKind::Application, Indexed::DisplayName, "ältere anwendung").await.len(), 1);
    assert_eq!(
        found(ObjectKind::ServicePrincipal, Indexed::ServicePrincipalName, "API://OLD").await.len(),
        1
    );
    let registration = store.registration_by_name(CONTOSO, "api://old").await.unwrap().unwrap();
    assert_eq!((registration.principal.revision, registration.application.revision), (1, 2));
    let assigned = store.assignments_on(CONTOSO, DAEMON_PRINCIPAL).await.unwrap();
    let kinds: Vec<_> = assigned.iter().map(|assigned| assigned.principal_kind).collect();
    assert_eq!(kinds, [ObjectKind::ServicePrincipal, ObjectKind::User]);
    assert_eq!(store.audit_events(CONTOSO, &[], None, 9).await.unwrap().len(), 1);
    // Its URI is taken as if it had been made today.
    let mut taker = application(CONTOSO, API);
    taker.identifier_uris = vec!["api://old".into()];
    let taken = conflict(store, Changes::one(Change::CreateApplication(Box::new(taker)))).await;
    assert_eq!(taken, Some(Conflict::AlreadyExists));
}

fn written_by_the_first_version(path: &Path) {
    rusqlite::Connection::open(path).unwrap().execute_batch(&first_version(&SQLITE)).unwrap();
}

#[test]
fn st_10_a_file_of_the_first_version_is_brought_up_to_date() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("store.db");
    written_by_the_first_version(&path);
    for _ in 0..2 {
        let store = SqlStore::open_sqlite(&path).unwrap();
        runtime().block_on(everything_is_there(&store));
    }
}

/// Opening stands still while it works: a runtime that nothing else runs on must not keep it from going on.
#[test]
fn a_file_is_brought_up_to_date_within_a_task() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("store.db");
    written_by_the_first_version(&path);
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    runtime.block_on(async {
        let store = tokio::spawn(async move { SqlStore::open_sqlite(&path).unwrap() }).await.unwrap();
        everything_is_there(&store).await;
    });
}

/// Several servers find the same work to do.
#[test]
fn st_09_a_database_of_the_first_version_is_brought_up_to_date_by_whoever_comes() {
    runtime().block_on(async {
        let url = PostgresServer::shared().fresh_schema();
        sql(&url, &first_version(&POSTGRES)).await;
        let starting: Vec<_> = (0..4)
            .map(|_| tokio::spawn(SqlStore::open_postgres(PostgresOptions::new(url.clone()))))
            .collect();
        for store in starting {
            everything_is_there(&store.await.unwrap().unwrap()).await;
        }
    });
}
