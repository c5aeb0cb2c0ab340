//! Tenants and their domains.

use async_trait::async_trait;
use idp_domain::changes::Conflict;
use idp_domain::store::{Tenants, Unavailable};
use idp_domain::tenant::{CompatProfile, Tenant};
use vestibule_wire::ids::TenantId;

use crate::SqlStore;
use crate::engine::{Columns, Damaged};
use crate::step::{Step, values};
use crate::texts::texts;

texts! {
    BY_ID = "SELECT id, display_name, default_domain, enabled, compat, revision FROM tenants WHERE id = $1";
    BY_DOMAIN = "SELECT t.id, t.display_name, t.default_domain, t.enabled, t.compat, t.revision \
        FROM domains d JOIN tenants t ON t.id = d.tenant_id WHERE d.domain = $1";
    AT_REVISION = "SELECT 1 FROM tenants WHERE id = $1 AND revision = $2";
    CREATE = "INSERT INTO tenants (id, display_name, default_domain, enabled, compat, revision) \
        VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT DO NOTHING";
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
        revision: row.int()?,
    })
}

pub(crate) fn at_revision(tenant: TenantId, revision: i64) -> Step {
    Step::guard(AT_REVISION, Conflict::TenantChanged, values![tenant, revision])
}

pub(crate) fn create(tenant: &Tenant) -> Step {
    let Tenant { id, display_name, default_domain, enabled, compat, revision } = tenant.clone();
    let params = values![id, display_name, default_domain, enabled, compat.as_str(), revision];
    Step::one(CREATE, Conflict::AlreadyExists, params)
}

pub(crate) fn add_domain(tenant: TenantId, domain: &str) -> Step {
    Step::one(ADD_DOMAIN, Conflict::AlreadyExists, values![domain.to_lowercase(), tenant])
}
