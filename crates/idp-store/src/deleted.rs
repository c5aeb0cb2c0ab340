//! Deleted objects: each a document, kept aside until it is brought back or gone for good.

mod document;

use std::sync::Arc;

use idp_domain::applications::{Application, Registration, ServicePrincipal};
use idp_domain::changes::Conflict;
use idp_domain::directory::{DeletedObject, DirectoryObject, Group, ObjectKind, User};
use idp_domain::store::{Applications as _, Unavailable};
use jiff::Timestamp;
use uuid::Uuid;
use vestibule_wire::ids::{TenantId, UserId};

use self::document::Document;
use crate::engine::{Columns, Damaged};
use crate::plan::Planned;
use crate::step::{Step, Value, values};
use crate::texts::texts;
use crate::{SqlStore, applications, groups, links, lockouts, permissions, principals, users};

texts! {
    OF_KIND = "SELECT document, deleted_at FROM deleted_objects \
        WHERE tenant_id = $1 AND kind = $2 AND id > $3 ORDER BY id LIMIT $4";
    BY_ID = "SELECT document, deleted_at FROM deleted_objects WHERE tenant_id = $1 AND id = $2";
    KEEP = "INSERT INTO deleted_objects (tenant_id, kind, id, revision, deleted_at, document) \
        VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT DO NOTHING";
    TAKE_BACK = "DELETE FROM deleted_objects WHERE tenant_id = $1 AND kind = $2 AND id = $3 AND revision = $4";
    PURGE = "DELETE FROM deleted_objects WHERE tenant_id = $1 AND kind = $2 AND id = $3";
}

impl SqlStore {
    pub(crate) async fn read_deleted(
        &self,
        tenant: TenantId,
        id: Uuid,
    ) -> Result<Option<DeletedObject>, Unavailable> {
        match self.engine.first(BY_ID, &[tenant.into(), id.into()], deleted).await? {
            Some(deleted) => self.as_of_now(deleted).await.map(Some),
            None => Ok(None),
        }
    }

    pub(crate) async fn read_deleted_of_kind(
        &self,
        tenant: TenantId,
        kind: ObjectKind,
        after: Option<Uuid>,
        limit: u32,
    ) -> Result<Vec<DeletedObject>, Unavailable> {
        let after = after.map_or_else(|| Value::from(Vec::new()), Value::from);
        let params = [tenant.into(), kind.number().into(), after, limit.into()];
        let mut objects = Vec::new();
        for found in self.engine.all(OF_KIND, &params, deleted).await? {
            objects.push(self.as_of_now(found).await?);
        }
        Ok(objects)
    }

    /// A deleted service principal is that of the application as it is now, if that is there.
    async fn as_of_now(&self, mut deleted: DeletedObject) -> Result<DeletedObject, Unavailable> {
        if let DirectoryObject::ServicePrincipal(registration) = &mut deleted.object
            && let Some(application) = self.application(registration.principal.client_id).await?
        {
            registration.application = application;
        }
        Ok(deleted)
    }
}

fn deleted(row: &mut Columns<'_>) -> Result<DeletedObject, Damaged> {
    let object = row.word(|text| serde_json::from_str::<Document>(text).ok()?.object())?;
    Ok(DeletedObject { object, deleted_at: row.time()? })
}

/// It leaves the lists, frees its names, and is kept aside.
pub(crate) fn delete(object: &DirectoryObject, at: Timestamp) -> Planned {
    let mut steps = match object {
        DirectoryObject::User(user) => users::delete(user),
        DirectoryObject::Group(group) => groups::delete(group),
        DirectoryObject::Application(application) => applications::delete(application),
        DirectoryObject::ServicePrincipal(registration) => principals::delete(registration),
    };
    let document = serde_json::to_string(&Document::of(object))?;
    let (tenant, kind) = (object.tenant(), object.kind().number());
    let params = values![tenant, kind, object.id(), object.revision(), at, document];
    steps.push(Step::one(KEEP, Conflict::AlreadyExists, params));
    Ok(steps)
}

/// It comes back at another revision than it ever had, with its names, or not at all.
pub(crate) fn restore(object: &DirectoryObject) -> Planned {
    let (tenant, kind) = (object.tenant(), object.kind().number());
    let params = values![tenant, kind, object.id(), object.revision()];
    let mut steps = vec![Step::one(TAKE_BACK, Conflict::ObjectChanged, params)];
    let revision = object.revision().saturating_add(1);
    steps.extend(match object {
        DirectoryObject::User(user) => users::create(&User { revision, ..user.clone() })?,
        DirectoryObject::Group(group) => groups::create(&Group { revision, ..group.clone() })?,
        DirectoryObject::Application(application) => {
            applications::restore(&Application { revision, ..(**application).clone() })?
        }
        DirectoryObject::ServicePrincipal(registration) => {
            let principal = ServicePrincipal { revision, ..registration.principal.clone() };
            principals::create(&Registration {
                principal,
                application: Arc::clone(&registration.application),
            })?
        }
    });
    Ok(steps)
}

pub(crate) fn purge(tenant: TenantId, kind: ObjectKind, id: Uuid) -> Vec<Step> {
    let mut steps = vec![Step::one(PURGE, Conflict::NotThere, values![tenant, kind.number(), id])];
    steps.extend(links::forget(tenant, id));
    steps.extend(permissions::forget(tenant, kind, id));
    if kind == ObjectKind::User {
        steps.push(lockouts::clear(tenant, UserId::new(id)));
    }
    steps
}
