//! What a node does by itself, once a minute: it forgets what is over.

use std::time::Duration;

use idp_domain::changes::{Change, Changes, Over};
use idp_domain::sealed::Hour;
use idp_domain::sessions::Session;
use idp_domain::tokens::Family;
use idp_web::state::{App, Shared};
use jiff::{SignedDuration, Timestamp};
use tokio::time::{MissedTickBehavior, interval};

const EVERY: Duration = Duration::from_secs(60);
/// No more of one kind are deleted in one commit, which others wait for. It is more device codes than applications may ask
/// for in a minute.
const AT_ONCE: u32 = 10_000;
/// How much longer a spent mark is kept than what it protects: a clock that is set back by less makes nothing good again.
const GRACE: SignedDuration = SignedDuration::from_hours(24);

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
    let a_day_ago = now.saturating_sub(GRACE).unwrap_or(Timestamp::MIN);
    for (what, over) in [
        ("device codes", Over::Devices(Hour::of(now))),
        ("spent marks", Over::SpentMarks(Hour::of(a_day_ago))),
        ("sessions", Session::over(now)),
        ("families of refresh tokens", Family::over(now)),
    ] {
        let forget = Changes::one(Change::Forget { over, at_most: AT_ONCE });
        if let Err(cause) = app.store.commit(forget).await {
            tracing::warn!(%cause, "expired {what} could not be deleted; they will be in a minute");
        }
    }
}
