//! What an operation answers when all went well. Whoever answers shows the proof that the caller may have it.

use http::StatusCode;
use serde_json::{Map, Value};

use crate::authorize::Allowed;

/// An answer, before it has the headers that all of them have.
#[derive(Debug)]
pub struct Reply {
    /// The status.
    pub status: StatusCode,
    /// The body.
    pub body: Body,
    /// The version of an entity.
    pub etag: Option<String>,
    /// Where what was made is.
    pub location: Option<String>,
}

/// A body.
#[derive(Debug)]
pub enum Body {
    /// None.
    Nothing,
    /// JSON.
    Json(Map<String, Value>),
    /// Text.
    Text(String),
}

impl Reply {
    const fn new(status: StatusCode, body: Body) -> Self {
        Self { status, body, etag: None, location: None }
    }

    /// `204`: it is done.
    pub const fn done(_: &Allowed) -> Self {
        Self::new(StatusCode::NO_CONTENT, Body::Nothing)
    }

    /// `200` and this.
    pub const fn with(_: &Allowed, body: Map<String, Value>) -> Self {
        Self::new(StatusCode::OK, Body::Json(body))
    }

    /// `200` and an entity, whose `@odata.etag` is also a header.
    pub fn entity(_: &Allowed, body: Map<String, Value>) -> Self {
        let etag = body.get("@odata.etag").and_then(Value::as_str).map(str::to_owned);
        Self { etag, ..Self::new(StatusCode::OK, Body::Json(body)) }
    }

    /// `201` and an entity, which is now there.
    pub fn created(allowed: &Allowed, body: Map<String, Value>, location: String) -> Self {
        Self { status: StatusCode::CREATED, location: Some(location), ..Self::entity(allowed, body) }
    }

    /// `200` and text.
    pub const fn text(_: &Allowed, text: String) -> Self {
        Self::new(StatusCode::OK, Body::Text(text))
    }

    /// `200` and the answers of others, each of which showed its own proof.
    pub(crate) const fn of_replies(body: Map<String, Value>) -> Self {
        Self::new(StatusCode::OK, Body::Json(body))
    }
}
