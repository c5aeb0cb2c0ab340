//! `GET /`: what this is, for whoever comes without a reason.

use askama::Template;

use super::{Chrome, HttpAddress};

/// Says what stands at this address.
#[derive(Debug, Clone)]
pub struct HomePage {
    /// The path of the OpenID Connect discovery document on this origin.
    pub discovery: String,
    /// The documentation.
    pub documentation: Option<HttpAddress>,
}

impl HomePage {
    /// The page as HTML.
    pub fn render(&self, chrome: &Chrome) -> askama::Result<String> {
        View { chrome, page: self }.render()
    }
}

#[derive(Template)]
#[template(path = "home.html")]
struct View<'a> {
    chrome: &'a Chrome,
    page: &'a HomePage,
}
