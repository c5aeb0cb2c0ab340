//! How long tokens live.

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use crate::randomness::Randomness;

/// ID tokens: one hour.
pub(super) const ID_TOKEN: SignedDuration = SignedDuration::from_hours(1);
/// Logout tokens: long enough for every attempt to tell (Back-Channel Logout §4 recommends two minutes at most).
pub(super) const LOGOUT_TOKEN: SignedDuration = SignedDuration::from_mins(2);
/// `iat` and `nbf` are set back by this, as the service does, so that a resource whose clock is slow accepts the token.
pub(super) const BACKDATED: SignedDuration = SignedDuration::from_mins(5);
/// A refresh token of a web or native application ends after 90 days without use.
pub(super) const REFRESH_IDLE: SignedDuration = SignedDuration::from_hours(90 * 24);
/// A refresh token of a single-page application ends 24 hours after the sign-in, used or not.
pub(super) const REFRESH_SPA: SignedDuration = SignedDuration::from_hours(24);

/// How long access tokens live.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum AccessTokenLifetime {
    /// 60 to 90 minutes, at random, as Entra does: clients that all started at once do not all return at once.
    #[default]
    Random,
    /// This many seconds.
    Fixed(u32),
}

impl AccessTokenLifetime {
    pub(super) fn draw(self, random: &dyn Randomness) -> SignedDuration {
        match self {
            Self::Random => {
                let roll = u16::from_be_bytes(random.bytes());
                SignedDuration::from_secs(3600 + i64::from(roll) % 1800)
            }
            Self::Fixed(seconds) => SignedDuration::from_secs(i64::from(seconds)),
        }
    }
}

/// Adds without leaving the range of time.
pub(super) fn after(time: Timestamp, span: SignedDuration) -> Timestamp {
    time.saturating_add(span).unwrap_or(Timestamp::MAX)
}
