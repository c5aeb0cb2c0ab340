//! The directory's port: which file answers what.

use std::sync::Arc;

use async_trait::async_trait;
use idp_domain::applications::{AppRoleAssignment, Application, Registration};
use idp_domain::audit::{Activity, AuditEvent};
use idp_domain::consent::PermissionGrant;
use idp_domain::directory::{
    DeletedObject, DirectoryObject, Group, ObjectKind, Position, Relation, Seek, TransitiveGroup,
};
use idp_domain::store::{Directory, Unavailable, Users as _};
use jiff::Timestamp;
use uuid::Uuid;
use vestibule_wire::ids::{ApplicationId, GroupId, ServicePrincipalId, TenantId, UserId};

use crate::{SqlStore, audit, groups, links, members, permissions, principals, tenants};

#[async_trait]
impl Directory for SqlStore {
    async fn group(&self, tenant: TenantId, id: GroupId) -> Result<Option<Group>, Unavailable> {
        groups::read(&self.engine, tenant, id).await
    }

    async fn application_object(
        &self,
        tenant: TenantId,
        id: ApplicationId,
    ) -> Result<Option<Arc<Application>>, Unavailable> {
        self.application_at_home(tenant, id).await
    }

    async fn service_principal(
        &self,
        tenant: TenantId,
        id: ServicePrincipalId,
    ) -> Result<Option<Registration>, Unavailable> {
        self.registered(principals::BY_ID, &[tenant.into(), id.into()]).await
    }

    async fn object(&self, tenant: TenantId, id: Uuid) -> Result<Option<DirectoryObject>, Unavailable> {
        use DirectoryObject as Object;
        Ok(match self.kind_of(tenant, id).await? {
            None => None,
            Some(ObjectKind::User) => self.user(tenant, UserId::new(id)).await?.map(Object::User),
            Some(ObjectKind::Group) => self.group(tenant, GroupId::new(id)).await?.map(Object::Group),
            Some(ObjectKind::Application) => {
                self.application_object(tenant, ApplicationId::new(id)).await?.map(Object::Application)
            }
            Some(ObjectKind::ServicePrincipal) => self
                .service_principal(tenant, ServicePrincipalId::new(id))
                .await?
                .map(Object::ServicePrincipal),
        })
    }

    async fn objects(
        &self,
        tenant: TenantId,
        kind: ObjectKind,
        seek: &Seek,
        after: Option<&Position>,
        limit: u32,
    ) -> Result<Vec<(Position, DirectoryObject)>, Unavailable> {
        self.seek(tenant, kind, seek, after, limit).await
    }

    async fn count(&self, tenant: TenantId, kind: ObjectKind) -> Result<i64, Unavailable> {
        self.count_of(tenant, kind).await
    }

    async fn linked_from(
        &self,
        tenant: TenantId,
        relation: Relation,
        from: Uuid,
        after: Option<Uuid>,
        limit: u32,
    ) -> Result<Vec<DirectoryObject>, Unavailable> {
        self.members(members::FROM, tenant, relation, from, after, limit).await
    }

    async fn linked_to(
        &self,
        tenant: TenantId,
        relation: Relation,
        to: Uuid,
        after: Option<Uuid>,
        limit: u32,
    ) -> Result<Vec<DirectoryObject>, Unavailable> {
        self.members(members::TO, tenant, relation, to, after, limit).await
    }

    async fn is_linked(
        &self,
        tenant: TenantId,
        relation: Relation,
        from: Uuid,
        to: Uuid,
    ) -> Result<bool, Unavailable> {
        links::is_linked(&self.engine, tenant, relation, from, to).await
    }

    async fn groups_of(&self, tenant: TenantId, member: Uuid) -> Result<Vec<TransitiveGroup>, Unavailable> {
        links::groups_of(&self.engine, tenant, member).await
    }

    async fn transitive_members(
        &self,
        tenant: TenantId,
        group: GroupId,
        after: Option<Uuid>,
        limit: u32,
    ) -> Result<Vec<DirectoryObject>, Unavailable> {
        self.members(members::INSIDE, tenant, Relation::Member, group.guid(), after, limit).await
    }

    async fn assignments_of(
        &self,
        tenant: TenantId,
        principal: Uuid,
    ) -> Result<Vec<AppRoleAssignment>, Unavailable> {
        permissions::assignments(&self.engine, permissions::ASSIGNMENTS_OF, tenant, principal).await
    }

    async fn assignments_on(
        &self,
        tenant: TenantId,
        resource: ServicePrincipalId,
    ) -> Result<Vec<AppRoleAssignment>, Unavailable> {
        permissions::assignments(&self.engine, permissions::ASSIGNMENTS_ON, tenant, resource.guid()).await
    }

    async fn assigned_groups(
        &self,
        tenant: TenantId,
        member: Uuid,
        resource: ServicePrincipalId,
    ) -> Result<Vec<GroupId>, Unavailable> {
        permissions::assigned_groups(&self.engine, tenant, member, resource).await
    }

    async fn all_permission_grants(
        &self,
        tenant: TenantId,
        client: Option<ServicePrincipalId>,
        after: Option<&PermissionGrant>,
        limit: u32,
    ) -> Result<Vec<PermissionGrant>, Unavailable> {
        permissions::all_grants(&self.engine, tenant, client, after, limit).await
    }

    async fn deleted_objects(
        &self,
        tenant: TenantId,
        kind: ObjectKind,
        after: Option<Uuid>,
        limit: u32,
    ) -> Result<Vec<DeletedObject>, Unavailable> {
        self.read_deleted_of_kind(tenant, kind, after, limit).await
    }

    async fn deleted_object(&self, tenant: TenantId, id: Uuid) -> Result<Option<DeletedObject>, Unavailable> {
        self.read_deleted(tenant, id).await
    }

    async fn domains(&self, tenant: TenantId) -> Result<Vec<String>, Unavailable> {
        tenants::domains(&self.engine, tenant).await
    }

    async fn audit_events(
        &self,
        tenant: TenantId,
        activities: &[Activity],
        after: Option<(Timestamp, [u8; 16])>,
        limit: u32,
    ) -> Result<Vec<AuditEvent>, Unavailable> {
        audit::latest(&self.engine, tenant, activities, after, limit).await
    }
}
