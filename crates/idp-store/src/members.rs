//! The objects at the other end of links, of whatever kind: each page is one query that looks in every table.

use idp_domain::directory::{DirectoryObject, ObjectKind, Relation};
use idp_domain::store::Unavailable;
use uuid::Uuid;
use vestibule_wire::ids::TenantId;

use crate::SqlStore;
use crate::engine::{Columns, Damaged};
use crate::objects::Found;
use crate::step::{Value, values};
use crate::texts::{columns, columns_in, texts};

/// Looks up the objects of `m`, which has their ids and kinds. All columns of all kinds are there, of which those of one
/// are filled.
macro_rules! whole {
    ($before:literal, $members:literal) => {
        concat!(
            $before,
            "SELECT m.kind, m.id, ",
            columns!(user),
            ", ",
            columns!(group),
            ", ",
            columns!(application),
            ", ",
            columns!(principal),
            ", b.document, b.revision FROM (",
            $members,
            ") m \
            LEFT JOIN users u ON m.kind = 1 AND u.tenant_id = $1 AND u.id = m.id \
            LEFT JOIN groups g ON m.kind = 2 AND g.tenant_id = $1 AND g.id = m.id \
            LEFT JOIN applications a ON m.kind = 3 AND a.tenant_id = $1 AND a.id = m.id \
            LEFT JOIN service_principals p ON m.kind = 4 AND p.tenant_id = $1 AND p.id = m.id \
            LEFT JOIN applications b ON b.client_id = p.client_id ORDER BY m.id"
        )
    };
}

texts! {
    FROM = whole!("", "SELECT to_id AS id, to_kind AS kind FROM links \
        WHERE tenant_id = $1 AND relation = $2 AND from_id = $3 AND to_id > $4 ORDER BY to_id LIMIT $5");
    TO = whole!("", "SELECT from_id AS id, from_kind AS kind FROM links \
        WHERE tenant_id = $1 AND relation = $2 AND to_id = $3 AND from_id > $4 ORDER BY from_id LIMIT $5");
    /// Through groups that are there, to everything in them; not to the group that was asked about.
    INSIDE = whole!("WITH RECURSIVE inside (id, kind) AS ( \
        SELECT l.to_id, l.to_kind FROM links l WHERE l.tenant_id = $1 AND l.relation = $2 AND l.from_id = $3 \
        UNION SELECT l.to_id, l.to_kind FROM inside CROSS JOIN groups g CROSS JOIN links l \
        WHERE g.tenant_id = $1 AND g.id = inside.id \
        AND l.tenant_id = $1 AND l.relation = $2 AND l.from_id = g.id) ",
        "SELECT id, kind FROM inside WHERE id > $4 AND id <> $3 ORDER BY id LIMIT $5");
}

/// How many columns each kind has.
const USER: usize = columns_in(columns!(user));
const GROUP: usize = columns_in(columns!(group));
const APPLICATION: usize = 2;

impl SqlStore {
    /// A page of the objects that one of the texts finds.
    pub(crate) async fn members(
        &self,
        sql: &'static str,
        tenant: TenantId,
        relation: Relation,
        of: Uuid,
        after: Option<Uuid>,
        limit: u32,
    ) -> Result<Vec<DirectoryObject>, Unavailable> {
        let limit = usize::try_from(limit).unwrap_or(usize::MAX);
        let mut after = after.map_or_else(|| Value::from(Vec::new()), Value::from);
        let mut page = Vec::new();
        while page.len() < limit {
            let wanted = limit - page.len();
            let count = i64::try_from(wanted).unwrap_or(i64::MAX);
            let params = values![tenant, relation.number(), of, after.clone(), count];
            let rows = self.engine.all(sql, &params, member).await?;
            let ended = rows.len() < wanted;
            for (id, found) in rows {
                // Deleted objects keep their links until they are gone for good.
                page.extend(self.whole(found));
                after = id.into();
            }
            if ended {
                break;
            }
        }
        Ok(page)
    }
}

fn member(row: &mut Columns<'_>) -> Result<(Uuid, Found), Damaged> {
    let kind = row.kind()?;
    let id = row.id(|bytes| Uuid::from_slice(bytes).ok())?;
    let found = match kind {
        ObjectKind::User => filled(row, 0, Found::user)?,
        ObjectKind::Group => filled(row, USER, Found::group)?,
        ObjectKind::Application => {
            row.skip(USER + GROUP);
            Found::maybe_application(row)?
        }
        ObjectKind::ServicePrincipal => filled(row, USER + GROUP + APPLICATION, Found::principal)?,
    };
    Ok((id, found))
}

/// The columns of a kind, after those of others.
fn filled(
    row: &mut Columns<'_>,
    others: usize,
    read: fn(&mut Columns<'_>) -> Result<Found, Damaged>,
) -> Result<Found, Damaged> {
    row.skip(others);
    if row.is_nothing()? { Ok(Found::Nothing) } else { read(row) }
}
