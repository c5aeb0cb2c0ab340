//! The answer: by redirect to the application, or on a page when it named no redirect URI.

use axum::body::Body;
use http::{Response, StatusCode};
use idp_domain::applications::Application;
use idp_domain::directory::User;
use idp_domain::store::Unavailable;
use idp_web::pages::AdminConsentedPage;
use idp_web::request::RequestInfo;
use idp_web::show::{self, Context};
use idp_web::state::App;
use vestibule_wire::aadsts::{Aadsts, OAuthError};
use vestibule_wire::oauth::{ErrorAnswer, admin_consent, param};

use super::Asked;
use crate::authorize::answer::{redirect, with_query};
use crate::dialect::Dialect;

/// What became of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Outcome {
    /// It is allowed.
    Granted,
    /// It is not.
    Declined,
}

/// Sends the answer.
pub(super) async fn send(
    app: &App,
    info: &RequestInfo,
    application: &Application,
    asked: &Asked,
    user: &User,
    outcome: Outcome,
) -> Result<Response<Body>, Unavailable> {
    let Some(to) = &asked.redirect else {
        return on_page(app, info, application, asked, user, outcome).await;
    };
    let mut members = match outcome {
        Outcome::Granted => granted(asked, user),
        Outcome::Declined => declined(app, info, asked),
    };
    // Byte-exact, and last.
    members.extend(asked.state.clone().map(|state| (param::STATE, state)));
    Ok(redirect(info, &with_query(to, &members)))
}

/// Source: Microsoft identity platform, "admin consent protocols", successful response.
fn granted(asked: &Asked, user: &User) -> Vec<(&'static str, String)> {
    let mut members = vec![
        (admin_consent::ADMIN_CONSENT, admin_consent::TRUE.to_owned()),
        (admin_consent::TENANT, user.tenant.to_string()),
    ];
    members.extend(asked.scope.clone().map(|scope| (param::SCOPE, scope)));
    members
}

/// The two endpoints word a refusal differently (entra-behaviour: admin consent).
fn declined(app: &App, info: &RequestInfo, asked: &Asked) -> Vec<(&'static str, String)> {
    match asked.dialect {
        Dialect::V1 => vec![
            (param::ERROR, admin_consent::PERMISSION_DENIED.to_owned()),
            (param::ERROR_DESCRIPTION, admin_consent::ADMIN_CANCELED.to_owned()),
        ],
        Dialect::V2 => {
            let failure = Aadsts::ConsentDeclined.bare().worded(OAuthError::ConsentRequired);
            let answer = ErrorAnswer::new(&failure, &info.reference, app.origin.as_str());
            vec![
                (admin_consent::ADMIN_CONSENT, admin_consent::TRUE.to_owned()),
                (param::ERROR, answer.error.to_owned()),
                (param::ERROR_DESCRIPTION, answer.error_description),
            ]
        }
    }
}

async fn on_page(
    app: &App,
    info: &RequestInfo,
    application: &Application,
    asked: &Asked,
    user: &User,
    outcome: Outcome,
) -> Result<Response<Body>, Unavailable> {
    if outcome == Outcome::Declined {
        let context = Context {
            languages: asked.languages.clone(),
            application: Some(application.display_name.clone()),
            client_id: asked.client.to_string(),
            account: Some(user.upn.to_string()),
            start_again: None,
        };
        return Ok(show::error(app, info, &Aadsts::ConsentDeclined.bare(), context));
    }
    let tenant = app.store.tenant(user.tenant).await?;
    let page = AdminConsentedPage {
        application: application.display_name.clone(),
        organisation: tenant.map(|tenant| tenant.display_name).unwrap_or_default(),
        account: user.upn.to_string(),
    };
    let chrome = show::chrome(app, info, &asked.languages, None);
    Ok(show::page(StatusCode::OK, page.render(&chrome), &chrome, &chrome.csp(), info))
}
