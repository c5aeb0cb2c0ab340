//! The opaque `login_hint` claim: names an account, as one client knows it, to later sign-in and sign-out requests. It is sealed,
//! so that having one proves that it came from an ID token of this server.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use vestibule_wire::ids::{ClientId, TenantId, UserId};

use crate::randomness::Randomness;
use crate::sealed::{Purpose, Sealer};

/// What the claim stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct LoginHint {
    /// The tenant where the account is at home.
    pub tenant: TenantId,
    /// The account.
    pub user: UserId,
    /// The client the ID token was issued to.
    pub client: ClientId,
}

impl LoginHint {
    /// The claim.
    pub fn seal(&self, sealer: &Sealer, now: Timestamp, random: &dyn Randomness) -> String {
        sealer.seal(Purpose::LoginHint, b"", self, now, random)
    }

    /// Reads a claim back; none for a hint that is a user name or was made elsewhere.
    pub fn open(text: &str, sealer: &Sealer) -> Option<Self> {
        sealer.open(Purpose::LoginHint, b"", text).ok()
    }
}
