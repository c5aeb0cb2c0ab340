//! The keys of other issuers: read from where their OpenID configuration says (OpenID Connect Discovery §4), and kept.
//!
//! The keys of an issuer are fetched once, whoever asks meanwhile waits for the same answer, and nobody else is held up.
//! They are fetched anew when they are an hour old, and before that when a token names a key that is not among them, but at
//! most every five minutes, whatever is presented (JW-08). When the issuer does not answer, that is remembered for a
//! minute, and keys that were good are used for a day.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use futures_util::FutureExt as _;
use futures_util::future::{BoxFuture, Shared};
use jiff::{SignedDuration, Timestamp};
use vestibule_jose::{Algorithm, Jwk, Jwks, Verifier, strict_json};

use super::{NotFetched, Outbound};

/// How old keys are when they are fetched anew.
const FRESH: SignedDuration = SignedDuration::from_hours(1);
/// How old they may become while the issuer does not answer.
const USABLE: SignedDuration = SignedDuration::from_hours(24);
/// How often an unknown key is a reason to fetch.
const UNKNOWN_KEY: SignedDuration = SignedDuration::from_mins(5);
/// How long a failure is remembered.
const FAILURE: SignedDuration = SignedDuration::from_mins(1);
/// How many issuers are kept. When there are more, all are let go.
const ISSUERS_KEPT: usize = 1000;

/// The keys of other issuers.
#[derive(Debug)]
pub struct IssuerKeys {
    outbound: Outbound,
    issuers: Arc<Issuers>,
}

/// Why there are no keys.
#[derive(Debug, Clone, thiserror::Error)]
pub enum NoKeys {
    /// A document could not be fetched.
    #[error("{0}")]
    NotFetched(#[from] NotFetched),
    /// The configuration is not one, or another issuer's.
    #[error("the OpenID configuration is not the issuer's")]
    Configuration,
    /// The key set is not one.
    #[error("the key set cannot be used")]
    KeySet,
}

/// What is known of an issuer.
#[derive(Debug, Default)]
struct Issuer {
    fetching: Option<Fetching>,
    good: Option<(Arc<Verifier>, Timestamp)>,
    /// When a key was last asked for that nobody knew.
    unknown_at: Option<Timestamp>,
    failed: Option<(NoKeys, Timestamp)>,
}

type Issuers = Mutex<HashMap<String, Issuer>>;
type Fetched = Result<Arc<Verifier>, NoKeys>;
type Fetching = Shared<BoxFuture<'static, Fetched>>;

/// What to do for whoever asks.
enum Plan {
    Use(Fetched),
    Await(Fetching),
}

impl IssuerKeys {
    /// None yet.
    pub fn new(outbound: Outbound) -> Self {
        Self { outbound, issuers: Arc::default() }
    }

    /// The keys of an issuer, with which RS256 is verified.
    pub async fn of(&self, issuer: &str, now: Timestamp) -> Fetched {
        let plan = self.at(issuer, |known| match (&known.good, &known.failed) {
            (Some((keys, at)), _) if now.duration_since(*at) < FRESH => Plan::Use(Ok(Arc::clone(keys))),
            (_, Some((_, at))) if now.duration_since(*at) < FAILURE => Plan::Use(known.good_or_failed(now)),
            _ => Plan::Await(self.fetching(known, issuer, now)),
        });
        match plan {
            Plan::Use(keys) => keys,
            Plan::Await(fetching) => fetching.await,
        }
    }

    /// The keys once more, after a token has named one that is not among them; none if that has been tried lately.
    pub async fn anew(&self, issuer: &str, now: Timestamp) -> Option<Arc<Verifier>> {
        let fetching = self.at(issuer, |known| {
            if known.fetching.is_none() {
                if known.unknown_at.is_some_and(|at| now.duration_since(at) < UNKNOWN_KEY) {
                    return None;
                }
                known.unknown_at = Some(now);
            }
            Some(self.fetching(known, issuer, now))
        });
        fetching?.await.ok()
    }

    /// Looks at an issuer. Nothing is waited for meanwhile.
    fn at<T>(&self, issuer: &str, look: impl FnOnce(&mut Issuer) -> T) -> T {
        at(&self.issuers, issuer, look)
    }

    /// The one fetch that is under way.
    fn fetching(&self, known: &mut Issuer, issuer: &str, now: Timestamp) -> Fetching {
        let begin = || {
            let (outbound, issuers, issuer) =
                (self.outbound.clone(), Arc::clone(&self.issuers), issuer.to_owned());
            // A task of its own, which also writes down what came of it: whoever asked may be gone by then.
            let task = tokio::spawn(async move {
                let fetched = fetch(&outbound, &issuer).await;
                at(&issuers, &issuer, |known| known.learn(&issuer, fetched, now))
            });
            async move { task.await.unwrap_or(Err(NoKeys::KeySet)) }.boxed().shared()
        };
        known.fetching.get_or_insert_with(begin).clone()
    }
}

impl Issuer {
    /// What came of the fetch that was begun then, and so what to use.
    fn learn(&mut self, issuer: &str, fetched: Fetched, now: Timestamp) -> Fetched {
        self.fetching = None;
        match fetched {
            Ok(keys) => {
                self.good = Some((Arc::clone(&keys), now));
                self.failed = None;
                Ok(keys)
            }
            Err(cause) => {
                tracing::warn!(issuer, %cause, "the keys of an issuer could not be read");
                self.failed = Some((cause, now));
                self.good_or_failed(now)
            }
        }
    }

    /// What to use when the issuer does not answer.
    fn good_or_failed(&self, now: Timestamp) -> Fetched {
        match (&self.good, &self.failed) {
            (Some((keys, at)), _) if now.duration_since(*at) < USABLE => Ok(Arc::clone(keys)),
            (_, Some((cause, _))) => Err(cause.clone()),
            (_, None) => Err(NoKeys::KeySet),
        }
    }
}

fn at<T>(issuers: &Issuers, issuer: &str, look: impl FnOnce(&mut Issuer) -> T) -> T {
    let mut issuers = issuers.lock().unwrap_or_else(PoisonError::into_inner);
    if issuers.len() >= ISSUERS_KEPT && !issuers.contains_key(issuer) {
        issuers.clear();
    }
    look(issuers.entry(issuer.to_owned()).or_default())
}

async fn fetch(outbound: &Outbound, issuer: &str) -> Fetched {
    let address = format!("{}/.well-known/openid-configuration", issuer.trim_end_matches('/'));
    let configuration = outbound.get(&address).await?;
    let configuration = strict_json::parse_object(&configuration).map_err(|_| NoKeys::Configuration)?;
    let text = |name| configuration.get(name).and_then(serde_json::Value::as_str);
    // OpenID Connect Discovery §4.3: MUST be the issuer that was asked.
    let (true, Some(jwks_uri)) = (text("issuer") == Some(issuer), text("jwks_uri")) else {
        return Err(NoKeys::Configuration);
    };
    let keys = Jwks::parse(&outbound.get(jwks_uri).await?).map_err(|_| NoKeys::KeySet)?;
    let usable = keys.keys.iter().filter_map(|key| Jwk::verifying_key(key).ok());
    let rs256 = usable.filter(|key| key.algorithm() == Algorithm::Rs256);
    Verifier::new(rs256).map(Arc::new).map_err(|_| NoKeys::KeySet)
}
