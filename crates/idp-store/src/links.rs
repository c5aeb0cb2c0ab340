//! Links between objects, and the closure of groups within groups.

use idp_domain::changes::Conflict;
use idp_domain::directory::{Link, Relation, TransitiveGroup};
use idp_domain::store::Unavailable;
use uuid::Uuid;
use vestibule_wire::ids::{GroupId, TenantId};

use crate::engine::{Columns, Damaged, Engine};
use crate::step::{Step, values};
use crate::texts::texts;

texts! {
    IS_LINKED = "SELECT 1 FROM links WHERE tenant_id = $1 AND relation = $2 AND from_id = $3 AND to_id = $4";
    /// A group that is not there, because it was deleted, is no way to those it is in. `CROSS` settles for SQLite where to
    /// begin: at the member, not at all groups.
    GROUPS_OF = "WITH RECURSIVE above (id) AS ( \
        SELECT l.from_id FROM links l CROSS JOIN groups g \
        WHERE l.tenant_id = $1 AND l.relation = $2 AND l.to_id = $3 AND g.tenant_id = $1 AND g.id = l.from_id \
        UNION SELECT l.from_id FROM above CROSS JOIN links l CROSS JOIN groups g \
        WHERE l.tenant_id = $1 AND l.relation = $2 AND l.to_id = above.id AND g.tenant_id = $1 AND g.id = l.from_id) \
        SELECT g.id, g.security_enabled, (SELECT count(*) FROM links d \
            WHERE d.tenant_id = $1 AND d.relation = $2 AND d.from_id = g.id AND d.to_id = $3) \
        FROM above CROSS JOIN groups g WHERE g.tenant_id = $1 AND g.id = above.id AND g.id <> $3 ORDER BY g.id";
    ADD = "INSERT INTO links (tenant_id, relation, from_id, to_id, from_kind, to_kind) \
        VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT DO NOTHING";
    REMOVE = "DELETE FROM links WHERE tenant_id = $1 AND relation = $2 AND from_id = $3 AND to_id = $4";
    FORGET_FROM = "DELETE FROM links WHERE tenant_id = $1 AND relation = $2 AND from_id = $3";
    FORGET_TO = "DELETE FROM links WHERE tenant_id = $1 AND relation = $2 AND to_id = $3";
}

pub(crate) async fn is_linked(
    engine: &Engine,
    tenant: TenantId,
    relation: Relation,
    from: Uuid,
    to: Uuid,
) -> Result<bool, Unavailable> {
    let params = [tenant.into(), relation.number().into(), from.into(), to.into()];
    Ok(engine.first(IS_LINKED, &params, |_| Ok(())).await?.is_some())
}

pub(crate) async fn groups_of(
    engine: &Engine,
    tenant: TenantId,
    member: Uuid,
) -> Result<Vec<TransitiveGroup>, Unavailable> {
    engine.all(GROUPS_OF, &[tenant.into(), Relation::Member.number().into(), member.into()], group).await
}

fn group(row: &mut Columns<'_>) -> Result<TransitiveGroup, Damaged> {
    Ok(TransitiveGroup {
        id: row.id(GroupId::from_bytes)?,
        security_enabled: row.truth()?,
        direct: row.truth()?,
    })
}

pub(crate) fn add(link: &Link) -> Vec<Step> {
    let Link { tenant, relation, from, from_kind, to, to_kind } = *link;
    let params = values![tenant, relation.number(), from, to, from_kind.number(), to_kind.number()];
    let add = Step::one(ADD, Conflict::AlreadyExists, params);
    // Nobody has two managers, nor one who would come back with an object that is restored.
    let forget = Step::any(FORGET_FROM, values![tenant, relation.number(), from]);
    if relation == Relation::Manager { vec![forget, add] } else { vec![add] }
}

pub(crate) fn remove(link: &Link) -> Step {
    let Link { tenant, relation, from, to, .. } = *link;
    Step::one(REMOVE, Conflict::NotThere, values![tenant, relation.number(), from, to])
}

/// All links of an object, in both directions.
pub(crate) fn forget(tenant: TenantId, id: Uuid) -> impl Iterator<Item = Step> {
    let of = move |relation: Relation| {
        [FORGET_FROM, FORGET_TO].map(|sql| Step::any(sql, values![tenant, relation.number(), id]))
    };
    Relation::ALL.into_iter().flat_map(of)
}
