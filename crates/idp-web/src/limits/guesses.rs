//! How many user codes may be guessed wrong: ten by a browser or an address in a quarter of an hour (DC-01), and so many by
//! all together in a minute (DC-02), so that guessing from many places does not help either.

use std::num::NonZeroU32;

use jiff::{SignedDuration, Timestamp};

use super::tally::{Tally, UsedUp};
use super::{Network, TooOften};

const OF_ONE: u32 = 10;
const OF_ALL: u32 = 100;

/// Wrong guesses of late.
pub(super) struct Guesses {
    of_browsers: Tally<[u8; 32]>,
    of_networks: Tally<Network>,
    of_all: Tally<()>,
}

/// A guess, which counts as wrong until it is said to have been right: of many at the same moment, none is free.
#[must_use = "a guess that nobody calls right counts as wrong"]
pub struct Guess<'a> {
    of: &'a Guesses,
    browser: [u8; 32],
    network: Option<Network>,
}

/// There were too many wrong guesses.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TooManyGuesses {
    /// When it may be tried again.
    pub until: Timestamp,
}

impl Default for Guesses {
    fn default() -> Self {
        let (one, all) = (SignedDuration::from_mins(15), SignedDuration::from_mins(1));
        Self {
            of_browsers: Tally::new(NonZeroU32::new(OF_ONE), one),
            of_networks: Tally::new(NonZeroU32::new(OF_ONE), one),
            of_all: Tally::new(NonZeroU32::new(OF_ALL), all),
        }
    }
}

impl Guesses {
    pub(super) fn guess(
        &self,
        browser: [u8; 32],
        network: Option<Network>,
        now: Timestamp,
    ) -> Result<Guess<'_>, TooManyGuesses> {
        self.of_browsers.take(browser, now)?;
        if let Some(used_up) = network.and_then(|network| self.of_networks.take(network, now).err()) {
            self.of_browsers.give_back(&browser);
            return Err(used_up.into());
        }
        let guess = Guess { of: self, browser, network };
        if let Err(used_up) = self.of_all.take((), now) {
            self.give_back(&guess);
            return Err(used_up.into());
        }
        Ok(guess)
    }

    pub(super) fn forget_idle(&self, now: Timestamp) {
        self.of_browsers.forget_idle(now);
        self.of_networks.forget_idle(now);
        self.of_all.forget_idle(now);
    }

    fn give_back(&self, guess: &Guess<'_>) {
        self.of_browsers.give_back(&guess.browser);
        if let Some(network) = &guess.network {
            self.of_networks.give_back(network);
        }
    }
}

impl Guess<'_> {
    /// The code was one that there is. Earlier mistakes are not forgotten for it: whoever guesses may own one code.
    pub fn was_right(self) {
        self.of.give_back(&self);
        self.of.of_all.give_back(&());
    }
}

impl From<UsedUp> for TooManyGuesses {
    fn from(UsedUp { until }: UsedUp) -> Self {
        Self { until }
    }
}

impl UsedUp {
    /// The same as a time to wait.
    pub(super) fn seen_at(self, now: Timestamp) -> TooOften {
        TooOften {
            retry_after: u64::try_from(self.until.duration_since(now).as_secs()).unwrap_or_default().max(1),
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
    fn a_guess_that_is_refused_counts_against_nobody() {
        let guesses = Guesses::default();
        for _ in 0..10 {
            let _wrong = guesses.guess([1; 32], network(1), NOW);
        }
        for _ in 0..20 {
            assert!(guesses.guess([2; 32], network(1), NOW).is_err());
        }
        assert!(guesses.guess([2; 32], network(2), NOW).is_ok());
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
}
