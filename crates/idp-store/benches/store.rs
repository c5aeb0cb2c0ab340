//! How fast the store is: `cargo bench -p idp-store`. On SQLite in a file of the target folder, durable as in
//! production; on PostgreSQL too when `VESTIBULE_BENCH_POSTGRES` names a database to fill.

use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use idp_domain::applications::{Application, Registration, ServicePrincipal};
use idp_domain::changes::{Change, Changes, SpentKind, SpentMark};
use idp_domain::sealed::Month;
use idp_domain::sessions::Facts;
use idp_domain::store::{Applications as _, CommitError, Grants as _, Store as _};
use idp_domain::tokens::{Family, FamilyId};
use idp_store::{OpenError, PostgresOptions, SqlStore};
use jiff::Timestamp;
use uuid::Uuid;
use vestibule_wire::ids::{ApplicationId, ClientId, ServicePrincipalId, SessionId, TenantId, UserId};

type Outcome<T> = Result<T, Box<dyn std::error::Error>>;

const TENANT: TenantId = TenantId::from_u128(1);
const CLIENT: ClientId = ClientId::from_u128(2);
const PRINCIPAL: ServicePrincipalId = ServicePrincipalId::from_u128(3);
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
    Ok(())
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
