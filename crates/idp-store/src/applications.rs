//! Applications, and what a tenant sees of them.
//!
//! An application is a document with a revision. Every read on the way to a token asks the database for the revision; the
//! document is fetched and parsed only when it is not the one at hand, because a registration is read for each token.

use std::collections::HashMap;
use std::sync::{Arc, PoisonError, RwLock};

use async_trait::async_trait;
use idp_domain::applications::{Application, Registration, microsoft_graph};
use idp_domain::changes::Conflict;
use idp_domain::consent::PermissionGrant;
use idp_domain::directory::ObjectKind;
use idp_domain::store::{Applications, Unavailable};
use uuid::Uuid;
use vestibule_wire::ids::{ApplicationId, ClientId, ServicePrincipalId, TenantId, UserId};

use crate::engine::{Columns, Damaged};
use crate::plan::Planned;
use crate::principals;
use crate::step::{Step, Value, values};
use crate::texts::texts;
use crate::{SqlStore, names, object_keys, permissions};

texts! {
    REVISION = "SELECT revision FROM applications WHERE client_id = $1";
    BY_ID = "SELECT client_id, revision FROM applications WHERE tenant_id = $1 AND id = $2";
    DOCUMENT = "SELECT document, revision FROM applications WHERE client_id = $1";
    EXISTS = "SELECT 1 FROM applications WHERE tenant_id = $1 AND id = $2";
    AT_REVISION = "SELECT 1 FROM applications WHERE client_id = $1 AND revision = $2";
    CREATE = "INSERT INTO applications (tenant_id, id, client_id, document, revision) \
        VALUES ($1, $2, $3, $4, $5) ON CONFLICT DO NOTHING";
    UPDATE = "UPDATE applications SET document = $1, revision = revision + 1 \
        WHERE tenant_id = $2 AND id = $3 AND client_id = $4 AND revision = $5";
    DELETE = "DELETE FROM applications WHERE tenant_id = $1 AND id = $2 AND client_id = $3 AND revision = $4";
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

    pub(crate) fn microsoft_graph(&self) -> Arc<Application> {
        Arc::clone(&self.microsoft_graph)
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
            return Ok(Some(self.documents.microsoft_graph()));
        }
        let revision = self.engine.first(REVISION, &[client.into()], |row| row.int()).await?;
        self.document(client, revision).await
    }

    async fn registration(
        &self,
        tenant: TenantId,
        client: ClientId,
    ) -> Result<Option<Registration>, Unavailable> {
        self.registered(principals::BY_CLIENT, &[tenant.into(), client.into()]).await
    }

    async fn registration_by_name(
        &self,
        tenant: TenantId,
        name: &str,
    ) -> Result<Option<Registration>, Unavailable> {
        match name.parse() {
            Ok(client) => self.registration(tenant, client).await,
            Err(_) => self.registered(principals::BY_NAME, &[tenant.into(), name.into()]).await,
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

    async fn assigned_roles_of_user(
        &self,
        tenant: TenantId,
        user: UserId,
        resource: ServicePrincipalId,
    ) -> Result<Vec<Uuid>, Unavailable> {
        permissions::assigned_roles_of_user(&self.engine, tenant, user, resource).await
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
    /// The application with this object id, at home in this tenant.
    pub(crate) async fn application_at_home(
        &self,
        tenant: TenantId,
        id: ApplicationId,
    ) -> Result<Option<Arc<Application>>, Unavailable> {
        let named = |row: &mut Columns<'_>| Ok((row.id(ClientId::from_bytes)?, row.int()?));
        match self.engine.first(BY_ID, &[tenant.into(), id.into()], named).await? {
            Some((client, revision)) => self.document(client, Some(revision)).await,
            None => Ok(None),
        }
    }

    /// The service principal that a text finds, with its application.
    pub(crate) async fn registered(
        &self,
        sql: &'static str,
        params: &[Value<'_>],
    ) -> Result<Option<Registration>, Unavailable> {
        let Some((principal, revision)) = self.engine.first(sql, params, principals::with_revision).await?
        else {
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
            return Ok(Some(self.documents.microsoft_graph()));
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

pub(crate) fn application(row: &mut Columns<'_>) -> Result<Application, Damaged> {
    let document: Application = row.json()?;
    Ok(Application { revision: row.int()?, ..document })
}

/// None for Microsoft Graph, which is part of the program and so never changes while it runs.
pub(crate) fn at_revision(client: ClientId, revision: i64) -> Option<Step> {
    let guard = || Step::guard(AT_REVISION, Conflict::ApplicationChanged, values![client, revision]);
    (client != ClientId::MICROSOFT_GRAPH).then(guard)
}

pub(crate) fn exists(tenant: TenantId, application: Uuid) -> Step {
    Step::guard(EXISTS, Conflict::ObjectChanged, values![tenant, application])
}

pub(crate) fn create(application: &Application) -> Planned {
    let document = serde_json::to_string(application)?;
    let Application { tenant, id, client_id, revision, .. } = *application;
    let params = values![tenant, id, client_id, document, revision];
    let mut steps = vec![Step::one(CREATE, Conflict::AlreadyExists, params)];
    steps.extend(names::take_uris(application));
    steps.extend(object_keys::of_application(application));
    Ok(steps)
}

pub(crate) fn update(application: &Application) -> Planned {
    let document = serde_json::to_string(application)?;
    let Application { tenant, id, client_id, revision, .. } = *application;
    let params = values![document, tenant, id, client_id, revision];
    let mut steps = vec![
        Step::one(UPDATE, Conflict::ObjectChanged, params),
        names::free_uris(tenant, id),
        object_keys::forget(tenant, ObjectKind::Application, id.guid()),
    ];
    steps.extend(names::take_uris(application));
    steps.extend(object_keys::of_application(application));
    steps.extend(name_principals(application));
    Ok(steps)
}

/// Its service principals stay, and are nobody's until it is back; their names are free.
pub(crate) fn delete(application: &Application) -> Vec<Step> {
    let Application { tenant, id, client_id, revision, .. } = *application;
    vec![
        Step::one(DELETE, Conflict::ObjectChanged, values![tenant, id, client_id, revision]),
        names::free_uris(tenant, id),
        names::free_names_of_all(client_id),
        object_keys::forget(tenant, ObjectKind::Application, id.guid()),
    ]
}

pub(crate) fn restore(application: &Application) -> Planned {
    let mut steps = create(application)?;
    steps.extend(name_principals(application));
    Ok(steps)
}

/// The service principals of the application, in every tenant, go by its names of now.
fn name_principals(application: &Application) -> Vec<Step> {
    let names = names::of(application);
    let mut steps = vec![names::free_names_of_all(application.client_id)];
    steps.extend(names::take_names_of_all(application, &names));
    steps.extend(object_keys::again_of_principals_of(application, &names));
    steps
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
