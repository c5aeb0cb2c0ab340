//! Logout (OpenID Connect RP-Initiated Logout): `GET|POST /{tenant}/oauth2/v2.0/logout`.
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
use vestibule_jose::Validation;
use vestibule_wire::aadsts::{Aadsts, Failure};
use vestibule_wire::form::{self, Form};
use vestibule_wire::ids::{ClientId, SessionId, TenantId};
use vestibule_wire::oauth::param;

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

/// `GET /{tenant}/oauth2/v2.0/logout`
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

/// `POST /{tenant}/oauth2/v2.0/logout`
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
    if let Some((name, redirect)) =
        return_to(app, &hint, asked, directory.tenant().map(|tenant| tenant.id)).await.map_err(busy)?
    {
        request.ends_at = redirect.as_ref().map(TrustedRedirect::policy_source);
        request.return_to = redirect.map(|redirect| with_state(&redirect, form.get(param::STATE)));
        request.application = Some(name);
    }
    // 3. Whose session?
    request.account = account_of(app, &hint).await.map_err(busy)?;
    // 4. Sign out.
    idp_signin::sign_out(app, info, headers, request).await.map_err(busy)
}

impl Hint {
    /// An ID token of ours proves the session it was issued in, also after it expired (OpenID Connect RP-Initiated Logout
    /// §2: the OP SHOULD accept ID Tokens when the RP's session is current or recent, even when exp is passed).
    fn read(app: &App, info: &RequestInfo, form: &Form) -> Self {
        let said = form.get(param::CLIENT_ID).and_then(|text| text.parse().ok());
        let by_token = form.get(param::ID_TOKEN_HINT).and_then(|token| Self::of_id_token(app, info, token));
        let account = form.get(param::LOGOUT_HINT).and_then(|text| LoginHint::open(text, &app.sealer));
        match by_token {
            // A token of one application does not speak for another.
            Some(hint) if said.is_none() || said == hint.client => Self { account, ..hint },
            Some(_) => Self::default(),
            None => Self { session: None, client: said.or(account.map(|hint| hint.client)), account },
        }
    }

    fn of_id_token(app: &App, info: &RequestInfo, token: &str) -> Option<Self> {
        let jwt = app.keys.verifier().verify(token).ok()?;
        let text = |name| jwt.str_claim(name).ok().map(str::to_owned);
        let (tenant, session, audience) = (text("tid")?, text("sid")?, text("aud")?);
        let issuer = format!("{}/{tenant}/v2.0", app.origin.as_str());
        // An access token names its client; only an ID token speaks for a sign-in (JW-16).
        if jwt.str_claim("azp").is_ok() || jwt.str_claim("appid").is_ok() {
            return None;
        }
        // Expired is fine, so the time is set back to before it could be.
        let audiences = [audience.as_str()];
        let long_ago = Validation::new(&issuer, &audiences, info.now().as_second()).leeway_seconds(u32::MAX);
        long_ago.check(jwt).ok()?;
        Some(Self {
            session: Some((tenant.parse().ok()?, session.parse().ok()?)),
            account: None,
            client: audience.parse().ok(),
        })
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

/// The application's name, and the address if it is registered (UI-05). An application that is not named is looked for
/// by nothing: any address could be somebody's.
async fn return_to(
    app: &App,
    hint: &Hint,
    asked: Option<&str>,
    tenant: Option<TenantId>,
) -> Result<Option<(String, Option<TrustedRedirect>)>, Unavailable> {
    let Some(client) = hint.client else { return Ok(None) };
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
