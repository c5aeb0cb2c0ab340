//! How many codes may be guessed wrong: ten by a browser or an address in a quarter of an hour (DC-01), and so many by all
//! together in a minute (DC-02), so that guessing from many places does not help either.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use jiff::{SignedDuration, Timestamp};

use super::Network;

/// More than this are not remembered; those of everybody together always are.
const MOST: usize = 100_000;

/// Wrong guesses of late.
#[derive(Default)]
pub(super) struct Guesses(Mutex<HashMap<Guesser, Count>>);

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum Guesser {
    Browser([u8; 32]),
    Network(Network),
    Everybody,
}

#[derive(Debug, Clone, Copy)]
struct Count {
    wrong: u32,
    since: Timestamp,
}

/// A guess, which counts as wrong until it is said to have been right: of many at the same moment, none is free.
#[must_use = "a guess that nobody calls right counts as wrong"]
pub struct Guess<'a> {
    of: &'a Guesses,
    by: Vec<Guesser>,
}

/// There were too many wrong guesses.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TooManyGuesses {
    /// When it may be tried again.
    pub until: Timestamp,
}

impl Guesser {
    /// How many wrong ones, in how long.
    const fn allowance(self) -> (u32, SignedDuration) {
        match self {
            Self::Browser(_) | Self::Network(_) => (10, SignedDuration::from_mins(15)),
            Self::Everybody => (100, SignedDuration::from_mins(1)),
        }
    }

    fn until(self, since: Timestamp) -> Timestamp {
        since.saturating_add(self.allowance().1).unwrap_or(Timestamp::MAX)
    }
}

impl Guesses {
    pub(super) fn guess(
        &self,
        browser: [u8; 32],
        network: Option<Network>,
        now: Timestamp,
    ) -> Result<Guess<'_>, TooManyGuesses> {
        let mut by = vec![Guesser::Browser(browser), Guesser::Everybody];
        by.extend(network.map(Guesser::Network));
        let mut counts = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if counts.len() >= MOST {
            counts.retain(|guesser, _| *guesser == Guesser::Everybody);
        }
        let of_late = |guesser: Guesser, counts: &HashMap<Guesser, Count>| {
            let count = counts.get(&guesser).copied().filter(|count| now < guesser.until(count.since));
            count.unwrap_or(Count { wrong: 0, since: now })
        };
        let locked = by.iter().filter_map(|guesser| {
            let count = of_late(*guesser, &counts);
            (count.wrong >= guesser.allowance().0).then(|| guesser.until(count.since))
        });
        if let Some(until) = locked.max() {
            return Err(TooManyGuesses { until });
        }
        for guesser in &by {
            let Count { wrong, since } = of_late(*guesser, &counts);
            counts.insert(*guesser, Count { wrong: wrong.saturating_add(1), since });
        }
        Ok(Guess { of: self, by })
    }

    pub(super) fn forget_idle(&self, now: Timestamp) {
        let mut counts = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        counts.retain(|guesser, count| now < guesser.until(count.since));
        counts.shrink_to_fit();
    }
}

impl Guess<'_> {
    /// The code was one that there is. Earlier mistakes are not forgotten for it: whoever guesses may own one code.
    pub fn was_right(self) {
        let mut counts = self.of.0.lock().unwrap_or_else(PoisonError::into_inner);
        for guesser in &self.by {
            if let Some(count) = counts.get_mut(guesser) {
                count.wrong = count.wrong.saturating_sub(1);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Timestamp = Timestamp::UNIX_EPOCH;

    fn after(seconds: i64) -> Timestamp {
        Timestamp::from_second(seconds).unwrap()
    }

    fn network(n: u8) -> Option<Network> {
        Some(Network::of([192, 0, 2, n].into()))
    }

    #[test]
    fn dc_01_ten_wrong_guesses_lock_a_browser_and_an_address_for_a_quarter_of_an_hour() {
        let guesses = Guesses::default();
        for _ in 0..10 {
            assert!(guesses.guess([1; 32], network(1), NOW).is_ok());
        }
        let until = after(15 * 60);
        for (browser, address) in [(1, 1), (1, 2), (2, 1)] {
            let refusal = guesses.guess([browser; 32], network(address), NOW).err();
            assert_eq!(refusal, Some(TooManyGuesses { until }), "browser {browser} at {address}");
        }
        assert!(guesses.guess([2; 32], network(2), NOW).is_ok(), "nobody else is concerned");
        assert!(guesses.guess([1; 32], network(1), until).is_ok());
    }

    #[test]
    fn right_ones_do_not_count_and_do_not_make_up_for_wrong_ones() {
        let guesses = Guesses::default();
        for _ in 0..9 {
            let _wrong = guesses.guess([1; 32], None, NOW);
        }
        for _ in 0..20 {
            guesses.guess([1; 32], None, NOW).unwrap_or_else(|_| panic!("locked")).was_right();
        }
        let _tenth = guesses.guess([1; 32], None, NOW);
        assert!(guesses.guess([1; 32], None, NOW).is_err());
    }

    #[test]
    fn dc_02_guessing_from_everywhere_is_slowed_down_for_all() {
        let guesses = Guesses::default();
        let mut let_through = 0;
        for n in 0..10_000_u32 {
            let mut browser = [0; 32];
            browser[..4].copy_from_slice(&n.to_be_bytes());
            let address = Some(Network::of(std::net::Ipv4Addr::from(n).into()));
            let_through += u32::from(guesses.guess(browser, address, NOW).is_ok());
        }
        assert_eq!(let_through, 100);
        assert!(guesses.guess([7; 32], None, after(60)).is_ok());
    }

    #[test]
    fn what_is_over_is_forgotten() {
        let guesses = Guesses::default();
        let _wrong = guesses.guess([1; 32], network(1), NOW);
        guesses.forget_idle(after(15 * 60));
        assert!(guesses.0.lock().unwrap().is_empty());
    }
}
