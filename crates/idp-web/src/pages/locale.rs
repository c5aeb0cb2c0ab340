//! Which of our languages to speak.
//!
//! The list is fixed and an answer is an enum, so no stranger's header can grow anything here. What is read of a header is
//! bounded too.

/// The longest prefix of a preference that is read, in entries.
const MAX_PREFERENCES: usize = 32;

/// A language the pages are written in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Locale {
    /// English, which is also the answer to everything we do not speak.
    #[default]
    En,
    /// German.
    De,
}

impl Locale {
    /// Every language, the default first.
    pub const ALL: [Self; 2] = [Self::En, Self::De];

    /// The language tag (BCP 47), as in `<html lang>` and `Content-Language`.
    pub const fn tag(self) -> &'static str {
        match self {
            Self::En => "en",
            Self::De => "de",
        }
    }

    /// The first of our languages that the application (`ui_locales`, then `mkt`) or else the browser
    /// (`Accept-Language`) asks for.
    pub fn negotiate(ui_locales: Option<&str>, mkt: Option<&str>, accept_language: Option<&str>) -> Self {
        // OpenID Connect Core §3.1.2.1: `ui_locales` is separated by spaces, in order of preference.
        ui_locales
            .and_then(|tags| tags.split(' ').take(MAX_PREFERENCES).find_map(Self::from_tag))
            .or_else(|| mkt.and_then(Self::from_tag))
            .or_else(|| accept_language.and_then(Self::from_accept_language))
            .unwrap_or_default()
    }

    /// Our language for a tag, by its primary subtag (RFC 4647 §3.4): `de-AT` is German.
    fn from_tag(tag: &str) -> Option<Self> {
        let primary = tag.trim().split(['-', '_']).next().unwrap_or_default();
        Self::ALL.into_iter().find(|locale| primary.eq_ignore_ascii_case(locale.tag()))
    }

    /// RFC 9110 §12.5.4: the greatest weight wins, the first among equals; weight 0 means "not this one".
    fn from_accept_language(header: &str) -> Option<Self> {
        let mut best: Option<(u16, Self)> = None;
        for range in header.split(',').take(MAX_PREFERENCES) {
            let (tag, parameters) = range.split_once(';').unwrap_or((range, ""));
            let weight = weight(parameters);
            let locale = if tag.trim() == "*" { Some(Self::default()) } else { Self::from_tag(tag) };
            if let Some(locale) = locale
                && weight > best.map_or(0, |(best, _)| best)
            {
                best = Some((weight, locale));
            }
        }
        best.map(|(_, locale)| locale)
    }
}

/// `q=0.8` in thousandths; 1000 if it is not there, 0 if it is not a weight.
fn weight(parameters: &str) -> u16 {
    let Some(value) = parameters.trim().strip_prefix("q=").or_else(|| parameters.trim().strip_prefix("Q="))
    else {
        return 1000;
    };
    match value.trim().parse::<f32>() {
        // In range, so the cast cannot lose anything but digits past the third.
        Ok(weight) if (0.0..=1.0).contains(&weight) => (weight * 1000.0).round() as u16,
        _ => 0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use Locale::{De, En};

    #[test]
    fn the_browser_is_heard_by_weight() {
        for (header, expected) in [
            ("de", De),
            ("de-CH", De),
            ("DE-at,en;q=0.5", De),
            ("en,de", En),
            ("en;q=0.3,de;q=0.7", De),
            ("fr-FR,fr;q=0.9,de;q=0.5,en;q=0.4", De),
            ("de;q=0,en;q=0.1", En),
            ("de;q=0", En),
            ("*,de;q=0.5", En),
            ("de; q=0.9 , *;q=0.1", De),
            ("den", En),
            ("de;q=NaN,en", En),
            ("de;q=-1", En),
            ("", En),
            (",,;;==", En),
        ] {
            assert_eq!(Locale::negotiate(None, None, Some(header)), expected, "{header:?}");
        }
    }

    #[test]
    fn the_application_is_heard_before_the_browser() {
        assert_eq!(Locale::negotiate(Some("de"), Some("en-US"), Some("en")), De);
        assert_eq!(Locale::negotiate(None, Some("de-DE"), Some("en")), De);
        assert_eq!(Locale::negotiate(Some("fr it de-AT en"), None, Some("en")), De);
        assert_eq!(Locale::negotiate(Some("fr"), Some("ja-JP"), Some("de")), De);
        assert_eq!(Locale::negotiate(None, None, None), En);
    }

    #[test]
    fn a_long_preference_is_read_only_so_far() {
        let far = format!("{}de", "fr,".repeat(MAX_PREFERENCES));
        assert_eq!(Locale::negotiate(None, None, Some(&far)), En);
        assert_eq!(Locale::negotiate(Some(&far.replace(',', " ")), None, None), En);
    }
}
