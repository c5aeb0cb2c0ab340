//! Tenants and their domains.

use async_trait::async_trait;
use idp_domain::changes::Conflict;
use idp_domain::policies::{FlowPolicy, FlowSwitch};
use idp_domain::store::{Tenants, Unavailable};
use idp_domain::tenant::{CompatProfile, Tenant, UserConsent};
use vestibule_wire::ids::TenantId;

use crate::SqlStore;
use crate::engine::{Columns, Damaged, Engine};
use crate::step::{Step, values};
use crate::texts::texts;

texts! {
    BY_ID = "SELECT id, display_name, default_domain, enabled, compat, user_consent, password_grant, \
        device_code, token_lifetime, created_at, revision FROM tenants WHERE id = $1";
    BY_DOMAIN = "SELECT t.id, t.display_name, t.default_domain, t.enabled, t.compat, t.user_consent, \
        t.password_grant, t.device_code, t.token_lifetime, t.created_at, t.revision FROM domains d JOIN tenants t ON t.id = d.tenant_id \
        WHERE d.domain = $1";
    AT_REVISION = "SELECT 1 FROM tenants WHERE id = $1 AND revision = $2";
    CREATE = "INSERT INTO tenants (id, display_name, default_domain, enabled, compat, user_consent, \
        password_grant, device_code, token_lifetime, created_at, revision) \
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) ON CONFLICT DO NOTHING";
    UPDATE = "UPDATE tenants SET display_name = $1, default_domain = $2, enabled = $3, compat = $4, \
        user_consent = $5, password_grant = $6, device_code = $7, token_lifetime = $8, created_at = $9, \
        revision = revision + 1 WHERE id = $10 AND revision = $11";
    DOMAINS = "SELECT domain FROM domains WHERE tenant_id = $1";
    ADD_DOMAIN = "INSERT INTO domains (domain, tenant_id) VALUES ($1, $2) ON CONFLICT DO NOTHING";
}

#[async_trait]
impl Tenants for SqlStore {
    async fn tenant(&self, id: TenantId) -> Result<Option<Tenant>, Unavailable> {
        self.engine.first(BY_ID, &[id.into()], tenant).await
    }

    async fn tenant_of_domain(&self, domain: &str) -> Result<Option<Tenant>, Unavailable> {
        let domain = domain.to_lowercase();
        self.engine.first(BY_DOMAIN, &[domain.as_str().into()], tenant).await
    }
}

fn tenant(row: &mut Columns<'_>) -> Result<Tenant, Damaged> {
    Ok(Tenant {
        id: row.id(TenantId::from_bytes)?,
        display_name: row.text()?,
        default_domain: row.text()?,
        enabled: row.truth()?,
        compat: row.word(CompatProfile::parse)?,
        user_consent: row.word(UserConsent::parse)?,
        flows: FlowPolicy {
            password_grant: row.word(FlowSwitch::parse)?,
            device_code: row.word(FlowSwitch::parse)?,
        },
        token_lifetime: row.maybe_number()?,
        created_at: row.time()?,
        revision: row.int()?,
    })
}

pub(crate) fn at_revision(tenant: TenantId, revision: i64) -> Step {
    Step::guard(AT_REVISION, Conflict::TenantChanged, values![tenant, revision])
}

pub(crate) fn create(tenant: &Tenant) -> Step {
    let tenant = tenant.clone();
    let params = values![
        tenant.id,
        tenant.display_name,
        tenant.default_domain,
        tenant.enabled,
        tenant.compat.as_str(),
        tenant.user_consent.as_str(),
        tenant.flows.password_grant.as_str(),
        tenant.flows.device_code.as_str(),
        tenant.token_lifetime,
        tenant.created_at,
        tenant.revision,
    ];
    Step::one(CREATE, Conflict::AlreadyExists, params)
}

pub(crate) fn update(tenant: &Tenant) -> Step {
    let tenant = tenant.clone();
    let params = values![
        tenant.display_name,
        tenant.default_domain,
        tenant.enabled,
        tenant.compat.as_str(),
        tenant.user_consent.as_str(),
        tenant.flows.password_grant.as_str(),
        tenant.flows.device_code.as_str(),
        tenant.token_lifetime,
        tenant.created_at,
        tenant.id,
        tenant.revision,
    ];
    Step::one(UPDATE, Conflict::TenantChanged, params)
}

/// In the order of their names, which is not that of every database.
pub(crate) async fn domains(engine: &Engine, tenant: TenantId) -> Result<Vec<String>, Unavailable> {
    let mut domains = engine.all(DOMAINS, &[tenant.into()], |row| row.text()).await?;
    domains.sort_unstable();
    Ok(domains)
}

pub(crate) fn add_domain(tenant: TenantId, domain: &str) -> Step {
    Step::one(ADD_DOMAIN, Conflict::AlreadyExists, values![domain.to_lowercase(), tenant])
}
