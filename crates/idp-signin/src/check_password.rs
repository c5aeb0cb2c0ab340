//! Is this the password of the account? One way to find out and one counter, for the page and for programs that are given
//! the password (RO-03).
//!
//! 1. whose?
//! 2. were there too many wrong ones, whosever they were?
//! 3. count the attempt
//! 4. check it, in as long for nobody's account as for somebody's

use idp_domain::audit::{Activity, AuditEvent};
use idp_domain::changes::{Change, Changes, Conflict};
use idp_domain::credentials::{Attempt, LockoutKey};
use idp_domain::directory::{Upn, User};
use idp_domain::secret::Secret;
use idp_domain::store::{CommitError, Unavailable};
use idp_web::cookies::Cookies;
use idp_web::limits::TooOften;
use idp_web::request::RequestInfo;
use idp_web::state::App;
use jiff::Timestamp;
use vestibule_wire::ids::TenantId;

use crate::spray::Spray;
use crate::{familiarity, unknown_accounts};

/// How often an attempt is counted again because another was counted at the same moment.
const TRIES: usize = 16;

/// What a password came to.
pub enum Verdict {
    /// It is this account's. Whether the account may go on is another question.
    Right(Box<User>),
    /// It is not, or there is no such account.
    Wrong,
    /// It was not looked at: there were too many wrong ones.
    Locked {
        /// Until when.
        until: Timestamp,
    },
}

/// Nobody can say now.
#[derive(Debug)]
pub enum Unchecked {
    /// Too many passwords were wrong, at this address or everywhere: no more are looked at for now (LG-06).
    TooOften(TooOften),
    /// Too many are asking.
    Busy,
    /// The store is away.
    Unavailable(Unavailable),
}

/// Checks a password. `cookies` are those of the browser it was typed into; a program has none.
pub async fn check_password(
    app: &App,
    info: &RequestInfo,
    cookies: &Cookies,
    account: &str,
    password: Secret,
) -> Result<Verdict, Unchecked> {
    // 1. Whose?
    let Whose { tenant, user } = whose(app, account).await?;
    // 2. Were there too many wrong ones?
    let familiar =
        user.as_ref().is_some_and(|user| familiarity::is_familiar(app, cookies, user.tenant, user.id));
    let spray = Spray { app, info, tenant, familiar };
    spray.admit().await.map_err(Unchecked::TooOften)?;
    let whose = user.as_ref().map_or(account.as_bytes(), |user| user.id.as_bytes());
    let tried = app.sealer.keyed_hash("tried password", &[whose, password.expose().as_bytes()]);
    // 3. Count the attempt, and 4. check it: side by side, so that the write does not show in how long an answer takes
    //    (LG-01), and what the hash says is looked at only when the attempt has been counted (LG-03).
    let hash = user.as_ref().and_then(|user| user.password.clone());
    let (counted, right) = tokio::join!(
        count(app, info, familiar, account, user.as_ref(), &tried),
        app.passwords.verify(hash, password)
    );
    if let Attempt::Locked { until } = counted? {
        spray.was_wrong();
        return Ok(Verdict::Locked { until });
    }
    // A password that seems known to be wrong may be right: until an attempt is decided it counts as a failure, so the
    // right one of a person who signs in twice at the same moment is among those for an instant.
    // Whether there is an account or not: a full queue must not tell.
    let right = right.map_err(|_| Unchecked::Busy)?;
    match user {
        Some(user) if right => Ok(Verdict::Right(Box::new(user))),
        _ => {
            spray.was_wrong();
            Ok(Verdict::Wrong)
        }
    }
}

/// Whose name it is, as far as it is anybody's.
#[derive(Default)]
struct Whose {
    tenant: Option<TenantId>,
    user: Option<User>,
}

async fn whose(app: &App, account: &str) -> Result<Whose, Unavailable> {
    let Ok(upn) = Upn::parse(account) else { return Ok(Whose::default()) };
    match app.store.tenant_of_domain(upn.domain()).await? {
        Some(tenant) if tenant.enabled => {
            Ok(Whose { tenant: Some(tenant.id), user: app.store.user_by_upn(tenant.id, &upn).await? })
        }
        _ => Ok(Whose::default()),
    }
}

/// Counts the attempt as a failure; a right password takes that back.
async fn count(
    app: &App,
    info: &RequestInfo,
    familiar: bool,
    account: &str,
    user: Option<&User>,
    tried: &[u8; 32],
) -> Result<Attempt, Unchecked> {
    let Some(user) = user else {
        let name = account.to_ascii_lowercase();
        let name = app.sealer.keyed_hash("unknown account", &[name.as_bytes()]);
        return Ok(unknown_accounts::attempt(name, tried, info.now()));
    };
    let key = LockoutKey { tenant: user.tenant, user: user.id, familiar };
    // Whoever loses the race counts again, on what the winner left (LG-03).
    for _ in 0..TRIES {
        let state = app.store.lockout(key).await?;
        let attempt = state.attempt(tried, info.now());
        let Attempt::Counted(next) = &attempt else { return Ok(attempt) };
        let locked = next.locked_until > state.locked_until;
        let activity = if locked { Activity::AccountLocked } else { Activity::SignInFailed };
        let set = Change::SetLockout { key, expected: state.revision, next: next.clone() };
        let record = Change::RecordAudit(AuditEvent {
            user: Some(key.user),
            address: info.address,
            correlation_id: Some(info.reference.correlation_id),
            ..AuditEvent::new(activity, key.tenant, info.now(), &*app.random)
        });
        match app.store.commit(Changes::one(set).and(record)).await {
            Ok(()) => return Ok(attempt),
            Err(CommitError::Conflict(Conflict::LockoutMoved)) => {}
            Err(CommitError::Conflict(_)) => return Err(Unchecked::Busy),
            Err(CommitError::Unavailable(cause)) => return Err(cause.into()),
        }
    }
    Err(Unchecked::Busy)
}

impl From<Unavailable> for Unchecked {
    fn from(cause: Unavailable) -> Self {
        Self::Unavailable(cause)
    }
}
