//! Sealed values: state that travels with the client and can be neither read nor changed by it.
//!
//! A sealed value is AES-256-GCM under a key derived from the master key for its *purpose* and *month* (HKDF, RFC 5869).
//! The purpose is in the key, so that a refresh token opened as a code is noise (CD-13); the month is in the clear
//! header, so that keys rotate by themselves and no key seals so much that random nonces could meet. What the value
//! must belong to (a tenant, a row) is additional data.
//!
//! Text form: base64url without padding of `version (1) · month (2) · nonce (12) · ciphertext and tag`.

mod slot;

use aws_lc_rs::aead::{AES_256_GCM, Aad, LessSafeKey, Nonce, UnboundKey};
use aws_lc_rs::hkdf::{HKDF_SHA256, KeyType, Salt};
use aws_lc_rs::hmac;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jiff::Timestamp;
use serde::Serialize;
use serde::de::DeserializeOwned;
use zeroize::Zeroizing;

pub use slot::{Hour, Month};

use crate::randomness::Randomness;

/// What a sealed value is for. A value opens only as what it was sealed as.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Purpose {
    /// An authorization code.
    AuthorizationCode,
    /// A refresh token.
    RefreshToken,
    /// The state of a sign-in between two pages.
    SignIn,
    /// The state of a sign-out between two pages.
    SignOut,
    /// The cookie by which a browser is familiar with an account.
    Familiarity,
    /// The cookie that lists the applications a browser's sessions were used with.
    Participants,
    /// The `login_hint` claim.
    LoginHint,
    /// The sign-in behind an access token.
    Provenance,
    /// A signing key in the store.
    SigningKey,
    /// Where a page of a list begins.
    PageToken,
    /// A secret in a file of a tenant.
    TenantFile,
    /// A device code.
    DeviceCode,
    /// The link of an invitation.
    Invitation,
    /// The state of the page on which a device's code is typed.
    DeviceEntry,
}

impl Purpose {
    const fn label(self) -> &'static [u8] {
        match self {
            Self::AuthorizationCode => b"vestibule authorization code",
            Self::RefreshToken => b"vestibule refresh token",
            Self::SignIn => b"vestibule sign-in",
            Self::SignOut => b"vestibule sign-out",
            Self::Familiarity => b"vestibule familiarity",
            Self::Participants => b"vestibule participants",
            Self::LoginHint => b"vestibule login hint",
            Self::Provenance => b"vestibule provenance",
            Self::SigningKey => b"vestibule signing key",
            Self::PageToken => b"vestibule page token",
            Self::TenantFile => b"vestibule tenant file",
            Self::DeviceCode => b"vestibule device code",
            Self::Invitation => b"vestibule invitation",
            Self::DeviceEntry => b"vestibule device entry",
        }
    }
}

/// The value is not one that this server sealed for this purpose, or it was changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a value sealed here for this purpose")]
pub struct NotSealedHere;

/// The key under which everything else is kept: 32 bytes from a file, never from the store.
#[derive(Clone)]
pub struct MasterKey(Zeroizing<[u8; 32]>);

impl MasterKey {
    /// Takes the key in.
    pub fn new(bytes: [u8; 32]) -> Self {
        Self(Zeroizing::new(bytes))
    }
}

impl std::fmt::Debug for MasterKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("MasterKey(…)")
    }
}

/// Seals and opens, and makes the keyed hashes that the store holds instead of secrets.
pub struct Sealer {
    root: aws_lc_rs::hkdf::Prk,
    hashing: hmac::Key,
}

struct Length32;

impl KeyType for Length32 {
    fn len(&self) -> usize {
        32
    }
}

const VERSION: u8 = 1;
const HEADER: usize = 1 + 2 + 12;
/// No sealed value of ours is longer (a form field holds 16 KiB); more is refused before it is decoded.
const MAX_TEXT: usize = 15 * 1024;

impl Sealer {
    /// Derives what is needed from the master key.
    pub fn new(master: &MasterKey) -> Self {
        let root = Salt::new(HKDF_SHA256, b"vestibule master key").extract(&master.0[..]);
        let hashing = hmac::Key::new(hmac::HMAC_SHA256, &derive(&root, &[b"vestibule keyed hash"])[..]);
        Self { root, hashing }
    }

    /// Seals a value as text that fits a URL.
    pub fn seal<T: Serialize>(
        &self,
        purpose: Purpose,
        belongs_to: &[u8],
        value: &T,
        now: Timestamp,
        random: &dyn Randomness,
    ) -> String {
        // A type of ours that does not serialise is a mistake no input can cause; an empty value never opens.
        let plain = serde_json::to_vec(value).unwrap_or_default();
        URL_SAFE_NO_PAD.encode(self.seal_bytes(purpose, belongs_to, plain, now, random))
    }

    /// Opens what [`Self::seal`] made.
    pub fn open<T: DeserializeOwned>(
        &self,
        purpose: Purpose,
        belongs_to: &[u8],
        text: &str,
    ) -> Result<T, NotSealedHere> {
        if text.len() > MAX_TEXT {
            return Err(NotSealedHere);
        }
        let bytes = URL_SAFE_NO_PAD.decode(text).map_err(|_| NotSealedHere)?;
        let plain = self.open_bytes(purpose, belongs_to, bytes)?;
        serde_json::from_slice(&plain).map_err(|_| NotSealedHere)
    }

    /// Seals bytes, for the store.
    pub fn seal_bytes(
        &self,
        purpose: Purpose,
        belongs_to: &[u8],
        mut plain: Vec<u8>,
        now: Timestamp,
        random: &dyn Randomness,
    ) -> Vec<u8> {
        let month = Month::of(now);
        let mut header = [0; HEADER];
        header[0] = VERSION;
        header[1..3].copy_from_slice(&month.number().to_be_bytes());
        random.fill(&mut header[3..]);
        let sealed = self.key(purpose, month).and_then(|key| {
            let nonce = Nonce::try_assume_unique_for_key(&header[3..])?;
            key.seal_in_place_append_tag(nonce, Aad::from(additional_data(&header, belongs_to)), &mut plain)
        });
        // AES-256-GCM fails only beyond 64 GiB. Nothing is better than something unsealed.
        if sealed.is_err() {
            plain.clear();
        }
        let mut out = header.to_vec();
        out.append(&mut plain);
        out
    }

    /// Opens what [`Self::seal_bytes`] made.
    pub fn open_bytes(
        &self,
        purpose: Purpose,
        belongs_to: &[u8],
        mut sealed: Vec<u8>,
    ) -> Result<Zeroizing<Vec<u8>>, NotSealedHere> {
        if sealed.len() <= HEADER || sealed[0] != VERSION {
            return Err(NotSealedHere);
        }
        let mut body = sealed.split_off(HEADER);
        let month = Month::from_number(u16::from_be_bytes([sealed[1], sealed[2]]));
        let nonce = Nonce::try_assume_unique_for_key(&sealed[3..]).map_err(|_| NotSealedHere)?;
        let key = self.key(purpose, month).map_err(|_| NotSealedHere)?;
        let plain = key
            .open_in_place(nonce, Aad::from(additional_data(&sealed, belongs_to)), &mut body)
            .map_err(|_| NotSealedHere)?
            .len();
        body.truncate(plain);
        Ok(Zeroizing::new(body))
    }

    /// A keyed hash: what the store holds of things that are unguessable (client secrets) or must be recognised again
    /// (wrong passwords). Useless without the master key (ST-01). `label` keeps the kinds apart.
    pub fn keyed_hash(&self, label: &str, parts: &[&[u8]]) -> [u8; 32] {
        let mut context = hmac::Context::with_key(&self.hashing);
        context.update(label.as_bytes());
        for part in parts {
            // Lengths in front, so that ("ab", "c") and ("a", "bc") differ.
            context.update(&(part.len() as u64).to_be_bytes());
            context.update(part);
        }
        let mut hash = [0; 32];
        hash.copy_from_slice(context.sign().as_ref());
        hash
    }

    fn key(&self, purpose: Purpose, month: Month) -> Result<LessSafeKey, aws_lc_rs::error::Unspecified> {
        let bytes = derive(&self.root, &[purpose.label(), &month.number().to_be_bytes()]);
        UnboundKey::new(&AES_256_GCM, &bytes[..]).map(LessSafeKey::new)
    }
}

impl std::fmt::Debug for Sealer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Sealer(…)")
    }
}

fn derive(root: &aws_lc_rs::hkdf::Prk, info: &[&[u8]]) -> Zeroizing<[u8; 32]> {
    let mut out = Zeroizing::new([0; 32]);
    // Expanding to one block of the hash cannot fail (RFC 5869 §2.3 allows 255).
    if let Ok(okm) = root.expand(info, Length32) {
        let _ = okm.fill(&mut out[..]);
    }
    out
}

fn additional_data(header: &[u8], belongs_to: &[u8]) -> Vec<u8> {
    [header, belongs_to].concat()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock_and_dice::Dice;

    const NOW: Timestamp = Timestamp::UNIX_EPOCH;

    fn sealer() -> Sealer {
        Sealer::new(&MasterKey::new([7; 32]))
    }

    #[test]
    fn a_sealed_value_opens_as_what_it_was() {
        let text = sealer().seal(Purpose::RefreshToken, b"", &"hello", NOW, &Dice);
        assert_eq!(sealer().open::<String>(Purpose::RefreshToken, b"", &text), Ok("hello".into()));
    }

    #[test]
    fn cd_13_a_value_sealed_for_one_purpose_opens_for_no_other() {
        let all = [
            Purpose::AuthorizationCode,
            Purpose::RefreshToken,
            Purpose::SignIn,
            Purpose::SignOut,
            Purpose::Familiarity,
            Purpose::LoginHint,
            Purpose::SigningKey,
            Purpose::PageToken,
            Purpose::TenantFile,
            Purpose::DeviceCode,
            Purpose::DeviceEntry,
        ];
        for made in all {
            let text = sealer().seal(made, b"", &"x", NOW, &Dice);
            for read in all {
                assert_eq!(
                    sealer().open::<String>(read, b"", &text).is_ok(),
                    made == read,
                    "{made:?} as {read:?}"
                );
            }
        }
    }

    #[test]
    fn st_02_a_value_that_belongs_elsewhere_does_not_open() {
        let text = sealer().seal(Purpose::SigningKey, b"row 1", &"x", NOW, &Dice);
        assert_eq!(sealer().open::<String>(Purpose::SigningKey, b"row 2", &text), Err(NotSealedHere));
    }

    #[test]
    fn rt_14_every_flipped_bit_and_every_truncation_is_refused() {
        let text = sealer().seal(Purpose::RefreshToken, b"", &"some value", NOW, &Dice);
        for end in 0..text.len() {
            assert!(sealer().open::<String>(Purpose::RefreshToken, b"", &text[..end]).is_err());
        }
        let bytes = URL_SAFE_NO_PAD.decode(&text).unwrap();
        for bit in 0..bytes.len() * 8 {
            let mut flipped = bytes.clone();
            flipped[bit / 8] ^= 1 << (bit % 8);
            let text = URL_SAFE_NO_PAD.encode(flipped);
            assert!(sealer().open::<String>(Purpose::RefreshToken, b"", &text).is_err(), "bit {bit}");
        }
    }

    #[test]
    fn rt_20_values_open_as_long_as_the_master_key_is_the_same() {
        let text = sealer().seal(Purpose::RefreshToken, b"", &"x", NOW, &Dice);
        assert!(
            Sealer::new(&MasterKey::new([8; 32])).open::<String>(Purpose::RefreshToken, b"", &text).is_err()
        );
    }
}
