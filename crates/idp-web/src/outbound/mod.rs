//! The one HTTP client of the server: what it fetches, and whom it tells something, because somebody wrote an address into
//! the directory.
//!
//! Whoever may write such an address must not be able to reach with it what only this machine can reach (server-side
//! request forgery). So, for every request: `https` only; the host is resolved here, every address it has must be a public
//! one ([`Reach`]), and the connection goes to the address that was looked at; no redirect is followed, no proxy used, no
//! cookie kept; three seconds at most. Of a document 512 KiB are read, for so many requests at a time; of the answer to
//! something told, the status alone, and how many are told at a time is for [`crate::back_channel`] to say, so that nobody
//! who is slow to listen holds up a document. There is no second HTTP client.

mod address;
mod issuer_keys;
mod resolver;

use std::sync::Arc;
use std::time::Duration;

use http::StatusCode;
use http::header::{ACCEPT, CONTENT_TYPE};
use reqwest::redirect::Policy;
use reqwest::{Certificate, Client, Url};
use tokio::sync::{OnceCell, Semaphore};

pub use address::{NotANetwork, Reach};
pub use issuer_keys::IssuerKeys;
use resolver::Guarded;

/// How long a request may take, from the resolution of the name to the last byte.
const PATIENCE: Duration = Duration::from_secs(3);
/// The longest body that is read.
const MAX_BODY: usize = 512 * 1024;
/// How many requests may be under way. Who comes later waits within the same three seconds.
const AT_ONCE: usize = 16;

/// Fetches documents from elsewhere, and tells others what they want to be told.
#[derive(Debug, Clone)]
pub struct Outbound(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    /// Made for the first request: reading the authorities of the operating system takes longer than a start may.
    http: OnceCell<Client>,
    authorities: Vec<Certificate>,
    reach: Arc<Reach>,
    under_way: Semaphore,
}

/// The text has something in it that is no certificate.
#[derive(Debug, thiserror::Error)]
#[error("the authorities for outbound requests are not certificates in PEM: {0}")]
pub struct NotAuthorities(#[from] reqwest::Error);

/// Why there is no document, or nobody was told.
#[derive(Debug, Clone, thiserror::Error)]
pub enum NotFetched {
    /// Not an `https` address, or one with a user in it.
    #[error("it is not a plain https address")]
    Address,
    /// It leads to where nobody from outside may be led.
    #[error("it leads to an address that must not be reached from here")]
    OutOfReach,
    /// Not answered in time.
    #[error("there was no answer within {} seconds", PATIENCE.as_secs())]
    TooSlow,
    /// No connection, or not a secure one, or it broke.
    #[error("there was no answer: {0}")]
    NoAnswer(String),
    /// Another status than 200: redirects are not followed.
    #[error("the answer was {0}")]
    Status(StatusCode),
    /// The body is longer than is read.
    #[error("the answer is longer than {MAX_BODY} bytes")]
    TooLong,
}

impl Outbound {
    /// A client that reaches the public addresses and those that are allowed, and trusts the authorities of the operating
    /// system and those that are named, in PEM.
    pub fn new(reach: Reach, authorities: &[u8]) -> Result<Self, NotAuthorities> {
        Ok(Self(Arc::new(Inner {
            http: OnceCell::new(),
            authorities: Certificate::from_pem_bundle(authorities)?,
            reach: Arc::new(reach),
            under_way: Semaphore::new(AT_ONCE),
        })))
    }

    fn client(&self) -> Result<Client, NotFetched> {
        let Inner { authorities, reach, .. } = &*self.0;
        let made = Client::builder()
            .https_only(!reach.is_this_machine_without_tls())
            .redirect(Policy::none())
            .no_proxy()
            .timeout(PATIENCE)
            .pool_max_idle_per_host(0)
            .user_agent("Vestibule")
            .dns_resolver(Arc::new(Guarded(Arc::clone(reach))))
            .tls_certs_merge(authorities.iter().cloned())
            .build();
        made.map_err(not_fetched)
    }

    /// Fetches a document.
    pub async fn get(&self, address: &str) -> Result<Vec<u8>, NotFetched> {
        let url = self.checked(address, false)?;
        // The body arrives within the time of the request, too.
        tokio::time::timeout(PATIENCE, self.fetch(url)).await.map_err(|_| NotFetched::TooSlow)?
    }

    /// Sends a form, and answers with the status that came back. What else comes is not read.
    ///
    /// In development, `http` to this machine is let through too.
    pub async fn post(&self, address: &str, form: String) -> Result<StatusCode, NotFetched> {
        let url = self.checked(address, self.0.reach.is_this_machine_without_tls())?;
        tokio::time::timeout(PATIENCE, self.send(url, form)).await.map_err(|_| NotFetched::TooSlow)?
    }

    fn checked(&self, address: &str, http_to_this_machine: bool) -> Result<Url, NotFetched> {
        let url = Url::parse(address).map_err(|_| NotFetched::Address)?;
        let local = ["localhost", "127.0.0.1"].map(Some).contains(&url.host_str());
        let scheme = url.scheme() == "https" || (url.scheme() == "http" && local && http_to_this_machine);
        if !(scheme && url.username().is_empty() && url.password().is_none()) {
            return Err(NotFetched::Address);
        }
        // A literal address is not resolved, so it is looked at here. In any spelling: the parser has understood it.
        let literal = url.host_str().map(|host| host.trim_start_matches('[').trim_end_matches(']').parse());
        match literal {
            None => Err(NotFetched::Address),
            Some(Ok(ip)) if !self.0.reach.covers(ip) => Err(NotFetched::OutOfReach),
            Some(_) => Ok(url),
        }
    }

    async fn http(&self) -> Result<&Client, NotFetched> {
        self.0.http.get_or_try_init(async || self.client()).await
    }

    async fn send(&self, url: Url, form: String) -> Result<StatusCode, NotFetched> {
        let request = self.http().await?.post(url).header(CONTENT_TYPE, "application/x-www-form-urlencoded");
        Ok(request.body(form).send().await.map_err(not_fetched)?.status())
    }

    async fn fetch(&self, url: Url) -> Result<Vec<u8>, NotFetched> {
        let _place = self.0.under_way.acquire().await.map_err(|_| NotFetched::TooSlow)?;
        let request = self.http().await?.get(url).header(ACCEPT, "application/json");
        let mut answer = request.send().await.map_err(not_fetched)?;
        if answer.status() != StatusCode::OK {
            return Err(NotFetched::Status(answer.status()));
        }
        if answer.content_length().is_some_and(|length| length > MAX_BODY as u64) {
            return Err(NotFetched::TooLong);
        }
        let mut body = Vec::new();
        while let Some(chunk) = answer.chunk().await.map_err(not_fetched)? {
            if body.len() + chunk.len() > MAX_BODY {
                return Err(NotFetched::TooLong);
            }
            body.extend_from_slice(&chunk);
        }
        Ok(body)
    }
}

fn not_fetched(error: reqwest::Error) -> NotFetched {
    if error.is_timeout() {
        return NotFetched::TooSlow;
    }
    let mut causes = std::iter::successors(std::error::Error::source(&error), |cause| cause.source());
    if causes.any(|cause| cause.is::<resolver::OutOfReach>()) {
        return NotFetched::OutOfReach;
    }
    let deepest = std::iter::successors(std::error::Error::source(&error), |cause| cause.source()).last();
    NotFetched::NoAnswer(deepest.map_or_else(|| error.to_string(), ToString::to_string))
}

#[cfg(test)]
mod tests;
