//! "Do you allow this?": an application asks for permissions.

use askama::Template;

use super::permission::all_shown;
use super::phrase::Phrase;
use super::shown::{self, DOMAIN, NAME, shown};
use super::{Chrome, HttpAddress, PermissionView, PublisherView};

/// Asks whether an application gets what it asks for. The answer comes back as `consent`, `accept` or `cancel`; with it
/// `on_behalf_of_organization`, `yes`, if that was offered and ticked.
#[derive(Debug, Clone)]
pub struct ConsentPage {
    /// The display name of the application that asks.
    pub application: String,
    /// Who publishes it.
    pub publisher: PublisherView,
    /// Whether it is registered in another organisation than the account's.
    pub from_elsewhere: bool,
    /// The display name of the organisation in which the permissions would hold.
    pub organisation: String,
    /// The account that decides.
    pub account: String,
    /// What the application asks for, in the order shown.
    pub permissions: Vec<PermissionView>,
    /// For whom the decision is.
    pub on_behalf: OnBehalf,
    /// The application's terms of service.
    pub terms_of_service: Option<HttpAddress>,
    /// The application's privacy statement.
    pub privacy_statement: Option<HttpAddress>,
    /// Where the answer goes: a path on this origin.
    pub form_action: String,
    /// Where "Use another account" goes, with the flow: a path on this origin.
    pub switch_action: String,
    /// The sealed flow token, sent back as `ctx`.
    pub flow: String,
}

/// Whether a decision is for the organisation rather than for one person.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OnBehalf {
    /// The person decides for themselves.
    No,
    /// The person may decide for everyone, and does so only by ticking a box.
    Offered,
    /// The decision is for everyone: administrator consent.
    Always,
}

impl ConsentPage {
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
        View { chrome, page: &page }.render()
    }

    fn heading(&self, chrome: &Chrome) -> Phrase<'_> {
        match self.on_behalf {
            OnBehalf::No | OnBehalf::Offered => {
                chrome.say("consent-heading").with("application", &self.application)
            }
            OnBehalf::Always => chrome
                .say("consent-heading-everyone")
                .with("application", &self.application)
                .with("organisation", &self.organisation),
        }
    }

    /// What follows from accepting, and who can undo it.
    fn meaning(&self, chrome: &Chrome) -> Phrase<'_> {
        let id = match self.on_behalf {
            OnBehalf::No | OnBehalf::Offered => "consent-meaning",
            OnBehalf::Always => "consent-meaning-everyone",
        };
        chrome.say(id).with("application", &self.application).with("organisation", &self.organisation)
    }

    fn warns(&self) -> bool {
        self.from_elsewhere && !self.publisher.is_verified()
    }

    /// Label and address of what the publisher has to say.
    fn links(&self) -> Vec<(&'static str, &HttpAddress)> {
        let terms = self.terms_of_service.as_ref().map(|address| ("consent-terms", address));
        let privacy = self.privacy_statement.as_ref().map(|address| ("consent-privacy", address));
        terms.into_iter().chain(privacy).collect()
    }
}

#[derive(Template)]
#[template(path = "consent.html")]
struct View<'a> {
    chrome: &'a Chrome,
    page: &'a ConsentPage,
}
