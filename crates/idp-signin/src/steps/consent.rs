//! Is it allowed? The answer is to the question that was shown: if what is asked has changed meanwhile, it is asked again.

use axum::body::Body;
use axum::extract::State;
use http::Response;
use idp_domain::audit::{Activity, AuditEvent};
use idp_domain::changes::{Change, Changes};
use idp_domain::sessions::SignedIn;
use idp_domain::store::CommitError;
use idp_web::request::RequestInfo;
use idp_web::state::{App, Shared};

use crate::conversation::{Consented, Conversation};
use crate::finish::lead_back;
use crate::guard::Admitted;
use crate::onward::{self, Asked};
use crate::present;
use crate::refusal::{FlowRefusal, refused};
use crate::sessions::{self, Available};

const CONSENT: &str = "consent";
const ACCEPT: &str = "accept";
const EVERYBODY: &str = "on_behalf_of_organization";

/// The question was answered.
pub(crate) async fn post(State(app): State<Shared>, info: RequestInfo, admitted: Admitted) -> Response<Body> {
    answered(&app, &info, admitted).await.unwrap_or_else(|refusal| refused(&app, &info, refusal))
}

async fn answered(
    app: &App,
    info: &RequestInfo,
    mut admitted: Admitted,
) -> Result<Response<Body>, FlowRefusal> {
    // 1. Who answers?
    let account = sessions::of_conversation(app, info, &admitted.cookies, &admitted.conversation).await?;
    let conversation = &mut admitted.conversation;
    if account.invitation.is_some() {
        return Ok(onward::onward(app, info, conversation, &account).await?);
    }
    let signed_in = &account.signed_in;
    // 2. No needs no reason.
    if admitted.form.get(CONSENT) != Some(ACCEPT) {
        conversation.consented = Some(Consented::Declined);
        decline(app, info, conversation, signed_in).await;
        return Ok(lead_back(app, conversation));
    }
    // 3. What is asked now? It may have been settled meanwhile, in another window or by an administrator, or there may be
    //    nothing left that could be allowed. Which of them, the protocol finds out: nobody said yes.
    let Some(asked) = onward::asked(app, conversation, signed_in).await? else {
        return Ok(lead_back(app, conversation));
    };
    // 4. Yes counts from who may say it, to the question that was on the page (CN-03, CN-04).
    let shown = conversation.question == Some(asked.question.digest());
    if !asked.may_answer || !shown {
        return Ok(present::consent(app, info, conversation, &asked));
    }
    let everybody = admitted.form.get(EVERYBODY) == Some("yes");
    accept(app, info, conversation, &account, asked, everybody).await
}

async fn accept(
    app: &App,
    info: &RequestInfo,
    conversation: &mut Conversation,
    account: &Available,
    asked: Asked,
    everybody: bool,
) -> Result<Response<Body>, FlowRefusal> {
    let Asked { matter, question, .. } = &asked;
    let event = event(app, info, conversation, &account.signed_in, Activity::ConsentGranted);
    let changes = question.accept(matter, everybody, info.now(), &*app.random, &event);
    match app.store.commit(changes).await {
        Ok(()) => {
            metrics::counter!("vestibule_consents_granted_total").increment(1);
            conversation.consented = Some(Consented::Accepted);
            Ok(lead_back(app, conversation))
        }
        // Something it was decided on is not so any more: the page that is true now.
        Err(CommitError::Conflict(cause)) => {
            tracing::debug!(%cause, "what was consented to changed meanwhile");
            Ok(onward::onward(app, info, conversation, account).await?)
        }
        Err(CommitError::Unavailable(cause)) => Err(cause.into()),
    }
}

/// That somebody said no is worth knowing; if it cannot be written down, the answer is still no.
async fn decline(app: &App, info: &RequestInfo, conversation: &Conversation, signed_in: &SignedIn) {
    let event = event(app, info, conversation, signed_in, Activity::ConsentRefused);
    if let Err(cause) = app.store.commit(Changes::one(Change::RecordAudit(event))).await {
        tracing::warn!(%cause, "a refusal to consent could not be written down");
    }
}

fn event(
    app: &App,
    info: &RequestInfo,
    conversation: &Conversation,
    signed_in: &SignedIn,
    activity: Activity,
) -> AuditEvent {
    AuditEvent {
        user: Some(signed_in.user().id),
        client: Some(conversation.request.client),
        address: info.address,
        correlation_id: Some(info.reference.correlation_id),
        ..AuditEvent::new(activity, signed_in.user().tenant, info.now(), &*app.random)
    }
}
