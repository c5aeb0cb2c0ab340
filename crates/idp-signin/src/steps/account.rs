//! Which account? Any name that has the form of one is taken: whether there is such an account is not told (LG-01).

use axum::body::Body;
use axum::extract::State;
use http::Response;
use idp_domain::directory::Upn;
use idp_web::pages::AccountProblem;
use idp_web::request::RequestInfo;
use idp_web::state::Shared;

use crate::guard::Admitted;
use crate::present;

const LOGINFMT: &str = "loginfmt";

/// The account was named.
pub(crate) async fn post(
    State(app): State<Shared>,
    info: RequestInfo,
    mut admitted: Admitted,
) -> Response<Body> {
    let conversation = &mut admitted.conversation;
    let Some(typed) = admitted.form.get(LOGINFMT).map(str::trim).filter(|typed| !typed.is_empty()) else {
        conversation.account = None;
        return present::identify(&app, &info, conversation, Some(AccountProblem::Empty));
    };
    conversation.account = Some(typed.chars().take(113).collect());
    if Upn::parse(typed).is_err() {
        return present::identify(&app, &info, conversation, Some(AccountProblem::Malformed));
    }
    present::password(&app, &info, conversation, None)
}

/// Another account, please.
pub(crate) async fn switch(
    State(app): State<Shared>,
    info: RequestInfo,
    mut admitted: Admitted,
) -> Response<Body> {
    admitted.conversation.begin_again(&app);
    present::identify(&app, &info, &admitted.conversation, None)
}
