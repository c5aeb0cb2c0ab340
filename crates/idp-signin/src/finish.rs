//! The end: the browser comes back to the protocol, which gets the proof and its own state.

use http::HeaderMap;
use idp_domain::changes::{Change, Changes, Conflict};
use idp_domain::sessions::SignedIn;
use idp_domain::store::{CommitError, Unavailable};
use idp_web::cookies::Cookies;
use idp_web::request::RequestInfo;
use idp_web::state::App;
use vestibule_wire::aadsts::{Aadsts, Failure};

use crate::conversation::{Conversation, Progress};
use crate::{guard, sessions};

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

impl FlowRefusal {
    /// What the person is told.
    pub fn failure(self) -> Failure {
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
) -> Result<Finished, FlowRefusal> {
    let conversation = ctx.and_then(|text| Conversation::open(app, text)).ok_or(FlowRefusal::Unreadable)?;
    let cookies = Cookies::read(headers);
    guard::hold(app, info, &conversation, &cookies)?;
    let Progress::SignedIn { tenant, session } = conversation.progress else {
        return Err(FlowRefusal::NotFinished);
    };
    let session = sessions::of_browser_with_id(app, cookies.browser.as_ref(), tenant, session).await?;
    let session = session.ok_or(FlowRefusal::NotFinished)?;
    let signed_in = sessions::signed_in(app, &session, info.now()).await?.ok_or(FlowRefusal::NotFinished)?;
    let once = Changes::one(Change::Spend(conversation.spent_mark("finish")))
        .and(Change::SessionLive { tenant, session: session.id });
    match app.store.commit(once).await {
        Ok(()) => Ok(Finished { signed_in, state: conversation.request.state }),
        Err(CommitError::Conflict(Conflict::AlreadySpent)) => Err(FlowRefusal::AlreadyTaken),
        Err(CommitError::Conflict(_)) => Err(FlowRefusal::NotFinished),
        Err(CommitError::Unavailable(cause)) => Err(cause.into()),
    }
}
