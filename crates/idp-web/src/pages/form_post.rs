//! The answer that travels in a form (OAuth 2.0 Form Post Response Mode §2).

use askama::Template;

use super::{Chrome, Csp, HttpAddress};

/// Carries an answer back to the application: by itself where scripts run, by a button where they do not.
///
/// A form cannot carry every text: browsers send NUL as U+FFFD and any line break as CR LF. Whoever lets a value in
/// (`state`, above all) decides what to do about those.
#[derive(Debug, Clone)]
pub struct FormPostPage {
    /// The display name of the application.
    pub application: String,
    /// The registered redirect URI, exactly.
    pub target: HttpAddress,
    /// The names and values of the answer, in order.
    pub fields: Vec<(String, String)>,
}

impl FormPostPage {
    /// The page as HTML.
    pub fn render(&self, chrome: &Chrome) -> askama::Result<String> {
        View { chrome, page: self }.render()
    }

    /// The policy to send with this page: its form may go to the target's origin and nowhere else.
    pub fn csp(&self, chrome: &Chrome) -> Csp {
        Csp::form_post(&chrome.nonce, &self.target)
    }
}

#[derive(Template)]
#[template(path = "form_post.html")]
struct View<'a> {
    chrome: &'a Chrome,
    page: &'a FormPostPage,
}
