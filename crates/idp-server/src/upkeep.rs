//! What a node does by itself, once a minute: it forgets what is over.

use std::time::Duration;

use idp_domain::changes::{Change, Changes};
use idp_domain::sealed::Hour;
use idp_web::state::{App, Shared};
use tokio::time::{MissedTickBehavior, interval};

const EVERY: Duration = Duration::from_secs(60);
/// More device codes than this are not deleted in one commit, which others wait for. It is more than applications may ask
/// for in a minute.
const AT_ONCE: u32 = 10_000;

/// Keeps a node in order, as long as it runs.
pub(crate) async fn keep(app: Shared) {
    let mut ticks = interval(EVERY);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        ticks.tick().await;
        tidy(&app).await;
    }
}

/// Once.
pub(crate) async fn tidy(app: &App) {
    let now = app.now();
    app.limits.forget_idle(now);
    let forget = Change::ForgetDevices { before: Hour::of(now), at_most: AT_ONCE };
    if let Err(cause) = app.store.commit(Changes::one(forget)).await {
        tracing::warn!(%cause, "expired device codes could not be deleted; they will be in a minute");
    }
}
