//! The beginning: a protocol asks for somebody to be signed in.

use axum::body::Body;
use http::{HeaderMap, Response};
use idp_domain::changes::{Change, Changes};
use idp_domain::sessions::SignedIn;
use idp_domain::store::Unavailable;
use idp_web::cookies::{self, Cookies};
use idp_web::request::RequestInfo;
use idp_web::state::App;

use crate::conversation::{Conversation, InteractionNeeded, Progress, SignInRequest};
use crate::dispatch::{self, Next};
use crate::{onward, present, sessions};

/// What becomes of a request at once.
pub enum Begun {
    /// Somebody is signed in.
    SignedIn(Box<SignedIn>),
    /// The person is asked something.
    Page(Response<Body>),
    /// Somebody would have to be asked, and nobody may be.
    InteractionNeeded(InteractionNeeded),
}

/// Signs somebody in by a session of the browser, or begins a conversation.
pub async fn begin(
    app: &App,
    info: &RequestInfo,
    headers: &HeaderMap,
    request: SignInRequest,
) -> Result<Begun, Unavailable> {
    let cookies = Cookies::read(headers);
    let now = info.now();
    let available = sessions::of_browser(app, &cookies, request.tenant, now).await?;
    let (show, account) = match dispatch::next(&request, &available, now) {
        Next::Refuse(reason) => return Ok(Begun::InteractionNeeded(reason)),
        Next::Done(account) => {
            touch(app, account, now).await;
            let account = account.clone();
            return signed_in(app, info, &cookies, request, account).await;
        }
        Next::Identify => (Show::Identify, None),
        Next::Password(account) => (Show::Password, Some(account)),
        Next::Pick(accounts) => {
            let mut accounts: Vec<_> = accounts.into_iter().cloned().collect();
            sessions::name_organisations(app, &mut accounts).await?;
            (Show::Pick(accounts), None)
        }
    };
    let (mut conversation, flow) = open(app, &cookies, request, now);
    conversation.account = account;
    let mut response = match show {
        Show::Identify => present::identify(app, info, &conversation, None),
        Show::Password => present::password(app, info, &conversation, None),
        Show::Pick(accounts) => present::pick(app, info, &conversation, &accounts),
    };
    cookies::set_flow(&mut response, &flow);
    Ok(Begun::Page(response))
}

/// Somebody is signed in. What is left is whether they want to be a guest, and allow what is asked.
async fn signed_in(
    app: &App,
    info: &RequestInfo,
    cookies: &Cookies,
    request: SignInRequest,
    account: sessions::Available,
) -> Result<Begun, Unavailable> {
    let (mut conversation, flow) = open(app, cookies, request, info.now());
    conversation.account = Some(account.upn());
    conversation.progress =
        Progress::SignedIn { tenant: account.session.tenant, session: account.session.id };
    let mut response = if let Some(invited) = &account.invitation {
        present::invitation(app, info, &conversation, invited).await?
    } else if let Some(asked) = onward::asked(app, &conversation, &account.signed_in).await? {
        present::consent(app, info, &mut conversation, &asked)
    } else {
        return Ok(Begun::SignedIn(Box::new(account.signed_in)));
    };
    cookies::set_flow(&mut response, &flow);
    Ok(Begun::Page(response))
}

/// One cookie for all conversations of a browser: a second tab must not cut off the first.
fn open(
    app: &App,
    cookies: &Cookies,
    request: SignInRequest,
    now: jiff::Timestamp,
) -> (Conversation, [u8; 32]) {
    let flow = cookies.flow.unwrap_or_else(|| app.random.bytes());
    (Conversation::new(app, request, &flow, now), flow)
}

enum Show {
    Identify,
    Password,
    Pick(Vec<sessions::Available>),
}

/// Writes down that a session was used. It slides by it; if this once cannot be written, the next use will.
async fn touch(app: &App, account: &sessions::Available, now: jiff::Timestamp) {
    if account.session.is_due_for_touch(now) {
        let touch =
            Change::TouchSession { tenant: account.session.tenant, session: account.session.id, at: now };
        if let Err(cause) = app.store.commit(Changes::one(touch)).await {
            tracing::warn!(%cause, "the use of a session could not be written down");
        }
    }
}
