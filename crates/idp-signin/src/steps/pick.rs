//! Which of these accounts?

use axum::body::Body;
use axum::extract::State;
use http::Response;
use idp_web::request::RequestInfo;
use idp_web::state::{App, Shared};

use crate::conversation::Progress;
use crate::dispatch::suffices;
use crate::guard::Admitted;
use crate::onward::onward;
use crate::present;
use crate::refusal::{FlowRefusal, refused};
use crate::sessions;

const ACCOUNT: &str = "account";

/// An account was picked, or none of them.
pub(crate) async fn post(State(app): State<Shared>, info: RequestInfo, admitted: Admitted) -> Response<Body> {
    picked(&app, &info, admitted).await.unwrap_or_else(|refusal| refused(&app, &info, refusal))
}

async fn picked(
    app: &App,
    info: &RequestInfo,
    mut admitted: Admitted,
) -> Result<Response<Body>, FlowRefusal> {
    let conversation = &mut admitted.conversation;
    let Some(choice) = admitted.form.get(ACCOUNT) else {
        conversation.account = None;
        return Ok(present::identify(app, info, conversation, None));
    };
    let tenant = conversation.request.tenant;
    let available = sessions::of_browser(app, &admitted.cookies, tenant, info.now()).await?;
    let Some(account) = available.iter().find(|account| present::choice(account).id == choice) else {
        return Ok(present::identify(app, info, conversation, None));
    };
    // A request that names a tenant offered its accounts only; a forged choice changes nothing about that.
    if !account.is_usable(&conversation.request) {
        return Err(FlowRefusal::Unreadable);
    }
    conversation.account = Some(account.upn());
    if !suffices(&conversation.request, account, info.now()) {
        return Ok(present::password(app, info, conversation, None));
    }
    conversation.progress =
        Progress::SignedIn { tenant: account.session.tenant, session: account.session.id };
    Ok(onward(app, info, conversation, account).await?)
}
