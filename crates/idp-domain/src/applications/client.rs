//! The client: an application in the role of the one who asks, and what it has proved.

mod by_certificate;
mod by_federation;
mod realm;
#[cfg(test)]
mod tests;
mod validity_window;

use jiff::Timestamp;
use subtle::ConstantTimeEq as _;
use vestibule_wire::claims::ClientAuthentication;

pub use by_certificate::AssertionRefusal;
pub use by_federation::{MatchedCredential, Mismatch};
pub use realm::Realm;
pub use validity_window::ValidityWindow;

use super::Registration;
use crate::changes::{Change, Changes, SpentMark};
use crate::credentials::client_secret_hash;
use crate::sealed::Sealer;
use crate::secret::Secret;

/// Who asks.
#[derive(Debug, Clone)]
pub enum Client {
    /// A client that proved who it is.
    Confidential(AuthenticatedClient),
    /// A client that cannot keep a secret, and so proved nothing.
    Public(PublicClient),
}

/// Proof that a client presented a credential of its own. Made only by [`AuthenticatedClient::by_secret`],
/// [`AuthenticatedClient::by_certificate`] and [`AuthenticatedClient::by_federation`].
#[derive(Debug, Clone)]
pub struct AuthenticatedClient {
    registration: Registration,
    by: ClientAuthentication,
    /// What it presented may be used once.
    spends: Option<SpentMark>,
}

/// A client that presented no credential and is enabled. Whether it may act without one is for the grant to say.
#[derive(Debug, Clone)]
pub struct PublicClient {
    registration: Registration,
}

/// Why a client is not accepted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ClientRefusal {
    /// The service principal is disabled.
    Disabled,
    /// No secret of the application has this value.
    WrongSecret,
    /// The secret is one of the application's, and has expired.
    ExpiredSecret,
}

impl AuthenticatedClient {
    /// Checks a client secret against those of the application.
    ///
    /// All secrets are compared, in constant time, so that neither which one matched nor how nearly shows (TP-19).
    pub fn by_secret(
        registration: Registration,
        presented: &Secret,
        sealer: &Sealer,
        now: Timestamp,
    ) -> Result<Self, ClientRefusal> {
        let hash = client_secret_hash(sealer, registration.client_id(), presented);
        let mut found = None;
        for secret in &registration.application.secrets {
            if bool::from(secret.hash.ct_eq(&hash)) {
                found = Some(secret);
            }
        }
        let secret = found.ok_or(ClientRefusal::WrongSecret)?;
        if secret.expires_at <= now || now < secret.starts_at {
            return Err(ClientRefusal::ExpiredSecret);
        }
        // After the secret: whether a confidential application is disabled is told to itself only.
        if !registration.principal.enabled {
            return Err(ClientRefusal::Disabled);
        }
        Ok(Self { registration, by: ClientAuthentication::Secret, spends: None })
    }
}

impl PublicClient {
    /// Takes a client that presented no credential.
    pub fn of(registration: Registration) -> Result<Self, ClientRefusal> {
        if registration.principal.enabled { Ok(Self { registration }) } else { Err(ClientRefusal::Disabled) }
    }
}

impl Client {
    /// What is registered of the client.
    pub const fn registration(&self) -> &Registration {
        match self {
            Self::Confidential(AuthenticatedClient { registration, .. })
            | Self::Public(PublicClient { registration }) => registration,
        }
    }

    /// What must come true with whatever the client is given for its proof.
    pub fn changes(&self) -> Changes {
        match self {
            Self::Confidential(client) => client.spends.iter().cloned().map(Change::Spend).collect(),
            Self::Public(_) => Changes::none(),
        }
    }

    /// How the client authenticated.
    pub const fn authentication(&self) -> ClientAuthentication {
        match self {
            Self::Confidential(client) => client.by,
            Self::Public(_) => ClientAuthentication::None,
        }
    }
}

impl AuthenticatedClient {
    /// What is registered of the client.
    pub const fn registration(&self) -> &Registration {
        &self.registration
    }
}
