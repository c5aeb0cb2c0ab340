//! How fast the store is: `cargo bench -p idp-store`. On SQLite in a file of the target folder, durable as in
//! production; on PostgreSQL too when `VESTIBULE_BENCH_POSTGRES` names a database to fill.

use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use idp_domain::applications::{Application, Registration, ServicePrincipal};
use idp_domain::changes::{Change, Changes, SpentKind, SpentMark};
use idp_domain::directory::{
    Group, Indexed, Link, ObjectKind, Position, Profile, Relation, Seek, Upn, User, UserType,
};
use idp_domain::sealed::Month;
use idp_domain::sessions::Facts;
use idp_domain::store::{
    Applications as _, CommitError, Directory as _, Grants as _, Store as _, Users as _,
};
use idp_domain::tokens::{Family, FamilyId};
use idp_store::{OpenError, PostgresOptions, SqlStore};
use jiff::Timestamp;
use uuid::Uuid;
use vestibule_wire::ids::{
    ApplicationId, ClientId, GroupId, ServicePrincipalId, SessionId, TenantId, UserId,
};

type Outcome<T> = Result<T, Box<dyn std::error::Error>>;

const TENANT: TenantId = TenantId::from_u128(1);
const CLIENT: ClientId = ClientId::from_u128(2);
const PRINCIPAL: ServicePrincipalId = ServicePrincipalId::from_u128(3);
/// In the large directory.
const USERS: u32 = 100_000;
const SPAN: Duration = Duration::from_secs(3);

fn main() -> Outcome<()> {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build()?;
    let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("bench-{}.db", std::process::id()));
    let outcome = runtime.block_on(measure("SQLite", SqlStore::open_sqlite(&path)));
    for suffix in ["", "-wal", "-shm", ".lock"] {
        let _ = std::fs::remove_file(format!("{}{suffix}", path.display()));
    }
    outcome?;
    if let Ok(url) = std::env::var("VESTIBULE_BENCH_POSTGRES") {
        runtime.block_on(async {
            measure("PostgreSQL", SqlStore::open_postgres(PostgresOptions::new(url)).await).await
        })?;
    }
    Ok(())
}

async fn measure(engine: &str, store: Result<SqlStore, OpenError>) -> Outcome<()> {
    let store = Arc::new(store?);
    store.commit(application().into_iter().chain([family(0)]).collect()).await?;
    println!("{engine}");
    for callers in [1, 8, 64, 256] {
        let (rate, worst) = commits(&store, callers).await?;
        println!(
            "  redeem a code (spend, start family, 2 guards), {callers:>3} callers: {rate:>7.0}/s, slowest {worst:.1?}"
        );
    }
    let guards = || Changes::one(principal_at()).and(application_at()).and(live(family_id(0)));
    reads("registration", async || Ok(store.registration(TENANT, CLIENT).await?)).await?;
    reads("family", async || Ok(store.family(TENANT, family_id(0)).await?)).await?;
    reads("commit of 3 guards alone", async || Ok(store.commit(guards()).await?)).await?;
    directory(&store).await
}

/// What is asked of a directory, in a small one and in one ten times as large: it must not take longer.
async fn directory(store: &SqlStore) -> Outcome<()> {
    let mut users = 0;
    for size in [USERS / 10, USERS] {
        let begin = Instant::now();
        for first in (users..size).step_by(100) {
            store.commit((first..size.min(first + 100)).flat_map(user_and_group).collect()).await?;
        }
        println!("  {size} users and groups, {:.1?} to make {}", begin.elapsed(), size - users);
        users = size;
        let middle = u128::from(size / 2);
        let page = async |seek: Seek, after: Option<Position>| {
            let page = store.objects(TENANT, ObjectKind::User, &seek, after.as_ref(), 100).await?;
            if page.is_empty() { Err("nothing was found".into()) } else { Ok(page) }
        };
        let by_name = || Seek::Ordered { by: Indexed::DisplayName, descending: false };
        let after = Position { key: format!("person {middle:06}"), id: Uuid::from_u128(middle) };
        let one = || Seek::OneOf(Indexed::Mail, vec![format!("Person{middle:06}@Contoso.test")]);
        let beginning = || Seek::StartsWith(Indexed::DisplayName, "Person 00".into());
        let upn = Upn::parse(&format!("person{middle:06}@contoso.test"))?;
        // The last of its chain.
        let member = Uuid::from_u128(1 << 90 | (middle + 7));
        reads("100 users in order of their names", async || page(by_name(), Some(after.clone())).await)
            .await?;
        reads("100 users whose names begin so", async || page(beginning(), None).await).await?;
        reads("a user by mail address", async || page(one(), None).await).await?;
        reads("a user by name", async || Ok(store.user_by_upn(TENANT, &upn).await?)).await?;
        reads("the groups of a user, 8 deep", async || Ok(store.groups_of(TENANT, member).await?)).await?;
    }
    Ok(())
}

/// A user, in a group, which is in the one before it: chains of eight.
fn user_and_group(number: u32) -> Vec<Change> {
    let number = u128::from(number);
    let (user, group) = (UserId::from_u128(1 << 90 | number), GroupId::from_u128(1 << 91 | number));
    let link = |from: u128, to: Uuid, to_kind| {
        let (relation, from_kind) = (Relation::Member, ObjectKind::Group);
        let from = GroupId::from_u128(1 << 91 | from).guid();
        Change::AddLink(Link { tenant: TENANT, relation, from, from_kind, to, to_kind })
    };
    let mut changes = vec![
        Change::CreateUser(Box::new(User {
            tenant: TENANT,
            id: user,
            upn: Upn::parse(&format!("person{number:06}@contoso.test"))
                .unwrap_or_else(|_| unreachable!("it is a name")),
            display_name: format!("Person {number:06}"),
            given_name: Some("Person".into()),
            surname: Some(format!("{number:06}")),
            mail: Some(format!("person{number:06}@contoso.test")),
            enabled: true,
            user_type: UserType::Member,
            external: None,
            directory_roles: Vec::new(),
            password: None,
            must_change_password: false,
            valid_from: Timestamp::UNIX_EPOCH,
            created_at: Timestamp::UNIX_EPOCH,
            profile: Profile::default(),
            revision: 0,
        })),
        Change::CreateGroup(Box::new(Group {
            tenant: TENANT,
            id: group,
            display_name: format!("Group {number:06}"),
            mail_nickname: format!("group{number:06}"),
            mail_enabled: false,
            security_enabled: true,
            assignable_to_role: false,
            created_at: Timestamp::UNIX_EPOCH,
            profile: Profile::default(),
            revision: 0,
        })),
        link(number, user.guid(), ObjectKind::User),
    ];
    if !number.is_multiple_of(8) {
        changes.push(link(number - 1, group.guid(), ObjectKind::Group));
    }
    changes
}

/// Commits per second, and the slowest of them.
async fn commits(store: &Arc<SqlStore>, callers: u128) -> Outcome<(f64, Duration)> {
    let begin = Instant::now();
    let work = (0..callers).map(|caller| {
        let store = Arc::clone(store);
        tokio::spawn(async move {
            let (mut done, mut worst) = (0_u32, Duration::ZERO);
            while begin.elapsed() < SPAN {
                let unique = Uuid::from_u128(callers << 96 | caller << 64 | u128::from(done));
                // Codes are random, and so are the places where their rows go.
                let mark =
                    SpentMark::new(SpentKind::AuthorizationCode, unique.as_bytes(), Timestamp::UNIX_EPOCH);
                let mut id = [0; 16];
                id.copy_from_slice(&mark.hash[..16]);
                let changes = Changes::one(Change::Spend(mark)).and(family(u128::from_be_bytes(id)));
                let asked = Instant::now();
                store.commit(changes.and(principal_at()).and(application_at())).await?;
                worst = worst.max(asked.elapsed());
                done += 1;
            }
            Ok::<_, CommitError>((done, worst))
        })
    });
    let (mut done, mut worst) = (0, Duration::ZERO);
    for caller in work.collect::<Vec<_>>() {
        let (committed, slowest) = caller.await??;
        (done, worst) = (done + committed, worst.max(slowest));
    }
    Ok((f64::from(done) / begin.elapsed().as_secs_f64(), worst))
}

async fn reads<T>(name: &str, read: impl AsyncFn() -> Outcome<T>) -> Outcome<()> {
    let (begin, mut done) = (Instant::now(), 0_u32);
    while begin.elapsed() < SPAN {
        read().await?;
        done += 1;
    }
    println!("  {name}: {:.2?} each, one caller", begin.elapsed() / done);
    Ok(())
}

fn family_id(number: u128) -> FamilyId {
    FamilyId::from_bytes(&number.to_be_bytes()).unwrap_or_else(|| unreachable!("sixteen bytes"))
}

fn family(number: u128) -> Change {
    Change::StartFamily(Box::new(Family {
        tenant: TENANT,
        id: family_id(number),
        month: Month::from_number(600),
        user: UserId::from_u128(4),
        client: CLIENT,
        session: SessionId::from_u128(5),
        facts: Facts::password_in_browser(Timestamp::UNIX_EPOCH, None),
        platform: idp_domain::applications::Platform::Web,
        scope: "openid profile offline_access".into(),
        started_at: Timestamp::UNIX_EPOCH,
        generation: 0,
        revoked: false,
        root: None,
    }))
}

fn principal_at() -> Change {
    Change::PrincipalAt { tenant: TENANT, principal: PRINCIPAL, revision: 0 }
}

fn application_at() -> Change {
    Change::ApplicationAt { client: CLIENT, revision: 0 }
}

fn live(family: FamilyId) -> Change {
    Change::FamilyLive { tenant: TENANT, family }
}

fn application() -> [Change; 2] {
    let id = ApplicationId::from_u128(6);
    let application = Application::new(TENANT, id, CLIENT, "Measured".into());
    let registration = Registration {
        principal: ServicePrincipal::new(TENANT, PRINCIPAL, CLIENT, Timestamp::UNIX_EPOCH),
        application: Arc::new(application.clone()),
    };
    [Change::CreateApplication(Box::new(application)), Change::CreateServicePrincipal(Box::new(registration))]
}
