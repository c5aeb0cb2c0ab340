//! What a connection is doing, and until when it may go on doing that.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::sync::Notify;
use tokio::time::Instant;

use super::Limits;

#[derive(Clone, Copy, PartialEq, Eq)]
enum Phase {
    /// Connected, nothing asked yet.
    Fresh,
    /// The first bytes of a further request are here, its head is not.
    ReadingHead,
    /// So many requests are under way: from their head having been read to the last of their answer.
    Answering(usize),
    /// Everything asked has been answered.
    Idle,
}

struct State {
    phase: Phase,
    since: Instant,
}

/// The clock of one connection.
pub(super) struct Activity {
    state: Mutex<State>,
    /// The deadline may have come nearer.
    changed: Notify,
    /// Requests under way on all connections.
    everywhere: Arc<AtomicUsize>,
}

impl Activity {
    pub(super) fn new(everywhere: Arc<AtomicUsize>) -> Arc<Self> {
        let state = Mutex::new(State { phase: Phase::Fresh, since: Instant::now() });
        Arc::new(Self { state, changed: Notify::new(), everywhere })
    }

    /// HTTP/1.1 only: in HTTP/2, bytes may as well be a ping.
    pub(super) fn bytes_arrived(&self) {
        let mut state = self.state();
        if state.phase == Phase::Idle {
            *state = State { phase: Phase::ReadingHead, since: Instant::now() };
            self.changed.notify_one();
        }
    }

    /// A request is under way until the guard is dropped.
    pub(super) fn begin(self: &Arc<Self>) -> UnderWay {
        let mut state = self.state();
        let before = if let Phase::Answering(count) = state.phase { count } else { 0 };
        *state = State { phase: Phase::Answering(before + 1), since: Instant::now() };
        self.everywhere.fetch_add(1, Ordering::Relaxed);
        UnderWay(Arc::clone(self))
    }

    fn end(&self) {
        let mut state = self.state();
        let phase = match state.phase {
            Phase::Answering(count) if count > 1 => Phase::Answering(count - 1),
            _ => Phase::Idle,
        };
        *state = State { phase, since: Instant::now() };
        self.everywhere.fetch_sub(1, Ordering::Relaxed);
        if phase == Phase::Idle {
            self.changed.notify_one();
        }
    }

    /// Waits until [`Self::deadline`] may have come nearer.
    pub(super) async fn changed(&self) {
        self.changed.notified().await;
    }

    /// When patience ends, if nothing changes. `leaving` is when we took our leave of the other side, if we did.
    pub(super) fn deadline(&self, limits: &Limits, leaving: Option<Instant>) -> Instant {
        let State { phase, since } = *self.state();
        match (phase, leaving) {
            (Phase::Answering(_), _) => since + limits.stalled,
            (_, Some(leaving)) => since.max(leaving) + limits.linger,
            (Phase::Fresh | Phase::ReadingHead, None) => since + limits.header_read,
            (Phase::Idle, None) => since + limits.keep_alive,
        }
    }

    /// For how long everything has been answered and nothing asked.
    pub(super) fn idle_for(&self) -> Option<Duration> {
        let state = self.state();
        (state.phase == Phase::Idle).then(|| state.since.elapsed())
    }

    fn state(&self) -> MutexGuard<'_, State> {
        // A panic while it was held cannot have left it half written.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A request that has begun and not ended.
pub(super) struct UnderWay(Arc<Activity>);

impl Drop for UnderWay {
    fn drop(&mut self) {
        self.0.end();
    }
}
