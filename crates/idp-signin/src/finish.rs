//! The end: the browser comes back to the protocol, which gets the proof and its own state.

use axum::body::Body;
use http::{HeaderMap, Response};
use idp_domain::changes::{Change, Changes, Conflict};
use idp_domain::sessions::SignedIn;
use idp_domain::store::{CommitError, Unavailable};
use idp_web::cookies::Cookies;
use idp_web::request::RequestInfo;
use idp_web::show::{self, Context};
use idp_web::state::App;
use vestibule_wire::aadsts::{Aadsts, Failure};

use crate::conversation::{Conversation, Progress};
use crate::{guard, present, sessions};

/// What a protocol goes on with.
pub struct Finished {
    /// Somebody is signed in.
    pub signed_in: SignedIn,
    /// What the protocol put into its request.
    pub state: String,
}

/// Why a conversation cannot go on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FlowRefusal {
    /// Not a state that was sealed here, or a form that is none of ours.
    Unreadable,
    /// The form was sent by another site.
    CrossOrigin,
    /// It is held in another browser, or that browser lost its cookie.
    OtherBrowser,
    /// It was left open for too long.
    TooLate,
    /// This step was taken before.
    AlreadyTaken,
    /// Nobody is signed in yet.
    NotFinished,
    /// The store is away.
    Busy,
}

/// A refusal, and the conversation it cut off, if that could be read: its page is in the right language, names the
/// application, and offers to begin again.
pub struct Turned {
    why: FlowRefusal,
    conversation: Option<Box<Conversation>>,
}

impl Turned {
    pub(crate) fn from(why: FlowRefusal, conversation: Conversation) -> Self {
        Self { why, conversation: Some(Box::new(conversation)) }
    }

    /// The page that says so.
    pub fn page(&self, app: &App, info: &RequestInfo) -> Response<Body> {
        tracing::debug!(why = ?self.why, "a conversation was cut off");
        let failure = self.why.failure();
        match &self.conversation {
            Some(conversation) => {
                let mut conversation = conversation.clone();
                // Another browser is told nothing of whose conversation it was.
                if self.why == FlowRefusal::OtherBrowser {
                    conversation.account = None;
                }
                present::error(app, info, &conversation, &failure)
            }
            None => show::error(app, info, &failure, Context::default()),
        }
    }
}

impl<E: Into<FlowRefusal>> From<E> for Turned {
    fn from(why: E) -> Self {
        Self { why: why.into(), conversation: None }
    }
}

impl FlowRefusal {
    fn failure(self) -> Failure {
        match self {
            Self::Busy => Aadsts::ServiceBusy.bare(),
            Self::Unreadable | Self::CrossOrigin => Aadsts::RequestMalformed.bare(),
            Self::OtherBrowser | Self::TooLate | Self::AlreadyTaken | Self::NotFinished => {
                Aadsts::FlowExpired.bare()
            }
        }
    }
}

impl From<Unavailable> for FlowRefusal {
    fn from(cause: Unavailable) -> Self {
        tracing::error!(%cause, "the store did not answer");
        Self::Busy
    }
}

/// Takes the conversation in `ctx` to its end. Once: the way back cannot be walked twice (AZ-52).
pub async fn finish(
    app: &App,
    info: &RequestInfo,
    headers: &HeaderMap,
    ctx: Option<&str>,
) -> Result<Finished, Turned> {
    let conversation = ctx.and_then(|text| Conversation::open(app, text)).ok_or(FlowRefusal::Unreadable)?;
    match signed_in(app, info, headers, &conversation).await {
        Ok(signed_in) => Ok(Finished { signed_in, state: conversation.request.state }),
        Err(why) => Err(Turned::from(why, conversation)),
    }
}

async fn signed_in(
    app: &App,
    info: &RequestInfo,
    headers: &HeaderMap,
    conversation: &Conversation,
) -> Result<SignedIn, FlowRefusal> {
    let cookies = Cookies::read(headers);
    guard::hold(app, info, conversation, &cookies)?;
    let Progress::SignedIn { tenant, session } = conversation.progress else {
        return Err(FlowRefusal::NotFinished);
    };
    let session = sessions::of_browser_with_id(app, cookies.browser.as_ref(), tenant, session).await?;
    let session = session.ok_or(FlowRefusal::NotFinished)?;
    let signed_in = sessions::signed_in(app, &session, info.now()).await?.ok_or(FlowRefusal::NotFinished)?;
    let once = Changes::one(Change::Spend(conversation.spent_mark("finish")))
        .and(Change::SessionLive { tenant, session: session.id });
    match app.store.commit(once).await {
        Ok(()) => Ok(signed_in),
        Err(CommitError::Conflict(Conflict::AlreadySpent)) => Err(FlowRefusal::AlreadyTaken),
        Err(CommitError::Conflict(_)) => Err(FlowRefusal::NotFinished),
        Err(CommitError::Unavailable(cause)) => Err(cause.into()),
    }
}
