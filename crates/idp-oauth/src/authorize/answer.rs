//! The answer: to a trusted redirect URI, in the mode asked for. Nothing else in this server sends a browser to an
//! application from here.

use axum::body::Body;
use http::header::{CACHE_CONTROL, HeaderValue, LOCATION, PRAGMA};
use http::{Response, StatusCode};
use idp_domain::applications::TrustedRedirect;
use idp_domain::sessions::SignedIn;
use idp_web::answer::identify;
use idp_web::pages::{FormPostPage, HttpAddress};
use idp_web::request::RequestInfo;
use idp_web::show;
use idp_web::state::App;
use vestibule_wire::aadsts::Failure;
use vestibule_wire::client_info::ClientInfo;
use vestibule_wire::form;
use vestibule_wire::oauth::{BEARER, ErrorAnswer, ResponseMode, admin_consent, param};

use super::bring::Brought;
use super::raw::AnswerableRequest;

/// What the application is told.
pub(super) enum Reply<'a> {
    /// What was asked for (RFC 6749 §4.1.2 and §4.2.2, OAuth 2.0 Multiple Response Types §5).
    Brought { brought: Box<Brought>, signed_in: &'a SignedIn, client_info: bool, admin_consent: bool },
    /// An error (RFC 6749 §4.1.2.1).
    Error(&'a Failure),
}

/// Sends the answer.
pub(super) fn send(
    app: &App,
    info: &RequestInfo,
    request: &AnswerableRequest,
    reply: Reply<'_>,
) -> Response<Body> {
    let mut members = members(app, info, request, reply);
    let answer_to = request.answer_to();
    // Byte-exact, and last, as the service has it.
    if let Some(state) = &answer_to.state {
        members.push((param::STATE, state.clone()));
    }
    match answer_to.mode {
        ResponseMode::Query => redirect(info, &with_query(&answer_to.redirect, &members)),
        ResponseMode::Fragment => {
            redirect(info, &format!("{}#{}", bare(&answer_to.redirect), encode(&members)))
        }
        ResponseMode::FormPost => form_post(app, info, request, members),
    }
}

fn members(
    app: &App,
    info: &RequestInfo,
    request: &AnswerableRequest,
    reply: Reply<'_>,
) -> Vec<(&'static str, String)> {
    match reply {
        Reply::Brought { brought, signed_in, client_info, admin_consent } => {
            let user = signed_in.user();
            let mut members = brought_members(*brought);
            if client_info {
                members.push((param::CLIENT_INFO, ClientInfo { uid: user.id, utid: user.tenant }.encode()));
            }
            members.push((param::SESSION_STATE, signed_in.session().to_string()));
            if admin_consent {
                members.push((param::ADMIN_CONSENT, admin_consent::TRUE.to_owned()));
            }
            // RFC 9207 §2: the issuer of the tokens the code will bring.
            let issuer = request.dialect().issuer(app.origin.as_str(), &user.tenant.to_string());
            members.push((param::ISS, issuer));
            members
        }
        Reply::Error(failure) => {
            let answer = ErrorAnswer::new(failure, &info.reference, app.origin.as_str());
            let mut members = vec![
                (param::ERROR, answer.error.to_owned()),
                (param::ERROR_DESCRIPTION, answer.error_description),
            ];
            members.extend(answer.error_uri.map(|uri| (param::ERROR_URI, uri)));
            members.push((param::ISS, request.issuer().to_owned()));
            members
        }
    }
}

fn brought_members(Brought { code, tokens }: Brought) -> Vec<(&'static str, String)> {
    let mut members = Vec::new();
    let (access, id_token) = tokens.map_or((None, None), |tokens| (tokens.access, tokens.id_token));
    if let Some(access) = access {
        members.push((param::ACCESS_TOKEN, access.token));
        members.push((param::TOKEN_TYPE, BEARER.to_owned()));
        members.push((param::EXPIRES_IN, access.expires_in.to_string()));
        members.extend(access.scope.map(|scope| (param::SCOPE, scope)));
    }
    members.extend(code.map(|code| (param::CODE, code)));
    members.extend(id_token.map(|id_token| (param::ID_TOKEN, id_token)));
    members
}

fn encode(members: &[(&'static str, String)]) -> String {
    form::encode(members.iter().map(|(name, value)| (*name, value.as_str())))
}

/// A registered URI may have a query of its own, which stays.
pub(crate) fn with_query(redirect: &TrustedRedirect, members: &[(&'static str, String)]) -> String {
    let uri = bare(redirect);
    let separator = if uri.contains('?') { '&' } else { '?' };
    format!("{uri}{separator}{}", encode(members))
}

/// A URI without a path is answered at `/`, as the service does.
fn bare(redirect: &TrustedRedirect) -> String {
    let uri = redirect.as_str();
    match uri.split_once("://") {
        Some(("http" | "https", rest)) if !rest.contains(['/', '?']) => format!("{uri}/"),
        _ => uri.to_owned(),
    }
}

pub(crate) fn redirect(info: &RequestInfo, location: &str) -> Response<Body> {
    let mut response = Response::new(Body::empty());
    // 302 from a GET; after a form the way leads over a 303 to a GET, so credentials are never sent on (AZ-50).
    *response.status_mut() = StatusCode::FOUND;
    let headers = response.headers_mut();
    if let Ok(location) = HeaderValue::from_str(location) {
        headers.insert(LOCATION, location);
    }
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store, no-cache"));
    headers.insert(PRAGMA, HeaderValue::from_static("no-cache"));
    identify(&mut response, info);
    response
}

/// OAuth 2.0 Form Post Response Mode §2. A scheme of a native application's own cannot be posted to: there the answer
/// travels in the query.
fn form_post(
    app: &App,
    info: &RequestInfo,
    request: &AnswerableRequest,
    members: Vec<(&'static str, String)>,
) -> Response<Body> {
    let Some(target) = HttpAddress::parse(&bare(request.redirect())) else {
        return redirect(info, &with_query(request.redirect(), &members));
    };
    let chrome = show::chrome(app, info, &request.answer_to().languages, None);
    let page = FormPostPage {
        application: request.application_name().to_owned(),
        target,
        fields: members.into_iter().map(|(name, value)| (name.to_owned(), value)).collect(),
    };
    let csp = page.csp(&chrome);
    show::page(StatusCode::OK, page.render(&chrome), &chrome, &csp, info)
}
