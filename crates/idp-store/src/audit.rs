//! The audit record, written in the same commit as what it tells of.

use idp_domain::audit::{Activity, AuditEvent};
use idp_domain::changes::Conflict;
use idp_domain::store::Unavailable;
use vestibule_wire::ids::{ClientId, CorrelationId, TenantId, UserId};

use crate::SqlStore;
use crate::engine::{Columns, Damaged};
use crate::step::{Step, values};
use crate::texts::texts;

texts! {
    LATEST = "SELECT id, tenant_id, happened_at, activity, user_id, client_id, address, correlation_id \
        FROM audit WHERE tenant_id = $1 ORDER BY happened_at DESC, id LIMIT $2";
    RECORD = "INSERT INTO audit (tenant_id, id, happened_at, activity, user_id, client_id, address, \
        correlation_id) VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT DO NOTHING";
}

/// Whose words are read back.
const ACTIVITIES: [Activity; 10] = [
    Activity::SignIn,
    Activity::SignInFailed,
    Activity::AccountLocked,
    Activity::SignOut,
    Activity::PasswordChanged,
    Activity::CodeRedeemed,
    Activity::CodeReplayed,
    Activity::GrantMisused,
    Activity::RefreshTokenReused,
    Activity::TenantCreated,
];

impl SqlStore {
    /// What happened in a tenant, the latest first.
    pub async fn audit_events(&self, tenant: TenantId, limit: u32) -> Result<Vec<AuditEvent>, Unavailable> {
        self.engine.all(LATEST, &[tenant.into(), limit.into()], event).await
    }
}

fn event(row: &mut Columns<'_>) -> Result<AuditEvent, Damaged> {
    Ok(AuditEvent {
        id: row.hash()?,
        tenant: row.id(TenantId::from_bytes)?,
        at: row.time()?,
        activity: row.word(|word| ACTIVITIES.into_iter().find(|activity| activity.as_str() == word))?,
        user: row.maybe_id(UserId::from_bytes)?,
        client: row.maybe_id(ClientId::from_bytes)?,
        address: row.maybe_word(|text| text.parse().ok())?,
        correlation_id: row.maybe_id(CorrelationId::from_bytes)?,
    })
}

pub(crate) fn record(event: &AuditEvent) -> Step {
    let AuditEvent { id, tenant, at, activity, user, client, address, correlation_id } = *event;
    let address = address.map(|address| address.to_string());
    let params = values![tenant, id, at, activity.as_str(), user, client, address, correlation_id];
    Step::one(RECORD, Conflict::AlreadyExists, params)
}
