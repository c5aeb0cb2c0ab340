//! "Who are you?": the first step of signing in.

use askama::Template;

use super::Chrome;

/// Asks for the account name.
#[derive(Debug, Clone)]
pub struct AccountPage {
    /// The display name of the application that asks.
    pub application: String,
    /// What to put in the field: a `login_hint`, or what was typed before; may be empty.
    pub account: String,
    /// What was wrong with what was typed.
    pub problem: Option<AccountProblem>,
    /// Where the form goes: a path on this origin.
    pub form_action: String,
    /// The sealed flow token, sent back as `ctx`.
    pub flow: String,
}

/// Why an account name could not be taken. Whether it exists is never among the reasons.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AccountProblem {
    /// Nothing was entered.
    Empty,
    /// What was entered cannot be an account name.
    Malformed,
}

impl AccountPage {
    /// The page as HTML.
    pub fn render(&self, chrome: &Chrome) -> askama::Result<String> {
        View { chrome, page: self }.render()
    }
}

impl AccountProblem {
    fn message(self) -> &'static str {
        match self {
            Self::Empty => "account-empty",
            Self::Malformed => "account-malformed",
        }
    }
}

#[derive(Template)]
#[template(path = "account.html")]
struct View<'a> {
    chrome: &'a Chrome,
    page: &'a AccountPage,
}
