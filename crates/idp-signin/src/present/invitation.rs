//! The question whether somebody from elsewhere wants to be a guest.

use axum::body::Body;
use http::Response;
use idp_domain::directory::User;
use idp_domain::store::Unavailable;
use idp_web::pages::{InvitationDeclinedPage, InvitationPage};
use idp_web::request::RequestInfo;
use idp_web::state::App;

use crate::conversation::Conversation;
use crate::path;

/// Become a guest?
pub(crate) async fn invitation(
    app: &App,
    info: &RequestInfo,
    conversation: &Conversation,
    invited: &User,
) -> Result<Response<Body>, Unavailable> {
    let page = InvitationPage {
        organisation: organisation(app, invited).await?,
        account: conversation.account().to_owned(),
        form_action: path::INVITATION.into(),
        switch_action: path::SWITCH.into(),
        flow: conversation.seal(app),
    };
    Ok(super::framed(app, info, conversation, |chrome| page.render(chrome)))
}

/// Nothing came of it.
pub(crate) async fn invitation_declined(
    app: &App,
    info: &RequestInfo,
    conversation: &Conversation,
    invited: &User,
) -> Result<Response<Body>, Unavailable> {
    let page = InvitationDeclinedPage { organisation: organisation(app, invited).await? };
    Ok(super::framed(app, info, conversation, |chrome| page.render(chrome)))
}

/// The name of whoever invites.
async fn organisation(app: &App, invited: &User) -> Result<String, Unavailable> {
    let tenant = app.store.tenant(invited.tenant).await?;
    Ok(tenant.map(|tenant| tenant.display_name).unwrap_or_default())
}
