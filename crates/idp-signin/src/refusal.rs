//! Why a conversation cannot go on, and the page that says so.

use axum::body::Body;
use http::Response;
use idp_domain::store::Unavailable;
use idp_web::limits::TooOften;
use idp_web::request::RequestInfo;
use idp_web::show::{self, Context};
use idp_web::state::App;
use vestibule_wire::aadsts::{Aadsts, Failure};

use crate::check_password::Unchecked;
use crate::conversation::Conversation;
use crate::present;

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
    /// Too many passwords were wrong.
    TooOften(TooOften),
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
        let mut page = match &self.conversation {
            Some(conversation) => {
                let mut conversation = conversation.clone();
                // Another browser is told nothing of whose conversation it was.
                if self.why == FlowRefusal::OtherBrowser {
                    conversation.account = None;
                }
                present::error(app, info, &conversation, &failure)
            }
            None => show::error(app, info, &failure, Context::default()),
        };
        if let FlowRefusal::TooOften(too_often) = self.why {
            too_often.tell(&mut page);
        }
        page
    }
}

impl<E: Into<FlowRefusal>> From<E> for Turned {
    fn from(why: E) -> Self {
        Self { why: why.into(), conversation: None }
    }
}

impl FlowRefusal {
    pub(crate) fn failure(self) -> Failure {
        match self {
            Self::Busy => Aadsts::ServiceBusy.bare(),
            Self::TooOften(_) => Aadsts::TooManyRequests.bare(),
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

impl From<Unchecked> for FlowRefusal {
    fn from(unchecked: Unchecked) -> Self {
        match unchecked {
            Unchecked::TooOften(too_often) => Self::TooOften(too_often),
            Unchecked::Busy => Self::Busy,
            Unchecked::Unavailable(cause) => cause.into(),
        }
    }
}

/// A form was not let pass, or led nowhere.
pub(crate) fn refused(app: &App, info: &RequestInfo, turned: impl Into<Turned>) -> Response<Body> {
    turned.into().page(app, info)
}
