//! Paths: which operation a method and a path mean, and with which keys.
//!
//! Paths arrive in lower case and percent-encoded. `/users('a')` is `/users/a`; `/applications(appId='a')` has a key by
//! another name than `id`. Everything is compared whatever the case, since ids and user names are.

use std::sync::LazyLock;

use percent_encoding::percent_decode_str;

use crate::error::Refusal;
use crate::operations::{self, Operation, Verb};

/// What names an object in a path.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Key {
    /// By its id, or what goes for one.
    Id(String),
    /// By another property, in lower case: `appid`.
    By(String, String),
}

/// One piece of a path.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Segment {
    Word(String),
    Key(Key),
}

/// A template, cut up once.
struct Template {
    operation: &'static Operation,
    /// None for a key.
    words: Vec<Option<String>>,
}

static TEMPLATES: LazyLock<Vec<Template>> = LazyLock::new(|| {
    let cut = |operation: &'static Operation| {
        let words = operation.path.split('/').skip(1);
        let words = words.map(|word| (!word.starts_with('{')).then(|| word.to_ascii_lowercase())).collect();
        Template { operation, words }
    };
    operations::all().map(cut).collect()
});

/// The operation that a method and a path mean, and the keys in the path.
pub fn find(method: Option<Verb>, path: &str) -> Result<(&'static Operation, Vec<Key>), Refusal> {
    let segments = segments(path)?;
    // A word says more than a key: `/users/delta` is no user.
    let fitting = TEMPLATES.iter().filter(|template| template.fits(&segments));
    let specificity =
        |template: &&Template| -> Vec<bool> { template.words.iter().map(Option::is_some).collect() };
    let best = fitting.clone().map(|template| specificity(&template)).max();
    let best: Vec<_> = fitting.filter(|template| Some(specificity(template)) == best).collect();
    if best.is_empty() {
        let last = segments.last().map(Segment::text).unwrap_or_default();
        return Err(Refusal::NoSuchPath(last.to_owned()));
    }
    let chosen = best.iter().find(|template| Some(template.operation.method) == method);
    let Some(chosen) = chosen else {
        return Err(Refusal::MethodNotAllowed(best.iter().map(|it| it.operation.method.as_str()).collect()));
    };
    let keys = chosen.words.iter().zip(segments).filter(|(word, _)| word.is_none());
    Ok((chosen.operation, keys.map(|(_, segment)| segment.into_key()).collect()))
}

/// The methods that a path has; none if there is no such path.
pub fn methods(path: &str) -> Vec<&'static str> {
    match find(None, path) {
        Err(Refusal::MethodNotAllowed(methods)) => methods,
        _ => Vec::new(),
    }
}

impl Template {
    fn fits(&self, segments: &[Segment]) -> bool {
        self.words.len() == segments.len()
            && self.words.iter().zip(segments).all(|(word, segment)| match (word, segment) {
                (Some(word), Segment::Word(text)) => {
                    text == word || text.strip_prefix("microsoft.graph.") == Some(word)
                }
                (Some(_), Segment::Key(_)) => false,
                (None, Segment::Word(text)) => !text.starts_with('$'),
                (None, Segment::Key(_)) => true,
            })
    }
}

impl Segment {
    fn text(&self) -> &str {
        match self {
            Self::Word(text) | Self::Key(Key::Id(text) | Key::By(_, text)) => text,
        }
    }

    fn into_key(self) -> Key {
        match self {
            Self::Word(text) => Key::Id(text),
            Self::Key(key) => key,
        }
    }
}

fn segments(path: &str) -> Result<Vec<Segment>, Refusal> {
    let mut segments = Vec::new();
    for piece in path.split('/').filter(|piece| !piece.is_empty()) {
        let text = percent_decode_str(piece).decode_utf8();
        let text = text.map_err(|_| Refusal::NoSuchPath(piece.to_owned()))?.to_ascii_lowercase();
        match text.split_once('(').and_then(|(word, rest)| Some((word, rest.strip_suffix(')')?))) {
            Some((word, key)) => {
                segments.push(Segment::Word(word.to_owned()));
                // A function without arguments: `delta()`.
                if !key.is_empty() {
                    segments.push(Segment::Key(read_key(key).ok_or(Refusal::NoSuchPath(text.clone()))?));
                }
            }
            None => segments.push(Segment::Word(text)),
        }
    }
    Ok(segments)
}

/// `'value'`, `value`, or `property='value'`. A quote within is doubled.
fn read_key(text: &str) -> Option<Key> {
    let unquote = |text: &str| match text.strip_prefix('\'') {
        Some(rest) => {
            let inner = rest.strip_suffix('\'')?.replace("''", "\u{0}");
            (!inner.contains('\'')).then(|| inner.replace('\u{0}', "'"))
        }
        None => (!text.contains('\'')).then(|| text.to_owned()),
    };
    match text.split_once('=') {
        Some((property, value)) if property.bytes().all(|b| b.is_ascii_alphanumeric()) => {
            Some(Key::By(property.to_owned(), unquote(value.trim())?))
        }
        _ => unquote(text).map(Key::Id),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_read_in_each_form() {
        assert_eq!(read_key("'$a@x.test'"), Some(Key::Id("$a@x.test".into())));
        assert_eq!(read_key("'o''neil@x.test'"), Some(Key::Id("o'neil@x.test".into())));
        assert_eq!(read_key("appid='1'"), Some(Key::By("appid".into(), "1".into())));
        assert_eq!(read_key("'a'b'"), None);
        assert_eq!(read_key("'a"), None);
    }

    #[test]
    fn a_word_says_more_than_a_key() {
        let path = |method, path| find(Some(method), path).map(|(operation, keys)| (operation.path, keys));
        assert_eq!(path(Verb::Get, "/users").unwrap(), ("/users", vec![]));
        assert_eq!(path(Verb::Get, "/users/$count").unwrap().0, "/users/$count");
        let alice = vec![Key::Id("alice@contoso.test".into())];
        assert_eq!(path(Verb::Get, "/users/alice%40contoso.test").unwrap(), ("/users/{id}", alice.clone()));
        assert_eq!(path(Verb::Get, "/users('alice@contoso.test')").unwrap(), ("/users/{id}", alice));
        assert!(matches!(path(Verb::Get, "/nothing"), Err(Refusal::NoSuchPath(_))));
        assert!(
            matches!(path(Verb::Put, "/users"), Err(Refusal::MethodNotAllowed(methods)) if methods.contains(&"GET"))
        );
    }

    #[test]
    fn an_action_may_be_called_by_its_full_name() {
        let found = find(Some(Verb::Post), "/users/x/microsoft.graph.getmembergroups").unwrap();
        assert_eq!(found.0.path, "/users/{id}/getMemberGroups");
    }
}
