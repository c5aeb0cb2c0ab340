//! The page for when it does not work: what happened, what you can do, who to ask; then the details, folded.

use askama::Template;

use super::human_error::Sentences;
use super::{Chrome, HumanError};

/// Says what went wrong. An expired sign-in page is one of these: [`HumanError::FlowExpired`].
#[derive(Debug, Clone)]
pub struct ErrorPage {
    /// What it means to a person.
    pub error: HumanError,
    /// The display name of the application that asked, if it is known.
    pub application: Option<String>,
    /// The account that is signed in, where that is what the error is about.
    pub account: Option<String>,
    /// Where to begin again: a path on this origin. Anything else is not offered.
    pub start_again: Option<String>,
    /// What a developer needs.
    pub details: ErrorDetails,
}

/// What a developer needs to find the cause; an empty value is left out.
#[derive(Debug, Clone, Default)]
pub struct ErrorDetails {
    /// The error code, such as `AADSTS50011`.
    pub code: String,
    /// The message, shown verbatim.
    pub message: String,
    /// The application's identifier, as the request gave it.
    pub client_id: String,
    /// The correlation id.
    pub correlation_id: String,
    /// The trace id.
    pub trace_id: String,
    /// When it happened, in UTC.
    pub time: String,
}

impl ErrorPage {
    /// The page as HTML.
    pub fn render(&self, chrome: &Chrome) -> askama::Result<String> {
        View { chrome, page: self, say: self.error.sentences(), start_again: self.local_start_again() }
            .render()
    }

    /// A browser reads `//host` and `/\host` as another origin.
    fn local_start_again(&self) -> Option<&str> {
        let path = self.start_again.as_deref()?;
        let elsewhere = path.starts_with("//") || path.contains('\\') || path.contains(char::is_control);
        (path.starts_with('/') && !elsewhere).then_some(path)
    }
}

impl ErrorDetails {
    /// Label and value of each identifier that is known, in the order shown.
    pub(super) fn identifiers<'a>(
        &'a self,
        application: Option<&'a str>,
    ) -> impl Iterator<Item = (&'static str, &'a str)> {
        [
            ("details-application", application.unwrap_or_default()),
            ("details-client-id", &*self.client_id),
            ("details-correlation-id", &*self.correlation_id),
            ("details-trace-id", &*self.trace_id),
            ("details-time", &*self.time),
        ]
        .into_iter()
        .filter(|(_, value)| !value.is_empty())
    }
}

#[derive(Template)]
#[template(path = "error.html")]
struct View<'a> {
    chrome: &'a Chrome,
    page: &'a ErrorPage,
    say: Sentences,
    start_again: Option<&'a str>,
}
