//! Families: all refresh tokens that come of one redeemed code, as one row that can be revoked.

use aws_lc_rs::digest::{SHA256, digest};
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use vestibule_wire::ids::{ClientId, SessionId, TenantId, UserId};

use crate::applications::Platform;
use crate::changes::{Change, Changes, Over};
use crate::randomness::Randomness;
use crate::sealed::Month;
use crate::sessions::Facts;

/// The id of a family: 16 bytes that follow from the code that started it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct FamilyId(uuid::Uuid);

impl FamilyId {
    /// The family that redeeming a code starts.
    pub(crate) fn of_code(code: &[u8]) -> Self {
        let hash = digest(&SHA256, &[b"family of code ", code].concat());
        let mut id = [0; 16];
        id.copy_from_slice(&hash.as_ref()[..16]);
        Self(uuid::Uuid::from_bytes(id))
    }

    /// The family of a sign-in that had no code.
    pub fn random(random: &dyn Randomness) -> Self {
        Self(uuid::Uuid::from_bytes(random.bytes()))
    }

    /// The 16 bytes, as they are stored.
    pub const fn as_bytes(&self) -> &[u8; 16] {
        self.0.as_bytes()
    }

    /// Reads the stored bytes back.
    pub fn from_bytes(bytes: &[u8]) -> Option<Self> {
        uuid::Uuid::from_slice(bytes).ok().map(Self)
    }
}

/// A token that nobody used for 90 days is over, and the month it was issued in may have been all of that before.
const MONTHS_KEPT: u16 = 3;

impl Family {
    /// What using it in this month changes: once a month it is written down that it is in use, and what it comes of is.
    pub(super) fn used(&self, now: Timestamp) -> Changes {
        let to = Month::of(now);
        if to <= self.month {
            return Changes::none();
        }
        let moved = |family| Change::MoveFamily { tenant: self.tenant, family, to };
        self.root.into_iter().fold(Changes::one(moved(self.id)), |changes, root| changes.and(moved(root)))
    }

    /// Those of which every token has been over for a day at least, whatever they were used for.
    pub fn over(now: Timestamp) -> Over {
        let a_day_ago = now.saturating_sub(SignedDuration::from_hours(24)).unwrap_or(Timestamp::MIN);
        Over::Families(Month::of(a_day_ago).earlier(MONTHS_KEPT))
    }
}

/// One sign-in of one person in one client, as long as it lasts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Family {
    /// The tenant.
    pub tenant: TenantId,
    /// Its id.
    pub id: FamilyId,
    /// The slot of its row: the month in which it was last used, as far as that was written down.
    pub month: Month,
    /// The person.
    pub user: UserId,
    /// The client.
    pub client: ClientId,
    /// The session it comes of.
    pub session: SessionId,
    /// How the person signed in.
    pub facts: Facts,
    /// The kind of program that redeemed the code.
    pub platform: Platform,
    /// The `scope` first asked for.
    pub scope: String,
    /// When the code was redeemed.
    pub started_at: Timestamp,
    /// Counts refreshes in strict mode.
    pub generation: i64,
    /// Dead.
    pub revoked: bool,
    /// The family that a refresh token of another application came of, out of which this one began ([`super::Kinship`]).
    pub root: Option<FamilyId>,
}

impl Family {
    /// The family whose end is the end of all that came of the sign-in.
    pub fn lineage(&self) -> FamilyId {
        self.root.unwrap_or(self.id)
    }
}
