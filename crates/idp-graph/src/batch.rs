//! `POST /$batch` (GA-04): each request through the same door as one by itself, by the principal of the batch. Each is
//! authorized for itself.

use std::collections::BTreeMap;

use axum::body::Body as HttpBody;
use http::header::{HeaderMap, HeaderName, HeaderValue};
use http::{Method, StatusCode};
use idp_web::request::RequestInfo;
use idp_web::state::Shared;
use serde_json::{Map, Value};
use vestibule_wire::graph_error::GraphErrorBody;

use crate::body;
use crate::caller::Caller;
use crate::dispatch::{self, Payload, Refused};
use crate::error::Refusal;
use crate::odata::batch::{self, Batch, BatchError, Responses};
use crate::reply::{Body, Reply};
use crate::routes::told;

/// Answers a batch.
pub(crate) async fn answer(
    app: &Shared,
    info: &RequestInfo,
    version: &'static str,
    headers: &HeaderMap,
    payload: &mut HttpBody,
) -> Result<Reply, Refusal> {
    Caller::identify(app, headers, info.now()).await?;
    let members = body::read(headers, payload).await?.unwrap_or_default();
    let batch = Batch::parse(&serde_json::to_vec(&members).unwrap_or_default())?;
    let mut responses = Responses::default();
    for request in batch.requests() {
        if responses.may_run(request) {
            let outcome = one(app, info, version, headers, request).await;
            let (status, headers, body) = shown(info, outcome);
            responses.answer(request, status.as_u16(), &headers, body);
        } else {
            responses.refuse_dependent(request);
        }
    }
    match responses.into_body() {
        Value::Object(body) => Ok(Reply::of_replies(body)),
        _ => Ok(Reply::of_replies(Map::new())),
    }
}

async fn one(
    app: &Shared,
    info: &RequestInfo,
    version: &'static str,
    identity: &HeaderMap,
    request: &batch::Request,
) -> Result<Reply, Refused> {
    let (path, query) = request.url.split_once('?').unwrap_or((&request.url, ""));
    let path = path.to_ascii_lowercase();
    let mut headers = HeaderMap::new();
    for (name, value) in &request.headers {
        if let (Ok(name), Ok(value)) = (HeaderName::try_from(name), HeaderValue::from_str(value)) {
            headers.insert(name, value);
        }
    }
    let payload = match &request.body {
        None | Some(Value::Null) => None,
        Some(Value::Object(members)) => Some(members.clone()),
        Some(_) => return Err(Refusal::Malformed("The payload is not a JSON object.".into()).into()),
    };
    let asked = dispatch::Request {
        method: &method(request.method),
        path: &path,
        query,
        headers: &headers,
        identity,
        version,
    };
    // Boxed, because what it may lead to is large.
    Box::pin(dispatch::answer(app, info, &asked, Payload::Json(payload))).await
}

const fn method(method: batch::Method) -> Method {
    match method {
        batch::Method::Get => Method::GET,
        batch::Method::Post => Method::POST,
        batch::Method::Put => Method::PUT,
        batch::Method::Patch => Method::PATCH,
        batch::Method::Delete => Method::DELETE,
    }
}

fn shown(
    info: &RequestInfo,
    outcome: Result<Reply, Refused>,
) -> (StatusCode, BTreeMap<String, String>, Option<Value>) {
    let mut headers = BTreeMap::new();
    let mut say = |name: &str, value: Option<String>| {
        if let Some(value) = value {
            headers.insert(name.to_owned(), value);
        }
    };
    match outcome {
        Ok(reply) => {
            say("ETag", reply.etag);
            say("Location", reply.location);
            let (kind, body) = match reply.body {
                Body::Nothing => (None, None),
                Body::Json(members) => (Some("application/json"), Some(Value::Object(members))),
                Body::Text(text) => (Some("text/plain"), Some(Value::String(text))),
            };
            say("Content-Type", kind.map(str::to_owned));
            (reply.status, headers, body)
        }
        Err(refused) => {
            let (status, body) = told(info, &refused);
            say("Content-Type", Some("application/json".into()));
            if let Refusal::TooOften(too_often) = refused.refusal {
                say("Retry-After", Some(too_often.retry_after.to_string()));
            }
            (status, headers, serde_json::to_value(&body).ok())
        }
    }
}

impl From<BatchError> for Refusal {
    fn from(error: BatchError) -> Self {
        Self::Query(Box::new(GraphErrorBody::new(error.code(), error.to_string()).error))
    }
}
