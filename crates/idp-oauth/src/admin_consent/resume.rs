//! `GET …/adminconsent/resume`: the way back from the conversation.

use axum::body::Body;
use axum::extract::{RawQuery, State};
use http::{HeaderMap, Response};
use idp_domain::directory::User;
use idp_signin::{Consented, Finished};
use idp_web::request::RequestInfo;
use idp_web::show::{self, Context};
use idp_web::state::{App, Shared};
use vestibule_wire::aadsts::{Aadsts, Failure};
use vestibule_wire::form::Form;

use super::Asked;
use super::answer::{self, Outcome};
use crate::logout::busy;

/// The way back.
pub async fn get(
    State(app): State<Shared>,
    RawQuery(query): RawQuery,
    info: RequestInfo,
    headers: HeaderMap,
) -> Response<Body> {
    let form = Form::parse(query.as_deref().unwrap_or_default().as_bytes()).unwrap_or_default();
    match idp_signin::finish(&app, &info, &headers, form.get("ctx")).await {
        Ok(finished) => go_on(&app, &info, finished)
            .await
            .unwrap_or_else(|failure| show::error(&app, &info, &failure, Context::default())),
        Err(turned) => turned.page(&app, &info),
    }
}

async fn go_on(app: &App, info: &RequestInfo, finished: Finished) -> Result<Response<Body>, Failure> {
    let Finished { signed_in, consented, state, .. } = finished;
    let mut asked: Asked = serde_json::from_str(&state).map_err(|_| Aadsts::RequestMalformed.bare())?;
    let application = app.store.application(asked.client).await.map_err(busy)?;
    let application = application.ok_or_else(|| {
        Aadsts::ApplicationNotFound.with([("app", &asked.client.to_string()), ("tenant", "")])
    })?;
    // The redirect URI may have been taken away while the administrator read.
    let redirect = asked.redirect.take();
    asked.redirect = redirect.and_then(|redirect| application.trusted_redirect(redirect.as_str()));
    // 5. Answer.
    let outcome = match consented {
        Some(Consented::Accepted) => Outcome::Granted,
        Some(Consented::Declined) => Outcome::Declined,
        None => return Err(nothing_to_allow(&asked, signed_in.user())),
    };
    answer::send(app, info, &application, &asked, signed_in.user(), outcome).await.map_err(busy)
}

/// What is asked for cannot be allowed in this tenant: a resource that is not there, or a permission that does not exist.
pub(super) fn nothing_to_allow(asked: &Asked, user: &User) -> Failure {
    Aadsts::ResourceNotInTenant.with([
        ("resource", asked.scope.as_deref().unwrap_or_default()),
        ("tenant", &user.tenant.to_string()),
    ])
}
