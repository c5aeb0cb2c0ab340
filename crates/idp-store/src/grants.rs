//! What comes of a sign-in: sessions, families of refresh tokens, and the marks of what was spent.

use async_trait::async_trait;
use idp_domain::changes::{Conflict, SpentMark};
use idp_domain::sealed::{Hour, Month};
use idp_domain::sessions::Session;
use idp_domain::store::{Grants, Unavailable};
use idp_domain::tokens::{Family, FamilyId};
use jiff::Timestamp;
use vestibule_wire::ids::{ClientId, SessionId, TenantId, UserId};

use crate::SqlStore;
use crate::engine::{Columns, Damaged};
use crate::step::{Step, values};
use crate::texts::texts;

texts! {
    SESSION = "SELECT tenant_id, id, user_id, browser, facts, persistent, last_used FROM sessions \
        WHERE tenant_id = $1 AND id = $2";
    SESSIONS_OF_BROWSER = "SELECT tenant_id, id, user_id, browser, facts, persistent, last_used FROM sessions \
        WHERE browser = $1 ORDER BY last_used DESC, id LIMIT 20";
    SESSION_LIVE = "SELECT 1 FROM sessions WHERE tenant_id = $1 AND id = $2";
    START_SESSION = "INSERT INTO sessions (tenant_id, id, user_id, browser, facts, persistent, last_used) \
        VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT DO NOTHING";
    TOUCH_SESSION = "UPDATE sessions SET last_used = $1 WHERE tenant_id = $2 AND id = $3";
    PERSIST_SESSION = "UPDATE sessions SET persistent = 1 WHERE tenant_id = $1 AND id = $2";
    MOVE_BROWSER = "UPDATE sessions SET browser = $1 WHERE browser = $2";
    END_SESSION = "DELETE FROM sessions WHERE tenant_id = $1 AND id = $2";

    FORGET_SESSIONS = "DELETE FROM sessions WHERE (tenant_id, id) IN (SELECT tenant_id, id FROM sessions \
        WHERE persistent = $1 AND last_used <= $2 LIMIT $3)";

    FAMILY = "SELECT tenant_id, id, month, user_id, client_id, session_id, facts, platform, scope, started_at, \
        generation, revoked, root FROM families WHERE tenant_id = $1 AND id = $2";
    FAMILY_LIVE = "SELECT 1 FROM families WHERE tenant_id = $1 AND id = $2 AND revoked = 0";
    START_FAMILY = "INSERT INTO families (tenant_id, id, month, user_id, client_id, session_id, facts, \
        platform, scope, started_at, generation, revoked, root) \
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13) ON CONFLICT DO NOTHING";
    ROTATE_FAMILY = "UPDATE families SET generation = generation + 1 \
        WHERE tenant_id = $1 AND id = $2 AND generation = $3 AND revoked = 0";
    REVOKE_FAMILY = "UPDATE families SET revoked = 1 WHERE tenant_id = $1 AND id = $2";
    REVOKE_DESCENDANTS = "UPDATE families SET revoked = 1 WHERE tenant_id = $1 AND root = $2";
    REVOKE_FAMILIES_OF_CLIENT = "UPDATE families SET revoked = 1 WHERE tenant_id = $1 AND client_id = $2";
    REVOKE_FAMILIES_OF_USER = "UPDATE families SET revoked = 1 \
        WHERE tenant_id = $1 AND client_id = $2 AND user_id = $3";

    /// The primary key is the single use.
    SPEND = "INSERT INTO spent (kind, hash, until) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING";
    /// What is in use does not go back to an earlier slot.
    MOVE_FAMILY = "UPDATE families SET month = $1 WHERE tenant_id = $2 AND id = $3 AND month < $1";
    FORGET_FAMILIES = "DELETE FROM families WHERE (tenant_id, id) IN (SELECT tenant_id, id FROM families \
        WHERE month < $1 LIMIT $2)";
    FORGET_SPENT = "DELETE FROM spent WHERE (kind, hash) IN (SELECT kind, hash FROM spent WHERE until < $1 LIMIT $2)";
}

#[async_trait]
impl Grants for SqlStore {
    async fn session(&self, tenant: TenantId, id: SessionId) -> Result<Option<Session>, Unavailable> {
        self.engine.first(SESSION, &[tenant.into(), id.into()], session).await
    }

    async fn sessions_of_browser(&self, browser: &[u8; 32]) -> Result<Vec<Session>, Unavailable> {
        self.engine.all(SESSIONS_OF_BROWSER, &[(*browser).into()], session).await
    }

    async fn family(&self, tenant: TenantId, id: FamilyId) -> Result<Option<Family>, Unavailable> {
        self.engine.first(FAMILY, &[tenant.into(), id.into()], family).await
    }
}

fn session(row: &mut Columns<'_>) -> Result<Session, Damaged> {
    Ok(Session {
        tenant: row.id(TenantId::from_bytes)?,
        id: row.id(SessionId::from_bytes)?,
        user: row.id(UserId::from_bytes)?,
        browser: row.hash()?,
        facts: row.json()?,
        persistent: row.truth()?,
        last_used: row.time()?,
    })
}

fn family(row: &mut Columns<'_>) -> Result<Family, Damaged> {
    Ok(Family {
        tenant: row.id(TenantId::from_bytes)?,
        id: row.id(FamilyId::from_bytes)?,
        month: Month::from_number(row.number()?),
        user: row.id(UserId::from_bytes)?,
        client: row.id(ClientId::from_bytes)?,
        session: row.id(SessionId::from_bytes)?,
        facts: row.json()?,
        platform: row.json()?,
        scope: row.text()?,
        started_at: row.time()?,
        generation: row.int()?,
        revoked: row.truth()?,
        root: row.maybe_id(FamilyId::from_bytes)?,
    })
}

pub(crate) fn session_live(tenant: TenantId, session: SessionId) -> Step {
    Step::guard(SESSION_LIVE, Conflict::SessionEnded, values![tenant, session])
}

pub(crate) fn start_session(session: &Session) -> Result<Step, serde_json::Error> {
    let facts = serde_json::to_string(&session.facts)?;
    let Session { tenant, id, user, browser, persistent, last_used, .. } = *session;
    let params = values![tenant, id, user, browser, facts, persistent, last_used];
    Ok(Step::one(START_SESSION, Conflict::AlreadyExists, params))
}

pub(crate) fn touch_session(tenant: TenantId, session: SessionId, at: Timestamp) -> Step {
    Step::one(TOUCH_SESSION, Conflict::SessionEnded, values![at, tenant, session])
}

pub(crate) fn persist_session(tenant: TenantId, session: SessionId) -> Step {
    Step::one(PERSIST_SESSION, Conflict::SessionEnded, values![tenant, session])
}

pub(crate) fn move_browser(from: [u8; 32], to: [u8; 32]) -> Step {
    Step::any(MOVE_BROWSER, values![to, from])
}

pub(crate) fn end_session(tenant: TenantId, session: SessionId) -> Step {
    Step::any(END_SESSION, values![tenant, session])
}

pub(crate) fn forget_sessions(persistent: Timestamp, others: Timestamp, at_most: u32) -> Vec<Step> {
    let forget = |kind: bool, until: Timestamp| Step::any(FORGET_SESSIONS, values![kind, until, at_most]);
    vec![forget(true, persistent), forget(false, others)]
}

pub(crate) fn family_live(tenant: TenantId, family: FamilyId) -> Step {
    Step::guard(FAMILY_LIVE, Conflict::FamilyMoved, values![tenant, family])
}

pub(crate) fn start_family(family: &Family) -> Result<Step, serde_json::Error> {
    let params = values![
        family.tenant,
        family.id,
        i64::from(family.month.number()),
        family.user,
        family.client,
        family.session,
        serde_json::to_string(&family.facts)?,
        serde_json::to_string(&family.platform)?,
        family.scope.clone(),
        family.started_at,
        family.generation,
        family.revoked,
        family.root,
    ];
    Ok(Step::one(START_FAMILY, Conflict::AlreadyExists, params))
}

pub(crate) fn rotate_family(tenant: TenantId, family: FamilyId, from: i64) -> Step {
    Step::one(ROTATE_FAMILY, Conflict::FamilyMoved, values![tenant, family, from])
}

pub(crate) fn move_family(tenant: TenantId, family: FamilyId, to: Month) -> Step {
    Step::any(MOVE_FAMILY, values![i64::from(to.number()), tenant, family])
}

pub(crate) fn forget_families(before: Month, at_most: u32) -> Step {
    Step::any(FORGET_FAMILIES, values![i64::from(before.number()), at_most])
}

/// First the family, which whoever begins a descendant holds: so that the second text sees what they began.
pub(crate) fn revoke_family(tenant: TenantId, family: FamilyId) -> Vec<Step> {
    let revoke = |text| Step::any(text, values![tenant, family]);
    vec![revoke(REVOKE_FAMILY), revoke(REVOKE_DESCENDANTS)]
}

pub(crate) fn revoke_families(tenant: TenantId, client: ClientId, user: Option<UserId>) -> Step {
    match user {
        Some(user) => Step::any(REVOKE_FAMILIES_OF_USER, values![tenant, client, user]),
        None => Step::any(REVOKE_FAMILIES_OF_CLIENT, values![tenant, client]),
    }
}

pub(crate) fn spend(mark: &SpentMark) -> Step {
    let params = values![mark.kind.number(), mark.hash, mark.until.number()];
    Step::one(SPEND, Conflict::AlreadySpent(mark.kind), params)
}

pub(crate) fn forget_spent(before: Hour, at_most: u32) -> Step {
    Step::any(FORGET_SPENT, values![before.number(), at_most])
}
