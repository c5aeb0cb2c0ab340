//! What comes of a sign-in: a code, tokens, both, or nothing but the knowledge that it would work
//! (`response_type=none`, OAuth 2.0 Multiple Response Types §4).
//!
//! Tokens from here are for a client that has proved nothing, and none of them renews itself: a program in a browser
//! comes back with `prompt=none`, and the session decides.

use idp_domain::applications::{Client, PublicClient};
use idp_domain::codes::{AuthorizationCode, CodeRequest};
use idp_domain::sessions::SignedIn;
use idp_domain::store::CommitError;
use idp_domain::tokens::{Delivery, Issued, issue};
use idp_web::request::RequestInfo;
use idp_web::state::App;

use super::checks::ValidRequest;
use super::error::AuthorizeError;
use super::raw::AnswerableRequest;
use crate::delegation::{self, Asked};

/// What the application gets.
pub(super) struct Brought {
    pub(super) code: Option<String>,
    pub(super) tokens: Option<Issued>,
}

/// Makes what the response type asks for.
pub(super) async fn bring(
    app: &App,
    info: &RequestInfo,
    request: &AnswerableRequest,
    valid: &ValidRequest,
    signed_in: &SignedIn,
) -> Result<Brought, AuthorizeError> {
    let code = valid.response.code.then(|| code(app, info, request, valid, signed_in));
    let tokens = if valid.response.has_tokens() {
        Some(tokens(app, info, request, valid, signed_in, code.clone()).await?)
    } else {
        None
    };
    Ok(Brought { code, tokens })
}

/// Nothing is stored for a code: it holds all there is to know.
fn code(
    app: &App,
    info: &RequestInfo,
    request: &AnswerableRequest,
    valid: &ValidRequest,
    signed_in: &SignedIn,
) -> String {
    let code = CodeRequest {
        client: request.client(),
        redirect: request.redirect().clone(),
        challenge: valid.challenge.clone(),
        scope: valid.scope.clone(),
        wishes: valid.wishes.clone(),
    };
    metrics::counter!("vestibule_codes_issued_total").increment(1);
    AuthorizationCode::issue(code, signed_in, info.now(), &*app.random).seal(&app.sealer, &*app.random)
}

/// By the same right, and through the same function, as at the token endpoint.
async fn tokens(
    app: &App,
    info: &RequestInfo,
    request: &AnswerableRequest,
    valid: &ValidRequest,
    signed_in: &SignedIn,
    code: Option<String>,
) -> Result<Issued, AuthorizeError> {
    let (tenant, client) = (signed_in.user().tenant, request.client());
    let disabled =
        || AuthorizeError::ApplicationDisabled { client, name: request.application_name().to_owned() };
    let registration = app.store.registration(tenant, client).await?.ok_or_else(disabled)?;
    let proven = PublicClient::of(registration).map(Client::Public).map_err(|_| disabled())?;
    let tenant = app.store.tenant(tenant).await?.ok_or(AuthorizeError::Busy)?;
    let asked = Asked::first_of(&valid.scope)?;
    let granted = delegation::grant(app, &tenant, &proven, signed_in.clone(), asked).await?;
    let delivery = Delivery::FrontChannel {
        access_token: valid.response.token,
        id_token: valid.response.id_token,
        code,
    };
    let granted =
        granted.wishing(valid.wishes.clone()).with_id_token_in(request.dialect().form()).delivered(delivery);
    let mut issued = issue(&app.mint(), granted, info.now())?;
    let guards = std::mem::take(&mut issued.guards);
    match app.store.commit(guards).await {
        Ok(()) => {}
        // Something it was decided on changed meanwhile; the next request meets it as it is now.
        Err(CommitError::Conflict(_)) => return Err(AuthorizeError::Busy),
        Err(CommitError::Unavailable(cause)) => return Err(cause.into()),
    }
    metrics::counter!("vestibule_tokens_issued_total").increment(1);
    Ok(issued)
}
