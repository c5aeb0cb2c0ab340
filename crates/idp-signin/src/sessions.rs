//! The accounts signed in in a browser, as far as a request may use them.

use idp_domain::sessions::{BrowserKey, Session, SignedIn};
use idp_domain::store::Unavailable;
use idp_web::cookies::Cookies;
use idp_web::request::RequestInfo;
use idp_web::state::App;
use jiff::Timestamp;
use vestibule_wire::ids::TenantId;

use crate::conversation::{Conversation, Progress};
use crate::refusal::FlowRefusal;

/// An account of the browser that is signed in now.
#[derive(Debug, Clone)]
pub(crate) struct Available {
    pub(crate) session: Session,
    pub(crate) signed_in: SignedIn,
    /// The name of its organisation, where people choose between accounts.
    pub(crate) organisation: Option<String>,
}

/// The accounts signed in in the browser with these cookies, the most recently used first. Sessions that ended, and
/// accounts that were disabled or revoked, are not among them.
pub(crate) async fn of_browser(
    app: &App,
    cookies: &Cookies,
    now: Timestamp,
) -> Result<Vec<Available>, Unavailable> {
    let Some(browser) = &cookies.browser else { return Ok(Vec::new()) };
    let mut available = Vec::new();
    for session in app.store.sessions_of_browser(&browser.hash(&app.sealer)).await? {
        if let Some(signed_in) = signed_in(app, &session, now).await? {
            available.push(Available { session, signed_in, organisation: None });
        }
    }
    Ok(available)
}

/// Adds the names of organisations, for a page on which two accounts may differ by nothing else.
pub(crate) async fn name_organisations(app: &App, accounts: &mut [Available]) -> Result<(), Unavailable> {
    for account in accounts {
        let tenant = app.store.tenant(account.session.tenant).await?;
        account.organisation = tenant.map(|tenant| tenant.display_name);
    }
    Ok(())
}

/// The proof that a session still signs somebody in.
pub(crate) async fn signed_in(
    app: &App,
    session: &Session,
    now: Timestamp,
) -> Result<Option<SignedIn>, Unavailable> {
    let Some(user) = app.store.user(session.tenant, session.user).await? else { return Ok(None) };
    Ok(SignedIn::by_session(session, user, now).ok())
}

/// The session with this id, if it is one of the browser's.
pub(crate) async fn of_browser_with_id(
    app: &App,
    browser: Option<&BrowserKey>,
    tenant: TenantId,
    id: vestibule_wire::ids::SessionId,
) -> Result<Option<Session>, Unavailable> {
    let Some(browser) = browser else { return Ok(None) };
    let session = app.store.session(tenant, id).await?;
    Ok(session.filter(|session| session.browser == browser.hash(&app.sealer)))
}

/// Who is signed in, at this point of the conversation: by a session of this browser. The conversation says which, the
/// cookie whose.
pub(crate) async fn of_conversation(
    app: &App,
    info: &RequestInfo,
    cookies: &Cookies,
    conversation: &Conversation,
) -> Result<SignedIn, FlowRefusal> {
    let Progress::SignedIn { tenant, session } = conversation.progress else {
        return Err(FlowRefusal::NotFinished);
    };
    let session = of_browser_with_id(app, cookies.browser.as_ref(), tenant, session).await?;
    let session = session.ok_or(FlowRefusal::NotFinished)?;
    signed_in(app, &session, info.now()).await?.ok_or(FlowRefusal::NotFinished)
}

/// Whether the person proved who they are recently enough for the request.
pub(crate) fn is_fresh(session: &Session, max_age: Option<i64>, now: Timestamp) -> bool {
    max_age.is_none_or(|max_age| now.duration_since(session.facts.authenticated_at()).as_secs() < max_age)
}
