//! How often somebody may ask: so many times at once, and as many again each minute (the generic cell rate algorithm).

use std::hash::Hash;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

use governor::clock::Clock as _;
use governor::middleware::NoOpMiddleware;
use governor::state::keyed::HashMapStateStore;
use governor::{Quota, RateLimiter};
use idp_domain::clock::Clock;

use super::TooOften;
use super::allowances::Allowance;

/// More than this are not told apart: from there on they all share one allowance, until some are forgotten.
const MOST: usize = 100_000;

/// The allowance of each key; none where there is no limit.
pub(super) struct Rate<K: Hash + Eq + Clone>(Option<Limited<K>>);

struct Limited<K: Hash + Eq + Clone> {
    limiter: Limiter<Option<K>>,
    clock: TimeOfDay,
    /// The second in which the idle were last forgotten because there were too many.
    made_room: AtomicI64,
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
    pub(super) fn per_minute(allowance: Allowance, clock: &Arc<dyn Clock>) -> Self {
        Self(allowance.map(|times| {
            let clock = TimeOfDay(Arc::clone(clock));
            let limiter =
                RateLimiter::new(Quota::per_minute(times), HashMapStateStore::default(), clock.clone());
            Limited { limiter, clock, made_room: AtomicI64::new(0) }
        }))
    }

    pub(super) fn check(&self, key: &K) -> Result<(), TooOften> {
        self.0.as_ref().map_or(Ok(()), |limited| limited.check(key))
    }

    /// The library keeps every key it has seen until it is told to let go.
    pub(super) fn forget_idle(&self) {
        if let Some(Limited { limiter, .. }) = &self.0 {
            limiter.retain_recent();
            limiter.shrink_to_fit();
        }
    }
}

impl<K: Hash + Eq + Clone> Limited<K> {
    fn check(&self, key: &K) -> Result<(), TooOften> {
        let has_room = self.limiter.len() < MOST || self.make_room();
        let key = has_room.then(|| key.clone());
        self.limiter.check_key(&key).map_err(|not_until| {
            let wait = not_until.wait_time_from(self.clock.now());
            TooOften { retry_after: wait.as_millis().div_ceil(1000).try_into().unwrap_or(u64::MAX).max(1) }
        })
    }

    /// Whoever asked once is idle again in no time, so that many addresses that ask once each are soon forgotten. Done at
    /// most once a second, since all of them are looked at.
    fn make_room(&self) -> bool {
        let second = self.clock.now().as_secs().try_into().unwrap_or(i64::MAX);
        if self.made_room.swap(second, Ordering::Relaxed) != second {
            self.limiter.retain_recent();
        }
        self.limiter.len() < MOST
    }
}

#[cfg(test)]
mod tests {
    use std::num::NonZeroU32;

    use jiff::Timestamp;

    use super::*;

    #[derive(Default)]
    struct Hand(AtomicI64);

    impl Clock for Hand {
        fn now(&self) -> Timestamp {
            Timestamp::from_second(self.0.load(Ordering::SeqCst)).unwrap()
        }
    }

    #[test]
    fn dc_14_a_flood_from_many_addresses_does_not_grow_without_end_and_is_soon_forgotten() {
        let hand = Arc::new(Hand::default());
        let clock: Arc<dyn Clock> = hand.clone();
        let rate = Rate::per_minute(NonZeroU32::new(60), &clock);
        let refused = (0..300_000_u32).filter(|n| rate.check(n).is_err()).count();
        assert!(refused > 0, "those that are not told apart share one allowance");
        assert!(rate.0.as_ref().unwrap().limiter.len() <= MOST + 1);
        hand.0.fetch_add(2, Ordering::SeqCst);
        for n in 300_000..390_000_u32 {
            assert_eq!(rate.check(&n), Ok(()), "those of two seconds ago have made room");
        }
    }
}
