//! A sentence with somebody's name in it.

use std::borrow::Cow;
use std::fmt;

use askama::filters::{Escaper as _, Html, HtmlSafe};
use fluent_bundle::FluentArgs;

use super::{Locale, messages};

/// Where the first value goes; the next ones follow. Private use characters, which no message contains.
const FIRST_MARK: u32 = 0xE000;

/// A message with its values, shown as HTML in which every value is escaped, isolated and set apart.
pub(super) struct Phrase<'a> {
    locale: Locale,
    id: &'static str,
    args: FluentArgs<'static>,
    values: Vec<&'a str>,
}

impl<'a> Phrase<'a> {
    pub(super) fn new(locale: Locale, id: &'static str) -> Self {
        Self { locale, id, args: FluentArgs::new(), values: Vec::new() }
    }

    /// Puts `value` where the message says `{ $name }`.
    pub(super) fn with(mut self, name: &'static str, value: &'a str) -> Self {
        let mark = u32::try_from(self.values.len()).ok().and_then(|n| char::from_u32(FIRST_MARK + n));
        self.args.set(name, mark.map(String::from).unwrap_or_default());
        self.values.push(value);
        self
    }

    /// Puts a number where the message says `{ $name }`, in the plural form it asks for.
    pub(super) fn count(mut self, name: &'static str, number: u32) -> Self {
        self.args.set(name, number);
        self
    }

    /// The phrase as plain text, for `<title>` and attributes; escaped by whoever shows it.
    pub(super) fn plain(&self) -> String {
        let mut plain = String::new();
        for part in self.parts(&self.text()) {
            plain.push_str(match part {
                Part::Text(text) => text,
                Part::Value(value) => value,
            });
        }
        plain
    }

    fn text(&self) -> Cow<'static, str> {
        messages::text(self.locale, self.id, Some(&self.args))
    }

    fn parts<'t>(&self, text: &'t str) -> Vec<Part<'t>>
    where
        'a: 't,
    {
        let mut parts = Vec::new();
        let mut rest = text;
        while let Some((at, mark, value)) =
            rest.char_indices().find_map(|(at, c)| Some((at, c, self.value(c)?)))
        {
            parts.push(Part::Text(&rest[..at]));
            parts.push(Part::Value(value));
            rest = &rest[at + mark.len_utf8()..];
        }
        parts.push(Part::Text(rest));
        parts
    }

    fn value(&self, mark: char) -> Option<&'a str> {
        let n = u32::from(mark).checked_sub(FIRST_MARK)?;
        self.values.get(usize::try_from(n).ok()?).copied()
    }
}

enum Part<'a> {
    Text(&'a str),
    Value(&'a str),
}

impl fmt::Display for Phrase<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for part in self.parts(&self.text()) {
            match part {
                Part::Text(text) => Html.write_escaped_str(&mut *f, text)?,
                Part::Value(value) => {
                    f.write_str("<bdi>")?;
                    Html.write_escaped_str(&mut *f, value)?;
                    f.write_str("</bdi>")?;
                }
            }
        }
        Ok(())
    }
}

/// Every part is escaped above.
impl HtmlSafe for Phrase<'_> {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_escaped_and_isolated() {
        let phrase = Phrase::new(Locale::En, "continue-to").with("application", "A <b> & \u{202e}");
        assert_eq!(phrase.to_string(), "to continue to <bdi>A &#60;b&#62; &#38; \u{202e}</bdi>");
        assert_eq!(phrase.plain(), "to continue to A <b> & \u{202e}");
    }

    #[test]
    fn a_name_that_looks_like_a_mark_or_a_placeable_stays_a_name() {
        let phrase = Phrase::new(Locale::En, "continue-to").with("application", "\u{e000}{ $application }");
        assert_eq!(phrase.plain(), "to continue to \u{e000}{ $application }");
    }

    #[test]
    fn numbers_choose_their_plural() {
        let wait = |n: u32| Phrase::new(Locale::De, "password-locked-minutes").count("minutes", n).plain();
        assert!(wait(1).contains("einer Minute"), "{}", wait(1));
        assert!(wait(15).contains("15 Minuten"), "{}", wait(15));
    }
}
