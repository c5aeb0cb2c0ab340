//! Become a guest? Whoever was invited into a tenant is somebody there once they accept, and not before.

use axum::body::Body;
use axum::extract::State;
use http::Response;
use idp_domain::audit::{Activity, AuditEvent};
use idp_domain::changes::{Change, Changes};
use idp_domain::directory::User;
use idp_domain::store::CommitError;
use idp_web::request::RequestInfo;
use idp_web::state::{App, Shared};

use crate::guard::Admitted;
use crate::onward::onward;
use crate::refusal::{FlowRefusal, refused};
use crate::sessions::{self, Available};
use crate::{conversation::Conversation, present};

const INVITATION: &str = "invitation";
const ACCEPT: &str = "accept";

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
    // It may have been accepted meanwhile, in another window, or taken back.
    let Some(invited) = &account.invitation else { return go_on(app, info, conversation, &account).await };
    // Anything but a plain yes is a no. Nobody there is told of it.
    if admitted.form.get(INVITATION) != Some(ACCEPT) {
        return Ok(present::invitation_declined(app, info, conversation, invited).await?);
    }
    match app.store.commit(accepted(app, info, conversation, invited, account.signed_in.at_home())).await {
        Ok(()) | Err(CommitError::Conflict(_)) => {}
        Err(CommitError::Unavailable(cause)) => return Err(cause.into()),
    }
    // Whoever lost a race is shown what is true now.
    let account = sessions::of_conversation(app, info, &admitted.cookies, conversation).await?;
    go_on(app, info, conversation, &account).await
}

async fn go_on(
    app: &App,
    info: &RequestInfo,
    conversation: &mut Conversation,
    account: &Available,
) -> Result<Response<Body>, FlowRefusal> {
    if !account.is_usable(&conversation.request) {
        return Err(FlowRefusal::NotFinished);
    }
    Ok(onward(app, info, conversation, account).await?)
}

fn accepted(
    app: &App,
    info: &RequestInfo,
    conversation: &Conversation,
    invited: &User,
    at_home: &User,
) -> Changes {
    let User { tenant, id: user, revision, .. } = *at_home;
    let guest = invited.clone().accepted_by(at_home, info.now());
    let event = AuditEvent {
        user: Some(guest.id),
        client: Some(conversation.request.client),
        address: info.address,
        correlation_id: Some(info.reference.correlation_id),
        ..AuditEvent::new(Activity::InvitationAccepted, guest.tenant, info.now(), &*app.random)
    };
    Changes::one(Change::UserAt { tenant, user, revision })
        .and(Change::UpdateUser(Box::new(guest)))
        .and(Change::RecordAudit(event))
}
