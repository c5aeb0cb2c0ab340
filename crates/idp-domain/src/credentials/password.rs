//! Passwords of people: argon2id (RFC 9106), every byte counts, nothing is truncated.

use argon2::password_hash::phc::PasswordHash as Phc;
use argon2::{Algorithm, Argon2, Block, Params, Version};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD_NO_PAD;
use subtle::ConstantTimeEq as _;

use crate::randomness::Randomness;
use crate::secret::Secret;

/// The longest password that is looked at, in bytes (Entra: 256 characters of ASCII).
pub const MAX_PASSWORD: usize = 256;

/// OWASP's minimum for argon2id: 19 MiB, two passes, one lane. About 18 ms.
const MEMORY_KIB: u32 = 19_456;
const PASSES: u32 = 2;
const LANES: u32 = 1;

/// How a password is checked: a PHC string, which carries its own parameters and salt.
#[derive(Clone, PartialEq, Eq)]
pub struct PasswordHash(String);

impl PasswordHash {
    /// Hashes a new password. Slow on purpose: call it where slow things run.
    pub fn make(password: &Secret, random: &dyn Randomness) -> Self {
        let salt: [u8; 16] = random.bytes();
        let mut hash = [0; 32];
        let params = Params::new(MEMORY_KIB, PASSES, LANES, None).unwrap_or_default();
        // Hashing fails only for parameters that are not the constants above; then no password is right.
        if !stretch(params, password.expose().as_bytes(), &salt, &mut hash) {
            return Self(String::new());
        }
        let (salt, hash) = (STANDARD_NO_PAD.encode(salt), STANDARD_NO_PAD.encode(hash));
        Self(format!("$argon2id$v=19$m={MEMORY_KIB},t={PASSES},p={LANES}${salt}${hash}"))
    }

    /// The hash that is checked when there is no user, so that it takes as long (LG-01). No password matches it.
    pub fn of_nobody() -> Self {
        Self(format!(
            "$argon2id$v=19$m={MEMORY_KIB},t={PASSES},p={LANES}$AAAAAAAAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"
        ))
    }

    /// Reads a hash from the store.
    pub fn from_phc(text: String) -> Self {
        Self(text)
    }

    /// The PHC string, for the store.
    pub fn as_phc(&self) -> &str {
        &self.0
    }

    /// Whether this is the password. Slow on purpose.
    pub fn verify(&self, password: &Secret) -> bool {
        password.expose().len() <= MAX_PASSWORD && self.check(password).unwrap_or(false)
    }

    /// None for a hash that cannot be read.
    fn check(&self, password: &Secret) -> Option<bool> {
        let stored = Phc::new(&self.0).ok()?;
        let params = Params::try_from(&stored).ok()?;
        let (salt, hash) = (stored.salt?, stored.hash?);
        let mut made = vec![0; hash.as_ref().len()];
        let stretched = stretch(params, password.expose().as_bytes(), salt.as_ref(), &mut made);
        Some(stretched && bool::from(made.ct_eq(hash.as_ref())))
    }
}

impl std::fmt::Debug for PasswordHash {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("PasswordHash(…)")
    }
}

/// Runs argon2id in memory of its own, which goes back to the system at once.
///
/// Allocators keep freed blocks of this size for later, several of them over time. One reserved larger than they ever
/// keep (32 MiB with glibc) is mapped and unmapped; what is reserved and not touched costs nothing.
fn stretch(params: Params, password: &[u8], salt: &[u8], hash: &mut [u8]) -> bool {
    const NEVER_KEPT: usize = 33 * 1024 * 1024 / Block::SIZE;
    let needed = params.block_count();
    let mut memory: Vec<Block> = Vec::with_capacity(needed.max(NEVER_KEPT));
    memory.resize(needed, Block::new());
    let argon2 = Argon2::new(Algorithm::Argon2id, Version::V0x13, params);
    argon2.hash_password_into_with_memory(password, salt, hash, &mut memory).is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock_and_dice::Dice;

    #[test]
    fn lg_22_the_stored_hash_is_argon2id_with_the_stated_parameters_and_every_byte_counts() {
        let long = "x".repeat(72) + "y";
        let hash = PasswordHash::make(&Secret::new(long.clone()), &Dice);
        assert!(hash.as_phc().starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{}", hash.as_phc());
        assert!(hash.verify(&Secret::new(long)));
        assert!(!hash.verify(&Secret::new("x".repeat(72) + "z")), "the 73rd byte matters");
    }

    #[test]
    fn ro_06_a_password_beyond_the_limit_is_wrong_without_being_hashed() {
        let hash = PasswordHash::make(&Secret::new("a".repeat(257)), &Dice);
        assert!(!hash.verify(&Secret::new("a".repeat(257))));
    }

    #[test]
    fn lg_01_nobodys_hash_is_checked_at_full_cost_and_never_matches() {
        assert!(Phc::new(&PasswordHash::of_nobody().0).is_ok());
        assert!(!PasswordHash::of_nobody().verify(&Secret::new("")));
    }
}
