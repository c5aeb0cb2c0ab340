//! So many in so long, and then none until that is over: what is wrong is counted like this, and what is done again and
//! again. The time begins with the first.

use std::collections::HashMap;
use std::hash::Hash;
use std::sync::{Mutex, MutexGuard, PoisonError};

use jiff::{SignedDuration, Timestamp};

use super::allowances::Allowance;

/// More than this are not remembered.
const MOST: usize = 100_000;

/// What was counted of late, by whoever did it.
pub(super) struct Tally<K> {
    allowance: Allowance,
    window: SignedDuration,
    counts: Mutex<HashMap<K, Count>>,
}

#[derive(Debug, Clone, Copy)]
struct Count {
    times: u32,
    since: Timestamp,
    /// Somebody was told that there were too many.
    told: bool,
}

/// There were too many.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct UsedUp {
    /// When there may be more.
    pub(super) until: Timestamp,
}

impl<K: Copy + Eq + Hash> Tally<K> {
    pub(super) fn new(allowance: Allowance, window: SignedDuration) -> Self {
        Self { allowance, window, counts: Mutex::new(HashMap::new()) }
    }

    /// Whether there may be another.
    pub(super) fn look(&self, key: &K, now: Timestamp) -> Result<(), UsedUp> {
        if self.allowance.is_none() {
            return Ok(());
        }
        let count = self.counts().get(key).copied();
        count.filter(|count| self.is_used_up(count, now)).map_or(Ok(()), |count| Err(self.used_up(&count)))
    }

    /// Counts one.
    pub(super) fn count(&self, key: K, now: Timestamp) {
        if self.allowance.is_some() {
            self.add(&mut self.counts(), key, now);
        }
    }

    /// Counts one, if there may be another. Of many at the same moment, no more than that pass.
    pub(super) fn take(&self, key: K, now: Timestamp) -> Result<(), UsedUp> {
        if self.allowance.is_none() {
            return Ok(());
        }
        let mut counts = self.counts();
        match counts.get(&key).filter(|count| self.is_used_up(count, now)) {
            Some(count) => Err(self.used_up(count)),
            None => {
                self.add(&mut counts, key, now);
                Ok(())
            }
        }
    }

    /// Takes one back. Earlier ones are not forgotten for it.
    pub(super) fn give_back(&self, key: &K) {
        if let Some(count) = self.counts().get_mut(key) {
            count.times = count.times.saturating_sub(1);
        }
    }

    /// Whether somebody is to be told that there were too many: once in their time.
    pub(super) fn is_news(&self, key: &K, now: Timestamp) -> bool {
        let mut counts = self.counts();
        let untold = counts.get_mut(key).filter(|count| !count.told && self.is_used_up(count, now));
        untold.is_some_and(|count| {
            count.told = true;
            true
        })
    }

    pub(super) fn forget_idle(&self, now: Timestamp) {
        let mut counts = self.counts();
        counts.retain(|_, count| self.is_of_late(count, now));
        counts.shrink_to_fit();
    }

    fn add(&self, counts: &mut HashMap<K, Count>, key: K, now: Timestamp) {
        if counts.len() >= MOST && !counts.contains_key(&key) {
            counts.retain(|_, count| self.is_of_late(count, now));
            if counts.len() >= MOST {
                counts.clear();
            }
        }
        let anew = Count { times: 0, since: now, told: false };
        let count = counts.entry(key).or_insert(anew);
        if !self.is_of_late(count, now) {
            *count = anew;
        }
        count.times = count.times.saturating_add(1);
    }

    fn is_used_up(&self, count: &Count, now: Timestamp) -> bool {
        let most = self.allowance.map_or(u32::MAX, std::num::NonZeroU32::get);
        count.times >= most && self.is_of_late(count, now)
    }

    fn is_of_late(&self, count: &Count, now: Timestamp) -> bool {
        now < self.used_up(count).until
    }

    fn used_up(&self, count: &Count) -> UsedUp {
        UsedUp { until: count.since.saturating_add(self.window).unwrap_or(Timestamp::MAX) }
    }

    fn counts(&self) -> MutexGuard<'_, HashMap<K, Count>> {
        self.counts.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use std::num::NonZeroU32;

    use super::*;

    const NOW: Timestamp = Timestamp::UNIX_EPOCH;

    fn after(seconds: i64) -> Timestamp {
        Timestamp::from_second(seconds).unwrap()
    }

    fn three_a_minute() -> Tally<u32> {
        Tally::new(NonZeroU32::new(3), SignedDuration::from_mins(1))
    }

    #[test]
    fn so_many_and_then_none_until_the_time_is_over_and_nobody_else_is_concerned() {
        let tally = three_a_minute();
        for second in [0, 20, 59] {
            assert_eq!(tally.take(1, after(second)), Ok(()));
        }
        assert_eq!(tally.take(1, after(59)), Err(UsedUp { until: after(60) }));
        assert_eq!(tally.look(&1, after(59)), Err(UsedUp { until: after(60) }));
        assert_eq!(tally.take(2, after(59)), Ok(()));
        assert_eq!((tally.look(&1, after(60)), tally.take(1, after(60))), (Ok(()), Ok(())));
    }

    #[test]
    fn what_is_given_back_was_not_counted() {
        let tally = three_a_minute();
        for _ in 0..20 {
            tally.take(1, NOW).unwrap();
            tally.give_back(&1);
        }
        assert_eq!(tally.look(&1, NOW), Ok(()));
    }

    #[test]
    fn it_is_news_once_in_its_time() {
        let tally = three_a_minute();
        let used_up = |from: i64| {
            (0..3).for_each(|_| tally.count(1, after(from)));
            (0..9).map(|n| tally.is_news(&1, after(from + n))).collect::<Vec<_>>()
        };
        assert!(!tally.is_news(&1, NOW));
        for from in [0, 60] {
            assert_eq!(used_up(from).into_iter().filter(|news| *news).count(), 1);
        }
    }

    #[test]
    fn what_is_over_is_forgotten_and_no_flood_makes_it_grow_without_end() {
        let tally = three_a_minute();
        tally.count(1, NOW);
        tally.forget_idle(after(60));
        assert!(tally.counts().is_empty());
        for n in 0..250_000 {
            tally.count(n, NOW);
        }
        assert!(tally.counts().len() <= MOST);
    }

    #[test]
    fn without_an_allowance_nothing_is_counted() {
        let tally = Tally::new(None, SignedDuration::from_mins(1));
        for _ in 0..100 {
            tally.count(1, NOW);
            assert_eq!((tally.take(1, NOW), tally.look(&1, NOW)), (Ok(()), Ok(())));
        }
        assert!(tally.counts().is_empty() && !tally.is_news(&1, NOW));
    }
}
