//! "Choose another": a password for one sign-in has done its service.

use askama::Template;

use super::Chrome;

/// Asks for another password, twice.
#[derive(Debug, Clone)]
pub struct NewPasswordPage {
    /// The display name of the application that asks.
    pub application: String,
    /// The account.
    pub account: String,
    /// What was wrong with the last attempt.
    pub problem: Option<NewPasswordProblem>,
    /// Where the password goes: a path on this origin.
    pub form_action: String,
    /// Where "Use another account" goes, with the flow: a path on this origin.
    pub switch_action: String,
    /// The sealed flow token, sent back as `ctx`.
    pub flow: String,
}

/// Why a password was not taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NewPasswordProblem {
    /// One of the fields was empty.
    Empty,
    /// The fields differ.
    Differs,
    /// It breaks a rule.
    Unsuitable,
    /// It is the old one.
    Same,
}

impl NewPasswordPage {
    /// The page as HTML.
    pub fn render(&self, chrome: &Chrome) -> askama::Result<String> {
        View { chrome, page: self }.render()
    }

    /// Whether the second field is as wrong as the first.
    fn concerns_both(&self) -> bool {
        matches!(self.problem, Some(NewPasswordProblem::Empty | NewPasswordProblem::Differs))
    }
}

impl NewPasswordProblem {
    fn message(self) -> &'static str {
        match self {
            Self::Empty => "new-password-empty",
            Self::Differs => "new-password-differs",
            Self::Unsuitable => "new-password-unsuitable",
            Self::Same => "new-password-same",
        }
    }
}

#[derive(Template)]
#[template(path = "new_password.html")]
struct View<'a> {
    chrome: &'a Chrome,
    page: &'a NewPasswordPage,
}
