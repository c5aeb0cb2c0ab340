//! Where a person types the code of a device (RFC 8628 §3.3): `GET|POST /{tenant}/oauth2/deviceauth`, and `/devicelogin`,
//! which is short enough to be typed too.
//!
//! 1. which directory?   2. which code?   3. which device waits with it?   4. who signs in for it?
//!
//! The page has no way to bring the code along in its address (RFC 8628 §3.3.1, which is optional): a link that needs only
//! clicks is what phishing is made of (§5.4).

use axum::body::Body;
use axum::extract::{Path, RawQuery, Request, State};
use http::{HeaderMap, Method, Response};
use idp_domain::consent::Manner;
use idp_domain::device::DeviceRequest;
use idp_domain::tenant::Directory;
use idp_signin::{Begun, ConsentWish, DeviceEntry, HandOver, SignInRequest, Typed};
use idp_web::request::RequestInfo;
use idp_web::show::{self, Context, Languages};
use idp_web::state::{App, Shared};
use idp_web::{answer as web, directory};
use vestibule_wire::form::Form;
use vestibule_wire::oauth::Prompt;

use super::directory_of;
use super::error::DeviceError;
use super::resume::Waiting;
use crate::authorize::raw::asking_client;

/// The address that devices show.
pub(super) const SHORT: &str = "/devicelogin";

/// `GET /devicelogin`
pub async fn short(
    state: State<Shared>,
    query: RawQuery,
    info: RequestInfo,
    headers: HeaderMap,
) -> Response<Body> {
    get(state, Path("common".to_owned()), query, info, headers).await
}

/// `GET /{tenant}/oauth2/deviceauth`
pub async fn get(
    State(app): State<Shared>,
    Path(segment): Path<String>,
    RawQuery(query): RawQuery,
    info: RequestInfo,
    headers: HeaderMap,
) -> Response<Body> {
    let form = Form::parse(query.as_deref().unwrap_or_default().as_bytes()).unwrap_or_default();
    let languages = Languages::of(&form);
    match directory::resolve(&*app.store, &segment).await {
        Ok(directory) => {
            let organisation = directory.tenant().map(|tenant| tenant.display_name.clone());
            let entry = DeviceEntry { action: path(&segment), organisation, languages };
            idp_signin::ask_for_code(&app, &info, &headers, entry)
        }
        Err(error) => refused(&app, &info, &segment, languages, &error.into()),
    }
}

/// `POST /{tenant}/oauth2/deviceauth`
pub async fn post(
    State(app): State<Shared>,
    Path(segment): Path<String>,
    info: RequestInfo,
    request: Request,
) -> Response<Body> {
    match enter(&app, &info, &segment, request).await {
        Ok(response) => response,
        Err((error, languages)) => refused(&app, &info, &segment, languages, &error),
    }
}

/// Any other method.
pub async fn other(State(app): State<Shared>, method: Method, info: RequestInfo) -> Response<Body> {
    web::method_not_allowed(&app, &method, "GET, POST", &info)
}

async fn enter(
    app: &App,
    info: &RequestInfo,
    segment: &str,
    request: Request,
) -> Result<Response<Body>, (DeviceError, Languages)> {
    let untold = |error| (error, Languages::default());
    // 1. Which directory?
    let directory =
        directory::resolve(&*app.store, segment).await.map_err(|refusal| untold(refusal.into()))?;
    // 2. Which code?
    let headers = request.headers().clone();
    let typed = match idp_signin::typed(app, info, request).await {
        Ok(Typed::Code(typed)) => typed,
        Ok(Typed::Page(page)) => return Ok(page),
        Err(turned) => return Ok(turned.page(app, info)),
    };
    // 3. Which device waits with it?
    let hash = typed.code().hash(&app.sealer);
    let found = app.store.device_request_by_user_code(&hash).await.map_err(|cause| untold(cause.into()))?;
    let Some(waiting) = found.filter(|request| request.is_open(info.now())) else {
        return Ok(typed.was_wrong(app, info));
    };
    let languages = typed.was_right();
    // 4. Who signs in for it?
    let begun = async {
        let wanted = sign_in_request(app, segment, directory, &waiting, languages.clone()).await?;
        Ok::<_, DeviceError>(idp_signin::begin(app, info, &headers, wanted).await?)
    };
    match begun.await {
        Ok(Begun::Page(page)) => Ok(page),
        // Nobody is ever signed in for another device without being asked (DC-09).
        Ok(Begun::SignedIn(_) | Begun::InteractionNeeded(_)) => Err((DeviceError::Malformed, languages)),
        Err(error) => Err((error, languages)),
    }
}

async fn sign_in_request(
    app: &App,
    segment: &str,
    page: Directory,
    waiting: &DeviceRequest,
    languages: Languages,
) -> Result<SignInRequest, DeviceError> {
    let directory = directory_of(app, waiting, page).await?;
    let application = asking_client(app, &directory, waiting.client).await?;
    let here = path(segment);
    Ok(SignInRequest {
        tenant: directory.tenant().map(|tenant| tenant.id),
        organisation: directory.tenant().map(|tenant| tenant.display_name.clone()),
        prompt: Some(Prompt::SelectAccount),
        consent: Some(ConsentWish { scope: waiting.scope.clone(), manner: Manner::Missing }),
        hand_over: Some(HandOver { asked_from: waiting.asked_from, asked_at: waiting.asked_at }),
        resume: format!("{here}/resume"),
        state: Waiting { request: waiting.key, languages: languages.clone() }.written()?,
        languages,
        start_again: Some(here),
        ..SignInRequest::by(application.client_id, &application.display_name)
    })
}

fn refused(
    app: &App,
    info: &RequestInfo,
    segment: &str,
    languages: Languages,
    error: &DeviceError,
) -> Response<Body> {
    let start_again = matches!(error, DeviceError::Expired | DeviceError::Asking(_)).then(|| path(segment));
    let context = Context { languages, start_again, ..Context::default() };
    show::error(app, info, &error.failure(), context)
}

fn path(segment: &str) -> String {
    format!("/{}/oauth2/deviceauth", segment.to_ascii_lowercase())
}
