//! Leaving: asking whether that is meant, and saying that it is done.

use askama::Template;

use super::{Chrome, Csp, HttpAddress};

/// Asks before signing out, when the request does not prove that the person meant it.
#[derive(Debug, Clone)]
pub struct SignOutConfirmPage {
    /// The display name of the application that asks, if it said who it is.
    pub application: Option<String>,
    /// The account that would be signed out.
    pub account: String,
    /// Where the answer goes: a path on this origin.
    pub form_action: String,
    /// The sealed flow token, sent back as `ctx`.
    pub flow: String,
}

/// Says that the person is signed out.
#[derive(Debug, Clone)]
pub struct SignedOutPage {
    /// The account that was signed out, if there was one.
    pub account: Option<String>,
    /// The way back, if the application registered one.
    pub return_to: Option<ReturnLink>,
    /// Applications that are told of it, each in a hidden frame.
    pub told: Vec<HttpAddress>,
}

/// A registered way back to an application.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReturnLink {
    /// The display name of the application.
    pub application: String,
    /// A registered post-logout address.
    pub address: HttpAddress,
}

impl SignOutConfirmPage {
    /// The page as HTML.
    pub fn render(&self, chrome: &Chrome) -> askama::Result<String> {
        ConfirmView { chrome, page: self }.render()
    }
}

impl SignedOutPage {
    /// The policy to send with this page: it frames those that are told, and nothing else.
    pub fn csp(&self, chrome: &Chrome) -> Csp {
        if self.told.is_empty() { chrome.csp() } else { Csp::page_framing(&chrome.nonce, &self.told) }
    }

    /// The page as HTML.
    pub fn render(&self, chrome: &Chrome) -> askama::Result<String> {
        DoneView { chrome, page: self }.render()
    }
}

#[derive(Template)]
#[template(path = "sign_out_confirm.html")]
struct ConfirmView<'a> {
    chrome: &'a Chrome,
    page: &'a SignOutConfirmPage,
}

#[derive(Template)]
#[template(path = "signed_out.html")]
struct DoneView<'a> {
    chrome: &'a Chrome,
    page: &'a SignedOutPage,
}
