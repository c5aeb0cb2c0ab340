//! "Shall we remember you here?": keep me signed in.

use askama::Template;

use super::Chrome;

/// Asks whether this browser keeps the session. The answer comes back as `stay`, `yes` or `no`.
#[derive(Debug, Clone)]
pub struct StaySignedInPage {
    /// The display name of the application that asks.
    pub application: String,
    /// The account that has just signed in.
    pub account: String,
    /// Where the answer goes: a path on this origin.
    pub form_action: String,
    /// Where "Use another account" goes, with the flow: a path on this origin.
    pub switch_action: String,
    /// The sealed flow token, sent back as `ctx`.
    pub flow: String,
}

impl StaySignedInPage {
    /// The page as HTML.
    pub fn render(&self, chrome: &Chrome) -> askama::Result<String> {
        View { chrome, page: self }.render()
    }
}

#[derive(Template)]
#[template(path = "stay_signed_in.html")]
struct View<'a> {
    chrome: &'a Chrome,
    page: &'a StaySignedInPage,
}
