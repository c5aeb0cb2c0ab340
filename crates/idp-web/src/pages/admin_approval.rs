//! Permissions that only an administrator can allow: what a plain user sees, and what the administrator sees afterwards.

use askama::Template;

use super::permission::all_shown;
use super::shown::{self, DOMAIN, NAME, shown};
use super::{Chrome, ErrorDetails, HttpAddress, PermissionView, PublisherView};

/// Says that an administrator has to allow this first. "Back to the application" comes back as `consent`, `cancel`.
#[derive(Debug, Clone)]
pub struct AdminApprovalPage {
    /// The display name of the application that asks.
    pub application: String,
    /// Who publishes it.
    pub publisher: PublisherView,
    /// The display name of the organisation whose administrator is needed.
    pub organisation: String,
    /// The account that is signed in.
    pub account: String,
    /// What only an administrator can allow.
    pub permissions: Vec<PermissionView>,
    /// Where an administrator can allow it; shown to be passed on.
    pub approval_link: Option<HttpAddress>,
    /// Where the answer goes: a path on this origin.
    pub form_action: String,
    /// Where "Use another account" goes, with the flow: a path on this origin.
    pub switch_action: String,
    /// The sealed flow token, sent back as `ctx`.
    pub flow: String,
    /// What a developer needs.
    pub details: ErrorDetails,
}

/// Says that an application is allowed for everyone: the end of administrator consent where there is no way back to the
/// application.
#[derive(Debug, Clone)]
pub struct AdminConsentedPage {
    /// The display name of the application.
    pub application: String,
    /// The display name of the organisation.
    pub organisation: String,
    /// The account that decided.
    pub account: String,
}

impl AdminApprovalPage {
    /// The page as HTML.
    pub fn render(&self, chrome: &Chrome) -> askama::Result<String> {
        let page = Self {
            application: shown::application(chrome, &self.application),
            publisher: self.publisher.shown(),
            organisation: shown(&self.organisation, NAME),
            account: shown(&self.account, DOMAIN),
            permissions: all_shown(&self.permissions),
            ..self.clone()
        };
        ApprovalView { chrome, page: &page, application: Some(&page.application) }.render()
    }
}

impl AdminConsentedPage {
    /// The page as HTML.
    pub fn render(&self, chrome: &Chrome) -> askama::Result<String> {
        let page = Self {
            application: shown::application(chrome, &self.application),
            organisation: shown(&self.organisation, NAME),
            account: shown(&self.account, DOMAIN),
        };
        ConsentedView { chrome, page: &page }.render()
    }
}

#[derive(Template)]
#[template(path = "admin_approval.html")]
struct ApprovalView<'a> {
    chrome: &'a Chrome,
    page: &'a AdminApprovalPage,
    application: Option<&'a str>,
}

#[derive(Template)]
#[template(path = "admin_consented.html")]
struct ConsentedView<'a> {
    chrome: &'a Chrome,
    page: &'a AdminConsentedPage,
}
