//! Where an access token comes from: the sign-in behind it, sealed into the token itself (`aio`).
//!
//! Whoever acts on behalf of a person with such a token goes on with the facts of that sign-in, and not with new ones
//! (OB-12). Resources cannot read the claim and have no use for it.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use vestibule_wire::ids::{SessionId, TenantId};

use super::FamilyId;
use super::granted::UserGrant;
use crate::randomness::Randomness;
use crate::sealed::{Purpose, Sealer};
use crate::sessions::Facts;

/// The sign-in an access token comes of.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Provenance {
    /// The session.
    pub session: SessionId,
    /// How the person signed in.
    pub facts: Facts,
    /// The family and its tenant, of whose revocation the token's grandchildren hear. None for a token from the authorize endpoint.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub family: Option<(TenantId, FamilyId)>,
}

impl Provenance {
    pub(super) fn of(user: &UserGrant) -> Self {
        Self { session: user.signed_in.session(), facts: user.signed_in.facts().clone(), family: user.family }
    }

    /// The claim.
    pub(super) fn seal(&self, sealer: &Sealer, now: Timestamp, random: &dyn Randomness) -> String {
        sealer.seal(Purpose::Provenance, b"", self, now, random)
    }

    /// Reads a claim back.
    pub fn open(text: &str, sealer: &Sealer) -> Option<Self> {
        sealer.open(Purpose::Provenance, b"", text).ok()
    }
}
