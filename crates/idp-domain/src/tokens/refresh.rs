//! Refresh tokens: sealed values that name a family. Bound to a person and a client; not to a resource, and not to the tenant
//! of the sign-in: in any other in which the person has an account they are good for tokens there (§4.3).

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use vestibule_wire::ids::{ClientId, TenantId};

use super::lifetime::{REFRESH_IDLE, REFRESH_SPA};
use super::{Family, FamilyId, RefreshGrant};
use crate::applications::{Client, Platform, WrongManner};
use crate::changes::{Change, Changes};
use crate::randomness::Randomness;
use crate::sealed::{Month, NotSealedHere, Purpose, Sealer};
use crate::tenant::CompatProfile;

/// What a refresh token stands for. Outside it travels sealed.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct RefreshToken {
    tenant: TenantId,
    family: FamilyId,
    month: Month,
    client: ClientId,
    generation: i64,
    #[serde(with = "jiff::fmt::serde::timestamp::second::required")]
    issued_at: Timestamp,
}

/// Why a refresh token is not honoured.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RefreshRefusal {
    /// Not a refresh token of this server, or another client's.
    NotYours,
    /// Of a family of applications that the client does not belong to.
    OtherFamily,
    /// Another member's, issued in another tenant.
    OtherTenant,
    /// Unused for 90 days.
    Inactive {
        /// When it was issued.
        issued_at: Timestamp,
    },
    /// A single-page application's, 24 hours after the sign-in.
    SpaExpired {
        /// When the sign-in was.
        issued_at: Timestamp,
    },
    /// Presented in a manner that is not its platform's.
    Manner(WrongManner),
    /// Used before, in strict mode: the family is to be revoked.
    Reused,
}

impl RefreshToken {
    pub(super) fn new(client: ClientId, grant: &RefreshGrant, now: Timestamp) -> Self {
        let RefreshGrant { tenant, family, month, generation, .. } = *grant;
        Self { tenant, family, month, client, generation, issued_at: now }
    }

    /// The token as it travels.
    pub(super) fn seal(&self, sealer: &Sealer, random: &dyn Randomness) -> String {
        sealer.seal(Purpose::RefreshToken, b"", self, self.issued_at, random)
    }

    /// Opens a refresh token.
    pub fn open(text: &str, sealer: &Sealer) -> Result<Self, NotSealedHere> {
        sealer.open(Purpose::RefreshToken, b"", text)
    }

    /// The tenant of its family.
    pub const fn tenant(&self) -> TenantId {
        self.tenant
    }

    /// Its family.
    pub const fn family(&self) -> FamilyId {
        self.family
    }

    /// The client it was issued to.
    pub const fn client(&self) -> ClientId {
        self.client
    }

    pub(super) const fn generation(&self) -> i64 {
        self.generation
    }

    /// Compares the token with its family and with what the client presents.
    pub fn present(
        &self,
        client: &Client,
        cross_origin: bool,
        family: &Family,
        now: Timestamp,
    ) -> Result<(), RefreshRefusal> {
        if client.registration().client_id() != self.client {
            return Err(RefreshRefusal::NotYours);
        }
        self.present_by_any(client, cross_origin, family, now)
    }

    /// The same, by its own client or by another member of that one's family of applications.
    pub(super) fn present_by_any(
        &self,
        client: &Client,
        cross_origin: bool,
        family: &Family,
        now: Timestamp,
    ) -> Result<(), RefreshRefusal> {
        if self.client != family.client || family.id != self.family {
            return Err(RefreshRefusal::NotYours);
        }
        family.platform.redeemed_by(client, cross_origin).map_err(RefreshRefusal::Manner)?;
        // RT-12: decided by the family's own start, which no token can change.
        if family.platform == Platform::Spa && now.duration_since(family.started_at) >= REFRESH_SPA {
            return Err(RefreshRefusal::SpaExpired { issued_at: family.started_at });
        }
        if now.duration_since(self.issued_at) >= REFRESH_IDLE {
            return Err(RefreshRefusal::Inactive { issued_at: self.issued_at });
        }
        Ok(())
    }

    /// What using it changes, and the grant of the next one. In Entra's manner nothing, but for once a month: the commit is
    /// one guarded read. In strict mode the family moves to its next generation, and a token of an earlier one was used
    /// before.
    pub fn renew(
        &self,
        compat: CompatProfile,
        family: &Family,
        now: Timestamp,
    ) -> Result<(RefreshGrant, Changes), RefreshRefusal> {
        let month = family.month.max(Month::of(now));
        let grant = |generation| RefreshGrant { generation, month, ..RefreshGrant::of(family) };
        let used = family.used(now);
        match compat {
            CompatProfile::Entra => {
                let guard = Change::FamilyLive { tenant: family.tenant, family: family.id };
                Ok((grant(self.generation), Changes::one(guard).with(used)))
            }
            CompatProfile::Strict if self.generation != family.generation => Err(RefreshRefusal::Reused),
            CompatProfile::Strict => {
                let rotate = Change::RotateFamily {
                    tenant: family.tenant,
                    family: family.id,
                    from: family.generation,
                };
                Ok((grant(family.generation + 1), Changes::one(rotate).with(used)))
            }
        }
    }
}
