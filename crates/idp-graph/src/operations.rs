//! Operations: ONE table of everything that can be asked of Graph. From it come the routes, the coarse half of the
//! authorization, the OpenAPI document, the reference page and the authorization matrix.
//!
//! Each resource brings its own part of the table, beside its handlers.

use std::future::Future;
use std::pin::Pin;

use crate::authorize::Action;
use crate::call::Call;
use crate::error::Refusal;
use crate::odata::schema::{EntityType, Property};
use crate::reply::Reply;
use crate::v1_0;

/// The methods that operations have.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Verb {
    /// Read.
    Get,
    /// Make, or do.
    Post,
    /// Set a reference.
    Put,
    /// Change.
    Patch,
    /// Delete.
    Delete,
}

/// What the body of a request is.
#[derive(Debug, Clone, Copy)]
pub enum Takes {
    /// There is none.
    Nothing,
    /// An entity that is made: what is writable, and what may be said once.
    New(&'static EntityType),
    /// Members of an entity that change: what is writable.
    Changes(&'static EntityType),
    /// The arguments of an action.
    Arguments(&'static [Property]),
    /// `{"@odata.id": …}`
    Reference,
}

/// What the answer is when all goes well.
#[derive(Debug, Clone, Copy)]
pub enum Answers {
    /// `204`, and nothing.
    NoContent,
    /// `200` and an entity.
    Entity(&'static EntityType),
    /// `201` and an entity.
    Created(&'static EntityType),
    /// `200` and a page of entities.
    Collection(&'static EntityType),
    /// `200` and a value, or several, of this property.
    Value(&'static Property),
    /// `200` and a number as text.
    Count,
}

/// What a handler answers.
pub type Handled<'a> = Pin<Box<dyn Future<Output = Result<Reply, Refusal>> + Send + 'a>>;

/// What answers an operation.
pub type Handler = for<'a> fn(&'a Call<'a>) -> Handled<'a>;

/// Something that can be asked.
#[derive(Debug)]
pub struct Operation {
    /// The method.
    pub method: Verb,
    /// Under `/graph/v1.0`; `{…}` stands for a key.
    pub path: &'static str,
    /// What it does, in one sentence.
    pub summary: &'static str,
    /// The body.
    pub takes: Takes,
    /// The answer.
    pub answers: Answers,
    /// What the caller must be allowed to do: one of these at least, to something. The handler asks for the one that the
    /// target and the body need.
    pub needs: &'static [Action],
    /// What answers it.
    pub handler: Handler,
}

/// All operations, one part for each resource.
pub fn all() -> impl Iterator<Item = &'static Operation> {
    v1_0::OPERATIONS.iter().flat_map(|part| part.iter())
}

impl Verb {
    /// The word on the wire.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Get => "GET",
            Self::Post => "POST",
            Self::Put => "PUT",
            Self::Patch => "PATCH",
            Self::Delete => "DELETE",
        }
    }

    /// Reads the word.
    pub fn of(method: &http::Method) -> Option<Self> {
        // RFC 9110 §9.3.2: the same as GET; the body is left out where the answer is sent.
        if method == http::Method::HEAD {
            return Some(Self::Get);
        }
        [Self::Get, Self::Post, Self::Put, Self::Patch, Self::Delete]
            .into_iter()
            .find(|verb| verb.as_str() == method.as_str())
    }
}

impl Answers {
    /// The status.
    pub const fn status(self) -> u16 {
        match self {
            Self::NoContent => 204,
            Self::Created(_) => 201,
            Self::Entity(_) | Self::Collection(_) | Self::Value(_) | Self::Count => 200,
        }
    }
}

impl Operation {
    const fn new(
        (method, path): (Verb, &'static str),
        summary: &'static str,
        takes: Takes,
        answers: Answers,
        needs: &'static [Action],
        handler: Handler,
    ) -> Self {
        Self { method, path, summary, takes, answers, needs, handler }
    }

    /// Reads.
    pub const fn get(
        path: &'static str,
        summary: &'static str,
        needs: &'static [Action],
        answers: Answers,
        handler: Handler,
    ) -> Self {
        Self::new((Verb::Get, path), summary, Takes::Nothing, answers, needs, handler)
    }

    /// Makes, or does.
    pub const fn post(
        path: &'static str,
        summary: &'static str,
        needs: &'static [Action],
        takes: Takes,
        answers: Answers,
        handler: Handler,
    ) -> Self {
        Self::new((Verb::Post, path), summary, takes, answers, needs, handler)
    }

    /// Changes an entity.
    pub const fn patch(
        path: &'static str,
        summary: &'static str,
        needs: &'static [Action],
        takes: Takes,
        handler: Handler,
    ) -> Self {
        Self::new((Verb::Patch, path), summary, takes, Answers::NoContent, needs, handler)
    }

    /// Sets a reference.
    pub const fn put(
        path: &'static str,
        summary: &'static str,
        needs: &'static [Action],
        takes: Takes,
        handler: Handler,
    ) -> Self {
        Self::new((Verb::Put, path), summary, takes, Answers::NoContent, needs, handler)
    }

    /// Deletes.
    pub const fn delete(
        path: &'static str,
        summary: &'static str,
        needs: &'static [Action],
        handler: Handler,
    ) -> Self {
        Self::new((Verb::Delete, path), summary, Takes::Nothing, Answers::NoContent, needs, handler)
    }

    /// The type of what it is about, as messages write it.
    pub fn resource(&self) -> String {
        match (self.takes, self.answers) {
            (Takes::New(entity) | Takes::Changes(entity), _)
            | (_, Answers::Entity(entity) | Answers::Created(entity) | Answers::Collection(entity)) => {
                entity.resource()
            }
            _ => "DirectoryObject".into(),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn no_operation_is_there_twice_and_each_needs_something() {
        let mut seen = HashSet::new();
        for operation in all() {
            assert!(
                seen.insert((operation.method, operation.path.to_ascii_lowercase())),
                "{}",
                operation.path
            );
            assert!(!operation.needs.is_empty(), "{} {}", operation.method.as_str(), operation.path);
            assert!(operation.summary.ends_with('.'), "{}", operation.summary);
        }
    }

    /// Reading asks for reading rights, and whatever changes something for a right to change.
    #[test]
    fn an_operation_needs_a_right_of_its_own_kind() {
        // Actions that read, and are sent by POST because of their arguments.
        let reads =
            ["getbyids", "getmembergroups", "getmemberobjects", "checkmembergroups", "checkmemberobjects"];
        for operation in all() {
            let last = operation.path.rsplit('/').next().unwrap_or_default().to_ascii_lowercase();
            let writes = operation.method != Verb::Get && !reads.contains(&last.as_str());
            for action in operation.needs {
                assert_eq!(action.writes(), writes, "{} {}", operation.method.as_str(), operation.path);
            }
        }
    }
}
