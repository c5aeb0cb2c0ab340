//! The accounts signed in in a browser, as far as a request may use them.

use idp_domain::directory::User;
use idp_domain::sessions::{BrowserKey, Session, SignedIn};
use idp_domain::store::Unavailable;
use idp_web::accounts::{self, Place};
use idp_web::cookies::Cookies;
use idp_web::request::RequestInfo;
use idp_web::state::App;
use jiff::Timestamp;
use vestibule_wire::ids::TenantId;

use crate::conversation::{Conversation, Progress, SignInRequest};
use crate::refusal::FlowRefusal;

/// An account of the browser that is signed in now.
#[derive(Debug, Clone)]
pub(crate) struct Available {
    pub(crate) session: Session,
    /// The person, in the tenant of the request where they are somebody there, and at home otherwise.
    pub(crate) signed_in: SignedIn,
    /// What they have to accept to be somebody there.
    pub(crate) invitation: Option<Box<User>>,
    /// The name of its organisation, where people choose between accounts.
    pub(crate) organisation: Option<String>,
}

/// The accounts signed in in the browser with these cookies, the most recently used first, as what they are in this tenant.
/// Sessions that ended, and accounts that were disabled or revoked, are not among them.
pub(crate) async fn of_browser(
    app: &App,
    cookies: &Cookies,
    tenant: Option<TenantId>,
    now: Timestamp,
) -> Result<Vec<Available>, Unavailable> {
    let Some(browser) = &cookies.browser else { return Ok(Vec::new()) };
    let mut available = Vec::new();
    for session in app.store.sessions_of_browser(&browser.hash(&app.sealer)).await? {
        available.extend(in_tenant(app, session, tenant, now).await?);
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

/// What a session makes of a person in a tenant, if it still signs them in. In one that does not know them they are who they
/// are at home, which is no answer to a request that names it.
async fn in_tenant(
    app: &App,
    session: Session,
    tenant: Option<TenantId>,
    now: Timestamp,
) -> Result<Option<Available>, Unavailable> {
    let Some(account) = accounts::find(app, session.tenant, session.user).await? else { return Ok(None) };
    let Ok(signed_in) = SignedIn::by_session(&session, account, now) else { return Ok(None) };
    let at_home = |signed_in, invitation| Available { session, signed_in, invitation, organisation: None };
    let Some(tenant) = tenant.filter(|tenant| *tenant != signed_in.user().tenant) else {
        return Ok(Some(at_home(signed_in, None)));
    };
    Ok(match accounts::place(app, signed_in.user(), tenant).await? {
        Place::Of(account) => signed_in.elsewhere(*account).ok().map(|guest| at_home(guest, None)),
        Place::Invited(user) if user.enabled => Some(at_home(signed_in, Some(user))),
        Place::Invited(_) | Place::Nowhere => Some(at_home(signed_in, None)),
    })
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
) -> Result<Available, FlowRefusal> {
    let Progress::SignedIn { tenant, session } = conversation.progress else {
        return Err(FlowRefusal::NotFinished);
    };
    let session = of_browser_with_id(app, cookies.browser.as_ref(), tenant, session).await?;
    let session = session.ok_or(FlowRefusal::NotFinished)?;
    let wanted = conversation.request.tenant;
    in_tenant(app, session, wanted, info.now()).await?.ok_or(FlowRefusal::NotFinished)
}

impl Available {
    /// Whether this is somebody whom the request can mean: in the tenant it names, or on the way into it.
    pub(crate) fn is_usable(&self, request: &SignInRequest) -> bool {
        let here = request.tenant.is_none_or(|tenant| tenant == self.signed_in.user().tenant);
        here || self.invitation.is_some()
    }

    /// The proof for the tenant of the request, if there is nothing left to accept.
    pub(crate) fn arrived(self, request: &SignInRequest) -> Result<SignedIn, FlowRefusal> {
        if self.is_usable(request) && self.invitation.is_none() {
            Ok(self.signed_in)
        } else {
            Err(FlowRefusal::NotFinished)
        }
    }
}

/// Whether the person proved who they are recently enough for the request.
pub(crate) fn is_fresh(session: &Session, max_age: Option<i64>, now: Timestamp) -> bool {
    max_age.is_none_or(|max_age| now.duration_since(session.facts.authenticated_at()).as_secs() < max_age)
}
