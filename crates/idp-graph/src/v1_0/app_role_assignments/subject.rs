//! Whose assignments a path is about, and which of them.

use idp_domain::applications::{AppRoleAssignment, Registration};
use idp_domain::directory::{DirectoryObject, Upn};
use uuid::Uuid;
use vestibule_wire::ids::{GroupId, UserId};

use crate::call::{Call, read_id};
use crate::error::Refusal;
use crate::path::Key;
use crate::schema::grants::read_assignment_id;
use crate::v1_0::service_principals;

/// From which end assignments are seen.
#[derive(Debug)]
pub(super) enum End {
    /// The resource, whose roles they are.
    Resource(Registration),
    /// Who has them.
    Principal(DirectoryObject),
}

/// The end that the path means.
pub(super) async fn end(call: &Call<'_>) -> Result<End, Refusal> {
    let path = call.asked().operation.path;
    if path.starts_with("/servicePrincipals") {
        let found = service_principals::subject(call).await?;
        return Ok(match path.contains("/appRoleAssignedTo") {
            true => End::Resource(found),
            false => End::Principal(DirectoryObject::ServicePrincipal(found)),
        });
    }
    if path.starts_with("/me") {
        let user = call.caller().user().cloned().ok_or(Refusal::NobodyIsMe)?;
        return Ok(End::Principal(DirectoryObject::User(user)));
    }
    let text = match call.key(0)? {
        Key::Id(text) | Key::By(_, text) => text,
    };
    let (tenant, id) = (call.tenant(), read_id(text));
    let found = match (id, path.starts_with("/groups")) {
        (Ok(id), true) => call.directory().group(tenant, GroupId::new(id)).await?.map(DirectoryObject::Group),
        (Ok(id), false) => call.users().user(tenant, UserId::new(id)).await?.map(DirectoryObject::User),
        (Err(_), false) => match Upn::parse(text) {
            Ok(upn) => call.users().user_by_upn(tenant, &upn).await?.map(DirectoryObject::User),
            Err(_) => None,
        },
        (Err(malformed), true) => return Err(malformed),
    };
    found.map(End::Principal).ok_or_else(|| Refusal::NotFound(text.clone()))
}

impl End {
    /// The object id.
    pub(super) fn id(&self) -> Uuid {
        match self {
            Self::Resource(registration) => registration.principal.id.guid(),
            Self::Principal(object) => object.id(),
        }
    }

    /// All assignments seen from here.
    pub(super) async fn assignments(&self, call: &Call<'_>) -> Result<Vec<AppRoleAssignment>, Refusal> {
        let (directory, tenant) = (call.directory(), call.tenant());
        Ok(match self {
            Self::Resource(registration) => {
                directory.assignments_on(tenant, registration.principal.id).await?
            }
            Self::Principal(object) => directory.assignments_of(tenant, object.id()).await?,
        })
    }

    /// The assignment that the path means, of those seen from here.
    pub(super) async fn assignment(&self, call: &Call<'_>) -> Result<AppRoleAssignment, Refusal> {
        let text = match call.key(1)? {
            Key::Id(text) | Key::By(_, text) => text,
        };
        let not_found = || Refusal::NotFound(text.clone());
        let (principal, resource, role) = read_assignment_id(text).ok_or_else(not_found)?;
        if self.id()
            != match self {
                Self::Resource(_) => resource.guid(),
                Self::Principal(_) => principal,
            }
        {
            return Err(not_found());
        }
        let assigned = call.directory().assignments_of(call.tenant(), principal).await?;
        let same = |one: &AppRoleAssignment| one.resource == resource && one.app_role == role;
        assigned.into_iter().find(same).ok_or_else(not_found)
    }
}
