//! The beginning of a session, once a person has proved who they are: one commit, after which the browser holds it.

use axum::body::Body;
use http::Response;
use idp_domain::audit::{Activity, AuditEvent};
use idp_domain::changes::{Change, Changes, Conflict};
use idp_domain::directory::User;
use idp_domain::sessions::{BrowserKey, Facts, Session};
use idp_domain::store::{CommitError, Unavailable};
use idp_web::cookies;
use idp_web::request::RequestInfo;
use idp_web::state::App;
use vestibule_wire::ids::SessionId;

use crate::conversation::Progress;
use crate::guard::Admitted;
use crate::refusal::{FlowRefusal, refused};
use crate::{familiarity, present};

/// Begins the session, once, and asks whether to stay signed in. `with` comes true together with it.
pub(crate) async fn start_session(
    app: &App,
    info: &RequestInfo,
    admitted: Admitted,
    user: &User,
    facts: Facts,
    with: Changes,
) -> Response<Body> {
    match begin(app, info, admitted, user, facts, with).await {
        Ok(response) => response,
        Err(refusal) => refused(app, info, refusal),
    }
}

async fn begin(
    app: &App,
    info: &RequestInfo,
    mut admitted: Admitted,
    user: &User,
    facts: Facts,
    with: Changes,
) -> Result<Response<Body>, FlowRefusal> {
    // The browser gets a new key (LG-12), under which its other accounts stay signed in.
    let browser = BrowserKey::random(&*app.random);
    let session = Session {
        tenant: user.tenant,
        id: SessionId::from_random(app.random.bytes()),
        user: user.id,
        browser: browser.hash(&app.sealer),
        facts,
        persistent: false,
        last_used: info.now(),
    };
    let before = sessions_before(app, &admitted).await?;
    let changes = with.with(changes(app, info, &admitted, &session, &before));
    match app.store.commit(changes).await {
        Ok(()) => {}
        Err(CommitError::Conflict(Conflict::AlreadySpent(_))) => return Err(FlowRefusal::AlreadyTaken),
        Err(CommitError::Conflict(_)) => return Err(FlowRefusal::TooLate),
        Err(CommitError::Unavailable(cause)) => return Err(cause.into()),
    }
    metrics::counter!("vestibule_sign_ins_total").increment(1);
    admitted.conversation.progress = Progress::SignedIn { tenant: session.tenant, session: session.id };
    let mut response = present::stay_signed_in(app, info, &admitted.conversation);
    cookies::set_browser(&mut response, &browser, before.iter().any(|other| other.persistent));
    let familiar = familiarity::with(app, &admitted.cookies, user.tenant, user.id, info.now());
    cookies::set_familiar(&mut response, familiar);
    Ok(response)
}

async fn sessions_before(app: &App, admitted: &Admitted) -> Result<Vec<Session>, Unavailable> {
    match &admitted.cookies.browser {
        Some(browser) => app.store.sessions_of_browser(&browser.hash(&app.sealer)).await,
        None => Ok(Vec::new()),
    }
}

/// The step is taken once, the failures are forgotten, an older session of the same account makes way, the others move
/// to the new key, and it is all on record.
fn changes(
    app: &App,
    info: &RequestInfo,
    admitted: &Admitted,
    session: &Session,
    before: &[Session],
) -> Changes {
    let Session { tenant, user, .. } = *session;
    let mut changes = Changes::one(Change::Spend(admitted.conversation.spent_mark("password")))
        .and(Change::ClearLockouts { tenant, user });
    for same in before.iter().filter(|other| (other.tenant, other.user) == (tenant, user)) {
        changes.add(Change::EndSession { tenant, session: same.id });
    }
    if let Some(old) = &admitted.cookies.browser {
        changes.add(Change::MoveBrowser { from: old.hash(&app.sealer), to: session.browser });
    }
    changes.and(Change::StartSession(Box::new(session.clone()))).and(Change::RecordAudit(AuditEvent {
        user: Some(user),
        client: Some(admitted.conversation.request.client),
        address: info.address,
        correlation_id: Some(info.reference.correlation_id),
        ..AuditEvent::new(Activity::SignIn, tenant, info.now(), &*app.random)
    }))
}
