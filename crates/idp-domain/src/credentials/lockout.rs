//! Smart lockout: ten wrong passwords lock an account for a minute, each further one for twice as long.
//!
//! Entra's rules: the same wrong password again does not count (the last three are remembered as keyed hashes); after a
//! lock, one more failure locks again, for longer; while locked, even the right password is refused; browsers familiar
//! with the account have a counter of their own, so that a stranger cannot lock the owner out (LG-05).
//!
//! What a guess came to is looked at only after it has been counted, by compare-and-set on the revision, so that two
//! hundred attempts at once do not get two hundred answers (LG-03).

use jiff::{SignedDuration, Timestamp};
use vestibule_wire::ids::{TenantId, UserId};

const THRESHOLD: u32 = 10;
const FIRST_LOCK: SignedDuration = SignedDuration::from_secs(60);
const LONGEST_LOCK: SignedDuration = SignedDuration::from_hours(1);
const DECAY: SignedDuration = SignedDuration::from_hours(24);

/// Whose failures are counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct LockoutKey {
    /// The tenant.
    pub tenant: TenantId,
    /// The user.
    pub user: UserId,
    /// Whether the browser is familiar with the account.
    pub familiar: bool,
}

/// The counter. The default is that of an account that never failed.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Lockout {
    /// Failures since the last lock or success.
    pub failures: u32,
    /// How many locks there have been.
    pub level: u32,
    /// Refused until then.
    pub locked_until: Option<Timestamp>,
    /// The last failure, from which the level decays.
    pub last_failure: Option<Timestamp>,
    /// Keyed hashes of the last three wrong passwords.
    pub last_wrong: Vec<[u8; 32]>,
    /// Counts changes; 0 is "no row yet".
    pub revision: i64,
}

/// What a password attempt meets.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Attempt {
    /// The account is locked: refuse, whatever the password.
    Locked {
        /// Until when.
        until: Timestamp,
    },
    /// This wrong password was tried before: refuse, and count nothing.
    KnownWrong,
    /// Commit this state, in which the attempt already counts as a failure, then check the password.
    Counted(Lockout),
}

impl Lockout {
    /// Counts an attempt with a password whose keyed hash is `password`.
    #[must_use]
    pub fn attempt(&self, password: &[u8; 32], now: Timestamp) -> Attempt {
        if let Some(until) = self.locked_until.filter(|until| *until > now) {
            return Attempt::Locked { until };
        }
        if self.last_wrong.contains(password) {
            return Attempt::KnownWrong;
        }
        let mut next = self.decayed(now);
        next.failures = next.failures.saturating_add(1);
        next.last_failure = Some(now);
        next.last_wrong.push(*password);
        if next.last_wrong.len() > 3 {
            next.last_wrong.remove(0);
        }
        let threshold = if next.level == 0 { THRESHOLD } else { 1 };
        if next.failures >= threshold {
            next.level = next.level.saturating_add(1);
            next.failures = 0;
            next.locked_until = Some(now.saturating_add(lock_of(next.level)).unwrap_or(Timestamp::MAX));
        }
        Attempt::Counted(next)
    }

    /// Whether there is nothing to reset.
    pub fn is_clean(&self) -> bool {
        *self == Self { revision: self.revision, ..Self::default() }
    }

    /// A level is forgotten for each day without a failure.
    fn decayed(&self, now: Timestamp) -> Self {
        let mut next = self.clone();
        if let Some(last) = self.last_failure {
            let days = now.duration_since(last).as_secs().max(0) / DECAY.as_secs();
            next.level = next.level.saturating_sub(u32::try_from(days).unwrap_or(u32::MAX));
        }
        next
    }
}

fn lock_of(level: u32) -> SignedDuration {
    let doublings = level.saturating_sub(1).min(10);
    (FIRST_LOCK * (1 << doublings)).min(LONGEST_LOCK)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(second).unwrap()
    }

    fn wrong(n: u8) -> [u8; 32] {
        [n; 32]
    }

    fn fail(state: &Lockout, n: u8, second: i64) -> Lockout {
        match state.attempt(&wrong(n), at(second)) {
            Attempt::Counted(next) => next,
            other => panic!("{other:?}"),
        }
    }

    fn locked_once() -> Lockout {
        (1..=10).fold(Lockout::default(), |state, n| fail(&state, n, 0))
    }

    #[test]
    fn lg_02_the_tenth_failure_locks_for_sixty_seconds() {
        let nine = (1..=9).fold(Lockout::default(), |state, n| fail(&state, n, 0));
        assert_eq!(nine.locked_until, None);
        let ten = fail(&nine, 10, 0);
        assert_eq!(ten.attempt(&wrong(99), at(59)), Attempt::Locked { until: at(60) });
        assert!(matches!(ten.attempt(&wrong(99), at(60)), Attempt::Counted(_)));
    }

    #[test]
    fn lg_02_each_further_failure_locks_for_twice_as_long_up_to_an_hour() {
        let mut state = locked_once();
        let mut now = 60;
        for (n, seconds) in (11..).zip([120, 240, 480, 960, 1920, 3600, 3600]) {
            state = fail(&state, n, now);
            assert_eq!(state.locked_until, Some(at(now + seconds)));
            now += seconds;
        }
    }

    #[test]
    fn lg_02_the_same_wrong_password_does_not_count() {
        let one = fail(&Lockout::default(), 1, 0);
        assert_eq!(one.attempt(&wrong(1), at(1)), Attempt::KnownWrong);
        let four = (2..=4).fold(one, |state, n| fail(&state, n, 0));
        assert!(
            matches!(four.attempt(&wrong(1), at(1)), Attempt::Counted(_)),
            "only the last three are remembered"
        );
    }

    #[test]
    fn lg_02_a_day_without_failures_forgets_a_level() {
        let state = fail(&locked_once(), 11, 86_400 + 1);
        assert_eq!(state.level, 0, "one lock, one day: ten attempts again");
        assert_eq!(state.locked_until, Some(at(60)));
    }
}
