//! Pages as answers: the language, the nonce, the policy, and the headers that keep a page from being stored or framed.

use axum::body::Body;
use http::header::{CACHE_CONTROL, CONTENT_LANGUAGE, CONTENT_SECURITY_POLICY, CONTENT_TYPE, HeaderValue};
use http::{Response, StatusCode};
use serde::{Deserialize, Serialize};
use vestibule_wire::aadsts::{Aadsts, Failure};
use vestibule_wire::form::Form;
use vestibule_wire::oauth::param;

use crate::answer;
use crate::pages::{Chrome, Csp, ErrorDetails, ErrorPage, HumanError, Locale, Nonce};
use crate::request::RequestInfo;
use crate::state::App;

/// A page, written or not.
pub type Html = askama::Result<String>;

/// The languages a request asked for, as it wrote them; bounded.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct Languages {
    /// `ui_locales`
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ui_locales: Option<String>,
    /// `mkt`
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mkt: Option<String>,
}

impl Languages {
    /// Reads the parameters.
    pub fn of(form: &Form) -> Self {
        let bounded = |name| form.get(name).map(|text| text.chars().take(64).collect());
        Self { ui_locales: bounded(param::UI_LOCALES), mkt: bounded(param::MKT) }
    }
}

/// What surrounds the page of this answer.
pub fn chrome(app: &App, info: &RequestInfo, languages: &Languages, organisation: Option<&str>) -> Chrome {
    Chrome {
        locale: Locale::negotiate(
            languages.ui_locales.as_deref(),
            languages.mkt.as_deref(),
            info.accept_language.as_deref(),
        ),
        nonce: Nonce::from_bytes(app.random.bytes()),
        organisation: organisation.map(str::to_owned),
    }
}

/// A page, under its policy.
pub fn page(
    status: StatusCode,
    html: Html,
    chrome: &Chrome,
    csp: &Csp,
    info: &RequestInfo,
) -> Response<Body> {
    let html = html.unwrap_or_else(|cause| {
        tracing::error!(%cause, "a page could not be written");
        String::new()
    });
    let mut response = Response::new(Body::from(html));
    *response.status_mut() = status;
    let headers = response.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static("text/html; charset=utf-8"));
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    headers.insert(CONTENT_LANGUAGE, HeaderValue::from_static(chrome.locale.tag()));
    headers.insert(CONTENT_SECURITY_POLICY, csp.to_header_value());
    answer::identify(&mut response, info);
    answer::ask_to_wait(&mut response);
    response
}

/// What an error page can say besides the failure.
#[derive(Debug, Clone, Default)]
pub struct Context {
    /// The languages asked for.
    pub languages: Languages,
    /// The display name of the application.
    pub application: Option<String>,
    /// The client id, as the request gave it.
    pub client_id: String,
    /// The account it is about.
    pub account: Option<String>,
    /// Where to begin again: a path on this origin.
    pub start_again: Option<String>,
}

/// The error page: for failures that must not, or cannot, be sent to the application.
pub fn error(app: &App, info: &RequestInfo, failure: &Failure, context: Context) -> Response<Body> {
    error_as(app, info, human(failure.code()), failure, context)
}

/// The error page, where the place says more than the code what it means to a person.
pub fn error_as(
    app: &App,
    info: &RequestInfo,
    error: HumanError,
    failure: &Failure,
    context: Context,
) -> Response<Body> {
    let row = failure.row();
    let reference = &info.reference;
    tracing::info!(trace_id = %reference.trace_id, correlation_id = %reference.correlation_id, code = row.number, "refused on a page");
    let chrome = chrome(app, info, &context.languages, None);
    let page_of = ErrorPage {
        error,
        application: context.application,
        account: context.account,
        start_again: context.start_again,
        details: ErrorDetails {
            code: row.label(),
            message: failure.message(),
            client_id: context.client_id.chars().take(64).collect(),
            correlation_id: reference.correlation_id.to_string(),
            trace_id: reference.trace_id.to_string(),
            time: reference.timestamp(),
        },
    };
    let status = match row.status {
        status @ (405 | 429 | 503 | 500) => StatusCode::from_u16(status).unwrap_or(StatusCode::BAD_REQUEST),
        _ => StatusCode::BAD_REQUEST,
    };
    page(status, page_of.render(&chrome), &chrome, &chrome.csp(), info)
}

/// What a code means to a person.
fn human(code: Aadsts) -> HumanError {
    match code {
        Aadsts::RedirectUriMismatch | Aadsts::NoReplyAddress => HumanError::RedirectUriMismatch,
        Aadsts::ApplicationNotFound | Aadsts::NotAnApplication => HumanError::UnknownApplication,
        Aadsts::TenantNotFound | Aadsts::TenantMalformed | Aadsts::TenantMissing => HumanError::UnknownTenant,
        Aadsts::NotMultiTenant | Aadsts::NotForConsumers => HumanError::NotMultiTenant,
        Aadsts::UserNotInTenant | Aadsts::UserNotFound => HumanError::AccountNotInTenant,
        Aadsts::ParameterMissing
        | Aadsts::ParameterRepeated
        | Aadsts::ParameterInvalid
        | Aadsts::RequestMalformed => HumanError::MalformedRequest,
        Aadsts::MethodNotAllowed => HumanError::MalformedRequest,
        Aadsts::FlowExpired => HumanError::FlowExpired,
        Aadsts::ServiceBusy => HumanError::ServerBusy,
        Aadsts::TooManyRequests => HumanError::TooOften,
        Aadsts::UserDisabled | Aadsts::ApplicationDisabled => HumanError::Disabled,
        Aadsts::AccessBlocked => HumanError::Blocked,
        Aadsts::ConsentMissing | Aadsts::ConsentDeclined => HumanError::NotAllowed,
        _ => HumanError::Other,
    }
}
