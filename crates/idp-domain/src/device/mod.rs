//! Device codes (RFC 8628): a sign-in that one device asks for and a person approves on another.
//!
//! ```text
//! ask      the device asks       ──▶ one row, pending; the device gets a sealed code, the person a short one to type
//! answer   the person decides    ──▶ pending becomes approved, with who it was, or declined; once
//! poll     the device asks again ──▶ the row is read, and nothing written
//! redeem   it was approved       ──▶ one commit: approved becomes redeemed, and the family starts
//! ```
//!
//! The row is known by keyed hashes only: of what the device code holds, and of the code that is typed. It belongs to no
//! tenant before somebody has answered, since a device may ask for whoever will sign in.

mod device_code;
mod user_code;

use std::net::IpAddr;

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use vestibule_wire::ids::{ClientId, SessionId, TenantId, UserId};

use crate::applications::{Application, Platform};
use crate::changes::Change;
use crate::randomness::Randomness;
use crate::sealed::{Hour, Sealer};
use crate::sessions::{Facts, SignedIn};

pub use device_code::{
    ApprovedDevice, DeviceCode, DeviceRefusal, NotADevice, PresentedDeviceCode, RedeemableDevice,
};
pub use user_code::UserCode;

/// Both codes last this long, as in Entra.
pub const LIFETIME: SignedDuration = SignedDuration::from_mins(15);
/// What a device is asked to leave between two questions. It is not held to it: most libraries give up when they are told
/// to slow down, and a question costs one read.
pub const INTERVAL: SignedDuration = SignedDuration::from_secs(5);

/// What a device asked for, and what became of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeviceRequest {
    /// A keyed hash of what the device code holds.
    pub key: DeviceKey,
    /// A keyed hash of the code that is typed.
    pub user_code: [u8; 32],
    /// Who asked.
    pub client: ClientId,
    /// For accounts of this tenant; none, and the account decides.
    pub tenant: Option<TenantId>,
    /// The `scope` asked for.
    pub scope: String,
    /// The address it was asked from.
    pub asked_from: Option<IpAddr>,
    /// When.
    pub asked_at: Timestamp,
    /// What became of it.
    pub state: DeviceState,
}

/// What a request is known by in the store.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct DeviceKey(pub [u8; 32]);

/// What became of a request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum DeviceState {
    /// Nobody has answered.
    Pending,
    /// Somebody signed in and said yes.
    Approved(Approval),
    /// Somebody said no.
    Declined,
    /// The device has its tokens.
    Redeemed,
}

/// Who said yes, and how they had signed in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Approval {
    /// The person's tenant.
    pub tenant: TenantId,
    /// The person.
    pub user: UserId,
    /// The session of the browser in which they said so.
    pub session: SessionId,
    /// How they signed in; carried over, from now on.
    pub facts: Facts,
}

/// A request, and the two codes that lead to it.
#[derive(Debug)]
pub struct Asked {
    /// What is stored.
    pub request: DeviceRequest,
    /// What the device gets.
    pub device_code: DeviceCode,
    /// What the person types.
    pub user_code: UserCode,
}

/// What a device asks for.
#[derive(Debug, Clone)]
pub struct Wish {
    /// For accounts of this tenant; none, and the account decides.
    pub tenant: Option<TenantId>,
    /// The `scope`.
    pub scope: String,
    /// The address it asks from.
    pub from: Option<IpAddr>,
}

/// The application is one that keeps a secret, and has to show it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NotPublic;

/// Why a request cannot be answered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unanswerable {
    /// It was answered before.
    Answered,
    /// Its time is over.
    Expired,
    /// It is for another tenant's accounts.
    OtherTenant,
}

impl DeviceRequest {
    /// A device asks. It cannot keep a secret, so its application must be one that need not.
    pub fn ask(
        application: &Application,
        wish: Wish,
        sealer: &Sealer,
        now: Timestamp,
        random: &dyn Randomness,
    ) -> Result<Asked, NotPublic> {
        is_public(application)?;
        let device_code = DeviceCode::random(application.client_id, wish.tenant, now, random);
        let user_code = UserCode::random(random);
        let request = Self {
            key: device_code.key(sealer),
            user_code: user_code.hash(sealer),
            client: application.client_id,
            tenant: wish.tenant,
            scope: wish.scope,
            asked_from: wish.from,
            asked_at: now,
            state: DeviceState::Pending,
        };
        Ok(Asked { request, device_code, user_code })
    }

    /// Until when it can be answered and redeemed.
    pub fn expires_at(&self) -> Timestamp {
        expiry(self.asked_at)
    }

    /// The slot of its row: the hour after which nobody needs it. The device code knows it too, by its own time.
    pub fn until(&self) -> Hour {
        Hour::of(self.expires_at())
    }

    /// Whether somebody can still answer it.
    pub fn is_open(&self, now: Timestamp) -> bool {
        self.state == DeviceState::Pending && now < self.expires_at()
    }

    /// The person who is signed in says yes.
    pub fn approve(&self, signed_in: &SignedIn, now: Timestamp) -> Result<Change, Unanswerable> {
        let user = signed_in.user();
        if self.tenant.is_some_and(|tenant| tenant != user.tenant) {
            return Err(Unanswerable::OtherTenant);
        }
        let facts = Facts { carried_over: true, ..signed_in.facts().clone() };
        let approval = Approval { tenant: user.tenant, user: user.id, session: signed_in.session(), facts };
        self.answer(DeviceState::Approved(approval), now)
    }

    /// The person says no.
    pub fn decline(&self, now: Timestamp) -> Result<Change, Unanswerable> {
        self.answer(DeviceState::Declined, now)
    }

    fn answer(&self, state: DeviceState, now: Timestamp) -> Result<Change, Unanswerable> {
        match self.state {
            _ if now >= self.expires_at() => Err(Unanswerable::Expired),
            DeviceState::Pending => Ok(Change::AnswerDevice { request: self.key, state: Box::new(state) }),
            _ => Err(Unanswerable::Answered),
        }
    }
}

fn expiry(asked_at: Timestamp) -> Timestamp {
    asked_at.saturating_add(LIFETIME).unwrap_or(Timestamp::MAX)
}

/// Where no redirect URI says what kind of program asks, the registration does (Microsoft identity platform, "public client and confidential client applications"): by its switch, or
/// by being registered for devices at all.
fn is_public(application: &Application) -> Result<(), NotPublic> {
    let on_devices = application.redirect_uris.iter().any(|uri| uri.platform == Platform::Native);
    if application.is_fallback_public_client || on_devices { Ok(()) } else { Err(NotPublic) }
}

#[cfg(test)]
mod tests;
