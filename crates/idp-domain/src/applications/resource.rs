//! The resource: an application in the role of the one who is asked for.

use uuid::Uuid;
use vestibule_wire::ids::ClientId;

use super::Registration;

/// A resource tokens may be issued for: registered in the tenant, and enabled.
#[derive(Debug, Clone)]
pub struct Resource {
    registration: Registration,
}

/// The resource's service principal is disabled.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ResourceDisabled;

/// The app roles a principal is assigned to on one resource: values of `roles`.
#[derive(Debug, Clone)]
pub struct AssignedRoles {
    resource: Resource,
    values: Vec<String>,
}

/// The resource requires an assignment and the principal has none.
#[derive(Debug, Clone)]
pub struct NotAssigned(pub Resource);

impl Resource {
    /// Takes a registration in the role of a resource.
    pub fn enabled(registration: Registration) -> Result<Self, ResourceDisabled> {
        if registration.principal.enabled { Ok(Self { registration }) } else { Err(ResourceDisabled) }
    }

    /// What is registered of it.
    pub const fn registration(&self) -> &Registration {
        &self.registration
    }

    /// The audience of its tokens.
    pub fn client_id(&self) -> ClientId {
        self.registration.client_id()
    }
}

impl AssignedRoles {
    /// Reads assignments as roles of the resource. Ids of roles that the resource no longer has are passed over.
    pub fn on(resource: Resource, assigned: &[Uuid]) -> Result<Self, NotAssigned> {
        let registration = resource.registration();
        if registration.principal.assignment_required && assigned.is_empty() {
            return Err(NotAssigned(resource));
        }
        let roles = &registration.application.app_roles;
        let values = roles
            .iter()
            .filter(|role| role.is_enabled && assigned.contains(&role.id))
            .filter_map(|role| role.value.clone())
            .collect();
        Ok(Self { resource, values })
    }

    /// The resource they are roles of.
    pub(crate) const fn resource(&self) -> &Resource {
        &self.resource
    }

    /// The values.
    pub(crate) fn values(&self) -> &[String] {
        &self.values
    }
}
