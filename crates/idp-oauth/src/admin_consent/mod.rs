//! Administrator consent: `GET /{tenant}/adminconsent` and `GET /{tenant}/v2.0/adminconsent`.
//!
//! 1. which directory?   2. which application, and where may the answer go?   3. what is asked?   4. is it allowed?
//! 5. answer
//!
//! The first form asks for everything that the application's registration lists, delegated permissions and app roles; the
//! second for what `scope` names, which is all of that with `.default`.

mod answer;
mod resume;

use std::sync::Arc;

use axum::body::Body;
use axum::extract::{Path, RawQuery, State};
use http::{HeaderMap, Method, Response};
use idp_domain::applications::{Application, TrustedRedirect};
use idp_domain::consent::Manner;
use idp_domain::tenant::Directory;
use idp_signin::{Begun, ConsentWish, SignInRequest};
use idp_web::request::RequestInfo;
use idp_web::show::{self, Context, Languages};
use idp_web::state::{App, Shared};
use idp_web::{answer as web, directory};
use serde::{Deserialize, Serialize};
use vestibule_wire::aadsts::{Aadsts, Failure};
use vestibule_wire::form::Form;
use vestibule_wire::ids::ClientId;
use vestibule_wire::oauth::param;
use vestibule_wire::scope::{DEFAULT, ScopeRequest};

use crate::authorize::raw::asking_client;
use crate::dialect::Dialect;
use crate::logout::busy;

pub use resume::get as resume;

/// Longer texts than this are nobody's state.
const MAX_STATE: usize = 4 * 1024;

/// What is asked, as it waits for the conversation to end. It travels sealed.
#[derive(Debug, Clone, Serialize, Deserialize)]
struct Asked {
    dialect: Dialect,
    client: ClientId,
    /// None, and the administrator sees a page when it is done.
    redirect: Option<TrustedRedirect>,
    /// As asked, and as it is told again.
    scope: Option<String>,
    state: Option<String>,
    languages: Languages,
}

/// `GET /{tenant}/adminconsent`, `GET /{tenant}/v2.0/adminconsent`
pub async fn get(
    State(app): State<Shared>,
    Path(segment): Path<String>,
    dialect: Dialect,
    RawQuery(query): RawQuery,
    info: RequestInfo,
    headers: HeaderMap,
) -> Response<Body> {
    let form = Form::parse(query.as_deref().unwrap_or_default().as_bytes());
    let outcome = match &form {
        Ok(form) => admin_consent(&app, &info, &headers, dialect, &segment, form).await,
        Err(_) => Err(Aadsts::RequestMalformed.bare()),
    };
    outcome.unwrap_or_else(|failure| {
        let form = form.unwrap_or_default();
        let client_id = form.get(param::CLIENT_ID).unwrap_or_default().to_owned();
        let context = Context { languages: Languages::of(&form), client_id, ..Context::default() };
        show::error(&app, &info, &failure, context)
    })
}

/// Any other method.
pub async fn other(State(app): State<Shared>, method: Method, info: RequestInfo) -> Response<Body> {
    web::method_not_allowed(&app, &method, "GET", &info)
}

async fn admin_consent(
    app: &App,
    info: &RequestInfo,
    headers: &HeaderMap,
    dialect: Dialect,
    segment: &str,
    form: &Form,
) -> Result<Response<Body>, Failure> {
    // 1. Which directory?
    let directory = directory::resolve(&*app.store, segment).await.map_err(|refusal| refusal.failure())?;
    if let Some(name) = form.repeated().next() {
        return Err(Aadsts::ParameterRepeated.with([("name", name)]));
    }
    // 2. Which application, and where may the answer go?
    let application = application(app, &directory, form).await?;
    let redirect = redirect(&application, form)?;
    // 3. What is asked?
    let asked = Asked {
        dialect,
        client: application.client_id,
        redirect,
        scope: scope(dialect, form)?,
        state: state(form)?,
        languages: Languages::of(form),
    };
    // 4. Is it allowed? That is always asked, whoever is signed in, so there is always a page.
    match idp_signin::begin(app, info, headers, sign_in_request(segment, &directory, &application, &asked)?)
        .await
    {
        Ok(Begun::Page(page)) => Ok(page),
        // Nothing that this application asks for can be allowed here.
        Ok(Begun::SignedIn(signed_in)) => Err(resume::nothing_to_allow(&asked, signed_in.user())),
        Ok(Begun::InteractionNeeded(_)) => Err(Aadsts::RequestMalformed.bare()),
        Err(cause) => Err(busy(cause)),
    }
}

async fn application(app: &App, directory: &Directory, form: &Form) -> Result<Arc<Application>, Failure> {
    let text = form.get(param::CLIENT_ID);
    let text = text.ok_or_else(|| Aadsts::ParameterMissing.with([("name", param::CLIENT_ID)]))?;
    let client =
        text.parse().map_err(|_| Aadsts::ApplicationNotFound.with([("app", text), ("tenant", "")]))?;
    asking_client(app, directory, client).await.map_err(|refusal| refusal.failure())
}

/// The redirect URI asked for, which must be registered; without one the administrator stays here.
fn redirect(application: &Application, form: &Form) -> Result<Option<TrustedRedirect>, Failure> {
    let Some(asked) = form.get(param::REDIRECT_URI) else { return Ok(None) };
    let mismatch =
        || Aadsts::RedirectUriMismatch.with([("uri", asked), ("app", &application.client_id.to_string())]);
    application.trusted_redirect(asked).map(Some).ok_or_else(mismatch)
}

fn scope(dialect: Dialect, form: &Form) -> Result<Option<String>, Failure> {
    let asked = form.get(param::SCOPE);
    match (dialect, asked) {
        (Dialect::V1, _) => Ok(None),
        (Dialect::V2, None) => Err(Aadsts::ParameterMissing.with([("name", param::SCOPE)])),
        (Dialect::V2, Some(text)) => match ScopeRequest::parse(text.trim_start_matches('/')) {
            Ok(_) => Ok(Some(text.to_owned())),
            Err(wrong) => Err(Aadsts::ScopeInvalid.with([("scope", &wrong.0)])),
        },
    }
}

fn state(form: &Form) -> Result<Option<String>, Failure> {
    match form.get(param::STATE) {
        Some(state) if state.len() > MAX_STATE => {
            Err(Aadsts::ParameterInvalid.with([("name", param::STATE)]))
        }
        state => Ok(state.map(str::to_owned)),
    }
}

impl Asked {
    /// What is to be consented to: all that the registration lists, if nothing else was said (`/.default` says it too).
    fn wish(&self) -> ConsentWish {
        let scope = self.scope.as_deref().unwrap_or(DEFAULT).trim_start_matches('/');
        ConsentWish { scope: scope.to_owned(), manner: Manner::Organisation }
    }
}

fn sign_in_request(
    segment: &str,
    directory: &Directory,
    application: &Application,
    asked: &Asked,
) -> Result<SignInRequest, Failure> {
    let authority = segment.to_ascii_lowercase();
    let version = match asked.dialect {
        Dialect::V1 => "",
        Dialect::V2 => "/v2.0",
    };
    Ok(SignInRequest {
        tenant: directory.tenant().map(|tenant| tenant.id),
        organisation: directory.tenant().map(|tenant| tenant.display_name.clone()),
        consent: Some(asked.wish()),
        languages: asked.languages.clone(),
        ends_at: asked.redirect.as_ref().map(TrustedRedirect::policy_source).unwrap_or_default(),
        resume: format!("/{authority}{version}/adminconsent/resume"),
        state: serde_json::to_string(asked).map_err(|_| Aadsts::RequestMalformed.bare())?,
        ..SignInRequest::by(application.client_id, &application.display_name)
    })
}
