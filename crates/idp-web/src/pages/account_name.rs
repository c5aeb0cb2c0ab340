//! An account name on a narrow card.

use std::fmt;

use askama::filters::{Escaper as _, Html, HtmlSafe};

/// An account name as HTML: escaped, isolated from the text around it, and broken before the `@` if it has to break.
pub(super) struct AccountName<'a>(pub(super) &'a str);

impl fmt::Display for AccountName<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("<bdi>")?;
        for (i, part) in self.0.split('@').enumerate() {
            f.write_str(if i == 0 { "" } else { "<wbr>@" })?;
            Html.write_escaped_str(&mut *f, part)?;
        }
        f.write_str("</bdi>")
    }
}

/// Every part is escaped above.
impl HtmlSafe for AccountName<'_> {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_may_break_before_its_at_sign() {
        assert_eq!(AccountName("alice@contoso.example").to_string(), "<bdi>alice<wbr>@contoso.example</bdi>");
        assert_eq!(AccountName("<b>").to_string(), "<bdi>&#60;b&#62;</bdi>");
    }
}
