//! The guard in front of every step: a form of ours, sent by our page, in the browser the conversation is held in.

use axum::body::Body;
use axum::extract::{FromRequest, FromRequestParts, Request};
use http::header::ORIGIN;
use http::{HeaderMap, Response};
use idp_web::body::{self, BodyRefusal};
use idp_web::cookies::Cookies;
use idp_web::request::RequestInfo;
use idp_web::state::{App, Shared};
use vestibule_wire::form::Form;

use crate::conversation::Conversation;
use crate::refusal::{FlowRefusal, Turned, refused};

/// The field that carries the sealed state.
pub(crate) const CTX: &str = "ctx";

/// What a step gets when the guard lets it pass.
pub(crate) struct Admitted {
    pub(crate) conversation: Conversation,
    pub(crate) form: Form,
    pub(crate) cookies: Cookies,
}

/// A step that takes this is behind the guard; whoever is not let pass gets the page that says so.
impl FromRequest<Shared> for Admitted {
    type Rejection = Response<Body>;

    async fn from_request(request: Request, app: &Shared) -> Result<Self, Response<Body>> {
        let (mut parts, body) = request.into_parts();
        let Ok(info) = RequestInfo::from_request_parts(&mut parts, app).await;
        let admitted = admit(app, &info, Request::from_parts(parts, body)).await;
        admitted.map_err(|turned| refused(app, &info, turned))
    }
}

/// Lets a form pass, or says why not.
async fn admit(app: &App, info: &RequestInfo, request: Request<Body>) -> Result<Admitted, Turned> {
    let (form, cookies) = read(app, request).await?;
    let mut conversation =
        form.get(CTX).and_then(|text| Conversation::open(app, text)).ok_or(FlowRefusal::Unreadable)?;
    // An answer goes to the protocol and ends there; with another account it would be somebody else's.
    conversation.consented = None;
    if let Err(why) = hold(app, info, &conversation, &cookies) {
        return Err(Turned::from(why, conversation));
    }
    Ok(Admitted { conversation, form, cookies })
}

/// Reads a form that one of our own pages sent (LG-18).
pub(crate) async fn read(app: &App, request: Request<Body>) -> Result<(Form, Cookies), FlowRefusal> {
    let (parts, body) = request.into_parts();
    if !is_same_origin(app, &parts.headers) {
        return Err(FlowRefusal::CrossOrigin);
    }
    let form = body::read_form(&parts, body).await.map_err(|refusal| match refusal {
        BodyRefusal::Incomplete | BodyRefusal::TooLarge | BodyRefusal::NotAForm | BodyRefusal::Malformed => {
            FlowRefusal::Unreadable
        }
    })?;
    if form.repeated().next().is_some() {
        return Err(FlowRefusal::Unreadable);
    }
    Ok((form, Cookies::read(&parts.headers)))
}

/// The conversation is held in this browser (AZ-33), and not for too long.
pub(crate) fn hold(
    app: &App,
    info: &RequestInfo,
    conversation: &Conversation,
    cookies: &Cookies,
) -> Result<(), FlowRefusal> {
    let here = cookies.flow.as_ref().is_some_and(|cookie| conversation.is_held_in(app, cookie));
    if !here {
        return Err(FlowRefusal::OtherBrowser);
    }
    if conversation.is_over(info.now()) {
        return Err(FlowRefusal::TooLate);
    }
    Ok(())
}

/// A browser says where a form comes from. A program that says nothing has no cookies to abuse either.
fn is_same_origin(app: &App, headers: &HeaderMap) -> bool {
    let text = |name: &str| headers.get(name).map(|value| value.to_str().unwrap_or("unreadable"));
    match (text("sec-fetch-site"), text(ORIGIN.as_str())) {
        (Some(site), _) => site == "same-origin",
        (None, Some(origin)) => origin == app.origin.as_str(),
        (None, None) => true,
    }
}
