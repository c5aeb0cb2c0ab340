//! The applications that a browser's sessions were used with: whom to tell when a session ends (OpenID Connect Front-Channel
//! Logout §3, Back-Channel Logout §2.3). The browser itself keeps the list, sealed, so that a sign-in stores nothing for it.
//!
//! It is a cookie: of two sign-ins that end at the same moment one may be missing, and the oldest give way to the newest.

use axum::body::Body;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use http::{HeaderMap, Response};
use idp_domain::sealed::Purpose;
use idp_domain::sessions::SignedIn;
use idp_domain::store::Unavailable;
use idp_domain::tokens::{EndedSession, TokenForm};
use idp_web::accounts::{self, Place};
use idp_web::back_channel::Notice;
use idp_web::cookies::{self, Cookies};
use idp_web::pages::HttpAddress;
use idp_web::request::RequestInfo;
use idp_web::state::App;
use vestibule_wire::form;
use vestibule_wire::ids::{ClientId, SessionId, TenantId};
use vestibule_wire::oauth::param;

use crate::sessions::Available;

/// As many as a cookie holds.
const REMEMBERED: usize = 32;
/// Three ids and the form of the tokens.
const ENTRY: usize = 3 * 16 + 1;

/// One application that one session was used with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Participant {
    /// The tenant in which.
    pub tenant: TenantId,
    /// The session.
    pub session: SessionId,
    /// The application.
    pub client: ClientId,
    /// The form of its ID tokens, in which it knows the issuer.
    pub form: TokenForm,
}

/// Writes down, in the browser, that an application was answered by a session.
pub fn took_part(
    app: &App,
    info: &RequestInfo,
    headers: &HeaderMap,
    response: &mut Response<Body>,
    signed_in: &SignedIn,
    client: ClientId,
    form: TokenForm,
) {
    let new = Participant { tenant: signed_in.user().tenant, session: signed_in.session(), client, form };
    let mut known = read(app, &Cookies::read(headers));
    if known.first() == Some(&new) {
        return;
    }
    known.retain(|participant| *participant != new);
    known.insert(0, new);
    known.truncate(REMEMBERED);
    cookies::set_participants(response, seal(app, info, &known));
}

/// Those of the browser with these cookies, the latest first.
pub fn participants(app: &App, headers: &HeaderMap) -> Vec<Participant> {
    read(app, &Cookies::read(headers))
}

/// Where the applications of ended sessions are told.
#[derive(Debug, Default)]
pub(crate) struct Told {
    /// By the browser, in frames: their logout URLs, with the issuer and the session (Front-Channel Logout §2).
    pub(crate) frames: Vec<HttpAddress>,
    /// By the server itself (Back-Channel Logout §2.5).
    pub(crate) notices: Vec<Notice>,
}

/// Whom to tell that these sessions ended, each once. An application that was disabled, or removed, is told nothing.
pub(crate) async fn to_tell(
    app: &App,
    info: &RequestInfo,
    cookies: &Cookies,
    ended: &[Available],
) -> Result<Told, Unavailable> {
    let mut told = Told::default();
    for participant in read(app, cookies) {
        let Participant { tenant, session, client, form } = participant;
        let Some(account) = ended.iter().find(|account| account.session.id == session) else { continue };
        let Some(registration) = app.store.registration(tenant, client).await? else { continue };
        if !registration.principal.enabled {
            continue;
        }
        let application = &registration.application;
        let frame = application.logout_url.as_deref().and_then(|url| participant.frame(app, url));
        told.frames.extend(frame);
        let Some(address) = application.back_channel_logout_url.clone() else { continue };
        // The person as the application knew them, where they may have been a guest.
        let Place::Of(person) = accounts::place(app, account.signed_in.at_home(), tenant).await? else {
            continue;
        };
        told.notices.push(Notice {
            ended: EndedSession {
                tenant,
                user: person.user().id,
                session,
                client,
                form,
                news: app.random.bytes(),
            },
            home: application.tenant,
            address,
            from: info.address,
            correlation_id: Some(info.reference.correlation_id),
        });
    }
    Ok(told)
}

/// What is left to remember once sessions have ended.
pub(crate) fn without(
    app: &App,
    info: &RequestInfo,
    cookies: &Cookies,
    ended: &[Available],
) -> Option<String> {
    let mut left = read(app, cookies);
    left.retain(|participant| ended.iter().all(|account| account.session.id != participant.session));
    (!left.is_empty()).then(|| seal(app, info, &left))
}

fn read(app: &App, cookies: &Cookies) -> Vec<Participant> {
    let sealed = cookies.participants.as_deref().and_then(|text| URL_SAFE_NO_PAD.decode(text).ok());
    let opened = sealed.and_then(|sealed| app.sealer.open_bytes(Purpose::Participants, b"", sealed).ok());
    opened
        .map(|bytes| bytes.chunks_exact(ENTRY).filter_map(Participant::from_bytes).collect())
        .unwrap_or_default()
}

fn seal(app: &App, info: &RequestInfo, participants: &[Participant]) -> String {
    let bytes = participants.iter().flat_map(|participant| participant.to_bytes()).collect();
    URL_SAFE_NO_PAD.encode(app.sealer.seal_bytes(Purpose::Participants, b"", bytes, info.now(), &*app.random))
}

impl Participant {
    fn frame(&self, app: &App, logout_url: &str) -> Option<HttpAddress> {
        let issuer = self.form.issuer(app.origin.as_str(), self.tenant);
        let told = form::encode([(param::ISS, issuer.as_str()), (param::SID, &self.session.to_string())]);
        let separator = if logout_url.contains('?') { '&' } else { '?' };
        HttpAddress::parse(&format!("{logout_url}{separator}{told}"))
    }

    fn to_bytes(self) -> Vec<u8> {
        let Self { tenant, session, client, form } = self;
        let form = match form {
            TokenForm::V1 => 1,
            TokenForm::V2 => 2,
        };
        [&tenant.as_bytes()[..], session.as_bytes(), client.as_bytes(), &[form]].concat()
    }

    fn from_bytes(bytes: &[u8]) -> Option<Self> {
        let form = match bytes.get(48)? {
            1 => TokenForm::V1,
            2 => TokenForm::V2,
            _ => return None,
        };
        Some(Self {
            tenant: TenantId::from_bytes(bytes.get(..16)?)?,
            session: SessionId::from_bytes(bytes.get(16..32)?)?,
            client: ClientId::from_bytes(bytes.get(32..48)?)?,
            form,
        })
    }
}
