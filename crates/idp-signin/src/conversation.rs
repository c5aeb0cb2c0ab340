//! What a protocol asks for, and the state of the conversation about it. Sealed, it travels in the pages as `ctx`.

use std::net::IpAddr;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use idp_domain::changes::{SpentKind, SpentMark};
use idp_domain::sealed::Purpose;
use idp_web::show::Languages;
use idp_web::state::App;
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use vestibule_wire::ids::{ClientId, SessionId, TenantId, UserId};
use vestibule_wire::oauth::Prompt;

use crate::consent::ConsentWish;

/// A page may stay open this long.
const PATIENCE: SignedDuration = SignedDuration::from_hours(1);

/// What a protocol wants of the conversation.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct SignInRequest {
    /// The tenant to sign in to; none, and the account decides.
    pub tenant: Option<TenantId>,
    /// The tenant's name, shown to the person.
    pub organisation: Option<String>,
    /// The application that asks.
    pub client: ClientId,
    /// Its name, always in view.
    pub application: String,
    /// The account it would like.
    pub account_hint: Option<String>,
    /// The account it would like, as an ID token named it.
    pub user_hint: Option<UserId>,
    /// The session it would like.
    pub session_hint: Option<SessionId>,
    /// The organisation it would like an account of.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub organisation_hint: Option<TenantId>,
    /// How much the person is to be asked.
    pub prompt: Option<Prompt>,
    /// How many seconds ago, at most, the person proved who they are.
    pub max_age: Option<i64>,
    /// What has to be consented to before it ends.
    pub consent: Option<ConsentWish>,
    /// What it is for, when that is another device's sign-in.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub hand_over: Option<HandOver>,
    /// The languages asked for.
    pub languages: Languages,
    /// Where the conversation ends, as a content security policy calls it.
    pub ends_at: String,
    /// The path on this origin where the protocol goes on.
    pub resume: String,
    /// What the protocol needs there.
    pub state: String,
    /// The path and query that began it, to begin again.
    pub start_again: Option<String>,
}

impl SignInRequest {
    /// Whoever signs in, for this application, which goes by this name. The rest is for the protocol to say.
    pub fn by(client: ClientId, application: &str) -> Self {
        Self {
            tenant: None,
            organisation: None,
            client,
            application: application.to_owned(),
            account_hint: None,
            user_hint: None,
            session_hint: None,
            organisation_hint: None,
            prompt: None,
            max_age: None,
            consent: None,
            hand_over: None,
            languages: Languages::default(),
            ends_at: String::new(),
            resume: String::new(),
            state: String::new(),
            start_again: None,
        }
    }
}

/// A sign-in whose tokens go to another device than the one it is done on. Nobody is signed in for it silently, and the
/// person is always asked whether they started it.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct HandOver {
    /// The address it was asked from.
    pub asked_from: Option<IpAddr>,
    /// When.
    #[serde(with = "jiff::fmt::serde::timestamp::second::required")]
    pub asked_at: Timestamp,
}

/// Why a person would have to be asked, when nobody may be (`prompt=none`).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum InteractionNeeded {
    /// Nobody is signed in, or not recently enough.
    NobodySignedIn,
    /// Several accounts are.
    SeveralAccounts,
    /// The session asked for is not there.
    SessionNotFound,
}

/// The state of a conversation.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Conversation {
    /// Random; what is spent when a step may happen once only.
    pub(crate) id: String,
    /// The hash of the cookie of the browser it is held in.
    pub(crate) browser: String,
    pub(crate) request: SignInRequest,
    /// The account named so far.
    pub(crate) account: Option<String>,
    pub(crate) progress: Progress,
    /// The digest of the question of consent that was shown last.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) question: Option<[u8; 32]>,
    /// How it was answered.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) consented: Option<Consented>,
    /// How the question was answered whether the person started this.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) handed_over: Option<HandedOver>,
    #[serde(with = "jiff::fmt::serde::timestamp::second::required")]
    pub(crate) began_at: Timestamp,
}

/// How far it has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Progress {
    /// Nobody has proved anything.
    Asking,
    /// The password was right, and must be changed before anything else.
    MustChangePassword {
        tenant: TenantId,
        user: UserId,
        /// The revision of the user whose password it was.
        revision: i64,
    },
    /// The person is signed in, in this session.
    SignedIn { tenant: TenantId, session: SessionId },
}

/// How a question of consent was answered.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Consented {
    /// Yes.
    Accepted,
    /// No, or not without an administrator.
    Declined,
}

/// The answer of a person to the question whether they started this. It is that of one account: with another one, the
/// question is asked again.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct HandedOver {
    pub(crate) session: SessionId,
    pub(crate) said: Said,
}

/// Whether a person started what another device asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Said {
    /// It was they.
    Yes,
    /// It was not, or they want nothing of it any more.
    No,
}

impl HandedOver {
    /// What was said in this session.
    pub(crate) fn said_in(answer: Option<Self>, session: SessionId) -> Option<Said> {
        answer.filter(|answer| answer.session == session).map(|answer| answer.said)
    }
}

impl Conversation {
    pub(crate) fn new(app: &App, request: SignInRequest, browser: &[u8; 32], now: Timestamp) -> Self {
        Self {
            id: URL_SAFE_NO_PAD.encode(app.random.bytes::<16>()),
            browser: browser_of(app, browser),
            request,
            account: None,
            progress: Progress::Asking,
            question: None,
            consented: None,
            handed_over: None,
            began_at: now,
        }
    }

    /// Goes on as if nobody had said anything: under an id of its own, because the steps of the one before may be taken.
    pub(crate) fn begin_again(&mut self, app: &App) {
        self.id = URL_SAFE_NO_PAD.encode(app.random.bytes::<16>());
        self.account = None;
        self.progress = Progress::Asking;
    }

    /// Whether it is held in the browser with this cookie.
    pub(crate) fn is_held_in(&self, app: &App, browser: &[u8; 32]) -> bool {
        self.browser == browser_of(app, browser)
    }

    pub(crate) fn is_over(&self, now: Timestamp) -> bool {
        now.duration_since(self.began_at) >= PATIENCE
    }

    pub(crate) fn seal(&self, app: &App) -> String {
        app.sealer.seal(Purpose::SignIn, b"", self, self.began_at, &*app.random)
    }

    pub(crate) fn open(app: &App, text: &str) -> Option<Self> {
        app.sealer.open(Purpose::SignIn, b"", text).ok()
    }

    /// The mark that makes a step single-use (AZ-34, AZ-52).
    pub(crate) fn spent_mark(&self, step: &str) -> SpentMark {
        let until = self.began_at.saturating_add(PATIENCE * 2).unwrap_or(Timestamp::MAX);
        SpentMark::new(SpentKind::SignIn, format!("{} {step}", self.id).as_bytes(), until)
    }

    pub(crate) fn account(&self) -> &str {
        self.account.as_deref().unwrap_or_default()
    }
}

/// The cookie is never in a page, only its keyed hash.
fn browser_of(app: &App, cookie: &[u8; 32]) -> String {
    URL_SAFE_NO_PAD.encode(app.sealer.keyed_hash("flow cookie", &[cookie]))
}
