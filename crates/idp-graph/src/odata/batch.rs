//! The bodies of `POST /$batch` (GA-04): up to twenty requests, each of which may wait for others. Pure: what is
//! asked, in which order, and what is answered; the asking is done elsewhere, by the same principal for all.

use std::collections::BTreeMap;

use percent_encoding::percent_decode_str;
use serde::Deserialize;
use serde_json::{Map, Value, json};
use thiserror::Error;
use vestibule_wire::graph_error::{GraphErrorBody, GraphErrorCode};

use super::error::quoted;

/// At most this many requests.
pub const MAX_REQUESTS: usize = 20;

/// The longest address of one request, in bytes.
pub const MAX_URL: usize = 8 * 1024;

/// What a request within a batch may say in headers; the rest is not passed on.
const HEADERS: &[&str] = &[
    "accept",
    "accept-language",
    "client-request-id",
    "consistencylevel",
    "content-type",
    "if-match",
    "if-none-match",
    "prefer",
];

/// A batch that can be carried out: ids are unique, addresses are relative, and nobody waits in a circle.
#[derive(Debug)]
pub struct Batch {
    requests: Vec<Request>,
}

/// One of its requests.
#[derive(Debug, Clone, PartialEq)]
pub struct Request {
    /// How the client tells it apart.
    pub id: String,
    /// What is done.
    pub method: Method,
    /// Path and query behind the version, beginning with a slash: `/users?$top=1`.
    pub url: String,
    /// In lower case, only those that are passed on.
    pub headers: BTreeMap<String, String>,
    /// JSON, if there is a body.
    pub body: Option<Value>,
    /// The places of the requests that have to succeed first.
    depends_on: Vec<usize>,
}

/// What a request within a batch may do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
#[expect(missing_docs, reason = "the methods of HTTP")]
pub enum Method {
    Get,
    Post,
    Put,
    Patch,
    Delete,
}

/// Why a batch is not carried out, not even in part.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum BatchError {
    #[error(
        "Unable to read JSON request payload. Please ensure Content-Type header is set and payload is of valid JSON format."
    )]
    Malformed,
    #[error("Invalid batch payload format: there are no requests.")]
    Empty,
    #[error("Number of batch request steps exceeds the maximum value of {MAX_REQUESTS}.")]
    TooMany,
    #[error("Request id '{id}' is empty or used more than once.")]
    Id { id: String },
    #[error("The url of request '{id}' is not a relative address below this version of the API.")]
    Url { id: String },
    #[error("Request '{id}' is itself a batch.")]
    Nested { id: String },
    #[error("Request '{id}' has an Authorization header: all requests of a batch are made by one principal.")]
    OtherPrincipal { id: String },
    #[error("Request '{id}' depends on '{missing}', which is not in the batch.")]
    UnknownDependency { id: String, missing: String },
    #[error("Request '{id}' depends on itself.")]
    Circle { id: String },
}

impl BatchError {
    /// Graph's code for it.
    pub const fn code(&self) -> GraphErrorCode {
        GraphErrorCode::MalformedRequest
    }
}

#[derive(Deserialize)]
struct Body {
    requests: Vec<Step>,
}

#[derive(Deserialize)]
struct Step {
    id: String,
    method: Method,
    url: String,
    #[serde(default)]
    headers: BTreeMap<String, String>,
    body: Option<Value>,
    #[serde(default, rename = "dependsOn")]
    depends_on: Vec<String>,
}

impl Batch {
    /// Reads the body of the request.
    pub fn parse(body: &[u8]) -> Result<Self, BatchError> {
        let Body { requests: steps } = serde_json::from_slice(body).map_err(|_| BatchError::Malformed)?;
        match steps.len() {
            0 => return Err(BatchError::Empty),
            1..=MAX_REQUESTS => {}
            _ => return Err(BatchError::TooMany),
        }
        // Ids are compared without case, as the service does.
        let ids: Vec<String> = steps.iter().map(|step| step.id.to_lowercase()).collect();
        for (place, id) in ids.iter().enumerate() {
            if id.is_empty() || ids[..place].contains(id) {
                return Err(BatchError::Id { id: quoted(id) });
            }
        }
        let requests = steps.into_iter().map(|step| step.check(&ids)).collect::<Result<_, _>>()?;
        in_order(requests).map(|requests| Self { requests })
    }

    /// The requests in an order in which each comes after those it waits for.
    pub fn requests(&self) -> &[Request] {
        &self.requests
    }
}

impl Step {
    fn check(self, ids: &[String]) -> Result<Request, BatchError> {
        let id = || quoted(&self.id);
        let url = relative(&self.url).ok_or_else(|| BatchError::Url { id: id() })?;
        if is_batch(&url) {
            return Err(BatchError::Nested { id: id() });
        }
        let headers: BTreeMap<String, String> =
            self.headers.into_iter().map(|(name, value)| (name.to_ascii_lowercase(), value)).collect();
        if headers.contains_key("authorization") {
            return Err(BatchError::OtherPrincipal { id: quoted(&self.id) });
        }
        let mut depends_on = Vec::new();
        for wanted in &self.depends_on {
            let place = ids.iter().position(|known| *known == wanted.to_lowercase());
            let unknown = || BatchError::UnknownDependency { id: quoted(&self.id), missing: quoted(wanted) };
            depends_on.push(place.ok_or_else(unknown)?);
        }
        let passed_on = |name: &String, value: &String| {
            HEADERS.contains(&name.as_str()) && !value.chars().any(char::is_control)
        };
        Ok(Request {
            id: self.id,
            method: self.method,
            url,
            headers: headers.into_iter().filter(|(name, value)| passed_on(name, value)).collect(),
            body: self.body,
            depends_on,
        })
    }
}

/// An address below the version of the API, with its slash; nothing that could lead elsewhere.
fn relative(url: &str) -> Option<String> {
    let url = url.strip_prefix('/').unwrap_or(url);
    let (path, _) = url.split_once('?').unwrap_or((url, ""));
    let forbidden = |c: char| c.is_control() || c == '\\' || c == '#' || c == ' ';
    // Segment by segment, because `%2F` within a key parts nothing.
    let stays = |segment: &str| match percent_decode_str(segment).decode_utf8() {
        Ok(decoded) => !matches!(&*decoded, "" | "." | "..") && !decoded.contains('\\'),
        Err(_) => false,
    };
    let leads_out = !path.split('/').all(stays);
    // A colon in the first segment would make it a scheme.
    let has_scheme = path.split(['/', '(', '\'']).next().is_some_and(|first| first.contains(':'));
    let ok = url.len() <= MAX_URL && !url.contains(forbidden) && !leads_out && !has_scheme;
    ok.then(|| format!("/{url}"))
}

fn is_batch(url: &str) -> bool {
    let path = url.split('?').next().unwrap_or_default();
    let decoded = percent_decode_str(path).decode_utf8_lossy();
    decoded
        .split('/')
        .any(|segment| segment.split('(').next() == Some("$batch") || segment.eq_ignore_ascii_case("$batch"))
}

/// Takes, again and again, the first request that waits for nothing; what is left in the end waits for itself.
fn in_order(requests: Vec<Request>) -> Result<Vec<Request>, BatchError> {
    let mut order: Vec<usize> = Vec::with_capacity(requests.len());
    while order.len() < requests.len() {
        let free = |(place, request): &(usize, &Request)| {
            !order.contains(place) && request.depends_on.iter().all(|needed| order.contains(needed))
        };
        match requests.iter().enumerate().find(free) {
            Some((place, _)) => order.push(place),
            None => {
                let stuck = requests.iter().enumerate().find(|(place, _)| !order.contains(place));
                let id = stuck.map_or_else(String::new, |(_, request)| quoted(&request.id));
                return Err(BatchError::Circle { id });
            }
        }
    }
    let new_place = |old: &usize| order.iter().position(|place| place == old);
    let moved = order.iter().filter_map(|place| {
        let request = requests.get(*place)?.clone();
        let depends_on = request.depends_on.iter().filter_map(new_place).collect();
        Some(Request { depends_on, ..request })
    });
    Ok(moved.collect())
}

/// The answers, in the order in which they are given.
#[derive(Debug, Default)]
pub struct Responses {
    /// Status and body of each request, by place in [`Batch::requests`].
    given: Vec<(u16, Value)>,
}

impl Responses {
    /// Whether everything that the request waits for has succeeded. If not, it is not carried out.
    pub fn may_run(&self, request: &Request) -> bool {
        let succeeded = |place: &usize| self.given.get(*place).is_some_and(|(status, _)| *status < 400);
        request.depends_on.iter().all(succeeded)
    }

    /// What was answered to the next request.
    pub fn answer(
        &mut self,
        request: &Request,
        status: u16,
        headers: &BTreeMap<String, String>,
        body: Option<Value>,
    ) {
        let mut response = Map::new();
        response.insert("id".to_owned(), json!(request.id));
        response.insert("status".to_owned(), json!(status));
        response.insert("headers".to_owned(), json!(headers));
        if let Some(body) = body {
            response.insert("body".to_owned(), body);
        }
        self.given.push((status, Value::Object(response)));
    }

    /// The next request is not carried out, because one that it waits for has failed.
    pub fn refuse_dependent(&mut self, request: &Request) {
        let code = GraphErrorCode::FailedDependency;
        let message = "The request depends on a request that has failed.";
        let body = serde_json::to_value(GraphErrorBody::new(code, message)).ok();
        self.answer(request, code.status(), &BTreeMap::new(), body);
    }

    /// The body of the answer.
    pub fn into_body(self) -> Value {
        let responses: Vec<Value> = self.given.into_iter().map(|(_, response)| response).collect();
        json!({ "responses": responses })
    }
}
