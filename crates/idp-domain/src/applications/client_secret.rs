//! Client secrets are made here, never chosen by anybody: 40 characters out of 64, 240 bits.

use jiff::{SignedDuration, Timestamp};
use uuid::Uuid;
use vestibule_wire::ids::ClientId;

use super::ClientSecret;
use crate::credentials::client_secret_hash;
use crate::randomness::Randomness;
use crate::sealed::Sealer;
use crate::secret::Secret;

/// How long a secret lives unless told otherwise: two years.
const DEFAULT_LIFE: SignedDuration = SignedDuration::from_hours(2 * 365 * 24);

/// What a secret has as many as of: six random bits for each character.
const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789~.";

/// How many characters.
const LENGTH: usize = 40;

/// What may be said about a new secret.
#[derive(Debug, Clone, Default)]
pub struct NewSecret {
    /// What it is for.
    pub display_name: Option<String>,
    /// Since when it counts; none is from now on.
    pub starts_at: Option<Timestamp>,
    /// Until when; none is two years from its start.
    pub expires_at: Option<Timestamp>,
}

/// A credential must end after it begins, and after now.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a credential ends after it begins, and not in the past")]
pub struct EndsTooSoon;

impl ClientSecret {
    /// Makes a secret: what is kept of it, and the text, which is shown once.
    pub fn make(
        client: ClientId,
        wanted: NewSecret,
        sealer: &Sealer,
        random: &dyn Randomness,
        now: Timestamp,
    ) -> Result<(Self, Secret), EndsTooSoon> {
        let starts_at = wanted.starts_at.unwrap_or(now);
        let in_two_years = || starts_at.checked_add(DEFAULT_LIFE).unwrap_or(Timestamp::MAX);
        let expires_at = wanted.expires_at.unwrap_or_else(in_two_years);
        if expires_at <= starts_at || expires_at <= now {
            return Err(EndsTooSoon);
        }
        // A byte is four times the alphabet, so its lower six bits fall evenly.
        let bytes: [u8; LENGTH] = random.bytes();
        let text: String = bytes.iter().map(|byte| char::from(ALPHABET[usize::from(byte & 63)])).collect();
        let hint = text.chars().take(3).collect();
        let secret = Secret::new(text);
        let kept = Self {
            id: uuid::Builder::from_random_bytes(random.bytes()).into_uuid(),
            hash: client_secret_hash(sealer, client, &secret),
            display_name: wanted.display_name,
            hint: Some(hint),
            starts_at,
            expires_at,
        };
        Ok((kept, secret))
    }
}

impl super::Application {
    /// Takes a secret away; none has this id otherwise.
    pub fn remove_secret(&mut self, id: Uuid) -> Option<ClientSecret> {
        let at = self.secrets.iter().position(|secret| secret.id == id)?;
        Some(self.secrets.remove(at))
    }

    /// Takes a certificate away; none has this id otherwise.
    pub fn remove_certificate(&mut self, id: Uuid) -> Option<super::Certificate> {
        let at = self.certificates.iter().position(|certificate| certificate.id == id)?;
        Some(self.certificates.remove(at))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::applications::{AuthenticatedClient, Registration, ServicePrincipal, microsoft_graph};
    use crate::clock_and_dice::Dice;
    use crate::sealed::MasterKey;
    use std::sync::Arc;
    use vestibule_wire::ids::ServicePrincipalId;

    const NOW: Timestamp = Timestamp::UNIX_EPOCH;

    fn sealer() -> Sealer {
        Sealer::new(&MasterKey::new([7; 32]))
    }

    fn made(wanted: NewSecret) -> Result<(ClientSecret, Secret), EndsTooSoon> {
        ClientSecret::make(ClientId::MICROSOFT_GRAPH, wanted, &sealer(), &Dice, NOW)
    }

    #[test]
    fn a_secret_is_made_here_kept_as_a_hash_and_told_apart_by_its_hint() {
        let (kept, secret) = made(NewSecret::default()).unwrap();
        assert_eq!(secret.expose().len(), 40);
        assert!(secret.expose().bytes().all(|b| ALPHABET.contains(&b)));
        assert_eq!(kept.hint.as_deref(), Some(&secret.expose()[..3]));
        assert_eq!(kept.expires_at.as_second() - NOW.as_second(), 2 * 365 * 24 * 3600);
        let (other, text) = made(NewSecret::default()).unwrap();
        assert_ne!((other.id, other.hash, text.expose()), (kept.id, kept.hash, secret.expose()));

        let application = super::super::Application { secrets: vec![kept], ..microsoft_graph() };
        let id = ServicePrincipalId::from_u128(1);
        let principal = ServicePrincipal::new(application.tenant, id, application.client_id, NOW);
        let registration = Registration { principal, application: Arc::new(application) };
        let client = AuthenticatedClient::by_secret(registration, &secret, &sealer(), NOW);
        assert!(client.is_ok());
    }

    #[test]
    fn a_secret_that_would_never_count_is_not_made() {
        let at = |second| Some(Timestamp::from_second(second).unwrap());
        for (starts_at, expires_at) in [(at(10), at(10)), (at(10), at(5)), (at(-10), at(0)), (None, at(-1))] {
            assert!(made(NewSecret { starts_at, expires_at, display_name: None }).is_err());
        }
        assert!(made(NewSecret { starts_at: at(-10), expires_at: at(1), display_name: None }).is_ok());
    }
}
