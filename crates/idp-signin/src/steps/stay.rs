//! Stay signed in? Either answer goes on to the application.

use axum::body::Body;
use axum::extract::{Request, State};
use http::Response;
use idp_domain::changes::{Change, Changes};
use idp_web::cookies;
use idp_web::request::RequestInfo;
use idp_web::state::Shared;

use crate::conversation::Progress;
use crate::finish::lead_back;
use crate::refusal::{FlowRefusal, refused};
use crate::{guard, sessions};

const STAY: &str = "stay";

/// The question was answered.
pub(crate) async fn post(State(app): State<Shared>, info: RequestInfo, request: Request) -> Response<Body> {
    let admitted = match guard::admit(&app, &info, request).await {
        Ok(admitted) => admitted,
        Err(refusal) => return refused(&app, &info, refusal),
    };
    let Progress::SignedIn { tenant, session } = admitted.conversation.progress else {
        return refused(&app, &info, FlowRefusal::NotFinished);
    };
    let mut response = lead_back(&app, &admitted.conversation);
    if admitted.form.get(STAY) != Some("yes") {
        return response;
    }
    // Only a session of this browser: the form says which conversation, the cookie whose.
    match sessions::of_browser_with_id(&app, admitted.cookies.browser.as_ref(), tenant, session).await {
        Ok(Some(_)) => {}
        Ok(None) => return refused(&app, &info, FlowRefusal::NotFinished),
        Err(cause) => return refused(&app, &info, cause),
    }
    if let Err(cause) = app.store.commit(Changes::one(Change::PersistSession { tenant, session })).await {
        tracing::warn!(%cause, "a session could not be made to stay");
        return response;
    }
    if let Some(browser) = &admitted.cookies.browser {
        cookies::set_browser(&mut response, browser, true);
    }
    response
}
