//! `$search`: `"displayName:vid"`, joined by `AND` and `OR`. Each word of the text has to begin a word of the property.

use std::fmt;

use serde_json::{Map, Value};

use super::error::{QueryError, quoted};
use super::fold;
use super::schema::{EntityType, Kind, Support};

/// At most this many terms.
pub const MAX_TERMS: usize = 20;

/// Where a term that names no property looks.
const UNQUALIFIED: &[&str] = &["displayName", "description", "mail"];

/// A search: one of the alternatives holds, and so all terms of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Search {
    alternatives: Vec<Vec<Term>>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
struct Term {
    /// `None` stands for [`UNQUALIFIED`].
    property: Option<&'static str>,
    /// Folded.
    words: Vec<String>,
}

impl Search {
    pub(super) fn parse(text: &str, entity: &EntityType) -> Result<Self, QueryError> {
        let malformed = |rest: &str| {
            let position = text[..text.len() - rest.len()].chars().count();
            QueryError::MalformedSearch { position, text: quoted(text) }
        };
        let (mut alternatives, mut terms, mut count) = (Vec::new(), Vec::new(), 0);
        let mut rest = text.trim_start_matches(' ');
        loop {
            // Entra: the quotation marks are mandatory.
            let (term, after) = rest
                .strip_prefix('"')
                .and_then(|inside| inside.split_once('"'))
                .filter(|_| count < MAX_TERMS)
                .ok_or_else(|| malformed(rest))?;
            terms.push(Term::parse(term, entity)?.ok_or_else(|| malformed(rest))?);
            count += 1;
            rest = after.trim_start_matches(' ');
            if rest.is_empty() {
                alternatives.push(terms);
                return Ok(Self { alternatives });
            }
            if let Some(after) = rest.strip_prefix("OR ") {
                alternatives.push(std::mem::take(&mut terms));
                rest = after.trim_start_matches(' ');
            } else {
                rest = rest.strip_prefix("AND ").ok_or_else(|| malformed(rest))?.trim_start_matches(' ');
            }
        }
    }

    /// Whether an entity, given with all its properties, is found.
    pub fn matches(&self, entity: &Map<String, Value>) -> bool {
        self.alternatives.iter().any(|terms| terms.iter().all(|term| term.matches(entity)))
    }
}

impl Term {
    /// `None` if there is not a single word in it.
    fn parse(term: &str, entity: &EntityType) -> Result<Option<Self>, QueryError> {
        let (property, text) = match term.split_once(':') {
            None => (None, term),
            Some((name, text)) => {
                let unsupported = || QueryError::SearchUnsupported { property: quoted(name) };
                let property = entity.property(name).ok_or_else(unsupported)?;
                if property.kind != Kind::String || property.filter == Support::No {
                    return Err(unsupported());
                }
                (Some(property.name), text)
            }
        };
        let words: Vec<String> = words(text).map(fold::fold).collect();
        Ok(if words.is_empty() { None } else { Some(Self { property, words }) })
    }

    fn matches(&self, entity: &Map<String, Value>) -> bool {
        let found =
            |name: &str| entity.get(name).and_then(Value::as_str).is_some_and(|text| self.in_text(text));
        match self.property {
            Some(property) => found(property),
            None => UNQUALIFIED.iter().any(|property| found(property)),
        }
    }

    fn in_text(&self, text: &str) -> bool {
        self.words.iter().all(|prefix| words(text).any(|word| fold::starts_with(word, prefix)))
    }
}

fn words(text: &str) -> impl Iterator<Item = &str> {
    text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty())
}

/// Writes a text that parses to the same search.
impl fmt::Display for Search {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, terms) in self.alternatives.iter().enumerate() {
            f.write_str(if index > 0 { " OR " } else { "" })?;
            for (index, Term { property, words }) in terms.iter().enumerate() {
                f.write_str(if index > 0 { " AND \"" } else { "\"" })?;
                property.map_or(Ok(()), |property| write!(f, "{property}:"))?;
                write!(f, "{}\"", words.join(" "))?;
            }
        }
        Ok(())
    }
}
