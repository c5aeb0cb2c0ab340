//! The link by which somebody who was invited comes to accept (`inviteRedeemUrl`). Sealed, so that nobody but this server can
//! say where it leads. Having it proves nothing: whoever follows it signs in as who they are.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use vestibule_wire::ids::{TenantId, UserId};

use crate::randomness::Randomness;
use crate::sealed::{Purpose, Sealer};

/// What an invitation's link stands for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct InvitationLink {
    /// The tenant that invites.
    pub tenant: TenantId,
    /// The account made for whoever was invited.
    pub user: UserId,
    /// Where the browser goes afterwards (`inviteRedirectUrl`).
    pub redirect: String,
}

impl InvitationLink {
    /// The link's handle, `rd`.
    pub fn seal(&self, sealer: &Sealer, now: Timestamp, random: &dyn Randomness) -> String {
        sealer.seal(Purpose::Invitation, b"", self, now, random)
    }

    /// Reads a handle back; none for one that was made elsewhere.
    pub fn open(handle: &str, sealer: &Sealer) -> Option<Self> {
        sealer.open(Purpose::Invitation, b"", handle).ok()
    }
}
