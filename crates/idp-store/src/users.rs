//! Users.

use async_trait::async_trait;
use idp_domain::changes::Conflict;
use idp_domain::credentials::{Lockout, LockoutKey, PasswordHash};
use idp_domain::directory::{External, ObjectKind, Upn, User, UserType};
use idp_domain::store::{Unavailable, Users};
use jiff::Timestamp;
use uuid::Uuid;
use vestibule_wire::ids::{TenantId, UserId};

use crate::engine::{Columns, Damaged};
use crate::plan::Planned;
use crate::step::{Step, values};
use crate::texts::{columns, texts};
use crate::{SqlStore, lockouts, object_keys};

texts! {
    BY_ID = concat!("SELECT ", columns!(user), " FROM users u WHERE u.tenant_id = $1 AND u.id = $2");
    BY_UPN = concat!("SELECT ", columns!(user), " FROM users u WHERE u.tenant_id = $1 AND u.upn = $2");
    AT_REVISION = "SELECT 1 FROM users WHERE tenant_id = $1 AND id = $2 AND revision = $3";
    EXISTS = "SELECT 1 FROM users WHERE tenant_id = $1 AND id = $2";
    CREATE = "INSERT INTO users (tenant_id, id, upn, display_name, given_name, surname, mail, enabled, user_type, \
        directory_roles, password, must_change_password, valid_from, created_at, profile, external, revision) \
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17) ON CONFLICT DO NOTHING";
    BY_EXTERNAL = concat!("SELECT ", columns!(user), " FROM users u WHERE u.tenant_id = $1 AND u.external = $2");
    UPN_OF_ANOTHER = "SELECT 1 FROM users WHERE tenant_id = $1 AND upn = $2 AND id <> $3";
    SAME_FROM_ELSEWHERE = "SELECT 1 FROM users WHERE tenant_id = $1 AND external = $2 AND id <> $3";
    UPDATE = "UPDATE users SET upn = $1, display_name = $2, given_name = $3, surname = $4, mail = $5, enabled = $6, \
        user_type = $7, directory_roles = $8, created_at = $9, profile = $10, external = $11, revision = revision + 1 \
        WHERE tenant_id = $12 AND id = $13 AND revision = $14";
    DELETE = "DELETE FROM users WHERE tenant_id = $1 AND id = $2 AND revision = $3";
    SET_PASSWORD = "UPDATE users SET password = $1, must_change_password = 0, \
        valid_from = CASE WHEN valid_from > $2 THEN valid_from ELSE $2 END, revision = revision + 1 \
        WHERE tenant_id = $3 AND id = $4 AND revision = $5";
    REQUIRE_NEW_PASSWORD = "UPDATE users SET must_change_password = $1, revision = revision + 1 \
        WHERE tenant_id = $2 AND id = $3 AND revision = $4";
    SET_ENABLED = "UPDATE users SET enabled = $1, revision = revision + 1 WHERE tenant_id = $2 AND id = $3";
    /// What is dead stays dead: a clock that went back does not revive it.
    REVOKE_GRANTS = "UPDATE users SET \
        valid_from = CASE WHEN valid_from > $1 THEN valid_from ELSE $1 END, revision = revision + 1 \
        WHERE tenant_id = $2 AND id = $3";
}

#[async_trait]
impl Users for SqlStore {
    async fn user(&self, tenant: TenantId, id: UserId) -> Result<Option<User>, Unavailable> {
        self.engine.first(BY_ID, &[tenant.into(), id.into()], user).await
    }

    async fn user_by_upn(&self, tenant: TenantId, upn: &Upn) -> Result<Option<User>, Unavailable> {
        self.engine.first(BY_UPN, &[tenant.into(), upn.as_str().into()], user).await
    }

    async fn user_from_elsewhere(
        &self,
        tenant: TenantId,
        external: &External,
    ) -> Result<Option<User>, Unavailable> {
        self.engine.first(BY_EXTERNAL, &[tenant.into(), external.key().into()], user).await
    }

    async fn lockout(&self, key: LockoutKey) -> Result<Lockout, Unavailable> {
        lockouts::read(&self.engine, key).await
    }
}

pub(crate) fn user(row: &mut Columns<'_>) -> Result<User, Damaged> {
    Ok(User {
        tenant: row.id(TenantId::from_bytes)?,
        id: row.id(UserId::from_bytes)?,
        upn: row.word(|text| Upn::parse(text).ok())?,
        display_name: row.text()?,
        given_name: row.maybe_text()?,
        surname: row.maybe_text()?,
        mail: row.maybe_text()?,
        enabled: row.truth()?,
        user_type: row.word(UserType::parse)?,
        directory_roles: row.json()?,
        password: row.maybe_text()?.map(PasswordHash::from_phc),
        must_change_password: row.truth()?,
        valid_from: row.time()?,
        created_at: row.time()?,
        profile: row.json()?,
        external: row.maybe_word(External::from_key)?,
        revision: row.int()?,
    })
}

pub(crate) fn at_revision(tenant: TenantId, user: UserId, revision: i64) -> Step {
    Step::guard(AT_REVISION, Conflict::UserChanged, values![tenant, user, revision])
}

pub(crate) fn exists(tenant: TenantId, user: Uuid) -> Step {
    Step::guard(EXISTS, Conflict::ObjectChanged, values![tenant, user])
}

pub(crate) fn create(user: &User) -> Planned {
    let roles = serde_json::to_string(&user.directory_roles)?;
    let profile = serde_json::to_string(&user.profile)?;
    let keys = object_keys::of_user(user);
    let user = user.clone();
    let params = values![
        user.tenant,
        user.id,
        user.upn.as_str().to_owned(),
        user.display_name,
        user.given_name,
        user.surname,
        user.mail,
        user.enabled,
        user.user_type.as_str(),
        roles,
        user.password.map(|hash| hash.as_phc().to_owned()),
        user.must_change_password,
        user.valid_from,
        user.created_at,
        profile,
        user.external.map(|external| external.key()),
        user.revision,
    ];
    let mut steps = vec![Step::one(CREATE, Conflict::AlreadyExists, params)];
    steps.extend(keys);
    Ok(steps)
}

pub(crate) fn update(user: &User) -> Planned {
    let roles = serde_json::to_string(&user.directory_roles)?;
    let profile = serde_json::to_string(&user.profile)?;
    let keys = object_keys::of_user(user);
    let user = user.clone();
    let external = user.external.as_ref().map(External::key);
    let (tenant, id, upn) = (user.tenant, user.id, user.upn.as_str().to_owned());
    let params = values![
        upn.clone(),
        user.display_name,
        user.given_name,
        user.surname,
        user.mail,
        user.enabled,
        user.user_type.as_str(),
        roles,
        user.created_at,
        profile,
        external.clone(),
        tenant,
        id,
        user.revision,
    ];
    let mut steps = vec![
        Step::absent(UPN_OF_ANOTHER, Conflict::AlreadyExists, values![tenant, upn, id]),
        Step::one(UPDATE, Conflict::ObjectChanged, params),
        object_keys::forget(tenant, ObjectKind::User, id.guid()),
    ];
    if let Some(external) = external {
        steps.insert(
            0,
            Step::absent(SAME_FROM_ELSEWHERE, Conflict::AlreadyExists, values![tenant, external, id]),
        );
    }
    steps.extend(keys);
    Ok(steps)
}

pub(crate) fn delete(user: &User) -> Vec<Step> {
    let User { tenant, id, revision, .. } = *user;
    vec![
        Step::one(DELETE, Conflict::ObjectChanged, values![tenant, id, revision]),
        object_keys::forget(tenant, ObjectKind::User, id.guid()),
    ]
}

pub(crate) fn set_password(
    tenant: TenantId,
    user: UserId,
    revision: i64,
    password: &PasswordHash,
    at: Timestamp,
) -> Step {
    let params = values![password.as_phc().to_owned(), at, tenant, user, revision];
    Step::one(SET_PASSWORD, Conflict::UserChanged, params)
}

pub(crate) fn require_new_password(tenant: TenantId, user: UserId, revision: i64, required: bool) -> Step {
    Step::one(REQUIRE_NEW_PASSWORD, Conflict::UserChanged, values![required, tenant, user, revision])
}

pub(crate) fn set_enabled(tenant: TenantId, user: UserId, enabled: bool) -> Step {
    Step::one(SET_ENABLED, Conflict::UserChanged, values![enabled, tenant, user])
}

pub(crate) fn revoke_grants(tenant: TenantId, user: UserId, valid_from: Timestamp) -> Step {
    Step::one(REVOKE_GRANTS, Conflict::UserChanged, values![valid_from, tenant, user])
}
