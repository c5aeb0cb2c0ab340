//! From a request to an answer, the same for a request of its own and for one in a batch:
//!
//! 1. who calls?   2. which operation?   3. might they at all?   4. what is said?   5. the operation   6. the answer
//!
//! When what it was decided on changes before it comes true, all of it is decided again, from the first step on.

use axum::body::Body as HttpBody;
use http::{HeaderMap, Method};
use idp_domain::changes::Conflict;
use idp_web::request::RequestInfo;
use idp_web::state::{App, Shared};
use serde_json::{Map, Value};

use crate::authorize;
use crate::body;
use crate::call::{Asked, Call};
use crate::caller::Caller;
use crate::error::Refusal;
use crate::etag::IfMatch;
use crate::operations::{Operation, Takes, Verb};
use crate::path;
use crate::reply::Reply;

/// A request, by itself or in a batch.
pub(crate) struct Request<'a> {
    /// The method.
    pub(crate) method: &'a Method,
    /// The path under the version.
    pub(crate) path: &'a str,
    /// The query.
    pub(crate) query: &'a str,
    /// The headers that are its own: `If-Match`, `ConsistencyLevel`, `Content-Type`.
    pub(crate) headers: &'a HeaderMap,
    /// The headers that say who calls.
    pub(crate) identity: &'a HeaderMap,
    /// `v1.0` or `beta`.
    pub(crate) version: &'static str,
}

/// The body of a request.
pub(crate) enum Payload<'a> {
    /// Still on its way.
    Http(&'a mut HttpBody),
    /// In a batch.
    Json(Option<Map<String, Value>>),
}

/// A refusal, and which type of resource it is about.
pub(crate) struct Refused {
    pub(crate) refusal: Refusal,
    pub(crate) resource: String,
}

impl From<Refusal> for Refused {
    fn from(refusal: Refusal) -> Self {
        Self { refusal, resource: "DirectoryObject".into() }
    }
}

/// How often it is decided again.
const TRIES: usize = 3;

/// Answers a request.
pub(crate) async fn answer(
    app: &Shared,
    info: &RequestInfo,
    request: &Request<'_>,
    payload: Payload<'_>,
) -> Result<Reply, Refused> {
    // 1. Who calls? Whoever does not say so learns nothing, not even which paths there are.
    let mut caller = identify(app, info, request).await?;
    limited(app, &caller)?;
    // 2. Which operation?
    let (operation, keys) = path::find(Verb::of(request.method), request.path)?;
    let about = |refusal| Refused { refusal, resource: operation.resource() };
    // 3. Might they, whatever it is done to?
    might(&caller, operation).map_err(about)?;
    // 4. What is said?
    let asked = Asked {
        operation,
        path: request.path.trim_matches('/').to_owned(),
        keys,
        query: request.query.to_owned(),
        eventual: is_eventual(request.headers),
        if_match: IfMatch::read(request.headers),
        body: read(operation, request.headers, payload).await.map_err(about)?,
        version: request.version,
    };
    for attempt in 1.. {
        // 5. The operation.
        let call = Call::new(app, info, &asked, caller);
        match (operation.handler)(&call).await {
            Err(Refusal::OutOfDate(conflict)) => {
                tracing::debug!(%conflict, "deciding again");
                // GA-11: what the client read is not what is there.
                if conflict == Conflict::ObjectChanged && asked.if_match != IfMatch::Any {
                    return Err(about(Refusal::Stale));
                }
                if attempt == TRIES {
                    return Err(about(Refusal::Contended));
                }
            }
            // 6. The answer.
            outcome => return outcome.map_err(about),
        }
        caller = identify(app, info, request).await?;
        might(&caller, operation).map_err(about)?;
    }
    Err(about(Refusal::Contended))
}

async fn identify(app: &App, info: &RequestInfo, request: &Request<'_>) -> Result<Caller, Refusal> {
    Ok(Caller::identify(app, request.identity, info.now()).await?)
}

/// GA-18: a request of a batch counts as one.
fn limited(app: &App, caller: &Caller) -> Result<(), Refusal> {
    let (tenant, client) = (caller.tenant().id, caller.client().client_id());
    Ok(app.limits.graph_by_principal(tenant, client, caller.object())?)
}

fn might(caller: &Caller, operation: &Operation) -> Result<(), Refusal> {
    if caller.user().is_none() && (operation.path == "/me" || operation.path.starts_with("/me/")) {
        return Err(Refusal::NobodyIsMe);
    }
    let standing = caller.standing();
    if operation.needs.iter().any(|action| authorize::might(standing, *action)) {
        Ok(())
    } else {
        Err(Refusal::Denied)
    }
}

async fn read(
    operation: &Operation,
    headers: &HeaderMap,
    payload: Payload<'_>,
) -> Result<Option<Map<String, Value>>, Refusal> {
    if matches!(operation.takes, Takes::Nothing) {
        return Ok(None);
    }
    match payload {
        Payload::Http(body) => body::read(headers, body).await,
        Payload::Json(members) => Ok(members),
    }
}

fn is_eventual(headers: &HeaderMap) -> bool {
    let level = headers.get("consistencylevel").and_then(|value| value.to_str().ok());
    level.is_some_and(|level| level.eq_ignore_ascii_case("eventual"))
}
