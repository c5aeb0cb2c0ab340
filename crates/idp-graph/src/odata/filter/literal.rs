//! Values, and what they may be compared with.

use std::fmt;

use jiff::Timestamp;
use uuid::Uuid;

use super::super::error::QueryError;
use super::super::schema::Kind;
use super::lexer::Token;

/// A value in a filter, of the kind of the property it stands beside.
#[derive(Debug, Clone, PartialEq, Eq)]
#[expect(missing_docs, reason = "the names are the kinds")]
pub enum Literal {
    Null,
    Boolean(bool),
    Integer(i64),
    Guid(Uuid),
    DateTime(Timestamp),
    /// Base64, compared letter by letter.
    Binary(String),
    String(String),
}

/// Why a value does not fit a property.
pub(super) enum Misfit {
    /// Not a value at all, but a name or an operator.
    NoValue,
    /// Of another kind, which is named.
    Kind(&'static str),
    /// Of the right kind, but not a value of it.
    Value,
}

impl Literal {
    /// Reads a token as a value of `kind`.
    pub(super) fn read(token: &Token, kind: &Kind) -> Result<Self, Misfit> {
        let word = match token {
            Token::Text(text) => return Self::from_text(text, kind),
            Token::Word(word) => word,
            _ => return Err(Misfit::NoValue),
        };
        let bare = Self::from_word(word).ok_or(Misfit::NoValue)?;
        let found = match (&bare, kind) {
            (Self::Null, _) | (_, Kind::Any) => return Ok(bare),
            (Self::Boolean(_), Kind::Boolean)
            | (Self::Guid(_), Kind::Guid)
            | (Self::DateTime(_), Kind::DateTime) => return Ok(bare),
            (Self::Integer(number), Kind::Int32) if i32::try_from(*number).is_ok() => return Ok(bare),
            (Self::Integer(_), _) => Kind::Int32,
            (Self::Boolean(_), _) => Kind::Boolean,
            (Self::Guid(_), _) => Kind::Guid,
            (Self::DateTime(_), _) => Kind::DateTime,
            (Self::Binary(_) | Self::String(_), _) => Kind::String,
        };
        Err(Misfit::Kind(found.edm()))
    }

    fn from_text(text: &str, kind: &Kind) -> Result<Self, Misfit> {
        match kind {
            Kind::String | Kind::Any => Ok(Self::String(text.to_owned())),
            Kind::Binary => Ok(Self::Binary(text.to_owned())),
            Kind::Guid => guid(text).map(Self::Guid).ok_or(Misfit::Value),
            _ => Err(Misfit::Kind(Kind::String.edm())),
        }
    }

    fn from_word(word: &str) -> Option<Self> {
        match word {
            "null" => return Some(Self::Null),
            "true" => return Some(Self::Boolean(true)),
            "false" => return Some(Self::Boolean(false)),
            _ => {}
        }
        if let Some(guid) = guid(word) {
            return Some(Self::Guid(guid));
        }
        if !word.starts_with(|c: char| c.is_ascii_digit() || c == '-') {
            return None;
        }
        word.parse().ok().map(Self::Integer).or_else(|| time(word).map(Self::DateTime))
    }

    /// The folded or canonical text of values that an index holds.
    pub(crate) fn index_key(&self) -> Option<String> {
        match self {
            Self::String(text) => Some(super::super::fold::fold(text)),
            Self::Guid(guid) => Some(guid.hyphenated().to_string()),
            _ => None,
        }
    }
}

impl Misfit {
    /// What the client is told; `syntax` if it is not about values at all.
    pub(super) fn refuse(
        self,
        syntax: impl FnOnce() -> QueryError,
        types: impl FnOnce(&'static str) -> QueryError,
        value: impl FnOnce() -> QueryError,
    ) -> QueryError {
        match self {
            Self::NoValue => syntax(),
            Self::Kind(found) => types(found),
            Self::Value => value(),
        }
    }
}

/// Only with hyphens: a UUID may also be written as 32 digits, in braces and as a URN, and Graph takes none of these.
fn guid(text: &str) -> Option<Uuid> {
    if text.len() == 36 { Uuid::try_parse(text).ok() } else { None }
}

/// A day is its first moment: `createdDateTime ge 2026-08-13`.
fn time(word: &str) -> Option<Timestamp> {
    word.parse().ok().or_else(|| format!("{word}T00:00:00Z").parse().ok())
}

impl fmt::Display for Literal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Null => f.write_str("null"),
            Self::Boolean(value) => value.fmt(f),
            Self::Integer(value) => value.fmt(f),
            Self::Guid(value) => value.hyphenated().fmt(f),
            Self::DateTime(value) => value.fmt(f),
            Self::Binary(text) | Self::String(text) => write!(f, "'{}'", text.replace('\'', "''")),
        }
    }
}
