//! Did you start this? Asked in every conversation whose tokens go to another device, whoever is signed in (DC-08, DC-09).

use axum::body::Body;
use axum::extract::State;
use http::Response;
use idp_web::request::RequestInfo;
use idp_web::state::{App, Shared};

use crate::conversation::{HandedOver, Said};
use crate::finish::lead_back;
use crate::guard::Admitted;
use crate::onward::onward;
use crate::refusal::{FlowRefusal, refused};
use crate::sessions;

const HAND_OVER: &str = "handover";
const CONTINUE: &str = "continue";

/// The question was answered.
pub(crate) async fn post(State(app): State<Shared>, info: RequestInfo, admitted: Admitted) -> Response<Body> {
    answered(&app, &info, admitted).await.unwrap_or_else(|refusal| refused(&app, &info, refusal))
}

async fn answered(
    app: &App,
    info: &RequestInfo,
    mut admitted: Admitted,
) -> Result<Response<Body>, FlowRefusal> {
    let conversation = &mut admitted.conversation;
    let account = sessions::of_conversation(app, info, &admitted.cookies, conversation).await?;
    // Anything but a plain yes is a no.
    let said = if admitted.form.get(HAND_OVER) == Some(CONTINUE) { Said::Yes } else { Said::No };
    conversation.handed_over = Some(HandedOver { session: account.session.id, said });
    match said {
        Said::Yes => Ok(onward(app, info, conversation, &account).await?),
        Said::No => Ok(lead_back(app, conversation)),
    }
}
