//! One segment of a path: `users`, `users('{upn}')`, `applications(appId='…')`.

use percent_encoding::percent_decode_str;
use thiserror::Error;
use vestibule_wire::graph_error::GraphErrorCode;

/// The longest segment, in bytes.
pub const MAX_SEGMENT: usize = 1024;

/// A segment, taken apart.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Segment {
    /// What stands before the brackets: `users`; or the whole, if there are none.
    pub name: String,
    /// What stands in them.
    pub key: Option<Key>,
}

/// What names one object of a set.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Key {
    /// `users('…')`, the same as `users/…`.
    Id(String),
    /// `applications(appId='…')`
    Alternate { property: String, value: String },
}

/// A segment that is none.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum KeyError {
    /// A broken escape, text that is not UTF-8, or control characters.
    #[error("The path of the request could not be read.")]
    Encoding,
    /// Brackets or quotation marks that do not match, or more than one key.
    #[error("Bad Request - Error in query syntax.")]
    Syntax,
    /// Longer than [`MAX_SEGMENT`].
    #[error("The path of the request is too long.")]
    TooLong,
}

impl KeyError {
    /// Graph's code for it.
    pub const fn code(self) -> GraphErrorCode {
        GraphErrorCode::BadRequest
    }
}

impl Segment {
    /// Reads a segment as it stands in the address.
    pub fn parse(raw: &str) -> Result<Self, KeyError> {
        if raw.len() > MAX_SEGMENT {
            return Err(KeyError::TooLong);
        }
        // A broken escape is an error, so that nobody downstream decodes twice.
        let escapes = raw.split('%').skip(1).map(|rest| rest.as_bytes().get(..2));
        if !escapes.into_iter().all(|digits| digits.is_some_and(|two| two.iter().all(u8::is_ascii_hexdigit)))
        {
            return Err(KeyError::Encoding);
        }
        let decoded = percent_decode_str(raw).decode_utf8().map_err(|_| KeyError::Encoding)?;
        Self::parse_decoded(&decoded)
    }

    /// Reads a segment whose escapes were taken out already.
    pub fn parse_decoded(segment: &str) -> Result<Self, KeyError> {
        if segment.len() > MAX_SEGMENT {
            return Err(KeyError::TooLong);
        }
        if segment.chars().any(char::is_control) {
            return Err(KeyError::Encoding);
        }
        let Some((name, rest)) = segment.split_once('(') else {
            return Ok(Self { name: segment.to_owned(), key: None });
        };
        let inside = rest.strip_suffix(')').ok_or(KeyError::Syntax)?;
        if !is_name(name) {
            return Err(KeyError::Syntax);
        }
        Ok(Self { name: name.to_owned(), key: Key::parse(inside)? })
    }
}

impl Key {
    /// `None` for `()`, as in `microsoft.graph.delta()`.
    fn parse(inside: &str) -> Result<Option<Self>, KeyError> {
        if inside.is_empty() {
            return Ok(None);
        }
        if inside.starts_with('\'') {
            return unquote(inside).map(Self::Id).map(Some);
        }
        let (property, value) = inside.split_once('=').ok_or(KeyError::Syntax)?;
        if !is_name(property) {
            return Err(KeyError::Syntax);
        }
        Ok(Some(Self::Alternate { property: property.to_owned(), value: unquote(value)? }))
    }
}

fn is_name(text: &str) -> bool {
    !text.is_empty() && text.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '.' | '_' | '$'))
}

/// A quotation mark within is doubled.
fn unquote(text: &str) -> Result<String, KeyError> {
    let inner = text.strip_prefix('\'').and_then(|rest| rest.strip_suffix('\'')).ok_or(KeyError::Syntax)?;
    if inner.is_empty() || inner.replace("''", "").contains('\'') {
        return Err(KeyError::Syntax);
    }
    Ok(inner.replace("''", "'"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn id(text: &str) -> Option<Key> {
        Some(Key::Id(text.to_owned()))
    }

    #[test]
    fn every_form_of_key_is_read() {
        let appid = Key::Alternate { property: "appId".to_owned(), value: "00000003".to_owned() };
        for (raw, name, key) in [
            ("users", "users", None),
            ("alice@contoso.test", "alice@contoso.test", None),
            ("a+b%2Bc@contoso.test", "a+b+c@contoso.test", None),
            ("users('alice@contoso.test')", "users", id("alice@contoso.test")),
            ("users(%27$o''brien%40contoso.test%27)", "users", id("$o'brien@contoso.test")),
            ("applications(appId='00000003')", "applications", Some(appid)),
            ("microsoft.graph.delta()", "microsoft.graph.delta", None),
        ] {
            assert_eq!(Segment::parse(raw), Ok(Segment { name: name.to_owned(), key }), "{raw}");
        }
    }

    #[test]
    fn a_key_that_is_none_is_refused() {
        for raw in [
            "users('a",
            "users('a'",
            "users(a)",
            "users('')",
            "users('a'b')",
            "users('a')x",
            "('a')",
            "applications(appId=)",
            "applications(appId=1)",
            "applications(='a')",
            "applications(a='b',c='d')",
            "users(''')",
            "users(')",
            "us ers('a')",
            "applications(a'='b')",
        ] {
            assert_eq!(Segment::parse(raw), Err(KeyError::Syntax), "{raw}");
        }
        for raw in ["%", "%2", "%zz", "%ff", "a%00b", "a%0ab"] {
            assert_eq!(Segment::parse(raw), Err(KeyError::Encoding), "{raw}");
        }
        assert_eq!(Segment::parse(&"a".repeat(MAX_SEGMENT + 1)), Err(KeyError::TooLong));
    }
}
