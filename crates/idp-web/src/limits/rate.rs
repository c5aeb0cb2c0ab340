//! How often somebody may ask: so many times at once, and as many again each minute (the generic cell rate algorithm).

use std::hash::Hash;
use std::num::NonZeroU32;
use std::sync::Arc;
use std::time::Duration;

use governor::clock::Clock as _;
use governor::middleware::NoOpMiddleware;
use governor::state::keyed::HashMapStateStore;
use governor::{Quota, RateLimiter};
use idp_domain::clock::Clock;

use super::TooOften;

/// More than this are not told apart: from there on they all share one allowance.
const MOST: usize = 100_000;

/// The allowance of each key.
pub(super) struct Rate<K: Hash + Eq + Clone> {
    limiter: Limiter<Option<K>>,
    clock: TimeOfDay,
}

type Limiter<K> = RateLimiter<K, HashMapStateStore<K>, TimeOfDay, NoOpMiddleware<Duration>>;

/// The node's clock, as the library reads one.
#[derive(Clone)]
struct TimeOfDay(Arc<dyn Clock>);

impl governor::clock::Clock for TimeOfDay {
    type Instant = Duration;

    fn now(&self) -> Duration {
        Duration::from_millis(u64::try_from(self.0.now().as_millisecond()).unwrap_or_default())
    }
}

impl<K: Hash + Eq + Clone> Rate<K> {
    pub(super) fn per_minute(times: u32, clock: &Arc<dyn Clock>) -> Self {
        let quota = Quota::per_minute(NonZeroU32::new(times).unwrap_or(NonZeroU32::MIN));
        let clock = TimeOfDay(Arc::clone(clock));
        Self { limiter: RateLimiter::new(quota, HashMapStateStore::default(), clock.clone()), clock }
    }

    pub(super) fn check(&self, key: &K) -> Result<(), TooOften> {
        let key = (self.limiter.len() < MOST).then(|| key.clone());
        self.limiter.check_key(&key).map_err(|not_until| {
            let wait = not_until.wait_time_from(self.clock.now());
            TooOften { retry_after: wait.as_millis().div_ceil(1000).try_into().unwrap_or(u64::MAX).max(1) }
        })
    }

    /// The library keeps every key it has seen until it is told to let go.
    pub(super) fn forget_idle(&self) {
        self.limiter.retain_recent();
        self.limiter.shrink_to_fit();
    }
}
