//! The audit record, written in the same commit as what it tells of.

use idp_domain::audit::{Activity, AuditEvent};
use idp_domain::changes::Conflict;
use idp_domain::store::Unavailable;
use jiff::Timestamp;
use vestibule_wire::ids::{ClientId, CorrelationId, TenantId, UserId};

use crate::engine::{Columns, Damaged, Engine};
use crate::step::{Step, Value, values};
use crate::texts::texts;

texts! {
    LATEST = "SELECT id, tenant_id, happened_at, activity, user_id, client_id, address, correlation_id, target \
        FROM audit WHERE tenant_id = $1 AND (happened_at, id) < ($2, $3) \
        ORDER BY happened_at DESC, id DESC LIMIT $4";
    LATEST_OF = "SELECT id, tenant_id, happened_at, activity, user_id, client_id, address, correlation_id, target \
        FROM audit WHERE tenant_id = $1 AND activity = $2 AND (happened_at, id) < ($3, $4) \
        ORDER BY happened_at DESC, id DESC LIMIT $5";
    RECORD = "INSERT INTO audit (tenant_id, id, happened_at, activity, user_id, client_id, address, \
        correlation_id, target) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) ON CONFLICT DO NOTHING";
}

/// The latest events, of some activities or of all.
///
/// Each activity is read by itself, from an index of its own, and no further than the page goes: looking for rare ones
/// among millions of sign-ins would otherwise mean looking at those.
pub(crate) async fn latest(
    engine: &Engine,
    tenant: TenantId,
    activities: &[Activity],
    after: Option<(Timestamp, [u8; 16])>,
    limit: u32,
) -> Result<Vec<AuditEvent>, Unavailable> {
    let before = || match after {
        Some((at, id)) => (Value::from(at), Value::from(id)),
        None => (Value::from(i64::MAX), Value::from(Vec::new())),
    };
    let mut words: Vec<_> = activities.iter().map(|activity| activity.as_str()).collect();
    words.sort_unstable();
    words.dedup();
    let (at, id) = before();
    if words.is_empty() {
        return engine.all(LATEST, &[tenant.into(), at, id, limit.into()], event).await;
    }
    let mut events = Vec::new();
    for word in words {
        let (at, id) = before();
        events
            .extend(engine.all(LATEST_OF, &[tenant.into(), word.into(), at, id, limit.into()], event).await?);
    }
    events.sort_unstable_by_key(|event| std::cmp::Reverse((event.at, event.id)));
    events.truncate(usize::try_from(limit).unwrap_or(usize::MAX));
    Ok(events)
}

fn event(row: &mut Columns<'_>) -> Result<AuditEvent, Damaged> {
    Ok(AuditEvent {
        id: row.hash()?,
        tenant: row.id(TenantId::from_bytes)?,
        at: row.time()?,
        activity: row
            .word(|word| Activity::ALL.iter().copied().find(|activity| activity.as_str() == word))?,
        user: row.maybe_id(UserId::from_bytes)?,
        client: row.maybe_id(ClientId::from_bytes)?,
        address: row.maybe_word(|text| text.parse().ok())?,
        correlation_id: row.maybe_id(CorrelationId::from_bytes)?,
        target: row.maybe_json()?,
    })
}

pub(crate) fn record(event: &AuditEvent) -> Result<Step, serde_json::Error> {
    let AuditEvent { id, tenant, at, activity, user, client, address, correlation_id, .. } = *event;
    let address = address.map(|address| address.to_string());
    let target = event.target.as_ref().map(serde_json::to_string).transpose()?;
    let params = values![tenant, id, at, activity.as_str(), user, client, address, correlation_id, target];
    Ok(Step::one(RECORD, Conflict::AlreadyExists, params))
}
