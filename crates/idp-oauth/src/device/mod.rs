//! Signing in on another device (RFC 8628): where a device asks for codes, `POST /{tenant}/oauth2/v2.0/devicecode` and
//! `GET|POST /{tenant}/oauth2/devicecode`.
//!
//! 1. which directory?   2. what is asked?   3. who asks?   4. ask, once under each code   5. answer
//!
//! Where a person types the code is [`entry`]; where the conversation about it ends, [`resume`]. The device comes for its
//! tokens to the token endpoint (`token/grants/device_code.rs`).

mod entry;
mod error;
mod resume;

use axum::body::Body;
use axum::extract::{Path, Request, State};
use http::{Method, Response, StatusCode};
use idp_domain::audit::{Activity, AuditEvent};
use idp_domain::changes::{Change, Changes, Conflict};
use idp_domain::device::{self, Asked, DeviceRequest, INTERVAL, LIFETIME, Wish};
use idp_domain::policies::{Flow, FlowBlocked};
use idp_domain::store::CommitError;
use idp_domain::tenant::Directory;
use idp_web::limits;
use idp_web::pages::{Locale, device_message};
use idp_web::request::RequestInfo;
use idp_web::show::Languages;
use idp_web::state::{App, Shared};
use idp_web::{answer as web, body, directory};
use vestibule_wire::form::Form;
use vestibule_wire::ids::ClientId;
use vestibule_wire::oauth::{DeviceAuthorizationAnswer, param};

use crate::authorize::raw::asking_client;
use crate::dialect::Dialect;
pub use entry::{get as entry, other as entry_other, post as typed, short};
use error::DeviceError;
pub use resume::get as resume;

/// How often a request is written down under other codes, because somebody has the same user code.
const TRIES: usize = 3;

/// What a device asks for.
struct DeviceAuthorizationRequest {
    client: ClientId,
    scope: String,
    languages: Languages,
}

/// `POST /{tenant}/oauth2/v2.0/devicecode`; and `GET|POST /{tenant}/oauth2/devicecode`, since the oldest ADAL sends
/// everything in the query.
pub async fn ask(
    State(app): State<Shared>,
    Path(segment): Path<String>,
    dialect: Dialect,
    info: RequestInfo,
    request: Request,
) -> Response<Body> {
    match codes(&app, &info, dialect, &segment, request).await {
        Ok(response) => response,
        Err(DeviceError::TooOften(too_often)) => limits::refuse(&app, &info, too_often),
        Err(error) => web::error(&app, &error.failure(), &info),
    }
}

/// Any other method.
pub async fn other(
    State(app): State<Shared>,
    dialect: Dialect,
    method: Method,
    info: RequestInfo,
) -> Response<Body> {
    let allowed = match dialect {
        Dialect::V1 => "GET, POST",
        Dialect::V2 => "POST",
    };
    web::method_not_allowed(&app, &method, allowed, &info)
}

async fn codes(
    app: &App,
    info: &RequestInfo,
    dialect: Dialect,
    segment: &str,
    request: Request,
) -> Result<Response<Body>, DeviceError> {
    // 1. Which directory?
    let directory = directory::resolve(&*app.store, segment).await?;
    // 2. What is asked?
    let asked = DeviceAuthorizationRequest::read(dialect, request).await?;
    // 3. Who asks? An application that this directory knows, or that consent may bring in.
    let application = asking_client(app, &directory, asked.client).await?;
    app.limits.device_codes_by_client(asked.client)?;
    if let Some(tenant) = directory.tenant() {
        let event = AuditEvent {
            client: Some(asked.client),
            address: info.address,
            correlation_id: Some(info.reference.correlation_id),
            ..AuditEvent::new(Activity::FlowBlocked, tenant.id, info.now(), &*app.random)
        };
        permitted(app, tenant.flows.decide(Flow::DeviceCode, None), event).await?;
    }
    // 4. Ask.
    for _ in 0..TRIES {
        let wish = Wish {
            tenant: directory.tenant().map(|tenant| tenant.id),
            scope: asked.scope.clone(),
            from: info.address,
        };
        let made = DeviceRequest::ask(&application, wish, &app.sealer, info.now(), &*app.random)?;
        match app.store.commit(Changes::one(Change::AskDevice(Box::new(made.request.clone())))).await {
            // 5. Answer.
            Ok(()) => return Ok(answer(app, info, dialect, &asked, &made)),
            Err(CommitError::Conflict(Conflict::AlreadyExists)) => {}
            Err(CommitError::Conflict(cause)) => tracing::warn!(%cause, "a device could not ask"),
            Err(CommitError::Unavailable(cause)) => return Err(cause.into()),
        }
    }
    Err(DeviceError::Busy)
}

impl DeviceAuthorizationRequest {
    /// Body and query are one set of parameters, as in the service: older clients send some in each.
    async fn read(dialect: Dialect, request: Request) -> Result<Self, DeviceError> {
        let (parts, body) = request.into_parts();
        let mut form =
            if parts.method == Method::GET { Form::default() } else { body::read_form(&parts, body).await? };
        let query = parts.uri.query().unwrap_or_default();
        form.add(query.as_bytes()).map_err(|_| DeviceError::Malformed)?;
        Self::parse(dialect, &form)
    }

    fn parse(dialect: Dialect, form: &Form) -> Result<Self, DeviceError> {
        if let Some(name) = form.repeated().next() {
            return Err(DeviceError::Repeated(name.to_owned()));
        }
        let client = form.get(param::CLIENT_ID).ok_or(DeviceError::Missing(param::CLIENT_ID))?;
        let client = client.parse().map_err(|_| DeviceError::NotAnApplication(client.to_owned()))?;
        let scope = dialect.wanted_at_sign_in(form)?.ok_or(DeviceError::Missing(dialect.wish()))?;
        Ok(Self { client, scope, languages: Languages::of(form) })
    }
}

fn answer(
    app: &App,
    info: &RequestInfo,
    dialect: Dialect,
    asked: &DeviceAuthorizationRequest,
    made: &Asked,
) -> Response<Body> {
    metrics::counter!("vestibule_device_codes_issued_total").increment(1);
    let Languages { ui_locales, mkt } = &asked.languages;
    let locale = Locale::negotiate(ui_locales.as_deref(), mkt.as_deref(), info.accept_language.as_deref());
    let address = format!("{}{}", app.origin.as_str(), entry::SHORT);
    let user_code = made.user_code.as_str();
    let document = DeviceAuthorizationAnswer {
        user_code,
        device_code: &made.device_code.seal(&app.sealer, &*app.random),
        verification_uri: &address,
        verification_url: &address,
        expires_in: dialect.figure(LIFETIME.as_secs()),
        interval: dialect.figure(INTERVAL.as_secs()),
        message: device_message(locale, &address, user_code),
    };
    web::json(StatusCode::OK, &document, info)
}

/// What the organisation says of it. A no goes on record (DC-10).
async fn permitted(
    app: &App,
    decided: Result<(), FlowBlocked>,
    event: AuditEvent,
) -> Result<(), DeviceError> {
    if decided.is_ok() {
        return Ok(());
    }
    app.store.commit(Changes::one(Change::RecordAudit(event))).await?;
    Err(DeviceError::Blocked)
}

/// The directory that a request was made at, as far as somebody who signs in for it is bound to it.
async fn directory_of(
    app: &App,
    request: &device::DeviceRequest,
    page: Directory,
) -> Result<Directory, DeviceError> {
    let Some(tenant) = request.tenant else { return Ok(page) };
    let tenant = app.store.tenant(tenant).await?.filter(|tenant| tenant.enabled);
    Ok(Directory::One(tenant.ok_or(DeviceError::Expired)?))
}
