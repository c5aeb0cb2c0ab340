//! Requests. No redirect is followed and no cookie kept unless a [`Browser`](crate::browser::Browser) does.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use http::Method;
use http::header::{AUTHORIZATION, CONTENT_TYPE};
use reqwest::redirect::Policy;
use reqwest::{Certificate, RequestBuilder};

use crate::answer::{Answer, Asked};
use crate::cast::Tenant;
use crate::form::Form;
use crate::secrets;
use crate::server::Server;

const FORM: &str = "application/x-www-form-urlencoded";

/// How many clients there are. When there is none, no test is at work.
static LIVING: AtomicUsize = AtomicUsize::new(0);

/// How many clients there are.
pub fn living() -> usize {
    LIVING.load(Ordering::SeqCst)
}

/// A client of a server.
#[derive(Clone)]
pub struct Client {
    http: reqwest::Client,
    server: &'static ServerAt,
    _alive: Arc<Alive>,
}

/// What a client knows of its server.
pub struct ServerAt {
    origin: String,
}

struct Alive;

impl Drop for Alive {
    fn drop(&mut self) {
        LIVING.fetch_sub(1, Ordering::SeqCst);
    }
}

/// A client of the shared server.
pub fn client() -> Client {
    Client::of(Server::shared())
}

impl Client {
    /// A client of a server.
    pub fn of(server: &Server) -> Self {
        Self::at(server.origin(), server.address(), &server.ca())
    }

    /// A client of what answers for an origin at an address, with a certificate that goes back to this one, in PEM.
    pub fn at(origin: &str, address: SocketAddr, ca: &[u8]) -> Self {
        LIVING.fetch_add(1, Ordering::SeqCst);
        let http = reqwest::Client::builder()
            .tls_certs_only([Certificate::from_pem(ca).unwrap()])
            .redirect(Policy::none())
            .resolve(host_of(origin), address)
            .no_proxy()
            .timeout(Duration::from_secs(30))
            .build()
            .unwrap();
        // One text a client, and the process is short.
        let server = Box::leak(Box::new(ServerAt { origin: origin.to_owned() }));
        Self { http, server, _alive: Arc::new(Alive) }
    }

    /// The origin of its server.
    pub fn origin(&self) -> &str {
        &self.server.origin
    }

    /// A request. The path begins with a slash, or is a whole address.
    pub fn request(&self, method: Method, path: &str) -> Request {
        let address =
            if path.starts_with('/') { format!("{}{path}", self.origin()) } else { path.to_owned() };
        let asked = Asked { method: method.clone(), origin: self.origin().to_owned(), ..Asked::default() };
        Request { builder: self.http.request(method, address), asked }
    }

    /// `GET`
    pub async fn get(&self, path: &str) -> Answer {
        self.request(Method::GET, path).send().await
    }

    /// `POST` of a form.
    pub async fn post(&self, path: &str, form: &Form) -> Answer {
        self.request(Method::POST, path).form(form).send().await
    }

    /// A token request at a tenant.
    pub async fn token(&self, tenant: &Tenant, form: &Form) -> Answer {
        self.token_at(&tenant.id, form).await
    }

    /// A token request at whatever stands first in the path.
    pub async fn token_at(&self, authority: &str, form: &Form) -> Answer {
        self.token_request(authority, form).send().await
    }

    /// A token request, not yet sent.
    pub fn token_request(&self, authority: &str, form: &Form) -> Request {
        self.request(Method::POST, &token_path(authority)).form(form)
    }
}

/// The host of an origin.
pub(crate) fn host_of(origin: &str) -> &str {
    origin.trim_start_matches("https://").split(':').next().unwrap()
}

/// The path of the token endpoint.
pub fn token_path(authority: &str) -> String {
    format!("/{authority}/oauth2/v2.0/token")
}

/// A request, not yet sent. It remembers what secrets it holds, so that no answer may repeat them.
pub struct Request {
    builder: RequestBuilder,
    asked: Asked,
}

impl Request {
    /// With a header.
    #[must_use]
    pub fn header(mut self, name: &str, value: impl AsRef<[u8]>) -> Self {
        let value = value.as_ref();
        match name {
            "client-request-id" => {
                self.asked.correlation_id = Some(String::from_utf8_lossy(value).into_owned())
            }
            "return-client-request-id" => self.asked.correlation_back = value.eq_ignore_ascii_case(b"true"),
            _ => {}
        }
        Self { builder: self.builder.header(name, value), ..self }
    }

    /// With a form for a body.
    #[must_use]
    pub fn form(mut self, form: &Form) -> Self {
        for (name, value) in form.pairs().filter(|(name, _)| secrets::is_secret(name)) {
            secrets::record(value);
            // The state of a conversation may come back as it was.
            if name != "ctx" {
                self.asked.present(value);
            }
        }
        self.body(FORM, form.encode())
    }

    /// With any body.
    #[must_use]
    pub fn body(self, content_type: &str, body: impl Into<reqwest::Body>) -> Self {
        Self { builder: self.builder.header(CONTENT_TYPE, content_type).body(body), ..self }
    }

    /// With HTTP Basic authentication, the values as they are.
    #[must_use]
    pub fn basic(self, client_id: &str, secret: &str) -> Self {
        let mut this =
            self.authorization(&format!("Basic {}", STANDARD.encode(format!("{client_id}:{secret}"))));
        this.asked.present(secret);
        this
    }

    /// With a bearer token.
    #[must_use]
    pub fn bearer(self, token: &str) -> Self {
        let mut this = self.authorization(&format!("Bearer {token}"));
        this.asked.present(token);
        this
    }

    /// With an `Authorization` header.
    #[must_use]
    pub fn authorization(mut self, value: &str) -> Self {
        if let Some((_, credentials)) = value.split_once(' ') {
            self.asked.present(credentials.trim());
        }
        Self { builder: self.builder.header(AUTHORIZATION, value), ..self }
    }

    /// Sends it.
    pub async fn send(self) -> Answer {
        let response = self.builder.send().await.unwrap_or_else(|error| panic!("no answer: {error:?}"));
        Answer::read(response, self.asked).await
    }
}
