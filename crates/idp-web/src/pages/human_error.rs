//! What an error means to a person: one row a kind, and what can be done about it.

/// The kinds of error a person can meet. Many protocol errors share a kind; the code beneath tells them apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum HumanError {
    /// The application wants its answer at an address it has not registered.
    RedirectUriMismatch,
    /// No application is registered under the identifier.
    UnknownApplication,
    /// No organisation goes by that name here.
    UnknownTenant,
    /// The application serves another organisation only.
    NotMultiTenant,
    /// The account belongs to another organisation than the one asked for.
    AccountNotInTenant,
    /// The address leads to no page.
    NotFound,
    /// The request is missing something or contradicts itself.
    MalformedRequest,
    /// The page was open too long, or its browser has lost the flow; starting again helps.
    FlowExpired,
    /// We cannot answer just now.
    ServerBusy,
    /// Too much came from where the person is, or too many passwords were wrong.
    TooOften,
    /// The person may not use this application, or may not use it this way.
    NotAllowed,
    /// The organisation does not let this account sign in in this way.
    Blocked,
    /// The account or the application is switched off.
    Disabled,
    /// Another sign-in in the same browser got in the way.
    Conflict,
    /// Anything else.
    Other,
}

/// The ids of the sentences for one kind.
pub(super) struct Sentences {
    pub(super) title: &'static str,
    pub(super) happened: &'static str,
    pub(super) who_to_ask: &'static str,
}

macro_rules! sentences {
    ($title:literal, $happened:literal, $who_to_ask:literal) => {
        Sentences { title: $title, happened: $happened, who_to_ask: $who_to_ask }
    };
}

impl HumanError {
    /// Every kind.
    pub const ALL: [Self; 15] = [
        Self::RedirectUriMismatch,
        Self::UnknownApplication,
        Self::UnknownTenant,
        Self::NotMultiTenant,
        Self::AccountNotInTenant,
        Self::NotFound,
        Self::MalformedRequest,
        Self::FlowExpired,
        Self::ServerBusy,
        Self::TooOften,
        Self::NotAllowed,
        Self::Blocked,
        Self::Disabled,
        Self::Conflict,
        Self::Other,
    ];

    #[rustfmt::skip] // a table reads by columns
    pub(super) fn sentences(self) -> Sentences {
        match self {
            Self::RedirectUriMismatch => sentences!("redirect-title", "redirect-happened", "ask-application"),
            Self::UnknownApplication => sentences!("unknown-application-title", "unknown-application-happened", "ask-application"),
            Self::UnknownTenant => sentences!("unknown-tenant-title", "unknown-tenant-happened", "ask-application"),
            Self::NotMultiTenant => sentences!("not-multi-tenant-title", "not-multi-tenant-happened", "ask-application"),
            Self::AccountNotInTenant => sentences!("not-in-tenant-title", "not-in-tenant-happened", "ask-administrator-invite"),
            Self::NotFound => sentences!("not-found-title", "not-found-happened", "ask-link"),
            Self::MalformedRequest => sentences!("malformed-title", "malformed-happened", "ask-application"),
            Self::FlowExpired => sentences!("expired-title", "expired-happened", "ask-if-repeats"),
            Self::ServerBusy => sentences!("busy-title", "busy-happened", "ask-if-repeats"),
            Self::TooOften => sentences!("too-often-title", "too-often-happened", "ask-if-repeats"),
            Self::NotAllowed => sentences!("not-allowed-title", "not-allowed-happened", "ask-administrator-access"),
            Self::Blocked => sentences!("blocked-title", "blocked-happened", "ask-administrator-access"),
            Self::Disabled => sentences!("disabled-title", "disabled-happened", "ask-administrator-enable"),
            Self::Conflict => sentences!("conflict-title", "conflict-happened", "ask-if-repeats"),
            Self::Other => sentences!("other-title", "other-happened", "ask-if-repeats"),
        }
    }

    /// The id of the sentence on what to do, given that there is a button to start again or not.
    pub(super) fn what_to_do(self, button: bool) -> &'static str {
        match self {
            Self::RedirectUriMismatch | Self::MalformedRequest => "do-start-from-application",
            Self::UnknownApplication | Self::UnknownTenant | Self::NotFound => "do-check-address",
            Self::NotMultiTenant
            | Self::AccountNotInTenant
            | Self::NotAllowed
            | Self::Blocked
            | Self::Disabled => "do-other-account",
            Self::ServerBusy => "do-wait",
            Self::TooOften => "do-wait-longer",
            Self::Conflict => "do-close-others",
            Self::FlowExpired | Self::Other if button => "do-start-again-here",
            Self::FlowExpired | Self::Other => "do-start-again",
        }
    }

    /// The id of what that button says.
    pub(super) fn way_on(self) -> &'static str {
        match self {
            Self::NotMultiTenant
            | Self::AccountNotInTenant
            | Self::NotAllowed
            | Self::Blocked
            | Self::Disabled => "use-another-account",
            _ => "error-start-again",
        }
    }
}
