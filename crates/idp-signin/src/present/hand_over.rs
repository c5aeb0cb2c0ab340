//! The question whether the person started what another device asks for.

use axum::body::Body;
use http::Response;
use idp_domain::store::Unavailable;
use idp_domain::tenant::Tenant;
use idp_web::limits::are_neighbours;
use idp_web::pages::DeviceConfirmPage;
use idp_web::request::RequestInfo;
use idp_web::state::App;

use super::consent::publisher;
use crate::conversation::{Conversation, HandOver};
use crate::path;

/// Was it you?
pub(crate) async fn hand_over(
    app: &App,
    info: &RequestInfo,
    conversation: &Conversation,
    hand_over: &HandOver,
    tenant: Option<Tenant>,
) -> Result<Response<Body>, Unavailable> {
    let application = app.store.application(conversation.request.client).await?;
    let minutes = info.now().duration_since(hand_over.asked_at).as_secs() / 60;
    let here = hand_over.asked_from.zip(info.address);
    let elsewhere = here.is_some_and(|(there, here)| !are_neighbours(there, here));
    let page = DeviceConfirmPage {
        application: conversation.request.application.clone(),
        publisher: publisher(application.as_deref()),
        organisation: tenant.map(|tenant| tenant.display_name).unwrap_or_default(),
        account: conversation.account().to_owned(),
        asked_from: hand_over.asked_from.map(|address| address.to_string()),
        from_elsewhere: elsewhere,
        minutes_ago: u32::try_from(minutes).unwrap_or_default(),
        form_action: path::HAND_OVER.into(),
        switch_action: path::SWITCH.into(),
        flow: conversation.seal(app),
    };
    Ok(super::framed(app, info, conversation, |chrome| page.render(chrome)))
}
