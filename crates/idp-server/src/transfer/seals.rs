//! Secrets in a file: sealed under the store's master key, for one object of one tenant, so that they open nowhere else.
//!
//! A secret that did not change is sealed to the same text, so that a file in version control changes only where the
//! tenant did. The nonce is therefore a keyed hash of what is sealed and what it belongs to, in place of randomness
//! (as in AES-SIV, RFC 5297), and the time is left out of it.

use idp_domain::randomness::Randomness;
use idp_domain::sealed::{Purpose, Sealer};
use jiff::Timestamp;
use serde::Serialize;
use serde::de::DeserializeOwned;
use uuid::Uuid;
use vestibule_wire::ids::TenantId;

/// What a secret belongs to.
pub(super) struct Owner {
    pub(super) tenant: TenantId,
    /// The user or the application.
    pub(super) object: Uuid,
    /// Which of its secrets.
    pub(super) secret: Uuid,
}

/// Seals a secret.
pub(super) fn seal<T: Serialize>(sealer: &Sealer, owner: &Owner, secret: &T) -> String {
    let belongs_to = owner.bytes();
    // The same bytes that are sealed.
    let plain = serde_json::to_vec(secret).unwrap_or_default();
    let nonce = FromContent(sealer.keyed_hash("tenant file nonce", &[&belongs_to, &plain]));
    sealer.seal(Purpose::TenantFile, &belongs_to, secret, Timestamp::UNIX_EPOCH, &nonce)
}

/// Opens a secret; none if it was sealed under another key, or for something else.
pub(super) fn open<T: DeserializeOwned>(sealer: &Sealer, owner: &Owner, text: &str) -> Option<T> {
    sealer.open(Purpose::TenantFile, &owner.bytes(), text).ok()
}

impl Owner {
    fn bytes(&self) -> Vec<u8> {
        [self.tenant.as_bytes().as_slice(), self.object.as_bytes(), self.secret.as_bytes()].concat()
    }
}

struct FromContent([u8; 32]);

impl Randomness for FromContent {
    fn fill(&self, buffer: &mut [u8]) {
        for (byte, hashed) in buffer.iter_mut().zip(self.0.iter().cycle()) {
            *byte = *hashed;
        }
    }
}

#[cfg(test)]
mod tests {
    use idp_domain::sealed::MasterKey;

    use super::*;

    #[test]
    fn a_sealed_secret_is_the_same_text_each_time_and_opens_under_its_key_for_its_owner_only() {
        let sealer = |byte| Sealer::new(&MasterKey::new([byte; 32]));
        let owner = |object| Owner {
            tenant: TenantId::from_u128(1),
            object: Uuid::from_u128(object),
            secret: Uuid::nil(),
        };
        let text = seal(&sealer(7), &owner(2), &"hash");
        assert_eq!(seal(&sealer(7), &owner(2), &"hash"), text);
        assert_ne!(seal(&sealer(7), &owner(2), &"other"), text);
        assert_ne!(seal(&sealer(7), &owner(3), &"hash"), text);
        assert_eq!(open::<String>(&sealer(7), &owner(2), &text).as_deref(), Some("hash"));
        assert_eq!(open::<String>(&sealer(7), &owner(3), &text), None);
        assert_eq!(open::<String>(&sealer(8), &owner(2), &text), None);
    }
}
