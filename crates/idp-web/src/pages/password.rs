//! "Prove it": the password of an account already named.

use askama::Template;

use super::Chrome;
use super::phrase::Phrase;

/// Asks for the password, with the account in view.
#[derive(Debug, Clone)]
pub struct PasswordPage {
    /// The display name of the application that asks.
    pub application: String,
    /// The account name, as the person gave it; shown whether or not there is such an account.
    pub account: String,
    /// What was wrong with the last attempt.
    pub problem: Option<PasswordProblem>,
    /// Where the password goes: a path on this origin.
    pub form_action: String,
    /// Where "Use another account" goes, with the flow: a path on this origin.
    pub switch_action: String,
    /// The sealed flow token, sent back as `ctx`.
    pub flow: String,
}

/// Why a password did not sign anybody in. What each says must not depend on whether the account exists.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PasswordProblem {
    /// Nothing was entered.
    Empty,
    /// Account name and password do not go together, or there is no such account.
    Wrong,
    /// Too many attempts.
    Locked {
        /// How long until the next attempt may succeed, if that is told.
        minutes: Option<u32>,
    },
}

impl PasswordPage {
    /// The page as HTML.
    pub fn render(&self, chrome: &Chrome) -> askama::Result<String> {
        View { chrome, page: self }.render()
    }
}

impl PasswordProblem {
    fn phrase(self, chrome: &Chrome) -> Phrase<'static> {
        match self {
            Self::Empty => chrome.say("password-empty"),
            Self::Wrong => chrome.say("password-wrong"),
            Self::Locked { minutes: None } => chrome.say("password-locked"),
            Self::Locked { minutes: Some(minutes) } => {
                chrome.say("password-locked-minutes").count("minutes", minutes.max(1))
            }
        }
    }
}

#[derive(Template)]
#[template(path = "password.html")]
struct View<'a> {
    chrome: &'a Chrome,
    page: &'a PasswordPage,
}
