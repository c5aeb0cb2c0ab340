//! What is wrong with a manifest: which member, and why.

use std::fmt;

/// At most this many errors of one document are reported.
pub const MAX_ERRORS: usize = 100;

/// One thing that is wrong with a manifest.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ManifestError {
    /// Where, as a path from the top of the application: `replyUrlsWithType[2].type`. Empty for the document itself.
    pub member: String,
    /// What is wrong there.
    pub reason: Reason,
}

/// Why a manifest, or a member of it, cannot be taken.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Reason {
    /// The text is longer than [`MAX_BYTES`](super::MAX_BYTES).
    TooLarge,
    /// Objects and arrays nest deeper than [`MAX_DEPTH`](super::MAX_DEPTH).
    TooDeep,
    /// The text is not UTF-8.
    NotUtf8,
    /// The text is not JSON (RFC 8259; comments and trailing commas are not JSON).
    NotJson {
        /// The line at which reading stopped, from 1.
        line: usize,
        /// The column at which reading stopped, from 1.
        column: usize,
    },
    /// The member's name occurs twice in its object.
    Duplicate,
    /// The document has no member of an application, in either form.
    NotAnApplication,
    /// The document holds this many applications; a manifest is one.
    Several(usize),
    /// The member has another JSON type than this.
    Expected(&'static str),
    /// The member's value is none of these.
    NotOneOf(&'static [&'static str]),
    /// The member is required here.
    Missing,
    /// The Microsoft Graph form has no place for this member.
    NoPlace,
    /// The member says otherwise than that one, or both stand where one belongs.
    Contradicts(String),
    /// The member belongs to the Microsoft Graph form, those to the Azure AD Graph form.
    OtherForm(Vec<String>),
}

impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::TooLarge => f.write_str("is too large"),
            Self::TooDeep => f.write_str("is nested too deeply"),
            Self::NotUtf8 => f.write_str("is not UTF-8"),
            Self::NotJson { line, column } => write!(f, "is not JSON (line {line}, column {column})"),
            Self::Duplicate => f.write_str("occurs twice"),
            Self::NotAnApplication => f.write_str("is not an application manifest"),
            Self::Several(count) => write!(f, "holds {count} applications; a manifest is one"),
            Self::Expected(kind) => write!(f, "must be {kind}"),
            Self::NotOneOf(words) => write!(f, "must be one of {}", words.join(", ")),
            Self::Missing => f.write_str("is missing"),
            Self::NoPlace => f.write_str("has no place in the Microsoft Graph form"),
            Self::Contradicts(other) => write!(f, "contradicts {other}"),
            Self::OtherForm(old) => {
                write!(f, "is of the Microsoft Graph form, but {} of the Azure AD Graph form", old.join(", "))
            }
        }
    }
}

impl fmt::Display for ManifestError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let member = if self.member.is_empty() { "the document" } else { &self.member };
        write!(f, "{member} {}", self.reason)
    }
}

impl std::error::Error for ManifestError {}

/// Everything that is wrong with one manifest, in the order found: at least one error, at most [`MAX_ERRORS`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ManifestErrors(Vec<ManifestError>);

impl ManifestErrors {
    /// The errors.
    pub fn iter(&self) -> std::slice::Iter<'_, ManifestError> {
        self.0.iter()
    }

    pub(crate) fn of_document(reason: Reason) -> Self {
        Self(vec![ManifestError { member: String::new(), reason }])
    }
}

impl<'a> IntoIterator for &'a ManifestErrors {
    type Item = &'a ManifestError;
    type IntoIter = std::slice::Iter<'a, ManifestError>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}

impl IntoIterator for ManifestErrors {
    type Item = ManifestError;
    type IntoIter = std::vec::IntoIter<ManifestError>;

    fn into_iter(self) -> Self::IntoIter {
        self.0.into_iter()
    }
}

impl fmt::Display for ManifestErrors {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, error) in self.0.iter().enumerate() {
            write!(f, "{}{error}", if index == 0 { "" } else { "; " })?;
        }
        Ok(())
    }
}

impl std::error::Error for ManifestErrors {}

/// The errors found so far.
#[derive(Debug, Default)]
pub(crate) struct Faults {
    kept: Vec<ManifestError>,
    found: usize,
}

impl Faults {
    pub(crate) fn add(&mut self, member: impl Into<String>, reason: Reason) {
        self.found += 1;
        if self.kept.len() < MAX_ERRORS {
            self.kept.push(ManifestError { member: member.into(), reason });
        }
    }

    /// How many there were, kept or not.
    pub(crate) fn count(&self) -> usize {
        self.found
    }

    /// The value, unless something was wrong.
    pub(crate) fn unless_any<T>(self, value: T) -> Result<T, ManifestErrors> {
        if self.kept.is_empty() { Ok(value) } else { Err(ManifestErrors(self.kept)) }
    }
}
