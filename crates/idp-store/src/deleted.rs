//! Deleted objects: each a document, kept aside until it is brought back or gone for good.

use std::sync::Arc;

use idp_domain::applications::{Application, Registration, ServicePrincipal};
use idp_domain::changes::Conflict;
use idp_domain::credentials::PasswordHash;
use idp_domain::directory::{
    DeletedObject, DirectoryObject, Group, ObjectKind, Profile, Upn, User, UserType,
};
use idp_domain::store::{Applications as _, Unavailable};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use uuid::Uuid;
use vestibule_wire::ids::{ClientId, ServicePrincipalId, TenantId, UserId};

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

/// How a deleted object is written.
#[derive(Serialize, Deserialize)]
enum Document {
    User(Box<DeletedUser>),
    Group(Group),
    Application {
        document: Box<Application>,
        revision: i64,
    },
    /// With its application, because that may be deleted too.
    ServicePrincipal {
        principal: Box<DeletedPrincipal>,
        application: Box<Application>,
        application_revision: i64,
    },
}

/// All of a user, the hash of the password too.
#[derive(Serialize, Deserialize)]
struct DeletedUser {
    tenant: TenantId,
    id: UserId,
    upn: String,
    display_name: String,
    given_name: Option<String>,
    surname: Option<String>,
    mail: Option<String>,
    enabled: bool,
    user_type: UserType,
    directory_roles: Vec<Uuid>,
    password: Option<String>,
    must_change_password: bool,
    #[serde(with = "jiff::fmt::serde::timestamp::second::required")]
    valid_from: Timestamp,
    #[serde(with = "jiff::fmt::serde::timestamp::second::required")]
    created_at: Timestamp,
    profile: Profile,
    revision: i64,
}

/// All of a service principal.
#[derive(Serialize, Deserialize)]
struct DeletedPrincipal {
    tenant: TenantId,
    id: ServicePrincipalId,
    client_id: ClientId,
    enabled: bool,
    assignment_required: bool,
    #[serde(with = "jiff::fmt::serde::timestamp::second::required")]
    created_at: Timestamp,
    profile: Profile,
    revision: i64,
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

impl Document {
    fn of(object: &DirectoryObject) -> Self {
        match object {
            DirectoryObject::User(user) => Self::User(Box::new(DeletedUser::of(user.clone()))),
            DirectoryObject::Group(group) => Self::Group(group.clone()),
            DirectoryObject::Application(application) => Self::Application {
                document: Box::new((**application).clone()),
                revision: application.revision,
            },
            DirectoryObject::ServicePrincipal(registration) => Self::ServicePrincipal {
                principal: Box::new(DeletedPrincipal::of(registration.principal.clone())),
                application: Box::new((*registration.application).clone()),
                application_revision: registration.application.revision,
            },
        }
    }

    /// None if the name of a user cannot be read.
    fn object(self) -> Option<DirectoryObject> {
        let whole = |application: Application, revision| Arc::new(Application { revision, ..application });
        Some(match self {
            Self::User(user) => DirectoryObject::User(user.user()?),
            Self::Group(group) => DirectoryObject::Group(group),
            Self::Application { document, revision } => {
                DirectoryObject::Application(whole(*document, revision))
            }
            Self::ServicePrincipal { principal, application, application_revision } => {
                let application = whole(*application, application_revision);
                DirectoryObject::ServicePrincipal(Registration {
                    principal: principal.principal(),
                    application,
                })
            }
        })
    }
}

impl DeletedUser {
    fn of(user: User) -> Self {
        Self {
            tenant: user.tenant,
            id: user.id,
            upn: user.upn.as_str().to_owned(),
            display_name: user.display_name,
            given_name: user.given_name,
            surname: user.surname,
            mail: user.mail,
            enabled: user.enabled,
            user_type: user.user_type,
            directory_roles: user.directory_roles,
            password: user.password.map(|hash| hash.as_phc().to_owned()),
            must_change_password: user.must_change_password,
            valid_from: user.valid_from,
            created_at: user.created_at,
            profile: user.profile,
            revision: user.revision,
        }
    }

    fn user(self) -> Option<User> {
        Some(User {
            tenant: self.tenant,
            id: self.id,
            upn: Upn::parse(&self.upn).ok()?,
            display_name: self.display_name,
            given_name: self.given_name,
            surname: self.surname,
            mail: self.mail,
            enabled: self.enabled,
            user_type: self.user_type,
            directory_roles: self.directory_roles,
            password: self.password.map(PasswordHash::from_phc),
            must_change_password: self.must_change_password,
            valid_from: self.valid_from,
            created_at: self.created_at,
            profile: self.profile,
            revision: self.revision,
        })
    }
}

impl DeletedPrincipal {
    fn of(principal: ServicePrincipal) -> Self {
        let ServicePrincipal {
            tenant,
            id,
            client_id,
            enabled,
            assignment_required,
            created_at,
            profile,
            revision,
        } = principal;
        Self { tenant, id, client_id, enabled, assignment_required, created_at, profile, revision }
    }

    fn principal(self) -> ServicePrincipal {
        let Self { tenant, id, client_id, enabled, assignment_required, created_at, profile, revision } =
            self;
        ServicePrincipal {
            tenant,
            id,
            client_id,
            enabled,
            assignment_required,
            created_at,
            profile,
            revision,
        }
    }
}
