//! What a device presents: a sealed value that leads to its request, good for one client and one redemption.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use vestibule_wire::ids::{ClientId, SessionId, TenantId, UserId};

use super::{Approval, DeviceKey, DeviceRequest, DeviceState, expiry, is_public};
use crate::applications::{Client, Platform, WrongManner};
use crate::changes::Change;
use crate::directory::Account;
use crate::randomness::Randomness;
use crate::sealed::{NotSealedHere, Purpose, Sealer};
use crate::sessions::{SignInRefusal, SignedIn};
use crate::tokens::FamilyId;

/// What a device code stands for. Outside it travels sealed.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct DeviceCode {
    /// 256 random bits, in base64url: what the row's key and the family id are made of.
    id: String,
    client: ClientId,
    /// The tenant it was asked at, if that was one.
    tenant: Option<TenantId>,
    /// So that an expired code is known as such when its row is long gone.
    #[serde(with = "jiff::fmt::serde::timestamp::second::required")]
    asked_at: Timestamp,
}

/// Why a device gets no tokens.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DeviceRefusal {
    /// Not a code of this server, another client's, or another tenant's: to the one who presents it there is no
    /// difference.
    NotYours,
    /// Older than [`super::LIFETIME`].
    Expired,
    /// Nobody has answered yet.
    Pending,
    /// The person said no.
    Declined,
    /// The device has its tokens already.
    Redeemed,
}

/// Why a client does not get what was approved.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NotADevice {
    /// It is another client.
    OtherClient,
    /// Its application has to show a secret by now.
    NotPublic,
    /// It comes in a manner that is not a device's.
    Manner(WrongManner),
}

/// A device code of the client that presents it, in time.
#[derive(Debug)]
pub struct PresentedDeviceCode {
    code: DeviceCode,
    /// The tenant in the path, unless it was an alias.
    tenant: Option<TenantId>,
}

/// Proof that a person approved what this device asked for. That nobody has redeemed it, the commit will show.
#[derive(Debug)]
pub struct ApprovedDevice {
    code: DeviceCode,
    request: DeviceKey,
    scope: String,
    approval: Approval,
}

/// The same, in the hands of a client that may redeem it.
#[derive(Debug)]
pub struct RedeemableDevice(ApprovedDevice);

impl DeviceCode {
    pub(super) fn random(
        client: ClientId,
        tenant: Option<TenantId>,
        now: Timestamp,
        random: &dyn Randomness,
    ) -> Self {
        Self { id: URL_SAFE_NO_PAD.encode(random.bytes::<32>()), client, tenant, asked_at: now }
    }

    /// The code as it travels.
    pub fn seal(&self, sealer: &Sealer, random: &dyn Randomness) -> String {
        sealer.seal(Purpose::DeviceCode, b"", self, self.asked_at, random)
    }

    /// Opens a code.
    pub fn open(text: &str, sealer: &Sealer) -> Result<Self, NotSealedHere> {
        sealer.open(Purpose::DeviceCode, b"", text)
    }

    /// What its request is known by in the store.
    pub fn key(&self, sealer: &Sealer) -> DeviceKey {
        DeviceKey(sealer.keyed_hash("device code", &[self.id.as_bytes()]))
    }

    /// Compares the code with who presents it, and where (RFC 8628 §3.4). `tenant` is that of the path, unless it was an
    /// alias.
    pub fn present(
        self,
        client: ClientId,
        tenant: Option<TenantId>,
        now: Timestamp,
    ) -> Result<PresentedDeviceCode, DeviceRefusal> {
        // 1. By the client it was issued to (DC-06).
        if client != self.client {
            return Err(DeviceRefusal::NotYours);
        }
        // 2. At the tenant it was asked at. One that was asked at an alias is for the tenant of whoever approves it.
        if self.tenant.is_some() && tenant.is_some() && self.tenant != tenant {
            return Err(DeviceRefusal::NotYours);
        }
        // 3. In time.
        if now >= expiry(self.asked_at) {
            return Err(DeviceRefusal::Expired);
        }
        Ok(PresentedDeviceCode { code: self, tenant })
    }
}

impl PresentedDeviceCode {
    /// What its request is known by in the store.
    pub fn key(&self, sealer: &Sealer) -> DeviceKey {
        self.code.key(sealer)
    }

    /// Compares the code with its request as it is now.
    pub fn approved(self, request: Option<DeviceRequest>) -> Result<ApprovedDevice, DeviceRefusal> {
        let Some(request) = request else { return Err(DeviceRefusal::NotYours) };
        let approval = request.state.approval()?;
        // The person's tenant is that of the exchange.
        if self.tenant.is_some_and(|tenant| tenant != approval.tenant) {
            return Err(DeviceRefusal::NotYours);
        }
        Ok(ApprovedDevice { request: request.key, scope: request.scope, approval, code: self.code })
    }
}

impl DeviceState {
    /// Who said yes, or why there is nothing to be had.
    pub fn approval(self) -> Result<Approval, DeviceRefusal> {
        match self {
            Self::Pending => Err(DeviceRefusal::Pending),
            Self::Approved(approval) => Ok(approval),
            Self::Declined => Err(DeviceRefusal::Declined),
            Self::Redeemed => Err(DeviceRefusal::Redeemed),
        }
    }
}

impl ApprovedDevice {
    /// The tenant of the person.
    pub const fn tenant(&self) -> TenantId {
        self.approval.tenant
    }

    /// Whether this client may redeem it: as a device does, without a secret and not from a page.
    pub fn redeemed_by(self, client: &Client, cross_origin: bool) -> Result<RedeemableDevice, NotADevice> {
        let application = &client.registration().application;
        if application.client_id != self.code.client {
            return Err(NotADevice::OtherClient);
        }
        is_public(application).map_err(|_| NotADevice::NotPublic)?;
        Platform::Native.redeemed_by(client, cross_origin).map_err(NotADevice::Manner)?;
        Ok(RedeemableDevice(self))
    }
}

impl RedeemableDevice {
    /// The tenant of the person.
    pub const fn tenant(&self) -> TenantId {
        self.0.approval.tenant
    }

    /// The person.
    pub const fn user(&self) -> UserId {
        self.0.approval.user
    }

    /// The session in which they said yes.
    pub const fn session(&self) -> SessionId {
        self.0.approval.session
    }

    /// The `scope` the device asked for.
    pub fn scope(&self) -> &str {
        &self.0.scope
    }

    /// The person is still who may sign in (DC-11).
    pub fn sign_in(&self, account: Account) -> Result<SignedIn, SignInRefusal> {
        let approval = &self.0.approval;
        let user = account.user();
        if (user.tenant, user.id) != (approval.tenant, approval.user) {
            return Err(SignInRefusal::Ended);
        }
        SignedIn::by_facts(approval.facts.clone(), approval.session, account)
    }

    /// The change that can be made once: approved becomes redeemed. The row itself is the single use, so that there is no
    /// second one to look after.
    pub const fn redemption(&self) -> Change {
        Change::RedeemDevice { request: self.0.request }
    }

    /// The family that redeeming it starts.
    pub fn family(&self) -> FamilyId {
        FamilyId::of_code(self.0.code.id.as_bytes())
    }
}
