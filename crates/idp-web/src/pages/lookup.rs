//! `GET /error?code=…`: what an error code means.

use askama::Template;
use vestibule_wire::aadsts::Row;

use super::Chrome;

/// Explains a code.
#[derive(Debug, Clone, Copy)]
pub struct LookupPage {
    /// The row of the error table, if there is one with this number.
    pub row: Option<&'static Row>,
}

impl LookupPage {
    /// The page as HTML.
    pub fn render(&self, chrome: &Chrome) -> askama::Result<String> {
        View { chrome, page: self }.render()
    }
}

#[derive(Template)]
#[template(path = "lookup.html")]
struct View<'a> {
    chrome: &'a Chrome,
    page: &'a LookupPage,
}
