//! The authorize endpoint (RFC 6749 §3.1): `GET|POST /{tenant}/oauth2/v2.0/authorize`, `/{tenant}/oauth2/authorize`.
//!
//! 1. which directory?   2. who asks, and where may the answer go?   3. is the rest in order?   4. who is signed in?
//! 5. was it consented to?   6. a code, tokens, or both   7. answer
//!
//! A request passes through three types: `raw::RawAuthorizeRequest`, of which nothing is known; after step 2
//! `raw::AnswerableRequest`, which has a redirect URI that can be trusted; after step 3 `checks::ValidRequest`. Up to
//! step 2 a mistake is a page, because there is nobody to tell; from there on the application is told.

pub(crate) mod answer;
mod bring;
pub(crate) mod checks;
pub(crate) mod error;
mod hints;
mod loops;
pub(crate) mod raw;
mod refusal;
mod resume;
mod wishes;

use axum::body::Body;
use axum::extract::{Path, RawQuery, Request, State};
use http::{HeaderMap, Method, Response};
use idp_domain::sessions::SignedIn;
use idp_signin::{Begun, Consented, SignInRequest};
use idp_web::request::RequestInfo;
use idp_web::state::{App, Shared};
use idp_web::{answer as web, body, directory};
use vestibule_wire::form::Form;
use vestibule_wire::oauth::Prompt;

use answer::Reply;
use checks::ValidRequest;
use error::AuthorizeError;
use hints::Hints;
use raw::{AnswerableRequest, RawAuthorizeRequest};
use refusal::Refused;

use crate::dialect::Dialect;

pub use resume::get as resume;

/// `GET …/authorize`
pub async fn get(
    State(app): State<Shared>,
    Path(segment): Path<String>,
    dialect: Dialect,
    RawQuery(query): RawQuery,
    info: RequestInfo,
    headers: HeaderMap,
) -> Response<Body> {
    let form = Form::parse(query.as_deref().unwrap_or_default().as_bytes());
    match form {
        Ok(form) => respond(&app, &info, &headers, dialect, &segment, &form).await,
        Err(_) => refusal::page(&app, &info, &AuthorizeError::Malformed, &Form::default()),
    }
}

/// `POST …/authorize` (OpenID Connect Core §3.1.2.1). Query and body are one set of parameters.
pub async fn post(
    State(app): State<Shared>,
    Path(segment): Path<String>,
    dialect: Dialect,
    info: RequestInfo,
    request: Request,
) -> Response<Body> {
    let (parts, body) = request.into_parts();
    let form = match body::read_form(&parts, body).await {
        Ok(mut form) => form
            .add(parts.uri.query().unwrap_or_default().as_bytes())
            .map(|()| form)
            .map_err(|_| AuthorizeError::Malformed),
        Err(_) => Err(AuthorizeError::Malformed),
    };
    match form {
        Ok(form) => respond(&app, &info, &parts.headers, dialect, &segment, &form).await,
        Err(error) => refusal::page(&app, &info, &error, &Form::default()),
    }
}

/// Any other method.
pub async fn other(State(app): State<Shared>, method: Method, info: RequestInfo) -> Response<Body> {
    web::method_not_allowed(&app, &method, "GET, POST", &info)
}

async fn respond(
    app: &App,
    info: &RequestInfo,
    headers: &HeaderMap,
    dialect: Dialect,
    segment: &str,
    form: &Form,
) -> Response<Body> {
    match authorize(app, info, headers, dialect, segment, form).await {
        Ok(response) => response,
        Err(Refused::OnPage(error)) => refusal::page(app, info, &error, form),
        Err(Refused::ToApplication(request, error)) => refusal::redirect(app, info, &request, &error),
    }
}

async fn authorize(
    app: &App,
    info: &RequestInfo,
    headers: &HeaderMap,
    dialect: Dialect,
    segment: &str,
    form: &Form,
) -> Result<Response<Body>, Refused> {
    // 1. Which directory?
    let directory = directory::resolve(&*app.store, segment).await?;
    // 2. Who asks, and where may the answer go?
    let request = RawAuthorizeRequest::read(form)?.answerable(app, dialect, &directory).await?;
    // 3. Is the rest in order?
    let valid = checks::check(&request, form).map_err(|error| Refused::to(&request, error))?;
    // 4. Who is signed in?
    let hints = hints::read(app, info, form, request.client())
        .await
        .map_err(|cause| Refused::to(&request, cause.into()))?;
    let wanted = sign_in_request(segment, form, &request, &valid, hints)
        .map_err(|error| Refused::to(&request, error))?;
    let begun = idp_signin::begin(app, info, headers, wanted)
        .await
        .map_err(|cause| Refused::to(&request, cause.into()))?;
    let signed_in = match begun {
        Begun::SignedIn(signed_in) => signed_in,
        Begun::Page(page) => return Ok(page),
        Begun::InteractionNeeded(reason) => {
            return Err(Refused::to(&request, AuthorizeError::InteractionNeeded(reason)));
        }
    };
    // Not the same again and again?
    loops::count(app, info, &request, &valid, &signed_in)
        .map_err(|found| Refused::to(&request, found.into()))?;
    complete(app, info, headers, &request, valid, &signed_in, None).await
}

/// The last steps, which a conversation comes back to as well.
async fn complete(
    app: &App,
    info: &RequestInfo,
    headers: &HeaderMap,
    request: &AnswerableRequest,
    valid: ValidRequest,
    signed_in: &SignedIn,
    consented: Option<Consented>,
) -> Result<Response<Body>, Refused> {
    // 5. Was it consented to?
    checks::consented(app, request, &valid, signed_in).await.map_err(|error| Refused::to(request, error))?;
    // 6. A code, tokens, or both.
    let brought = bring::bring(app, info, request, &valid, signed_in)
        .await
        .map_err(|error| Refused::to(request, error))?;
    // 7. Answer.
    let admin_consent = valid.prompt == Some(Prompt::AdminConsent) && consented == Some(Consented::Accepted);
    let reply = Reply::Brought {
        brought: Box::new(brought),
        signed_in,
        client_info: valid.client_info,
        admin_consent,
    };
    let mut response = answer::send(app, info, request, reply);
    let (client, form) = (request.client(), request.dialect().form());
    idp_signin::took_part(app, info, headers, &mut response, signed_in, client, form);
    Ok(response)
}

fn sign_in_request(
    segment: &str,
    form: &Form,
    request: &AnswerableRequest,
    valid: &ValidRequest,
    hints: Hints,
) -> Result<SignInRequest, AuthorizeError> {
    let (authority, dialect) = (segment.to_ascii_lowercase(), request.dialect());
    Ok(SignInRequest {
        tenant: request.tenant(),
        organisation: request.organisation(),
        account_hint: hints.account,
        user_hint: hints.user,
        session_hint: hints.session,
        organisation_hint: hints.organisation,
        prompt: valid.prompt,
        max_age: valid.max_age,
        consent: Some(valid.consent_wish()),
        languages: idp_web::show::Languages::of(form),
        ends_at: request.redirect().policy_source(),
        resume: dialect.path(&authority, "authorize/resume"),
        state: resume::state_of(request, valid)?,
        start_again: (valid.again.as_ref())
            .map(|query| format!("{}?{query}", dialect.path(&authority, "authorize"))),
        ..SignInRequest::by(request.client(), request.application_name())
    })
}
