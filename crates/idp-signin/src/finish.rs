//! The end: the browser comes back to the protocol, which gets the proof and its own state.

use axum::body::Body;
use http::{HeaderMap, Response};
use idp_domain::audit::{Activity, AuditEvent};
use idp_domain::changes::{Change, Changes, Conflict};
use idp_domain::sessions::SignedIn;
use idp_domain::store::CommitError;
use idp_web::answer;
use idp_web::cookies::Cookies;
use idp_web::request::RequestInfo;
use idp_web::state::App;

use crate::conversation::{Consented, Conversation, HandedOver, Said};
use crate::guard::CTX;
use crate::refusal::{FlowRefusal, Turned};
use crate::{guard, sessions};

/// What a protocol goes on with.
pub struct Finished {
    /// Somebody is signed in.
    pub signed_in: SignedIn,
    /// How the question of consent was answered, if it was asked.
    pub consented: Option<Consented>,
    /// Whether the person started this, if that was asked.
    pub said: Option<Said>,
    /// What the protocol put into its request.
    pub state: String,
}

/// The person has said all there is to say: on to the protocol.
pub(crate) fn lead_back(app: &App, conversation: &Conversation) -> Response<Body> {
    let separator = if conversation.request.resume.contains('?') { '&' } else { '?' };
    answer::see_other(&format!("{}{separator}{CTX}={}", conversation.request.resume, conversation.seal(app)))
}

/// Takes the conversation in `ctx` to its end. Once: the way back cannot be walked twice (AZ-52).
pub async fn finish(
    app: &App,
    info: &RequestInfo,
    headers: &HeaderMap,
    ctx: Option<&str>,
) -> Result<Finished, Turned> {
    let conversation = ctx.and_then(|text| Conversation::open(app, text)).ok_or(FlowRefusal::Unreadable)?;
    match signed_in(app, info, headers, &conversation).await {
        Ok(signed_in) => {
            let said = HandedOver::said_in(conversation.handed_over, signed_in.session());
            let Conversation { consented, request, .. } = conversation;
            Ok(Finished { signed_in, consented, said, state: request.state })
        }
        Err(why) => Err(Turned::from(why, conversation)),
    }
}

async fn signed_in(
    app: &App,
    info: &RequestInfo,
    headers: &HeaderMap,
    conversation: &Conversation,
) -> Result<SignedIn, FlowRefusal> {
    let cookies = Cookies::read(headers);
    guard::hold(app, info, conversation, &cookies)?;
    let account = sessions::of_conversation(app, info, &cookies, conversation).await?;
    let signed_in = account.arrived(&conversation.request)?;
    let (tenant, session) = (signed_in.at_home().tenant, signed_in.session());
    let mut once = Changes::one(Change::Spend(conversation.spent_mark("finish")))
        .and(Change::SessionLive { tenant, session });
    // The session is in the record of the tenant where the person is at home; that they came is in that of the other.
    if let Some(came) = visit(app, info, conversation, &signed_in) {
        once.add(Change::RecordAudit(came));
    }
    match app.store.commit(once).await {
        Ok(()) => Ok(signed_in),
        Err(CommitError::Conflict(Conflict::AlreadySpent(_))) => Err(FlowRefusal::AlreadyTaken),
        Err(CommitError::Conflict(_)) => Err(FlowRefusal::NotFinished),
        Err(CommitError::Unavailable(cause)) => Err(cause.into()),
    }
}

/// That a guest signed in to the tenant that they visit.
fn visit(
    app: &App,
    info: &RequestInfo,
    conversation: &Conversation,
    signed_in: &SignedIn,
) -> Option<AuditEvent> {
    let guest = signed_in.account().home().map(|_| signed_in.user())?;
    Some(AuditEvent {
        user: Some(guest.id),
        client: Some(conversation.request.client),
        address: info.address,
        correlation_id: Some(info.reference.correlation_id),
        ..AuditEvent::new(Activity::SignIn, guest.tenant, info.now(), &*app.random)
    })
}
