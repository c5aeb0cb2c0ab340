//! The cookies, all of them: their names, attributes and contents.
//!
//! Every name has the prefix `__Host-`: secure, for the whole path, for this host alone (LG-13). Only the session cookie and
//! the list that goes with it are `SameSite=None`, because they must come with a hidden iframe's request; therefore no protection against forged
//! requests rests on it.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use cookie::{Cookie, SameSite};
use http::header::{COOKIE, HeaderValue, SET_COOKIE};
use http::{HeaderMap, Response};
use idp_domain::sessions::BrowserKey;

const SESSION: &str = "__Host-idp.sso";
const FLOW: &str = "__Host-idp.flow";
const FAMILIAR: &str = "__Host-idp.known";
const PARTICIPANTS: &str = "__Host-idp.apps";

const NINETY_DAYS: i64 = 90 * 86_400;
const FLOW_LIFETIME: i64 = 60 * 60;

/// The cookies of a request.
#[derive(Debug, Clone, Default)]
pub struct Cookies {
    /// The browser, if it holds sessions.
    pub browser: Option<BrowserKey>,
    /// Ties the pages of a conversation to this browser: 32 random bytes.
    pub flow: Option<[u8; 32]>,
    /// The accounts this browser is familiar with, sealed.
    pub familiar: Option<String>,
    /// The applications its sessions were used with, sealed.
    pub participants: Option<String>,
}

impl Cookies {
    /// Reads the cookies. What is malformed is not there (LG-14).
    pub fn read(headers: &HeaderMap) -> Self {
        let mut cookies = Self::default();
        let lines = headers.get_all(COOKIE).iter().filter_map(|value| value.to_str().ok());
        for cookie in lines.flat_map(Cookie::split_parse).flatten() {
            match cookie.name() {
                SESSION => cookies.browser = bytes(cookie.value()).map(BrowserKey::from_bytes),
                FLOW => cookies.flow = bytes(cookie.value()),
                FAMILIAR if cookie.value().len() <= 2048 => {
                    cookies.familiar = Some(cookie.value().to_owned())
                }
                PARTICIPANTS if cookie.value().len() <= 3072 => {
                    cookies.participants = Some(cookie.value().to_owned());
                }
                _ => {}
            }
        }
        cookies
    }
}

fn bytes(text: &str) -> Option<[u8; 32]> {
    URL_SAFE_NO_PAD.decode(text).ok()?.try_into().ok()
}

/// The browser holds sessions under this key: until it closes, or for 90 days.
pub fn set_browser<B>(response: &mut Response<B>, key: &BrowserKey, persistent: bool) {
    let value = URL_SAFE_NO_PAD.encode(key.as_bytes());
    set(response, SESSION, value, SameSite::None, persistent.then_some(NINETY_DAYS));
}

/// The browser holds no sessions.
pub fn clear_browser<B>(response: &mut Response<B>) {
    set(response, SESSION, String::new(), SameSite::None, Some(0));
}

/// A conversation begins in this browser.
pub fn set_flow<B>(response: &mut Response<B>, key: &[u8; 32]) {
    set(response, FLOW, URL_SAFE_NO_PAD.encode(key), SameSite::Lax, Some(FLOW_LIFETIME));
}

/// The browser is familiar with these accounts.
pub fn set_familiar<B>(response: &mut Response<B>, sealed: String) {
    set(response, FAMILIAR, sealed, SameSite::Lax, Some(NINETY_DAYS));
}

/// The browser's sessions were used with these applications. It is written in hidden frames too, like the session it
/// belongs to.
pub fn set_participants<B>(response: &mut Response<B>, sealed: String) {
    set(response, PARTICIPANTS, sealed, SameSite::None, Some(NINETY_DAYS));
}

/// The browser's sessions were used with no application.
pub fn clear_participants<B>(response: &mut Response<B>) {
    set(response, PARTICIPANTS, String::new(), SameSite::None, Some(0));
}

fn set<B>(
    response: &mut Response<B>,
    name: &'static str,
    value: String,
    same_site: SameSite,
    seconds: Option<i64>,
) {
    let mut cookie = Cookie::build((name, value)).path("/").secure(true).http_only(true).same_site(same_site);
    if let Some(seconds) = seconds {
        cookie = cookie.max_age(cookie::time::Duration::seconds(seconds));
    }
    if let Ok(value) = HeaderValue::from_str(&cookie.build().to_string()) {
        response.headers_mut().append(SET_COOKIE, value);
    }
}
