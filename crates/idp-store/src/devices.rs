//! What devices asked for.

use async_trait::async_trait;
use idp_domain::changes::Conflict;
use idp_domain::device::{Approval, DeviceKey, DeviceRequest, DeviceState};
use idp_domain::sealed::Hour;
use idp_domain::store::{Devices, Unavailable};
use vestibule_wire::ids::{ClientId, TenantId};

use crate::SqlStore;
use crate::engine::{Columns, Damaged};
use crate::step::{Step, values};
use crate::texts::texts;

texts! {
    REQUEST = "SELECT id, user_code, client_id, tenant_id, scope, asked_from, asked_at, state, approval \
        FROM device_codes WHERE id = $1";
    REQUEST_BY_USER_CODE = "SELECT id, user_code, client_id, tenant_id, scope, asked_from, asked_at, state, approval \
        FROM device_codes WHERE user_code = $1";
    ASK = "INSERT INTO device_codes (id, user_code, until, client_id, tenant_id, scope, asked_from, asked_at, state) \
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) ON CONFLICT DO NOTHING";
    ANSWER = "UPDATE device_codes SET state = $1, approval = $2 WHERE id = $3 AND state = 0";
    /// The state it leaves is the single use.
    REDEEM = "UPDATE device_codes SET state = 3 WHERE id = $1 AND state = 1";
    FORGET = "DELETE FROM device_codes WHERE id IN (SELECT id FROM device_codes WHERE until < $1 LIMIT $2)";
}

const PENDING: i64 = 0;
const APPROVED: i64 = 1;
const DECLINED: i64 = 2;
const REDEEMED: i64 = 3;

#[async_trait]
impl Devices for SqlStore {
    async fn device_request(&self, key: DeviceKey) -> Result<Option<DeviceRequest>, Unavailable> {
        self.engine.first(REQUEST, &[key.0.into()], request).await
    }

    async fn device_request_by_user_code(
        &self,
        user_code: &[u8; 32],
    ) -> Result<Option<DeviceRequest>, Unavailable> {
        self.engine.first(REQUEST_BY_USER_CODE, &[(*user_code).into()], request).await
    }
}

fn request(row: &mut Columns<'_>) -> Result<DeviceRequest, Damaged> {
    Ok(DeviceRequest {
        key: DeviceKey(row.hash()?),
        user_code: row.hash()?,
        client: row.id(ClientId::from_bytes)?,
        tenant: row.maybe_id(TenantId::from_bytes)?,
        scope: row.text()?,
        asked_from: row.maybe_word(|text| text.parse().ok())?,
        asked_at: row.time()?,
        state: state(row)?,
    })
}

/// The number, and what belongs to it.
fn state(row: &mut Columns<'_>) -> Result<DeviceState, Damaged> {
    match row.int()? {
        PENDING => Ok(DeviceState::Pending),
        APPROVED => Ok(DeviceState::Approved(row.json()?)),
        DECLINED => Ok(DeviceState::Declined),
        _ => Ok(DeviceState::Redeemed),
    }
}

fn written(state: &DeviceState) -> (i64, Option<&Approval>) {
    match state {
        DeviceState::Pending => (PENDING, None),
        DeviceState::Approved(approval) => (APPROVED, Some(approval)),
        DeviceState::Declined => (DECLINED, None),
        DeviceState::Redeemed => (REDEEMED, None),
    }
}

pub(crate) fn ask(request: &DeviceRequest) -> Step {
    let params = values![
        request.key.0,
        request.user_code,
        request.until().number(),
        request.client,
        request.tenant,
        request.scope.clone(),
        request.asked_from.map(|address| address.to_string()),
        request.asked_at,
        PENDING,
    ];
    Step::one(ASK, Conflict::AlreadyExists, params)
}

pub(crate) fn answer(request: DeviceKey, state: &DeviceState) -> Result<Step, serde_json::Error> {
    let (number, approval) = written(state);
    let approval = approval.map(serde_json::to_string).transpose()?;
    Ok(Step::one(ANSWER, Conflict::DeviceMoved, values![number, approval, request.0]))
}

pub(crate) fn redeem(request: DeviceKey) -> Step {
    Step::one(REDEEM, Conflict::DeviceMoved, values![request.0])
}

pub(crate) fn forget(before: Hour, at_most: u32) -> Step {
    Step::any(FORGET, values![before.number(), at_most])
}
