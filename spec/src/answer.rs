//! An answer, with what was asked, since what an answer may say depends on it.

use http::{HeaderMap, Method, StatusCode};

use crate::ordered::Ordered;
use crate::{form::Form, secrets};

/// What was asked.
#[derive(Debug, Clone, Default)]
pub struct Asked {
    /// The method.
    pub method: Method,
    /// The origin of the server.
    pub origin: String,
    /// The secrets in the request: the answer may not repeat them.
    pub presented: Vec<String>,
    /// The `client-request-id` header.
    pub correlation_id: Option<String>,
    /// Whether it was asked back.
    pub correlation_back: bool,
}

impl Asked {
    /// The request holds a secret.
    pub fn present(&mut self, secret: &str) {
        secrets::record(secret);
        if secret.len() >= 6 {
            self.presented.push(secret.to_owned());
        }
    }
}

/// An answer, whole.
#[derive(Debug, Clone)]
pub struct Answer {
    /// The status.
    pub status: StatusCode,
    /// The headers.
    pub headers: HeaderMap,
    /// The body.
    pub body: Vec<u8>,
    /// The address that answered.
    pub address: String,
    /// What was asked.
    pub asked: Asked,
}

impl Answer {
    pub(crate) async fn read(response: reqwest::Response, asked: Asked) -> Self {
        let (status, headers) = (response.status(), response.headers().clone());
        let address = response.url().to_string();
        let body =
            response.bytes().await.unwrap_or_else(|error| panic!("the answer broke off: {error:?}")).to_vec();
        let answer = Self { status, headers, body, address, asked };
        answer.remember_secrets();
        answer
    }

    /// Everything issued in an answer is a secret of the run.
    fn remember_secrets(&self) {
        let json = self.header("content-type").is_some_and(|kind| kind.starts_with("application/json"));
        if let Ok(Ordered::Object(members)) = serde_json::from_slice(&self.body)
            && json
        {
            for (name, value) in members {
                if let (true, Some(secret)) = (secrets::is_secret(&name), value.as_str()) {
                    secrets::record(secret);
                }
            }
        }
        if let Some((_, query)) = self.header("location").and_then(|to| to.split_once(['?', '#'])) {
            let form = Form::decode(query);
            form.pairs()
                .filter(|(name, _)| secrets::is_secret(name))
                .for_each(|(_, value)| secrets::record(value));
        }
        for cookie in self.headers_named("set-cookie") {
            let value = cookie.split(';').next().and_then(|pair| pair.split_once('='));
            value.into_iter().for_each(|(_, value)| secrets::record(value));
        }
    }

    /// A header, if it is there once.
    pub fn header(&self, name: &str) -> Option<&str> {
        let mut values = self.headers.get_all(name).iter();
        let value = values.next()?;
        assert!(values.next().is_none(), "{name} twice: {self:#?}");
        Some(value.to_str().unwrap_or_else(|_| panic!("{name} is no text: {value:?}")))
    }

    /// All headers of a name.
    pub fn headers_named(&self, name: &str) -> Vec<&str> {
        self.headers.get_all(name).iter().map(|value| value.to_str().unwrap()).collect()
    }

    /// The body as text.
    #[track_caller]
    pub fn text(&self) -> &str {
        std::str::from_utf8(&self.body).unwrap()
    }

    /// The body as JSON, which it must say it is.
    #[track_caller]
    pub fn json(&self) -> Ordered {
        assert_eq!(self.header("content-type"), Some("application/json; charset=utf-8"), "{}", self.shown());
        Ordered::parse(&self.body)
    }

    /// The status is this one.
    #[track_caller]
    pub fn is(&self, status: u16) -> &Self {
        assert_eq!(self.status.as_u16(), status, "{}", self.shown());
        self
    }

    /// No secret that was presented is in the answer.
    #[track_caller]
    pub fn repeats_no_secret(&self) -> &Self {
        let body = String::from_utf8_lossy(&self.body);
        let headers: Vec<_> =
            self.headers.values().map(|value| String::from_utf8_lossy(value.as_bytes())).collect();
        for secret in &self.asked.presented {
            assert!(!body.contains(secret.as_str()), "the body repeats a secret: {}", self.shown());
            assert!(
                !headers.iter().any(|header| header.contains(secret.as_str())),
                "a header repeats a secret: {:?}",
                self.headers
            );
        }
        self
    }

    /// Nobody may keep it (RFC 6749 §5.1).
    #[track_caller]
    pub fn is_not_stored(&self) -> &Self {
        let kept = self.header("cache-control").unwrap_or_default();
        assert!(
            kept.split(',').any(|word| word.trim() == "no-store"),
            "cache-control: {kept:?} on {}",
            self.shown()
        );
        self
    }

    /// The headers that every answer carries, whatever it is (TP-17).
    #[track_caller]
    pub fn is_hardened(&self) -> &Self {
        for (name, expected) in [
            ("x-content-type-options", "nosniff"),
            ("referrer-policy", "same-origin"),
            ("x-frame-options", "DENY"),
        ] {
            assert_eq!(self.header(name), Some(expected), "{name} of {}", self.shown());
        }
        // Browsers keep it by host, whatever the port: said of `localhost`, it would lock out a developer's own plain
        // http://localhost:3000.
        let local = self.asked.origin.starts_with("https://localhost:");
        let expected = (!local).then_some("max-age=63072000; includeSubDomains");
        assert_eq!(self.header("strict-transport-security"), expected, "{}", self.shown());
        let policy = self.header("content-security-policy").unwrap_or_default();
        assert!(
            policy.starts_with("default-src 'none'"),
            "content-security-policy: {policy:?} of {}",
            self.shown()
        );
        assert!(
            policy.contains("frame-ancestors 'none'"),
            "content-security-policy: {policy:?} of {}",
            self.shown()
        );
        assert!(self.header("permissions-policy").is_some(), "no permissions-policy: {}", self.shown());
        assert!(
            self.header("cross-origin-resource-policy").is_some(),
            "no cross-origin-resource-policy: {}",
            self.shown()
        );
        assert_eq!((self.header("server"), self.header("x-powered-by")), (None, None), "{}", self.shown());
        self
    }

    /// Pages of other origins may not read it.
    #[track_caller]
    pub fn is_for_its_own_origin(&self) -> &Self {
        let headers = self.headers.keys().filter(|name| name.as_str().starts_with("access-control-"));
        assert_eq!(headers.count(), 0, "{}", self.shown());
        self
    }

    /// For the message of a failed test.
    pub fn shown(&self) -> String {
        let body: String = String::from_utf8_lossy(&self.body).chars().take(1500).collect();
        format!("{} {} answered {}\n{body}", self.asked.method, self.address, self.status)
    }
}
