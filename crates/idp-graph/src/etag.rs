//! Versions of entities (RFC 9110 §8.8.3, §13.1.1): `@odata.etag` and `If-Match`, so that no update is lost (GA-11).

use http::HeaderMap;
use http::header::IF_MATCH;

use crate::error::Refusal;

/// The version of an object at this revision.
pub fn of(revision: i64) -> String {
    format!("W/\"{revision}\"")
}

/// Which version the client wants to have read.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum IfMatch {
    /// Any.
    #[default]
    Any,
    /// One of these.
    OneOf(Vec<String>),
}

impl IfMatch {
    /// Reads the header. Several headers are one list.
    pub fn read(headers: &HeaderMap) -> Self {
        let mut tags = Vec::new();
        for value in headers.get_all(IF_MATCH) {
            // What is no text matches nothing, and so the request is refused.
            let text = value.to_str().unwrap_or_default();
            tags.extend(text.split(',').map(|tag| opaque(tag.trim()).to_owned()));
        }
        if tags.is_empty() || tags.iter().any(|tag| tag == "*") { Self::Any } else { Self::OneOf(tags) }
    }

    /// Whether an object at this revision is what the client read.
    pub fn holds(&self, revision: i64) -> Result<(), Refusal> {
        match self {
            Self::Any => Ok(()),
            Self::OneOf(tags) if tags.contains(&format!("\"{revision}\"")) => Ok(()),
            Self::OneOf(_) => Err(Refusal::Stale),
        }
    }
}

/// OData clients send back the weak tag they got; the comparison is of what it holds.
fn opaque(tag: &str) -> &str {
    tag.strip_prefix("W/").unwrap_or(tag)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sent(value: &str) -> IfMatch {
        let mut headers = HeaderMap::new();
        headers.insert(IF_MATCH, value.parse().unwrap());
        IfMatch::read(&headers)
    }

    #[test]
    fn ga_11_only_the_version_that_was_read_may_be_changed() {
        assert!(sent(&of(7)).holds(7).is_ok());
        assert!(sent("\"3\", W/\"7\"").holds(7).is_ok());
        assert!(sent("*").holds(7).is_ok());
        assert!(IfMatch::read(&HeaderMap::new()).holds(7).is_ok());
        for stale in [of(6), of(70), "7".into(), String::new(), "W/7".into()] {
            assert!(matches!(sent(&stale).holds(7), Err(Refusal::Stale)), "{stale}");
        }
    }
}
