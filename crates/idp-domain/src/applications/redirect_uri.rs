//! Redirect URIs: what may be registered, and whether a request names a registered one.
//!
//! Matching compares strings, never parts (RFC 9700 §2.1); the one exception is the port of a loopback address for
//! native applications (RFC 8252 §7.3). What matches becomes a [`TrustedRedirect`], and nothing else can: an answer can
//! only be sent to one, so an open redirect cannot be written.

use serde::{Deserialize, Serialize};
use url::{Host, Url};

use super::Application;

/// The kind of program behind a redirect URI. It decides how the code is redeemed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Platform {
    /// A web server, which keeps a secret.
    Web,
    /// A single-page application: code in a browser, redeeming across origins with PKCE.
    Spa,
    /// A native application.
    Native,
}

/// A registered redirect URI.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RedirectUri {
    /// What kind of program it belongs to.
    pub platform: Platform,
    /// The URI, exactly as registered.
    uri: String,
}

/// The text cannot be registered; says why.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("'{uri}' cannot be a redirect URI: {reason}")]
pub struct MalformedRedirectUri {
    /// What was given.
    pub uri: String,
    /// What is wrong with it.
    pub reason: &'static str,
}

impl RedirectUri {
    /// Takes a URI for registration.
    ///
    /// `https` anywhere; `http` on `localhost` and `127.0.0.1` only; a native application may use its own scheme
    /// (`msal{client id}://auth`). At most 256 characters, no fragment, no user information, no control characters.
    pub fn register(platform: Platform, uri: &str) -> Result<Self, MalformedRedirectUri> {
        let refuse = |reason| Err(MalformedRedirectUri { uri: uri.to_owned(), reason });
        if uri.len() > 256 {
            return refuse("it is longer than 256 characters");
        }
        if !uri.bytes().all(|b| b.is_ascii_graphic())
            || uri.contains(['!', '$', '\'', '(', ')', ',', ';', '\\', '"', '<', '>'])
        {
            return refuse("it has characters that are not supported");
        }
        if uri.contains(['#', '*']) {
            return refuse("fragments and wildcards are not allowed");
        }
        let Ok(parsed) = Url::parse(uri) else { return refuse("it is not an absolute URI") };
        if !parsed.username().is_empty() || parsed.password().is_some() {
            return refuse("user information is not allowed");
        }
        match (parsed.scheme(), platform) {
            ("https", _) => {}
            ("http", _) if is_loopback(&parsed) => {}
            ("http", _) => return refuse("http is allowed for localhost and 127.0.0.1 only"),
            ("javascript" | "data" | "vbscript" | "file" | "blob" | "about", _) => {
                return refuse("that scheme runs code or reads files");
            }
            (_, Platform::Native) => {}
            _ => return refuse("only native applications may use a scheme of their own"),
        }
        Ok(Self { platform, uri: uri.to_owned() })
    }

    /// The URI as registered.
    pub fn as_str(&self) -> &str {
        &self.uri
    }

    /// Its origin, for CORS.
    pub fn origin(&self) -> Option<String> {
        origin_of(&self.uri)
    }

    /// Whether both name the same place, on whatever platform: equal, but for the slash of an empty path.
    pub(super) fn is_the_same_as(&self, other: &Self) -> bool {
        strip_bare_slash(&self.uri) == strip_bare_slash(&other.uri)
    }

    fn matches(&self, asked: &str) -> bool {
        if self.uri == asked {
            return true;
        }
        // A registered URI without a path equals the same with "/" (entra-behaviour: matching, step 3).
        if strip_bare_slash(&self.uri) == strip_bare_slash(asked) {
            return true;
        }
        self.platform == Platform::Native && same_but_for_the_port(&self.uri, asked)
    }
}

/// A redirect URI to which answers may be sent: one that the application has registered.
///
/// Made only by [`Application::trusted_redirect`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TrustedRedirect {
    uri: String,
    platform: Platform,
}

impl TrustedRedirect {
    /// The URI to send the answer to.
    pub fn as_str(&self) -> &str {
        &self.uri
    }

    /// What kind of program it belongs to.
    pub const fn platform(&self) -> Platform {
        self.platform
    }

    /// What a content security policy calls it: its origin, or its scheme when that is all there is (Content Security
    /// Policy Level 3 §2.3.1).
    pub fn policy_source(&self) -> String {
        origin_of(&self.uri).unwrap_or_else(|| {
            self.uri.split_once(':').map_or_else(String::new, |(scheme, _)| format!("{scheme}:"))
        })
    }
}

impl Application {
    /// The redirect URI a request names, if it is registered.
    pub fn trusted_redirect(&self, asked: &str) -> Option<TrustedRedirect> {
        let registered = self.redirect_uris.iter().find(|uri| uri.matches(asked))?;
        // The registered string is what is sent to (AZ-03). Only a loopback port comes from the request, and then the
        // request differs from the registration in its digits alone.
        let uri = if same_but_for_the_port(&registered.uri, asked) && registered.platform == Platform::Native
        {
            asked.to_owned()
        } else {
            registered.uri.clone()
        };
        Some(TrustedRedirect { uri, platform: registered.platform })
    }

    /// The redirect URI of a request that names none: the only one there is, or none (AZ-10, AZ-11).
    pub fn only_redirect(&self) -> Option<TrustedRedirect> {
        match self.redirect_uris.as_slice() {
            [only] => Some(TrustedRedirect { uri: only.uri.clone(), platform: only.platform }),
            _ => None,
        }
    }

    /// Whether a page of this origin may redeem codes across origins: it is the origin of a single-page application's
    /// redirect URI.
    pub fn has_spa_origin(&self, origin: &str) -> bool {
        self.redirect_uris
            .iter()
            .any(|uri| uri.platform == Platform::Spa && uri.origin().as_deref() == Some(origin))
    }
}

/// `localhost` or `127.0.0.1`.
pub(super) fn is_loopback(url: &Url) -> bool {
    match url.host() {
        Some(Host::Domain(name)) => name == "localhost",
        Some(Host::Ipv4(address)) => address == std::net::Ipv4Addr::LOCALHOST,
        _ => false,
    }
}

fn origin_of(uri: &str) -> Option<String> {
    let origin = Url::parse(uri).ok()?.origin();
    origin.is_tuple().then(|| origin.ascii_serialization())
}

/// `http://localhost/` and `http://localhost` are one; `http://localhost/x/` and `http://localhost/x` are two.
fn strip_bare_slash(uri: &str) -> &str {
    match uri.split_once("://") {
        Some((_, rest)) if rest.find('/') == Some(rest.len() - 1) => &uri[..uri.len() - 1],
        _ => uri,
    }
}

/// RFC 8252 §7.3, on text: `http://localhost` or `http://127.0.0.1`, then an optional port, then the same rest.
fn same_but_for_the_port(registered: &str, asked: &str) -> bool {
    ["http://localhost", "http://127.0.0.1"].iter().any(|host| {
        let rest = |uri: &str| uri.strip_prefix(host).and_then(without_port).map(str::to_owned);
        match (rest(registered), rest(asked)) {
            (Some(a), Some(b)) => a == b || (a.is_empty() && b == "/") || (a == "/" && b.is_empty()),
            _ => false,
        }
    })
}

/// Takes `:digits` off the front; what follows must be empty or a path.
fn without_port(rest: &str) -> Option<&str> {
    let after = match rest.strip_prefix(':') {
        Some(port) => {
            let digits = port.bytes().take_while(u8::is_ascii_digit).count();
            if !(1..=5).contains(&digits) {
                return None;
            }
            &port[digits..]
        }
        None => rest,
    };
    (after.is_empty() || after.starts_with('/')).then_some(after)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::applications::microsoft_graph;

    fn application(platform: Platform, uris: &[&str]) -> Application {
        let mut application = microsoft_graph();
        application.redirect_uris =
            uris.iter().map(|uri| RedirectUri::register(platform, uri).unwrap()).collect();
        application
    }

    #[test]
    fn az_01_to_az_04_only_the_registered_string_matches() {
        let app = application(Platform::Web, &["https://app.example/auth/cb"]);
        assert_eq!(
            app.trusted_redirect("https://app.example/auth/cb").unwrap().as_str(),
            "https://app.example/auth/cb"
        );
        for asked in [
            "https://app.example/auth/cb/",
            "https://app.example/auth/cb/x",
            "https://app.example/auth/cb/..",
            "https://app.example/auth/../auth/cb",
            "https://app.example/auth/cb/..;/x",
            "https://app.example/auth/%2e%2e/auth/cb",
            "https://app.example//auth/cb",
            "https://app.example/auth/CB",
            "https://app.example/auth/cb?",
            "https://app.example/auth/cb?x=1",
            "https://app.example/auth/cb#",
            "https://app.example/auth/cb#x",
            "https://app.example/auth/cb%23x",
            "https://app.example@evil.example/auth/cb",
            "https://evil.example@app.example/auth/cb",
            "https://app.example\\@evil.example/auth/cb",
            "https://app.example%40evil.example/auth/cb",
            "https://APP.example/auth/cb",
            "https://app.example./auth/cb",
            "https://app.example:443/auth/cb",
            "https://app.example:8443/auth/cb",
            "https://аpp.example/auth/cb",
            "https://xn--pp-oxb.example/auth/cb",
            "http://app.example/auth/cb",
            "HTTPS://app.example/auth/cb",
            "https:/app.example/auth/cb",
            "https:app.example/auth/cb",
            "//app.example/auth/cb",
            "/auth/cb",
            "",
            " https://app.example/auth/cb",
            "https://app.example/auth/cb ",
            "https://app.example/auth/cb\n",
            "https://app.example/auth/cb\0",
            "https://app.example\t/auth/cb",
            "javascript:alert(1)",
            "data:text/html,x",
            "https://app.example/auth/c",
            "https://app.example",
            "https://sub.app.example/auth/cb",
            "https://app.example.evil.example/auth/cb",
            "https://2130706433/auth/cb",
            "https://[::1]/auth/cb",
            "https://app.example/auth/cb\u{200b}",
            "https://app.example/auth%2fcb",
        ] {
            assert_eq!(app.trusted_redirect(asked), None, "{asked:?}");
        }
    }

    #[test]
    fn az_05_az_06_az_08_az_09_what_may_not_be_registered() {
        for uri in [
            "https://a.example/#x",
            "https://a.example/*",
            "https://*.a.example/",
            "http://a.example/",
            "http://[::1]/",
            "javascript:alert(1)",
            "data:text/html,x",
            "vbscript:x",
            "file:///etc/passwd",
            "blob:https://a.example/x",
            " https://a.example/",
            "https://u@a.example/",
            "https://u:p@a.example/",
            "a.example",
            "https://a.example/\u{7f}",
            &format!("https://a.example/{}", "x".repeat(256)),
        ] {
            for platform in [Platform::Web, Platform::Spa, Platform::Native] {
                assert!(RedirectUri::register(platform, uri).is_err(), "{platform:?} {uri}");
            }
        }
    }

    #[test]
    fn az_07_only_native_applications_may_choose_their_loopback_port() {
        let native = application(Platform::Native, &["http://localhost"]);
        for asked in [
            "http://localhost",
            "http://localhost/",
            "http://localhost:1",
            "http://localhost:50123",
            "http://localhost:50123/",
        ] {
            assert!(native.trusted_redirect(asked).is_some(), "{asked}");
        }
        for asked in [
            "http://localhost:50123/x",
            "http://127.0.0.1:50123",
            "https://localhost:50123",
            "http://localhost:",
            "http://localhost:123456",
            "http://localhost:80@evil.example",
            "http://localhost.evil.example",
            "http://localhost:80evil.example/",
            "http://[::1]:80",
            "http://localhost:80?x",
            "http://localhost:80#x",
        ] {
            assert_eq!(native.trusted_redirect(asked), None, "{asked}");
        }
        for platform in [Platform::Web, Platform::Spa] {
            let fixed = application(platform, &["http://localhost:3000/"]);
            assert!(fixed.trusted_redirect("http://localhost:3000/").is_some());
            assert!(fixed.trusted_redirect("http://localhost:3000").is_some());
            assert_eq!(fixed.trusted_redirect("http://localhost:3001/"), None);
        }
    }

    #[test]
    fn az_12_a_scheme_of_its_own_is_for_native_applications() {
        let own = "msal00000003-0000-0000-c000-000000000000://auth";
        assert!(RedirectUri::register(Platform::Native, own).is_ok());
        assert!(RedirectUri::register(Platform::Web, own).is_err());
        assert!(RedirectUri::register(Platform::Spa, "urn:ietf:wg:oauth:2.0:oob").is_err());
    }

    #[test]
    fn az_10_az_11_a_request_without_a_redirect_uri_gets_the_only_one_or_none() {
        assert!(application(Platform::Web, &["https://a.example/"]).only_redirect().is_some());
        assert_eq!(
            application(Platform::Web, &["https://a.example/", "https://b.example/"]).only_redirect(),
            None
        );
    }
}
