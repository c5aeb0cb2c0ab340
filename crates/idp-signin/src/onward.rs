//! Onward, once somebody is signed in: to the question whether they want to be a guest, whether they started this, to that of
//! consent, or back to the protocol.

use axum::body::Body;
use http::Response;
use idp_domain::consent::{Matter, Question};
use idp_domain::sessions::SignedIn;
use idp_domain::store::Unavailable;
use idp_web::request::RequestInfo;
use idp_web::state::App;

use crate::conversation::Conversation;
use crate::dispatch::{self, Afterwards};
use crate::finish::lead_back;
use crate::sessions::Available;
use crate::{consent, present};

/// What is asked of the person, with what it is about.
pub(crate) struct Asked {
    pub(crate) matter: Matter,
    pub(crate) question: Question,
    /// Whether this person may answer it.
    pub(crate) may_answer: bool,
}

/// The page that comes next, or the way back to the protocol.
pub(crate) async fn onward(
    app: &App,
    info: &RequestInfo,
    conversation: &mut Conversation,
    account: &Available,
) -> Result<Response<Body>, Unavailable> {
    if let Some(invited) = &account.invitation {
        return present::invitation(app, info, conversation, invited).await;
    }
    let signed_in = &account.signed_in;
    let said = conversation.handed_over;
    if let Some(hand_over) = dispatch::hand_over(&conversation.request, said, signed_in.session()) {
        let tenant = app.store.tenant(signed_in.user().tenant).await?;
        return present::hand_over(app, info, conversation, hand_over, tenant).await;
    }
    Ok(match asked(app, conversation, signed_in).await? {
        Some(asked) => present::consent(app, info, conversation, &asked),
        None => lead_back(app, conversation),
    })
}

/// What there is to ask of the person, if anything.
pub(crate) async fn asked(
    app: &App,
    conversation: &Conversation,
    signed_in: &SignedIn,
) -> Result<Option<Asked>, Unavailable> {
    let request = &conversation.request;
    let Some(wish) = dispatch::consent_wish(request, conversation.consented) else { return Ok(None) };
    let Some((matter, assessment)) = consent::assess(app, signed_in.user(), request.client, wish).await?
    else {
        return Ok(None);
    };
    Ok(match dispatch::afterwards(assessment) {
        Afterwards::Back => None,
        Afterwards::Consent(question) => Some(Asked { matter, question, may_answer: true }),
        Afterwards::Administrator(question) => Some(Asked { matter, question, may_answer: false }),
    })
}
