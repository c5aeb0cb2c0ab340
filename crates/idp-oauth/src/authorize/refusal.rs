//! Who hears of what went wrong: the person, on a page, or the application, by redirect.

use axum::body::Body;
use http::Response;
use idp_web::request::RequestInfo;
use idp_web::show::{self, Context, Languages};
use idp_web::state::App;
use vestibule_wire::form::Form;
use vestibule_wire::oauth::param;

use super::answer::{self, Reply};
use super::error::AuthorizeError;
use super::raw::AnswerableRequest;

/// A refusal, and who hears of it.
pub(super) enum Refused {
    /// The person: there is no redirect URI that can be trusted.
    OnPage(AuthorizeError),
    /// The application.
    ToApplication(Box<AnswerableRequest>, AuthorizeError),
}

impl Refused {
    pub(super) fn to(request: &AnswerableRequest, error: AuthorizeError) -> Self {
        Self::ToApplication(Box::new(request.clone()), error)
    }
}

impl<E: Into<AuthorizeError>> From<E> for Refused {
    fn from(error: E) -> Self {
        Self::OnPage(error.into())
    }
}

/// Shows the person what went wrong.
pub(super) fn page(app: &App, info: &RequestInfo, error: &AuthorizeError, form: &Form) -> Response<Body> {
    let context = Context {
        languages: Languages::of(form),
        client_id: form.get(param::CLIENT_ID).unwrap_or_default().to_owned(),
        ..Context::default()
    };
    show::error(app, info, &error.failure(), context)
}

/// Tells the application what went wrong.
pub(super) fn redirect(
    app: &App,
    info: &RequestInfo,
    request: &AnswerableRequest,
    error: &AuthorizeError,
) -> Response<Body> {
    let failure = error.failure();
    tracing::info!(trace_id = %info.reference.trace_id, code = failure.row().number, "refused by redirect");
    answer::send(app, info, request, Reply::Error(&failure))
}
