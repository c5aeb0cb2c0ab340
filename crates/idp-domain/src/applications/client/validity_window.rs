//! When an assertion is good.

use jiff::{SignedDuration, Timestamp};
use vestibule_jose::client_assertion::AssertionClaims;

/// How far a client's clock may be from ours.
const SKEW: SignedDuration = SignedDuration::from_mins(5);

/// How far ahead an assertion may expire. Libraries make them for 10 to 30 minutes; Entra has no bound (CA-18).
const MAX_AHEAD: SignedDuration = SignedDuration::from_hours(24);

/// The time within which an assertion says that it is good.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ValidityWindow {
    /// `nbf`, or `iat` if it is later; 1970 if neither is said.
    pub from: Timestamp,
    /// `exp`
    pub until: Timestamp,
}

impl ValidityWindow {
    pub(super) fn of(claims: &AssertionClaims) -> Self {
        let at = |seconds| Timestamp::from_second(seconds).unwrap_or(Timestamp::MAX);
        let from = claims.not_before.max(claims.issued_at).unwrap_or_default();
        Self { from: at(from), until: at(claims.expires_at) }
    }

    /// Whether it is open now, and not for longer than anybody needs.
    pub(super) fn is_open_at(&self, now: Timestamp) -> bool {
        let after = |time: Timestamp, span| time.saturating_add(span).unwrap_or(Timestamp::MAX);
        self.from <= after(now, SKEW) && now < self.closes_at() && self.until <= after(now, MAX_AHEAD)
    }

    /// When nobody takes it any more.
    pub(super) fn closes_at(&self) -> Timestamp {
        self.until.saturating_add(SKEW).unwrap_or(Timestamp::MAX)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: i64 = 1_800_000_000;

    fn open(from: i64, until: i64) -> bool {
        let at = |seconds| Timestamp::from_second(seconds).unwrap();
        ValidityWindow { from: at(from), until: at(until) }.is_open_at(at(NOW))
    }

    #[test]
    fn ca_18_ca_19_five_minutes_of_difference_are_forgiven_and_a_day_is_the_longest() {
        assert!(open(0, NOW + 600) && open(NOW, NOW + 1));
        assert!(open(NOW + 300, NOW + 600) && !open(NOW + 301, NOW + 600));
        assert!(open(0, NOW - 299) && !open(0, NOW - 300));
        assert!(open(0, NOW + 86_400) && !open(0, NOW + 86_401));
        assert!(!open(0, Timestamp::MAX.as_second()) && !open(0, 0));
    }
}
