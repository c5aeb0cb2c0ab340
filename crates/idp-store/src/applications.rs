//! Applications and service principals.
//!
//! An application is a document with a revision. Every read asks the database for the revision; the document is fetched
//! and parsed only when it is not the one at hand, because a registration is read for each token.

use std::collections::HashMap;
use std::sync::{Arc, PoisonError, RwLock};

use async_trait::async_trait;
use idp_domain::applications::{Application, Registration, ServicePrincipal, microsoft_graph};
use idp_domain::changes::Conflict;
use idp_domain::consent::PermissionGrant;
use idp_domain::store::{Applications, Unavailable};
use uuid::Uuid;
use vestibule_wire::ids::{ClientId, ServicePrincipalId, TenantId, UserId};

use crate::engine::{Columns, Damaged};
use crate::step::{Step, Value, values};
use crate::texts::texts;
use crate::{SqlStore, permissions};

texts! {
    REVISION = "SELECT revision FROM applications WHERE client_id = $1";
    DOCUMENT = "SELECT document, revision FROM applications WHERE client_id = $1";
    AT_REVISION = "SELECT 1 FROM applications WHERE client_id = $1 AND revision = $2";
    CREATE = "INSERT INTO applications (tenant_id, id, client_id, document, revision) \
        VALUES ($1, $2, $3, $4, $5) ON CONFLICT DO NOTHING";

    PRINCIPAL = "SELECT p.tenant_id, p.id, p.client_id, p.enabled, p.assignment_required, p.revision, a.revision \
        FROM service_principals p LEFT JOIN applications a ON a.client_id = p.client_id \
        WHERE p.tenant_id = $1 AND p.client_id = $2";
    PRINCIPAL_BY_NAME = "SELECT p.tenant_id, p.id, p.client_id, p.enabled, p.assignment_required, p.revision, \
        a.revision FROM service_principal_names n \
        JOIN service_principals p ON p.tenant_id = n.tenant_id AND p.id = n.principal_id \
        LEFT JOIN applications a ON a.client_id = p.client_id WHERE n.tenant_id = $1 AND n.name = $2";
    PRINCIPAL_AT_REVISION = "SELECT 1 FROM service_principals \
        WHERE tenant_id = $1 AND id = $2 AND revision = $3";
    CREATE_PRINCIPAL = "INSERT INTO service_principals (tenant_id, id, client_id, enabled, assignment_required, \
        revision) VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT DO NOTHING";
    NAME_PRINCIPAL = "INSERT INTO service_principal_names (tenant_id, name, principal_id) \
        VALUES ($1, $2, $3) ON CONFLICT DO NOTHING";
    SET_PRINCIPAL_ENABLED = "UPDATE service_principals SET enabled = $1, revision = revision + 1 \
        WHERE tenant_id = $2 AND id = $3";
}

/// How many parsed documents are kept. When there are more, all are let go: they come back as they are asked for.
const DOCUMENTS_KEPT: usize = 1000;

/// Documents as last parsed. What is found here is used only at the revision that the database has just named.
pub(crate) struct Documents {
    parsed: RwLock<HashMap<ClientId, Arc<Application>>>,
    microsoft_graph: Arc<Application>,
}

impl Documents {
    pub(crate) fn new() -> Self {
        Self { parsed: RwLock::default(), microsoft_graph: Arc::new(microsoft_graph()) }
    }

    fn at_revision(&self, client: ClientId, revision: i64) -> Option<Arc<Application>> {
        let parsed = self.parsed.read().unwrap_or_else(PoisonError::into_inner);
        parsed.get(&client).filter(|application| application.revision == revision).cloned()
    }

    fn keep(&self, application: &Arc<Application>) {
        let mut parsed = self.parsed.write().unwrap_or_else(PoisonError::into_inner);
        if parsed.len() >= DOCUMENTS_KEPT {
            parsed.clear();
        }
        parsed.insert(application.client_id, Arc::clone(application));
    }
}

#[async_trait]
impl Applications for SqlStore {
    async fn application(&self, client: ClientId) -> Result<Option<Arc<Application>>, Unavailable> {
        if client == ClientId::MICROSOFT_GRAPH {
            return Ok(Some(Arc::clone(&self.documents.microsoft_graph)));
        }
        let revision = self.engine.first(REVISION, &[client.into()], |row| row.int()).await?;
        self.document(client, revision).await
    }

    async fn registration(
        &self,
        tenant: TenantId,
        client: ClientId,
    ) -> Result<Option<Registration>, Unavailable> {
        self.registered(PRINCIPAL, &[tenant.into(), client.into()]).await
    }

    async fn registration_by_name(
        &self,
        tenant: TenantId,
        name: &str,
    ) -> Result<Option<Registration>, Unavailable> {
        match name.parse() {
            Ok(client) => self.registration(tenant, client).await,
            Err(_) => self.registered(PRINCIPAL_BY_NAME, &[tenant.into(), name.into()]).await,
        }
    }

    async fn assigned_roles(
        &self,
        tenant: TenantId,
        principal: Uuid,
        resource: ServicePrincipalId,
    ) -> Result<Vec<Uuid>, Unavailable> {
        permissions::assigned_roles(&self.engine, tenant, principal, resource).await
    }

    async fn permission_grants(
        &self,
        tenant: TenantId,
        client: ServicePrincipalId,
        user: UserId,
    ) -> Result<Vec<PermissionGrant>, Unavailable> {
        permissions::grants(&self.engine, tenant, client, user).await
    }
}

impl SqlStore {
    async fn registered(
        &self,
        sql: &'static str,
        params: &[Value<'_>],
    ) -> Result<Option<Registration>, Unavailable> {
        let Some((principal, revision)) = self.engine.first(sql, params, principal).await? else {
            return Ok(None);
        };
        let application = self.document(principal.client_id, revision).await?;
        Ok(application.map(|application| Registration { principal, application }))
    }

    /// The document of an application that is at this revision, or at a later one by the time it is fetched.
    async fn document(
        &self,
        client: ClientId,
        revision: Option<i64>,
    ) -> Result<Option<Arc<Application>>, Unavailable> {
        if client == ClientId::MICROSOFT_GRAPH {
            return Ok(Some(Arc::clone(&self.documents.microsoft_graph)));
        }
        let Some(revision) = revision else { return Ok(None) };
        if let Some(parsed) = self.documents.at_revision(client, revision) {
            return Ok(Some(parsed));
        }
        let fetched = self.engine.first(DOCUMENT, &[client.into()], application).await?.map(Arc::new);
        if let Some(application) = &fetched {
            self.documents.keep(application);
        }
        Ok(fetched)
    }
}

fn application(row: &mut Columns<'_>) -> Result<Application, Damaged> {
    let document: Application = row.json()?;
    Ok(Application { revision: row.int()?, ..document })
}

/// A service principal, and the revision of its application if that is in the store.
fn principal(row: &mut Columns<'_>) -> Result<(ServicePrincipal, Option<i64>), Damaged> {
    let principal = ServicePrincipal {
        tenant: row.id(TenantId::from_bytes)?,
        id: row.id(ServicePrincipalId::from_bytes)?,
        client_id: row.id(ClientId::from_bytes)?,
        enabled: row.truth()?,
        assignment_required: row.truth()?,
        revision: row.int()?,
    };
    Ok((principal, row.maybe_int()?))
}

/// None for Microsoft Graph, which is part of the program and so never changes while it runs.
pub(crate) fn at_revision(client: ClientId, revision: i64) -> Option<Step> {
    let guard = || Step::guard(AT_REVISION, Conflict::ApplicationChanged, values![client, revision]);
    (client != ClientId::MICROSOFT_GRAPH).then(guard)
}

pub(crate) fn create(application: &Application) -> Result<Step, serde_json::Error> {
    let document = serde_json::to_string(application)?;
    let Application { tenant, id, client_id, revision, .. } = *application;
    Ok(Step::one(CREATE, Conflict::AlreadyExists, values![tenant, id, client_id, document, revision]))
}

pub(crate) fn principal_at_revision(tenant: TenantId, principal: ServicePrincipalId, revision: i64) -> Step {
    let params = values![tenant, principal, revision];
    Step::guard(PRINCIPAL_AT_REVISION, Conflict::ApplicationChanged, params)
}

pub(crate) fn create_principal(principal: &ServicePrincipal) -> Step {
    let ServicePrincipal { tenant, id, client_id, enabled, assignment_required, revision } = *principal;
    let params = values![tenant, id, client_id, enabled, assignment_required, revision];
    Step::one(CREATE_PRINCIPAL, Conflict::AlreadyExists, params)
}

pub(crate) fn name_principal(principal: &ServicePrincipal, name: &str) -> Step {
    let params = values![principal.tenant, name.to_owned(), principal.id];
    Step::one(NAME_PRINCIPAL, Conflict::AlreadyExists, params)
}

pub(crate) fn set_principal_enabled(tenant: TenantId, principal: ServicePrincipalId, enabled: bool) -> Step {
    Step::one(SET_PRINCIPAL_ENABLED, Conflict::ApplicationChanged, values![enabled, tenant, principal])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn however_many_applications_there_are_a_bounded_number_is_kept() {
        let documents = Documents::new();
        let application = |number: u128| {
            Arc::new(Application { client_id: ClientId::from_u128(number), revision: 7, ..microsoft_graph() })
        };
        for number in 0..10 * DOCUMENTS_KEPT as u128 {
            documents.keep(&application(number));
            assert!(documents.parsed.read().unwrap().len() <= DOCUMENTS_KEPT);
            let client = ClientId::from_u128(number);
            assert!(documents.at_revision(client, 7).is_some());
            assert!(documents.at_revision(client, 8).is_none());
        }
    }
}
