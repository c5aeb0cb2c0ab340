//! Text a stranger chose, where somebody decides by it.
//!
//! Escaping keeps such text from being markup. This keeps it from pretending: a name that reads backwards, hides half of
//! itself or fills the screen is not what the person thinks they allow.

use std::borrow::Cow;

use super::Chrome;

/// The longest name that is shown, in characters: applications, organisations, resources, permissions.
pub(super) const NAME: usize = 120;
/// The longest sentence.
pub(super) const SENTENCE: usize = 200;
/// The longest description.
pub(super) const DESCRIPTION: usize = 500;
/// The longest domain or account name: never cut off in the middle of a real one (RFC 1035 §2.3.4).
pub(super) const DOMAIN: usize = 255;
/// The most accents on one letter; Vietnamese has two. More of them cover the lines above and below.
const MARKS: usize = 2;

/// `text` on one line, of at most `most` characters, without what cannot be seen.
pub(super) fn shown(text: &str, most: usize) -> String {
    let mut marks = 0;
    let seen = text.chars().map(|c| if c.is_whitespace() { ' ' } else { c }).filter(|c| {
        marks = if is_stackable(*c) { marks + 1 } else { 0 };
        !is_unseen(*c) && marks <= MARKS
    });
    let mut shown = String::new();
    for (i, c) in seen.enumerate() {
        if i == most {
            shown.push('…');
            break;
        }
        shown.push(c);
    }
    // Only the ends: spaces within are one space in HTML.
    shown.trim().to_owned()
}

/// The name of an application; one that has nothing to show is said to have none.
pub(super) fn application(chrome: &Chrome, name: &str) -> String {
    let name = Some(shown(name, NAME)).filter(|name| !name.is_empty());
    name.map_or_else(|| chrome.t("application-without-name"), Cow::Owned).into_owned()
}

/// Controls, direction (Unicode TR9 §2), and characters of no width or no ink. The two joiners stay: Persian and emoji are
/// written with them.
fn is_unseen(c: char) -> bool {
    c.is_control()
        || matches!(c,
            '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}' | '\u{180b}'..='\u{180f}'
            | '\u{200b}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}'
            | '\u{2800}' | '\u{3164}' | '\u{feff}' | '\u{ffa0}' | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e0fff}')
}

/// The blocks of combining marks that no language is bound to.
fn is_stackable(c: char) -> bool {
    matches!(c,
        '\u{300}'..='\u{36f}' | '\u{483}'..='\u{489}' | '\u{1ab0}'..='\u{1aff}' | '\u{1dc0}'..='\u{1dff}'
        | '\u{20d0}'..='\u{20ff}' | '\u{fe20}'..='\u{fe2f}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cn_01_a_name_cannot_be_turned_around_or_hidden() {
        assert_eq!(shown("Payroll\u{202e}gro.live\u{202c}", NAME), "Payrollgro.live");
        assert_eq!(shown("\u{200b}A\u{2066}\0\u{feff}\u{e0041}B\u{7f}", NAME), "AB");
        assert_eq!(shown("one\r\n\u{2028}two\u{a0}", NAME), "one   two");
        assert_eq!(shown("\u{202e}\u{3164}\n", NAME), "");
    }

    #[test]
    fn cn_01_a_name_stays_on_its_own_line() {
        let tall = format!("a{}b", "\u{301}".repeat(50));
        assert_eq!(shown(&tall, NAME), "a\u{301}\u{301}b");
    }

    #[test]
    fn what_languages_and_emoji_are_written_with_stays() {
        for name in [
            "Größe & Maß",
            "می\u{200c}خواهم",
            "👩\u{200d}🚒 Feuerwehr",
            "株式会社",
            "Vie\u{302}\u{323}t",
            "\u{e000}",
        ] {
            assert_eq!(shown(name, NAME), name);
        }
    }

    #[test]
    fn a_long_name_is_cut_where_the_reader_sees_it() {
        assert_eq!(shown("abcd", 4), "abcd");
        assert_eq!(shown("abcde", 4), "abcd…");
        assert_eq!(shown(&"ä".repeat(10_000), NAME).chars().count(), NAME + 1);
    }
}
