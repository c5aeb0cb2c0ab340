//! Whoever was invited into another organisation decides whether to be a guest there.

use askama::Template;

use super::Chrome;
use super::shown::{self, DOMAIN, shown};

/// Asks whether to become a guest. The answer comes back as `invitation`, `accept` or `cancel`.
#[derive(Debug, Clone)]
pub struct InvitationPage {
    /// The display name of the organisation that invites.
    pub organisation: String,
    /// The account that would be a guest, by its name at home.
    pub account: String,
    /// Where the answer goes: a path on this origin.
    pub form_action: String,
    /// Where "Use another account" goes, with the flow: a path on this origin.
    pub switch_action: String,
    /// The sealed flow token, sent back as `ctx`.
    pub flow: String,
}

impl InvitationPage {
    /// The page as HTML.
    pub fn render(&self, chrome: &Chrome) -> askama::Result<String> {
        let page = Self {
            organisation: shown(&self.organisation, shown::NAME),
            account: shown(&self.account, DOMAIN),
            ..self.clone()
        };
        View { chrome, page: &page }.render()
    }
}

/// Says that nothing came of it.
#[derive(Debug, Clone)]
pub struct InvitationDeclinedPage {
    /// The display name of the organisation that invited.
    pub organisation: String,
}

impl InvitationDeclinedPage {
    /// The page as HTML.
    pub fn render(&self, chrome: &Chrome) -> askama::Result<String> {
        let page = Self { organisation: shown(&self.organisation, shown::NAME) };
        DeclinedView { chrome, page: &page }.render()
    }
}

#[derive(Template)]
#[template(path = "invitation_declined.html")]
struct DeclinedView<'a> {
    chrome: &'a Chrome,
    page: &'a InvitationDeclinedPage,
}

#[derive(Template)]
#[template(path = "invitation.html")]
struct View<'a> {
    chrome: &'a Chrome,
    page: &'a InvitationPage,
}
