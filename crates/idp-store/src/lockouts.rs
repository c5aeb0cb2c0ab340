//! Lockout counters, moved by compare-and-set on their revision.

use idp_domain::changes::Conflict;
use idp_domain::credentials::{Lockout, LockoutKey};
use idp_domain::store::Unavailable;
use vestibule_wire::ids::{TenantId, UserId};

use crate::engine::{Columns, Damaged, Engine};
use crate::step::{Step, values};
use crate::texts::texts;

texts! {
    BY_KEY = "SELECT failures, level, locked_until, last_failure, last_wrong, revision FROM lockouts \
        WHERE tenant_id = $1 AND user_id = $2 AND familiar = $3";
    FIRST = "INSERT INTO lockouts (tenant_id, user_id, familiar, failures, level, locked_until, last_failure, \
        last_wrong, revision) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) ON CONFLICT DO NOTHING";
    NEXT = "UPDATE lockouts SET failures = $1, level = $2, locked_until = $3, last_failure = $4, \
        last_wrong = $5, revision = $6 WHERE tenant_id = $7 AND user_id = $8 AND familiar = $9 AND revision = $10";
    CLEAR = "DELETE FROM lockouts WHERE tenant_id = $1 AND user_id = $2";
}

pub(crate) async fn read(engine: &Engine, key: LockoutKey) -> Result<Lockout, Unavailable> {
    let params = [key.tenant.into(), key.user.into(), key.familiar.into()];
    Ok(engine.first(BY_KEY, &params, lockout).await?.unwrap_or_default())
}

fn lockout(row: &mut Columns<'_>) -> Result<Lockout, Damaged> {
    Ok(Lockout {
        failures: row.number()?,
        level: row.number()?,
        locked_until: row.maybe_time()?,
        last_failure: row.maybe_time()?,
        last_wrong: row.id(|bytes| {
            let (hashes, rest) = bytes.as_chunks::<32>();
            rest.is_empty().then(|| hashes.to_vec())
        })?,
        revision: row.int()?,
    })
}

pub(crate) fn set(key: LockoutKey, expected: i64, next: &Lockout) -> Step {
    let LockoutKey { tenant, user, familiar } = key;
    let revision = expected.saturating_add(1);
    let Lockout { failures, level, locked_until, last_failure, last_wrong, .. } = next;
    let (failures, level, locked, failed) = (*failures, *level, *locked_until, *last_failure);
    let wrong = last_wrong.concat();
    let (sql, params) = if expected == 0 {
        (FIRST, values![tenant, user, familiar, failures, level, locked, failed, wrong, revision])
    } else {
        (NEXT, values![failures, level, locked, failed, wrong, revision, tenant, user, familiar, expected])
    };
    Step::one(sql, Conflict::LockoutMoved, params)
}

pub(crate) fn clear(tenant: TenantId, user: UserId) -> Step {
    Step::any(CLEAR, values![tenant, user])
}
