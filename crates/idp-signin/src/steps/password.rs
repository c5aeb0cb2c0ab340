//! The password.
//!
//! 1. whose?
//! 2. count the attempt
//! 3. check it, in as long for nobody's account as for somebody's
//! 4. may this account go on?
//! 5. begin the session, once

use axum::body::Body;
use axum::extract::{Request, State};
use http::Response;
use idp_domain::audit::{Activity, AuditEvent};
use idp_domain::changes::{Change, Changes, Conflict};
use idp_domain::credentials::{Attempt, LockoutKey};
use idp_domain::directory::User;
use idp_domain::secret::Secret;
use idp_domain::sessions::Facts;
use idp_domain::store::{CommitError, Unavailable};
use idp_web::pages::PasswordProblem;
use idp_web::request::RequestInfo;
use idp_web::state::{App, Shared};
use jiff::Timestamp;
use vestibule_wire::aadsts::{Aadsts, Failure};

use crate::conversation::{Conversation, Progress};
use crate::guard::{self, Admitted};
use crate::refusal::{FlowRefusal, refused};
use crate::start_session::start_session;
use crate::{familiarity, present, unknown_accounts};

const PASSWD: &str = "passwd";
/// How often an attempt is counted again because another was counted at the same moment.
const TRIES: usize = 16;

/// What a password came to.
enum Verdict {
    Right(Box<User>),
    Wrong,
    Locked { until: Timestamp },
}

/// A password was sent.
pub(crate) async fn post(State(app): State<Shared>, info: RequestInfo, request: Request) -> Response<Body> {
    let admitted = match guard::admit(&app, &info, request).await {
        Ok(admitted) => admitted,
        Err(refusal) => return refused(&app, &info, refusal),
    };
    let conversation = &admitted.conversation;
    let Some(password) = admitted.form.get(PASSWD).map(Secret::new) else {
        return present::password(&app, &info, conversation, Some(PasswordProblem::Empty));
    };
    match check(&app, &info, &admitted, password).await {
        Ok(Verdict::Right(user)) => accept(&app, &info, admitted, *user).await,
        Ok(Verdict::Wrong) => present::password(&app, &info, conversation, Some(PasswordProblem::Wrong)),
        Ok(Verdict::Locked { until }) => {
            let seconds = until.duration_since(info.now()).as_secs().max(0);
            let minutes = u32::try_from(seconds.saturating_add(59) / 60).ok();
            present::password(&app, &info, conversation, Some(PasswordProblem::Locked { minutes }))
        }
        Err(refusal) => refused(&app, &info, refusal),
    }
}

async fn check(
    app: &App,
    info: &RequestInfo,
    admitted: &Admitted,
    password: Secret,
) -> Result<Verdict, FlowRefusal> {
    // 1. Whose?
    let user = user_of(app, &admitted.conversation).await?;
    let tried = tried(app, admitted, user.as_ref(), &password);
    // 2. Count the attempt, and 3. check it: side by side, so that the write does not show in how long an answer takes
    //    (LG-01), and what the hash says is looked at only when the attempt has been counted (LG-03).
    let hash = user.as_ref().and_then(|user| user.password.clone());
    let (counted, right) =
        tokio::join!(count(app, info, admitted, user.as_ref(), &tried), app.passwords.verify(hash, password));
    if let Attempt::Locked { until } = counted? {
        return Ok(Verdict::Locked { until });
    }
    // A password that seems known to be wrong may be right: until an attempt is decided it counts as a failure, so the
    // right one of a person who signs in twice at the same moment is among those for an instant.
    // Whether there is an account or not: a full queue must not tell.
    let right = right.map_err(|_| FlowRefusal::Busy)?;
    match user {
        Some(user) if right => Ok(Verdict::Right(Box::new(user))),
        _ => Ok(Verdict::Wrong),
    }
}

/// What the counter remembers of a password.
fn tried(app: &App, admitted: &Admitted, user: Option<&User>, password: &Secret) -> [u8; 32] {
    let whose = user.map_or(admitted.conversation.account().as_bytes(), |user| user.id.as_bytes());
    app.sealer.keyed_hash("tried password", &[whose, password.expose().as_bytes()])
}

/// The account with this name; none if there is none, or the name has no tenant here.
async fn user_of(app: &App, conversation: &Conversation) -> Result<Option<User>, Unavailable> {
    let Some(upn) = conversation.upn() else { return Ok(None) };
    match app.store.tenant_of_domain(upn.domain()).await? {
        Some(tenant) if tenant.enabled => app.store.user_by_upn(tenant.id, &upn).await,
        _ => Ok(None),
    }
}

/// Counts the attempt as a failure; a right password takes that back.
async fn count(
    app: &App,
    info: &RequestInfo,
    admitted: &Admitted,
    user: Option<&User>,
    tried: &[u8; 32],
) -> Result<Attempt, FlowRefusal> {
    let Some(user) = user else {
        let name = admitted.conversation.account().to_ascii_lowercase();
        let name = app.sealer.keyed_hash("unknown account", &[name.as_bytes()]);
        return Ok(unknown_accounts::attempt(name, tried, info.now()));
    };
    let familiar = familiarity::is_familiar(app, &admitted.cookies, user.tenant, user.id);
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
            Err(CommitError::Conflict(_)) => return Err(FlowRefusal::Busy),
            Err(CommitError::Unavailable(cause)) => return Err(cause.into()),
        }
    }
    Err(FlowRefusal::Busy)
}

/// Step 4. May this account go on? Only now, with the password right, is anything said about it (LG-27).
async fn accept(app: &App, info: &RequestInfo, mut admitted: Admitted, user: User) -> Response<Body> {
    let asked = &admitted.conversation.request;
    let of_other_tenant = asked.tenant.is_some_and(|tenant| tenant != user.tenant);
    if user.enabled && !of_other_tenant && !user.must_change_password {
        admitted.conversation.account = Some(user.upn.to_string());
        let facts = Facts::password_in_browser(info.now(), info.address);
        // 5. Begin the session, which takes the failure back that step 2 counted.
        return start_session(app, info, admitted, &user, facts, Changes::none()).await;
    }
    // No session comes of it, but the password was right all the same.
    let forgotten = Changes::one(Change::ClearLockouts { tenant: user.tenant, user: user.id });
    if let Err(cause) = app.store.commit(forgotten).await {
        tracing::warn!(%cause, "an attempt with the right password goes on counting as a failure");
    }
    let conversation = &mut admitted.conversation;
    if !user.enabled {
        return present::error(app, info, conversation, &Aadsts::UserDisabled.bare());
    }
    if of_other_tenant {
        return present::error(app, info, conversation, &not_in_tenant(app, conversation, &user));
    }
    // LG-25: no session and no token before another password is set.
    conversation.account = Some(user.upn.to_string());
    conversation.progress =
        Progress::MustChangePassword { tenant: user.tenant, user: user.id, revision: user.revision };
    present::new_password(app, info, conversation, None)
}

fn not_in_tenant(app: &App, conversation: &Conversation, user: &User) -> Failure {
    let request = &conversation.request;
    Aadsts::UserNotInTenant.with([
        ("idp", &format!("{}/{}/", app.origin.as_str(), user.tenant)),
        ("tenant", request.organisation.as_deref().unwrap_or_default()),
        ("app", &request.client.to_string()),
        ("name", &request.application),
    ])
}
