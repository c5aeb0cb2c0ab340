//! Logout (OpenID Connect RP-Initiated Logout): `GET|POST /{tenant}/oauth2/v2.0/logout`, `/{tenant}/oauth2/logout`.
//!
//! 1. which directory?   2. which application, and where may the browser go afterwards?   3. whose session?   4. sign out

use axum::body::Body;
use axum::extract::{Path, RawQuery, Request, State};
use http::{HeaderMap, Method, Response};
use idp_domain::applications::TrustedRedirect;
use idp_domain::store::Unavailable;
use idp_domain::tokens::LoginHint;
use idp_signin::SignOutRequest;
use idp_web::request::RequestInfo;
use idp_web::show::{self, Context, Languages};
use idp_web::state::{App, Shared};
use idp_web::{answer, body, directory};
use vestibule_wire::aadsts::{Aadsts, Failure};
use vestibule_wire::form::{self, Form};
use vestibule_wire::ids::{ClientId, SessionId, TenantId};
use vestibule_wire::oauth::param;

use crate::id_token_hint::IdTokenHint;

/// What the request proves, or says, about itself.
#[derive(Default)]
struct Hint {
    /// The session of an ID token of ours.
    session: Option<(TenantId, SessionId)>,
    /// The account of a login hint of ours.
    account: Option<LoginHint>,
    /// The application: of the ID token, or as the request says.
    client: Option<ClientId>,
}

/// `GET …/logout`
pub async fn get(
    State(app): State<Shared>,
    Path(segment): Path<String>,
    RawQuery(query): RawQuery,
    info: RequestInfo,
    headers: HeaderMap,
) -> Response<Body> {
    let form = Form::parse(query.as_deref().unwrap_or_default().as_bytes())
        .map_err(|_| Aadsts::SignOutInvalid.bare());
    respond(&app, &info, &headers, &segment, form).await
}

/// `POST …/logout`
pub async fn post(
    State(app): State<Shared>,
    Path(segment): Path<String>,
    info: RequestInfo,
    request: Request,
) -> Response<Body> {
    let (parts, body) = request.into_parts();
    let form = body::read_form(&parts, body).await.map_err(|_| Aadsts::SignOutInvalid.bare());
    respond(&app, &info, &parts.headers, &segment, form).await
}

/// Any other method.
pub async fn other(State(app): State<Shared>, method: Method, info: RequestInfo) -> Response<Body> {
    answer::method_not_allowed(&app, &method, "GET, POST", &info)
}

async fn respond(
    app: &App,
    info: &RequestInfo,
    headers: &HeaderMap,
    segment: &str,
    form: Result<Form, Failure>,
) -> Response<Body> {
    let languages = form.as_ref().map(Languages::of).unwrap_or_default();
    let outcome = match form {
        Ok(form) => logout(app, info, headers, segment, &form).await,
        Err(failure) => Err(failure),
    };
    outcome.unwrap_or_else(|failure| {
        show::error(app, info, &failure, Context { languages, ..Context::default() })
    })
}

async fn logout(
    app: &App,
    info: &RequestInfo,
    headers: &HeaderMap,
    segment: &str,
    form: &Form,
) -> Result<Response<Body>, Failure> {
    // 1. Which directory?
    let directory = directory::resolve(&*app.store, segment).await.map_err(|refusal| refusal.failure())?;
    if form.repeated().next().is_some() {
        return Err(Aadsts::SignOutInvalid.bare());
    }
    // 2. Which application, and where to afterwards? Without an application there is no list to look in, and no redirect.
    let hint = Hint::read(app, info, form);
    let mut request = SignOutRequest { languages: Languages::of(form), ..SignOutRequest::default() };
    let asked = form.get(param::POST_LOGOUT_REDIRECT_URI);
    let tenant = directory.tenant().map(|tenant| tenant.id);
    let found = match hint.client {
        Some(client) => return_to(app, client, asked, tenant).await.map_err(busy)?,
        None => return_to_participant(app, headers, asked, tenant).await.map_err(busy)?,
    };
    if let Some((name, redirect)) = found {
        request.ends_at = redirect.as_ref().map(TrustedRedirect::policy_source);
        request.return_to = redirect.map(|redirect| with_state(&redirect, form.get(param::STATE)));
        request.application = Some(name);
    }
    // 3. Whose session?
    request.account = account_of(app, &hint).await.map_err(busy)?;
    request.session = hint.session.map(|(_, session)| session);
    // 4. Sign out.
    idp_signin::sign_out(app, info, headers, request).await.map_err(busy)
}

impl Hint {
    /// An ID token of ours proves the session it was issued in.
    fn read(app: &App, info: &RequestInfo, form: &Form) -> Self {
        let said: Option<ClientId> = form.get(param::CLIENT_ID).and_then(|text| text.parse().ok());
        let by_token = form.get(param::ID_TOKEN_HINT).and_then(|token| IdTokenHint::read(app, info, token));
        let account = form.get(param::LOGOUT_HINT).and_then(|text| LoginHint::open(text, &app.sealer));
        match by_token {
            // A token of one application does not speak for another.
            Some(hint) if said.is_none_or(|said| said == hint.client) => {
                Self { session: Some((hint.tenant, hint.session)), account, client: Some(hint.client) }
            }
            Some(_) => Self::default(),
            None => Self { session: None, client: said.or(account.map(|hint| hint.client)), account },
        }
    }
}

/// The account whose sign-in the request proves to know.
async fn account_of(
    app: &App,
    hint: &Hint,
) -> Result<Option<(TenantId, vestibule_wire::ids::UserId)>, Unavailable> {
    if let Some((tenant, session)) = hint.session {
        return Ok(app.store.session(tenant, session).await?.map(|session| (session.tenant, session.user)));
    }
    Ok(hint.account.map(|account| (account.tenant, account.user)))
}

/// The application's name, and the address if it is registered (UI-05).
async fn return_to(
    app: &App,
    client: ClientId,
    asked: Option<&str>,
    tenant: Option<TenantId>,
) -> Result<Option<(String, Option<TrustedRedirect>)>, Unavailable> {
    let application = match tenant {
        Some(tenant) => {
            app.store.registration(tenant, client).await?.map(|registration| registration.application)
        }
        None => app.store.application(client).await?,
    };
    Ok(application.map(|application| {
        (application.display_name.clone(), asked.and_then(|uri| application.trusted_redirect(uri)))
    }))
}

/// An application that does not say who it is, as those of ADAL's time do not: it is one that this browser's sessions were
/// used with, and has registered the address. Any address could be somebody's; theirs could be reached by a sign-in too.
async fn return_to_participant(
    app: &App,
    headers: &HeaderMap,
    asked: Option<&str>,
    tenant: Option<TenantId>,
) -> Result<Option<(String, Option<TrustedRedirect>)>, Unavailable> {
    if asked.is_none() {
        return Ok(None);
    }
    for participant in idp_signin::participants(app, headers) {
        let here = tenant.is_none_or(|tenant| tenant == participant.tenant);
        if let Some(found @ (_, Some(_))) =
            return_to(app, participant.client, asked, Some(participant.tenant)).await?.filter(|_| here)
        {
            return Ok(Some(found));
        }
    }
    Ok(None)
}

fn with_state(redirect: &TrustedRedirect, state: Option<&str>) -> String {
    let uri = redirect.as_str();
    match state {
        Some(state) => {
            let separator = if uri.contains('?') { '&' } else { '?' };
            format!("{uri}{separator}{}", form::encode([(param::STATE, state)]))
        }
        None => uri.to_owned(),
    }
}

pub(crate) fn busy(cause: Unavailable) -> Failure {
    tracing::error!(%cause, "the store did not answer");
    Aadsts::ServiceBusy.bare()
}
