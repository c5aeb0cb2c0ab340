//! Signing out, as protocol-blind as signing in: which account, is that meant, and where to afterwards.
//!
//! A request that proves to come from a sign-in (an ID token, or the `login_hint` of one) is done at once. Anything
//! else could have been made by another site, so the person is asked (UI-06).

use axum::body::Body;
use axum::extract::{Request, State};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use http::header::{HeaderValue, REFRESH};
use http::{HeaderMap, Response, StatusCode};
use idp_domain::audit::{Activity, AuditEvent};
use idp_domain::changes::{Change, Changes};
use idp_domain::sealed::Purpose;
use idp_domain::store::{CommitError, Unavailable};
use idp_web::cookies::{self, Cookies};
use idp_web::pages::{
    AccountPickerPage, Csp, HttpAddress, PickerPurpose, ReturnLink, SignOutConfirmPage, SignedOutPage,
};
use idp_web::request::RequestInfo;
use idp_web::show::{self, Languages};
use idp_web::state::{App, Shared};
use idp_web::{answer, back_channel};
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use vestibule_wire::ids::{SessionId, TenantId, UserId};

use crate::guard::{self, CTX};
use crate::refusal::{FlowRefusal, refused};
use crate::sessions::{self, Available};
use crate::{participants, path, present};

const PATIENCE: SignedDuration = SignedDuration::from_mins(15);

/// What a protocol wants.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct SignOutRequest {
    /// The account, if the request proves to come from its sign-in.
    pub account: Option<(TenantId, UserId)>,
    /// The session that the request proves to know.
    #[serde(default)]
    pub session: Option<SessionId>,
    /// The application that asks, if it said who it is.
    pub application: Option<String>,
    /// Where to afterwards: a registered redirect URI, with everything it is to carry.
    pub return_to: Option<String>,
    /// The same, as a content security policy calls it.
    pub ends_at: Option<String>,
    /// The languages asked for.
    pub languages: Languages,
}

/// The state between question and answer.
#[derive(Serialize, Deserialize)]
struct SigningOut {
    browser: String,
    request: SignOutRequest,
    #[serde(with = "jiff::fmt::serde::timestamp::second::required")]
    began_at: Timestamp,
}

/// Signs out, or asks first.
pub async fn sign_out(
    app: &App,
    info: &RequestInfo,
    headers: &HeaderMap,
    request: SignOutRequest,
) -> Result<Response<Body>, Unavailable> {
    let cookies = Cookies::read(headers);
    let mut available = sessions::of_browser(app, &cookies, None, info.now()).await?;
    let of_session = |session| available.iter().find(|account| account.session.id == session);
    let named = request.account.or_else(|| {
        request.session.and_then(of_session).map(|account| (account.session.tenant, account.session.user))
    });
    match named {
        Some(account) => {
            let (ending, staying): (Vec<_>, Vec<_>) =
                available.into_iter().partition(|a| (a.session.tenant, a.session.user) == account);
            end(app, info, &cookies, &request, &ending, staying.is_empty()).await
        }
        None if available.is_empty() => Ok(leave(app, info, &request, None, Vec::new())),
        None => {
            sessions::name_organisations(app, &mut available).await?;
            Ok(ask(app, info, &cookies, &request, &available))
        }
    }
}

/// The question was answered.
pub(crate) async fn post(State(app): State<Shared>, info: RequestInfo, request: Request) -> Response<Body> {
    match answered(&app, &info, request).await {
        Ok(response) => response,
        Err(refusal) => refused(&app, &info, refusal),
    }
}

async fn answered(app: &App, info: &RequestInfo, request: Request) -> Result<Response<Body>, FlowRefusal> {
    let (form, cookies) = guard::read(app, request).await?;
    let open = |text| app.sealer.open::<SigningOut>(Purpose::SignOut, b"", text).ok();
    let state = form.get(CTX).and_then(open).ok_or(FlowRefusal::Unreadable)?;
    if cookies.flow.as_ref().is_none_or(|cookie| browser_of(app, cookie) != state.browser) {
        return Err(FlowRefusal::OtherBrowser);
    }
    if info.now().duration_since(state.began_at) >= PATIENCE {
        return Err(FlowRefusal::TooLate);
    }
    let available = sessions::of_browser(app, &cookies, None, info.now()).await?;
    let chosen = form.get("account");
    // The picker names one; the plain question is about the only one there was.
    let (ending, staying): (Vec<_>, Vec<_>) =
        available.into_iter().partition(|a| chosen.is_none_or(|id| present::choice(a).id == id));
    Ok(end(app, info, &cookies, &state.request, &ending, staying.is_empty()).await?)
}

/// Ends the sessions, and has the applications told that they were used with.
async fn end(
    app: &App,
    info: &RequestInfo,
    cookies: &Cookies,
    request: &SignOutRequest,
    ending: &[Available],
    last: bool,
) -> Result<Response<Body>, Unavailable> {
    let mut changes = Changes::none();
    for account in ending {
        let session = &account.session;
        changes.add(Change::EndSession { tenant: session.tenant, session: session.id });
        changes.add(Change::RecordAudit(AuditEvent {
            user: Some(session.user),
            address: info.address,
            correlation_id: Some(info.reference.correlation_id),
            ..AuditEvent::new(Activity::SignOut, session.tenant, info.now(), &*app.random)
        }));
    }
    if !changes.is_empty() {
        match app.store.commit(changes).await {
            Ok(()) => {}
            Err(CommitError::Unavailable(cause)) => return Err(cause),
            Err(CommitError::Conflict(conflict)) => return Err(Unavailable(conflict.to_string())),
        }
    }
    let told = participants::to_tell(app, info, cookies, ending).await?;
    back_channel::tell(app, told.notices).await;
    let mut response = leave(app, info, request, ending.first(), told.frames);
    if last {
        cookies::clear_browser(&mut response);
    }
    if cookies.participants.is_some() {
        match participants::without(app, info, cookies, ending).filter(|_| !last) {
            Some(left) => cookies::set_participants(&mut response, left),
            None => cookies::clear_participants(&mut response),
        }
    }
    Ok(response)
}

/// How long a browser without scripts waits for the applications that are told.
const TELLING: &str = "5";

/// On to the application, or to the page that says it is done. Where applications are to be told, that page comes first:
/// it tells them in hidden frames (OpenID Connect Front-Channel Logout §3), and leads on when they have answered.
fn leave(
    app: &App,
    info: &RequestInfo,
    request: &SignOutRequest,
    account: Option<&Available>,
    told: Vec<HttpAddress>,
) -> Response<Body> {
    let back = request.return_to.as_deref();
    // To a scheme of a native application's own, no page can lead on by itself.
    let link = back.and_then(HttpAddress::parse);
    if let Some(address) = back.filter(|_| told.is_empty() || link.is_none()) {
        return answer::see_other(address);
    }
    let refresh = link.as_ref().map(|address| format!("{TELLING}; url={}", address.as_str()));
    let application = request.application.clone().unwrap_or_default();
    let page = SignedOutPage {
        account: account.map(Available::upn),
        return_to: link.map(|address| ReturnLink { application, address }),
        told,
    };
    let chrome = show::chrome(app, info, &request.languages, None);
    let mut response = show::page(StatusCode::OK, page.render(&chrome), &chrome, &page.csp(&chrome), info);
    if let Some(value) = refresh.and_then(|text| HeaderValue::from_str(&text).ok()) {
        response.headers_mut().insert(REFRESH, value);
    }
    response
}

fn ask(
    app: &App,
    info: &RequestInfo,
    cookies: &Cookies,
    request: &SignOutRequest,
    available: &[Available],
) -> Response<Body> {
    let flow = cookies.flow.unwrap_or_else(|| app.random.bytes());
    let state =
        SigningOut { browser: browser_of(app, &flow), request: request.clone(), began_at: info.now() };
    let sealed = app.sealer.seal(Purpose::SignOut, b"", &state, info.now(), &*app.random);
    let chrome = show::chrome(app, info, &request.languages, None);
    let html = match available {
        [only] => {
            let page = SignOutConfirmPage {
                application: request.application.clone(),
                account: only.upn(),
                form_action: path::SIGN_OUT.into(),
                flow: sealed,
            };
            page.render(&chrome)
        }
        _ => {
            let accounts = available.iter().map(present::choice).collect();
            AccountPickerPage {
                purpose: PickerPurpose::SignOut,
                accounts,
                form_action: path::SIGN_OUT.into(),
                flow: sealed,
            }
            .render(&chrome)
        }
    };
    let csp = request
        .ends_at
        .as_deref()
        .map_or_else(|| chrome.csp(), |source| Csp::page_ending_at(&chrome.nonce, source));
    let mut response = show::page(StatusCode::OK, html, &chrome, &csp, info);
    cookies::set_flow(&mut response, &flow);
    response
}

fn browser_of(app: &App, cookie: &[u8; 32]) -> String {
    URL_SAFE_NO_PAD.encode(app.sealer.keyed_hash("flow cookie of sign-out", &[cookie]))
}
