//! "Which of you?": the accounts this browser knows.

use askama::Template;

use super::Chrome;

/// Asks for one of several accounts. The answer comes back as `account`, the chosen [`AccountChoice::id`]; "Use another
/// account" sends `account` empty.
#[derive(Debug, Clone)]
pub struct AccountPickerPage {
    /// What the account is wanted for.
    pub purpose: PickerPurpose,
    /// The accounts, in the order shown.
    pub accounts: Vec<AccountChoice>,
    /// Where the answer goes: a path on this origin.
    pub form_action: String,
    /// The sealed flow token, sent back as `ctx`.
    pub flow: String,
}

/// Why an account is being picked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PickerPurpose {
    /// To sign in with it; another one may be named as well.
    SignIn {
        /// The display name of the application that asks.
        application: String,
    },
    /// To sign out of it.
    SignOut,
}

/// One account in the list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AccountChoice {
    /// What the form sends for this account.
    pub id: String,
    /// The account name (user principal name).
    pub upn: String,
    /// The person's display name; may be empty.
    pub display_name: String,
    /// The display name of the account's organisation.
    pub organisation: Option<String>,
    /// Whether the account has a live session in this browser.
    pub signed_in: bool,
}

impl AccountPickerPage {
    /// The page as HTML.
    pub fn render(&self, chrome: &Chrome) -> askama::Result<String> {
        View { chrome, page: self }.render()
    }
}

impl AccountChoice {
    /// The line a person recognises first.
    fn heading(&self) -> &str {
        if self.display_name.is_empty() { &self.upn } else { &self.display_name }
    }
}

#[derive(Template)]
#[template(path = "account_picker.html")]
struct View<'a> {
    chrome: &'a Chrome,
    page: &'a AccountPickerPage,
}
