//! The pairwise subject (OpenID Connect Core §8.1): the user as one application knows them.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use vestibule_wire::ids::{ClientId, TenantId, UserId};

use crate::sealed::Sealer;

/// `sub`: 43 characters, stable for the life of the user, unlinkable between applications without the master key.
pub fn pairwise_subject(sealer: &Sealer, tenant: TenantId, application: ClientId, user: UserId) -> String {
    let hash =
        sealer.keyed_hash("pairwise subject", &[tenant.as_bytes(), application.as_bytes(), user.as_bytes()]);
    URL_SAFE_NO_PAD.encode(hash)
}
