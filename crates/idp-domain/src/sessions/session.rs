//! A session: one account, signed in in one browser. A browser may hold several.

use jiff::{SignedDuration, Timestamp};
use vestibule_wire::ids::{SessionId, TenantId, UserId};

use super::Facts;
use crate::changes::Over;
use crate::randomness::Randomness;
use crate::sealed::Sealer;

/// A session ends after 24 hours without use, or 90 days when the person chose to stay signed in.
const IDLE: SignedDuration = SignedDuration::from_hours(24);
const IDLE_PERSISTENT: SignedDuration = SignedDuration::from_hours(90 * 24);
/// How long a session that is over is kept.
const GRACE: SignedDuration = SignedDuration::from_hours(24);
/// Use is written down at most once an hour: activity is not worth a write per request.
const COALESCE: SignedDuration = SignedDuration::from_hours(1);

/// One account signed in in one browser.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Session {
    /// The account's tenant.
    pub tenant: TenantId,
    /// The `sid` of its tokens.
    pub id: SessionId,
    /// The account.
    pub user: UserId,
    /// The browser, by the hash of its cookie.
    pub browser: [u8; 32],
    /// How the person signed in.
    pub facts: Facts,
    /// The person chose to stay signed in.
    pub persistent: bool,
    /// Last use, to the hour.
    pub last_used: Timestamp,
}

/// What the session cookie holds: 256 random bits. The store holds its hash only.
#[derive(Clone)]
pub struct BrowserKey([u8; 32]);

impl BrowserKey {
    /// A new key, for a browser that has none or whose key must change.
    pub fn random(random: &dyn Randomness) -> Self {
        Self(random.bytes())
    }

    /// Reads a cookie.
    pub fn from_bytes(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }

    /// The cookie's content.
    pub const fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }

    /// What the store knows the browser by.
    pub fn hash(&self, sealer: &Sealer) -> [u8; 32] {
        sealer.keyed_hash("browser", &[&self.0])
    }
}

impl std::fmt::Debug for BrowserKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("BrowserKey(…)")
    }
}

impl Session {
    /// Those that have been over for a day. A clock that is set back by less brings none of them to life.
    pub fn over(now: Timestamp) -> Over {
        let over = |idle: SignedDuration| {
            now.saturating_sub(idle).and_then(|at| at.saturating_sub(GRACE)).unwrap_or(Timestamp::MIN)
        };
        Over::Sessions { persistent: over(IDLE_PERSISTENT), others: over(IDLE) }
    }

    /// Whether the session can still be used (LG-17).
    pub fn is_live(&self, now: Timestamp) -> bool {
        now < self.expires_at()
    }

    /// When it ends unless it is used.
    pub fn expires_at(&self) -> Timestamp {
        let idle = if self.persistent { IDLE_PERSISTENT } else { IDLE };
        self.last_used.saturating_add(idle).unwrap_or(Timestamp::MAX)
    }

    /// Whether this use is worth writing down.
    pub fn is_due_for_touch(&self, now: Timestamp) -> bool {
        now.duration_since(self.last_used) >= COALESCE
    }
}
