//! `GET …/authorize/resume`: the way back from the conversation. Nothing is checked less than at the
//! first arrival: what can have changed meanwhile is read again.

use axum::body::Body;
use axum::extract::{RawQuery, State};
use http::{HeaderMap, Response};
use idp_domain::tokens::IdTokenWishes;
use idp_signin::{Consented, Finished};
use idp_web::request::RequestInfo;
use idp_web::state::{App, Shared};
use serde::{Deserialize, Serialize};
use vestibule_wire::form::Form;
use vestibule_wire::ids::ClientId;
use vestibule_wire::oauth::{Prompt, ResponseType, param};
use vestibule_wire::pkce::CodeChallenge;

use super::checks::{self, ValidRequest};
use super::error::AuthorizeError;
use super::raw::{AnswerTo, AnswerableRequest};
use super::refusal::{self, Refused};
use crate::dialect::Dialect;

/// What the endpoint needs when the conversation comes back. It travels sealed.
#[derive(Serialize, Deserialize)]
struct Suspended {
    client: ClientId,
    answer_to: AnswerTo,
    response: ResponseType,
    scope: String,
    challenge: Option<CodeChallenge>,
    wishes: IdTokenWishes,
    prompt: Option<Prompt>,
    client_info: bool,
}

/// What the conversation can carry, as it will be written there.
const MOST: usize = 9 * 1024;

/// The state to hand to the conversation. A `state` that is long, and longer still once its quotation marks are escaped,
/// is refused before anybody has typed anything (AZ-22).
pub(super) fn state_of(request: &AnswerableRequest, valid: &ValidRequest) -> Result<String, AuthorizeError> {
    let suspended = Suspended {
        client: request.client(),
        answer_to: request.answer_to().clone(),
        response: valid.response,
        scope: valid.scope.clone(),
        challenge: valid.challenge.clone(),
        wishes: valid.wishes.clone(),
        prompt: valid.prompt,
        client_info: valid.client_info,
    };
    let state = serde_json::to_string(&suspended).map_err(|_| AuthorizeError::Malformed)?;
    let written = serde_json::to_string(&state).map_err(|_| AuthorizeError::Malformed)?;
    if written.len() > MOST { Err(AuthorizeError::Invalid(param::STATE)) } else { Ok(state) }
}

/// The way back.
pub async fn get(
    State(app): State<Shared>,
    dialect: Dialect,
    RawQuery(query): RawQuery,
    info: RequestInfo,
    headers: HeaderMap,
) -> Response<Body> {
    let form = Form::parse(query.as_deref().unwrap_or_default().as_bytes()).unwrap_or_default();
    match idp_signin::finish(&app, &info, &headers, form.get("ctx")).await {
        Ok(finished) => match go_on(&app, &info, &headers, dialect, finished).await {
            Ok(response) => response,
            Err(Refused::OnPage(error)) => refusal::page(&app, &info, &error, &form),
            Err(Refused::ToApplication(request, error)) => refusal::redirect(&app, &info, &request, &error),
        },
        Err(turned) => turned.page(&app, &info),
    }
}

async fn go_on(
    app: &App,
    info: &RequestInfo,
    headers: &HeaderMap,
    dialect: Dialect,
    finished: Finished,
) -> Result<Response<Body>, Refused> {
    let Finished { signed_in, consented, state, .. } = finished;
    let suspended: Suspended = serde_json::from_str(&state).map_err(|_| AuthorizeError::Malformed)?;
    let Suspended { client, answer_to, response, scope, challenge, wishes, prompt, client_info } = suspended;
    let tenant = signed_in.user().tenant;
    let application = app.store.application(client).await.map_err(AuthorizeError::from)?;
    let not_found = || AuthorizeError::ApplicationNotFound { client, directory: tenant.to_string() };
    let application = application.ok_or_else(not_found)?;
    let request = AnswerableRequest::resumed(application, answer_to, tenant, dialect, app.origin.as_str())
        .ok_or_else(not_found)?;
    if consented == Some(Consented::Declined) {
        return Err(Refused::to(&request, AuthorizeError::ConsentDeclined));
    }
    // The registration may allow less now than when the person began to type.
    checks::allowed(&request, response).map_err(|error| Refused::to(&request, error))?;
    let valid =
        ValidRequest { response, scope, challenge, wishes, prompt, max_age: None, client_info, again: None };
    super::complete(app, info, headers, &request, valid, &signed_in, consented).await
}
