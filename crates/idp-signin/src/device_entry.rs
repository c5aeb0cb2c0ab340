//! The page on which a person types the code of another device: before there is a conversation, because only the code says
//! which application asks.
//!
//! Its form is as well guarded as those of a conversation: who could send it from elsewhere could send a person straight
//! to the question whether a stranger's device may be signed in. How often a wrong code may be typed is limited (DC-01).

use axum::body::Body;
use axum::extract::Request;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use http::{HeaderMap, Response, StatusCode};
use idp_domain::device::UserCode;
use idp_domain::sealed::Purpose;
use idp_web::cookies::{self, Cookies};
use idp_web::limits::Guess;
use idp_web::pages::{DeviceCodePage, DeviceCodeProblem};
use idp_web::request::RequestInfo;
use idp_web::show::{self, Languages};
use idp_web::state::App;
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use crate::guard::{self, CTX};
use crate::refusal::{FlowRefusal, Turned};

const OTC: &str = "otc";
const PATIENCE: SignedDuration = SignedDuration::from_hours(1);

/// The page, as a protocol wants it.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct DeviceEntry {
    /// Where its form goes: a path on this origin.
    pub action: String,
    /// The organisation's name, shown to the person.
    pub organisation: Option<String>,
    /// The languages asked for.
    pub languages: Languages,
}

/// The state of the page.
#[derive(Serialize, Deserialize)]
struct Open {
    browser: String,
    entry: DeviceEntry,
    #[serde(with = "jiff::fmt::serde::timestamp::second::required")]
    began_at: Timestamp,
}

/// What came of a form.
pub enum Typed<'a> {
    /// A code, which may be one that a device waits with.
    Code(TypedCode<'a>),
    /// None, or no more of them for now.
    Page(Response<Body>),
}

/// A code that was typed. Until it is said to be right it counts as a wrong one.
pub struct TypedCode<'a> {
    code: UserCode,
    guess: Guess<'a>,
    open: Open,
    typed: String,
}

/// Asks for the code.
pub fn ask_for_code(
    app: &App,
    info: &RequestInfo,
    headers: &HeaderMap,
    entry: DeviceEntry,
) -> Response<Body> {
    let flow = Cookies::read(headers).flow.unwrap_or_else(|| app.random.bytes());
    let open = Open { browser: browser_of(app, &flow), entry, began_at: info.now() };
    let mut response = page(app, info, &open, String::new(), None);
    cookies::set_flow(&mut response, &flow);
    response
}

/// Reads the form.
pub async fn typed<'a>(app: &'a App, info: &RequestInfo, request: Request) -> Result<Typed<'a>, Turned> {
    let (form, cookies) = guard::read(app, request).await?;
    let read = |text| app.sealer.open::<Open>(Purpose::DeviceEntry, b"", text).ok();
    let open = form.get(CTX).and_then(read).ok_or(FlowRefusal::Unreadable)?;
    let browser = cookies.flow.filter(|cookie| browser_of(app, cookie) == open.browser);
    let browser = browser.ok_or(FlowRefusal::OtherBrowser)?;
    if info.now().duration_since(open.began_at) >= PATIENCE {
        return Err(FlowRefusal::TooLate.into());
    }
    let typed: String = form.get(OTC).unwrap_or_default().chars().take(64).collect();
    let again = |problem| Ok(Typed::Page(page(app, info, &open, typed.clone(), Some(problem))));
    if typed.trim().is_empty() {
        return again(DeviceCodeProblem::Empty);
    }
    // What cannot be a code guesses none.
    let Some(code) = UserCode::parse(&typed) else { return again(DeviceCodeProblem::Wrong) };
    match app.limits.guess(browser, info.address, info.now()) {
        Ok(guess) => Ok(Typed::Code(TypedCode { code, guess, open, typed })),
        Err(too_many) => {
            let seconds = too_many.until.duration_since(info.now()).as_secs().max(0);
            let minutes = u32::try_from(seconds.saturating_add(59) / 60).unwrap_or(u32::MAX);
            again(DeviceCodeProblem::Locked { minutes })
        }
    }
}

impl TypedCode<'_> {
    /// The code.
    pub const fn code(&self) -> &UserCode {
        &self.code
    }

    /// A device waits with it: what the person is asked from here on is in these languages.
    pub fn was_right(self) -> Languages {
        self.guess.was_right();
        self.open.entry.languages
    }

    /// No device does. Which of the codes that nobody waits with it is, is not told.
    pub fn was_wrong(self, app: &App, info: &RequestInfo) -> Response<Body> {
        page(app, info, &self.open, self.typed, Some(DeviceCodeProblem::Wrong))
    }
}

fn page(
    app: &App,
    info: &RequestInfo,
    open: &Open,
    code: String,
    problem: Option<DeviceCodeProblem>,
) -> Response<Body> {
    let DeviceEntry { action, organisation, languages } = &open.entry;
    let chrome = show::chrome(app, info, languages, organisation.as_deref());
    let flow = app.sealer.seal(Purpose::DeviceEntry, b"", open, open.began_at, &*app.random);
    let page = DeviceCodePage { code, problem, form_action: action.clone(), flow };
    show::page(StatusCode::OK, page.render(&chrome), &chrome, &chrome.csp(), info)
}

fn browser_of(app: &App, cookie: &[u8; 32]) -> String {
    URL_SAFE_NO_PAD.encode(app.sealer.keyed_hash("flow cookie of device entry", &[cookie]))
}
