//! `GET /error?code=…`: what an error code means.

use std::fmt;

use askama::Template;
use askama::filters::{Escaper as _, Html, HtmlSafe};
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

/// A message of the error table as HTML: each of its `{places}` is shown as a variable.
struct WithPlaces<'a>(&'a str);

impl fmt::Display for WithPlaces<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut rest = self.0;
        while let Some((text, (place, after))) =
            rest.split_once('{').and_then(|(text, after)| Some((text, after.split_once('}')?)))
        {
            Html.write_escaped_str(&mut *f, text)?;
            f.write_str("<var>")?;
            Html.write_escaped_str(&mut *f, place)?;
            f.write_str("</var>")?;
            rest = after;
        }
        Html.write_escaped_str(&mut *f, rest)
    }
}

/// Every part is escaped above.
impl HtmlSafe for WithPlaces<'_> {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_are_variables_and_everything_else_is_text() {
        assert_eq!(
            WithPlaces("App '{app}' <is> {x}.").to_string(),
            "App &#39;<var>app</var>&#39; &#60;is&#62; <var>x</var>."
        );
        assert_eq!(WithPlaces("a { b").to_string(), "a { b");
    }
}
