//! Passwords of people: argon2id (RFC 9106), every byte counts, nothing is truncated.

use argon2::password_hash::phc::PasswordHash as Phc;
use argon2::{Algorithm, Argon2, Params, PasswordHasher as _, PasswordVerifier as _, Version};

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
        let made = hasher().hash_password_with_salt(password.expose().as_bytes(), &salt);
        // Hashing fails only for parameters that are not the constants above; then no password is right.
        Self(made.map(|hash| hash.to_string()).unwrap_or_default())
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
        if password.expose().len() > MAX_PASSWORD {
            return false;
        }
        Phc::new(&self.0)
            .is_ok_and(|hash| hasher().verify_password(password.expose().as_bytes(), &hash).is_ok())
    }
}

impl std::fmt::Debug for PasswordHash {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("PasswordHash(…)")
    }
}

fn hasher() -> Argon2<'static> {
    let params = Params::new(MEMORY_KIB, PASSES, LANES, None).unwrap_or_default();
    Argon2::new(Algorithm::Argon2id, Version::V0x13, params)
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
