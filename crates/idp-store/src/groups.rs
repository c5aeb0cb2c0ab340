//! Groups. Who is in them is told by links.

use idp_domain::changes::Conflict;
use idp_domain::directory::{Group, ObjectKind};
use idp_domain::store::Unavailable;
use uuid::Uuid;
use vestibule_wire::ids::{GroupId, TenantId};

use crate::engine::{Columns, Damaged, Engine};
use crate::object_keys;
use crate::plan::Planned;
use crate::step::{Step, values};
use crate::texts::{columns, texts};

texts! {
    BY_ID = concat!("SELECT ", columns!(group), " FROM groups g WHERE g.tenant_id = $1 AND g.id = $2");
    EXISTS = "SELECT 1 FROM groups WHERE tenant_id = $1 AND id = $2";
    CREATE = "INSERT INTO groups (tenant_id, id, display_name, mail_nickname, mail_enabled, security_enabled, \
        assignable_to_role, created_at, profile, revision) \
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) ON CONFLICT DO NOTHING";
    UPDATE = "UPDATE groups SET display_name = $1, mail_nickname = $2, mail_enabled = $3, security_enabled = $4, \
        assignable_to_role = $5, created_at = $6, profile = $7, revision = revision + 1 \
        WHERE tenant_id = $8 AND id = $9 AND revision = $10";
    DELETE = "DELETE FROM groups WHERE tenant_id = $1 AND id = $2 AND revision = $3";
}

pub(crate) async fn read(
    engine: &Engine,
    tenant: TenantId,
    id: GroupId,
) -> Result<Option<Group>, Unavailable> {
    engine.first(BY_ID, &[tenant.into(), id.into()], group).await
}

pub(crate) fn group(row: &mut Columns<'_>) -> Result<Group, Damaged> {
    Ok(Group {
        tenant: row.id(TenantId::from_bytes)?,
        id: row.id(GroupId::from_bytes)?,
        display_name: row.text()?,
        mail_nickname: row.text()?,
        mail_enabled: row.truth()?,
        security_enabled: row.truth()?,
        assignable_to_role: row.truth()?,
        created_at: row.time()?,
        profile: row.json()?,
        revision: row.int()?,
    })
}

pub(crate) fn exists(tenant: TenantId, group: Uuid) -> Step {
    Step::guard(EXISTS, Conflict::ObjectChanged, values![tenant, group])
}

pub(crate) fn create(group: &Group) -> Planned {
    let profile = serde_json::to_string(&group.profile)?;
    let Group {
        tenant, id, mail_enabled, security_enabled, assignable_to_role, created_at, revision, ..
    } = *group;
    let params = values![
        tenant,
        id,
        group.display_name.clone(),
        group.mail_nickname.clone(),
        mail_enabled,
        security_enabled,
        assignable_to_role,
        created_at,
        profile,
        revision,
    ];
    let mut steps = vec![Step::one(CREATE, Conflict::AlreadyExists, params)];
    steps.extend(object_keys::of_group(group));
    Ok(steps)
}

pub(crate) fn update(group: &Group) -> Planned {
    let profile = serde_json::to_string(&group.profile)?;
    let Group {
        tenant, id, mail_enabled, security_enabled, assignable_to_role, created_at, revision, ..
    } = *group;
    let params = values![
        group.display_name.clone(),
        group.mail_nickname.clone(),
        mail_enabled,
        security_enabled,
        assignable_to_role,
        created_at,
        profile,
        tenant,
        id,
        revision,
    ];
    let mut steps = vec![
        Step::one(UPDATE, Conflict::ObjectChanged, params),
        object_keys::forget(tenant, ObjectKind::Group, id.guid()),
    ];
    steps.extend(object_keys::of_group(group));
    Ok(steps)
}

pub(crate) fn delete(group: &Group) -> Vec<Step> {
    let Group { tenant, id, revision, .. } = *group;
    vec![
        Step::one(DELETE, Conflict::ObjectChanged, values![tenant, id, revision]),
        object_keys::forget(tenant, ObjectKind::Group, id.guid()),
    ]
}
