//! `GET /{tenant}/oauth2/deviceauth/resume`: the conversation comes back with somebody who is signed in, and who said
//! whether they started this. Only here is a request answered.

use axum::body::Body;
use axum::extract::{RawQuery, State};
use http::{HeaderMap, Response, StatusCode};
use idp_domain::applications::Application;
use idp_domain::audit::{Activity, AuditEvent};
use idp_domain::changes::{Change, Changes};
use idp_domain::device::{DeviceKey, DeviceRequest};
use idp_domain::policies::Flow;
use idp_domain::sessions::SignedIn;
use idp_signin::{Consented, Finished, Said};
use idp_web::pages::DeviceDonePage;
use idp_web::request::RequestInfo;
use idp_web::show::{self, Context, Languages};
use idp_web::state::{App, Shared};
use serde::{Deserialize, Serialize};
use vestibule_wire::form::Form;

use super::error::DeviceError;
use super::permitted;
use crate::authorize::checks;

/// What waits for the conversation to end. It travels sealed.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Waiting {
    pub(super) request: DeviceKey,
    pub(super) languages: Languages,
}

impl Waiting {
    pub(super) fn written(&self) -> Result<String, DeviceError> {
        serde_json::to_string(self).map_err(|_| DeviceError::Malformed)
    }
}

/// The way back.
pub async fn get(
    State(app): State<Shared>,
    RawQuery(query): RawQuery,
    info: RequestInfo,
    headers: HeaderMap,
) -> Response<Body> {
    let form = Form::parse(query.as_deref().unwrap_or_default().as_bytes()).unwrap_or_default();
    let finished = match idp_signin::finish(&app, &info, &headers, form.get("ctx")).await {
        Ok(finished) => finished,
        Err(turned) => return turned.page(&app, &info),
    };
    let Ok(waiting) = serde_json::from_str::<Waiting>(&finished.state) else {
        return show::error(&app, &info, &DeviceError::Malformed.failure(), Context::default());
    };
    let account = finished.signed_in.at_home().upn.to_string();
    match answer(&app, &info, &waiting, finished).await {
        Ok(page) => page,
        Err(error) => {
            let Waiting { languages, .. } = waiting;
            let context = Context { languages, account: Some(account), ..Context::default() };
            show::error(&app, &info, &error.failure(), context)
        }
    }
}

async fn answer(
    app: &App,
    info: &RequestInfo,
    waiting: &Waiting,
    finished: Finished,
) -> Result<Response<Body>, DeviceError> {
    let Finished { signed_in, consented, said, .. } = finished;
    let request = app.store.device_request(waiting.request).await?.ok_or(DeviceError::Expired)?;
    let application = app.store.application(request.client).await?.ok_or(DeviceError::Expired)?;
    let yes = match (said, consented) {
        (Some(Said::No), _) | (_, Some(Consented::Declined)) => false,
        (Some(Said::Yes), _) => true,
        // Whoever was not asked has not answered.
        (None, _) => return Err(DeviceError::Malformed),
    };
    let (change, activity) = if yes {
        // What the device would only hear later, the person hears now.
        let user = signed_in.user();
        let tenant = app.store.tenant(user.tenant).await?.ok_or(DeviceError::Expired)?;
        let blocked = event(app, info, &request, &signed_in, Activity::FlowBlocked);
        permitted(app, tenant.flows.decide(Flow::DeviceCode, Some(user)), blocked).await?;
        let client = application.client_id;
        checks::may_have(app, client, &application.display_name, &request.scope, &signed_in).await?;
        (request.approve(&signed_in, info.now())?, Activity::DeviceApproved)
    } else {
        (request.decline(info.now())?, Activity::DeviceDeclined)
    };
    let (tenant, session) = (signed_in.at_home().tenant, signed_in.session());
    let changes = Changes::one(change)
        .and(Change::SessionLive { tenant, session })
        .and(Change::RecordAudit(event(app, info, &request, &signed_in, activity)));
    app.store.commit(changes).await?;
    Ok(done(app, info, waiting, &application, &signed_in, yes))
}

fn event(
    app: &App,
    info: &RequestInfo,
    request: &DeviceRequest,
    signed_in: &SignedIn,
    activity: Activity,
) -> AuditEvent {
    AuditEvent {
        user: Some(signed_in.user().id),
        client: Some(request.client),
        address: info.address,
        correlation_id: Some(info.reference.correlation_id),
        ..AuditEvent::new(activity, signed_in.user().tenant, info.now(), &*app.random)
    }
}

fn done(
    app: &App,
    info: &RequestInfo,
    waiting: &Waiting,
    application: &Application,
    signed_in: &SignedIn,
    yes: bool,
) -> Response<Body> {
    let chrome = show::chrome(app, info, &waiting.languages, None);
    let page = DeviceDonePage {
        application: application.display_name.clone(),
        account: signed_in.at_home().upn.to_string(),
        signed_in: yes,
    };
    show::page(StatusCode::OK, page.render(&chrome), &chrome, &chrome.csp(), info)
}
