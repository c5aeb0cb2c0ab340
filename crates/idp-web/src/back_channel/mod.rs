//! Telling applications, behind the browser's back, that a session ended (OpenID Connect Back-Channel Logout 1.0 §2.5).
//!
//! 1. A sign-out hands over whom to tell ([`tell`]). It waits for nobody: what has no place in the queue is recorded as
//!    not told, there and then.
//! 2. Each is told by itself ([`deliver`]), by the guarded client and no other way: three tries of three seconds at most,
//!    a fresh token in each, so many at a time, and so many of one organisation (`places.rs`, `attempts.rs`).
//! 3. What came of it is an audit event (`record.rs`).
//!
//! The queue is in memory. A server that is asked to stop tells for a few seconds more, and records what it no longer
//! could; one that is killed has forgotten it.

mod attempts;
mod places;
mod record;

#[cfg(test)]
mod tests;

use std::net::IpAddr;
use std::sync::Arc;
use std::time::Duration;

use idp_domain::tokens::{EndedSession, logout_token};
use tokio::sync::{Mutex, Semaphore, mpsc, watch};
use vestibule_wire::form;
use vestibule_wire::ids::{CorrelationId, TenantId};
use vestibule_wire::oauth::param;

use crate::outbound::Outbound;
use crate::state::{App, Shared};
use attempts::NotTold;
use places::{Place, Places};

/// How many are told at a time.
const AT_ONCE: usize = 32;
/// How long a server that stops goes on telling.
const DRAIN: Duration = Duration::from_secs(5);
/// How long it then takes to write down who was not told.
const LAST_RECORDS: Duration = Duration::from_secs(2);

/// Whom to tell what.
#[derive(Debug, Clone)]
pub struct Notice {
    /// The session that ended, as the application knew it.
    pub ended: EndedSession,
    /// The organisation that registered the application.
    pub home: TenantId,
    /// Where it wants to be told.
    pub address: String,
    /// From where the person signed out.
    pub from: Option<IpAddr>,
    /// The request that signed out.
    pub correlation_id: Option<CorrelationId>,
}

/// A notice that has its place in the queue.
struct Queued {
    notice: Notice,
    place: Place,
}

/// Whoever is to be told.
pub struct BackChannel {
    outbound: Outbound,
    places: Places,
    /// There is a place for each that is sent, so it is bounded.
    sender: mpsc::UnboundedSender<Queued>,
    receiver: Mutex<mpsc::UnboundedReceiver<Queued>>,
    at_once: Semaphore,
    stopped: watch::Sender<bool>,
}

impl BackChannel {
    /// Nobody yet.
    pub fn new(outbound: Outbound) -> Self {
        let (sender, receiver) = mpsc::unbounded_channel();
        Self {
            outbound,
            places: Places::default(),
            sender,
            receiver: Mutex::new(receiver),
            at_once: Semaphore::new(AT_ONCE),
            stopped: watch::Sender::new(false),
        }
    }

    /// Puts it into the queue, if there is a place.
    fn takes(&self, notice: &Notice) -> bool {
        let place = self.places.take(notice.home);
        place.is_some_and(|place| self.sender.send(Queued { notice: notice.clone(), place }).is_ok())
    }

    /// Waits until everybody is told, though not for long, and then until it is written down who was not.
    pub async fn drain(&self) {
        if tokio::time::timeout(DRAIN, self.places.empty()).await.is_ok() {
            return;
        }
        self.stopped.send_replace(true);
        if tokio::time::timeout(LAST_RECORDS, self.places.empty()).await.is_err() {
            tracing::error!("stopped before it was recorded who had not been told of a sign-out");
        }
    }
}

/// Has applications told that a session ended. They are told later: this waits for none of them.
pub async fn tell(app: &App, mut notices: Vec<Notice>) {
    notices.retain(|notice| !app.back_channel.takes(notice));
    record::not_told(app, &notices, &NotTold::NoPlace).await;
}

/// Tells whoever is to be told, as long as the server runs.
pub async fn deliver(app: Shared) {
    let mut receiver = app.back_channel.receiver.lock().await;
    while let Some(queued) = receiver.recv().await {
        tokio::spawn(deliver_one(Arc::clone(&app), queued));
    }
}

async fn deliver_one(app: Shared, queued: Queued) {
    let queued = Arc::new(queued);
    let jitter = || u16::from_be_bytes(app.random.bytes());
    let attempts = attempts::attempts(|| attempt(Arc::clone(&app), Arc::clone(&queued)), jitter);
    let mut stopped = app.back_channel.stopped.subscribe();
    let outcome = tokio::select! {
        outcome = attempts => outcome,
        _ = stopped.wait_for(|stopped| *stopped) => Err(NotTold::Stopped),
    };
    match outcome {
        Ok(()) => record::told(&app, &queued.notice).await,
        Err(cause) => record::not_told(&app, std::slice::from_ref(&queued.notice), &cause).await,
    }
}

/// Tells it once, when it is its turn. The token is made then: it does not age in the queue.
async fn attempt(app: Shared, queued: Arc<Queued>) -> Result<http::StatusCode, NotTold> {
    let _of_organisation = queued.place.turn().await;
    let _turn = app.back_channel.at_once.acquire().await;
    let token = logout_token(&app.mint(), &queued.notice.ended, app.now())?;
    let form = form::encode([(param::LOGOUT_TOKEN, token.as_str())]);
    Ok(app.back_channel.outbound.post(&queued.notice.address, form).await?)
}
