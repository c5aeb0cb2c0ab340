//! What people and programs prove themselves with, and what happens when they fail to.

mod lockout;
mod password;
mod rules;

use vestibule_wire::ids::ClientId;

pub use lockout::{Attempt, Lockout, LockoutKey};
pub use password::{MAX_PASSWORD, PasswordHash};
pub use rules::{UnsuitablePassword, suitable};

use crate::sealed::Sealer;
use crate::secret::Secret;

/// What the store holds of a client secret. The client is hashed in, so that equal secrets have different hashes.
pub fn client_secret_hash(sealer: &Sealer, client: ClientId, secret: &Secret) -> [u8; 32] {
    sealer.keyed_hash("client secret", &[client.as_bytes(), secret.expose().as_bytes()])
}
