//! `GET /{tenant}/oauth2/v2.0/authorize/resume`: the way back from the conversation. Nothing is checked less than at the
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
use vestibule_wire::oauth::param;
use vestibule_wire::pkce::CodeChallenge;

use super::checks::{Hints, ValidRequest};
use super::error::AuthorizeError;
use super::raw::{AnswerTo, AnswerableRequest};
use super::refusal::{self, Refused};

/// What the endpoint needs when the conversation comes back. It travels sealed.
#[derive(Serialize, Deserialize)]
struct Suspended {
    client: ClientId,
    answer_to: AnswerTo,
    scope: String,
    challenge: Option<CodeChallenge>,
    wishes: IdTokenWishes,
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
        scope: valid.scope.clone(),
        challenge: valid.challenge.clone(),
        wishes: valid.wishes.clone(),
        client_info: valid.client_info,
    };
    let state = serde_json::to_string(&suspended).map_err(|_| AuthorizeError::Malformed)?;
    let written = serde_json::to_string(&state).map_err(|_| AuthorizeError::Malformed)?;
    if written.len() > MOST { Err(AuthorizeError::Invalid(param::STATE)) } else { Ok(state) }
}

/// The way back.
pub async fn get(
    State(app): State<Shared>,
    RawQuery(query): RawQuery,
    info: RequestInfo,
    headers: HeaderMap,
) -> Response<Body> {
    let form = Form::parse(query.as_deref().unwrap_or_default().as_bytes()).unwrap_or_default();
    match idp_signin::finish(&app, &info, &headers, form.get("ctx")).await {
        Ok(finished) => match go_on(&app, &info, finished).await {
            Ok(response) => response,
            Err(Refused::OnPage(error)) => refusal::page(&app, &info, &error, &form),
            Err(Refused::ToApplication(request, error)) => refusal::redirect(&app, &info, &request, &error),
        },
        Err(turned) => turned.page(&app, &info),
    }
}

async fn go_on(app: &App, info: &RequestInfo, finished: Finished) -> Result<Response<Body>, Refused> {
    let Finished { signed_in, consented, state } = finished;
    let suspended: Suspended = serde_json::from_str(&state).map_err(|_| AuthorizeError::Malformed)?;
    let Suspended { client, answer_to, scope, challenge, wishes, client_info } = suspended;
    let tenant = signed_in.user().tenant;
    let application = app.store.application(client).await.map_err(AuthorizeError::from)?;
    let not_found = || AuthorizeError::ApplicationNotFound { client, directory: tenant.to_string() };
    let issuer = format!("{}/{tenant}/v2.0", app.origin.as_str());
    let request = AnswerableRequest::resumed(application.ok_or_else(not_found)?, answer_to, tenant, issuer)
        .ok_or_else(not_found)?;
    if consented == Some(Consented::Declined) {
        return Err(Refused::to(&request, AuthorizeError::ConsentDeclined));
    }
    let valid = ValidRequest {
        scope,
        challenge,
        wishes,
        prompt: None,
        max_age: None,
        hints: Hints::default(),
        client_info,
        again: None,
    };
    super::complete(app, info, &request, valid, &signed_in).await
}
