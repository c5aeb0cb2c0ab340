//! Stay signed in? Either answer goes on.

use axum::body::Body;
use axum::extract::State;
use http::Response;
use idp_domain::changes::{Change, Changes};
use idp_domain::sessions::Session;
use idp_web::cookies;
use idp_web::request::RequestInfo;
use idp_web::state::{App, Shared};

use crate::guard::Admitted;
use crate::onward::onward;
use crate::refusal::{FlowRefusal, refused};
use crate::sessions;

const STAY: &str = "stay";

/// The question was answered.
pub(crate) async fn post(State(app): State<Shared>, info: RequestInfo, admitted: Admitted) -> Response<Body> {
    answered(&app, &info, admitted).await.unwrap_or_else(|refusal| refused(&app, &info, refusal))
}

async fn answered(
    app: &App,
    info: &RequestInfo,
    mut admitted: Admitted,
) -> Result<Response<Body>, FlowRefusal> {
    let account = sessions::of_conversation(app, info, &admitted.cookies, &admitted.conversation).await?;
    let mut response = onward(app, info, &mut admitted.conversation, &account).await?;
    if admitted.form.get(STAY) == Some("yes")
        && persist(app, &account.session).await
        && let Some(browser) = &admitted.cookies.browser
    {
        cookies::set_browser(&mut response, browser, true);
    }
    Ok(response)
}

/// Makes the session stay. If that fails, the person is signed in all the same.
async fn persist(app: &App, session: &Session) -> bool {
    let stay = Change::PersistSession { tenant: session.tenant, session: session.id };
    match app.store.commit(Changes::one(stay)).await {
        Ok(()) => true,
        Err(cause) => {
            tracing::warn!(%cause, "a session could not be made to stay");
            false
        }
    }
}
