//! The resource: an application in the role of the one who is asked for.

use std::borrow::Cow;

use uuid::Uuid;
use vestibule_wire::ids::ClientId;
use vestibule_wire::scope::ResourceName;

use super::{Client, Registration};

/// A resource tokens may be issued for: registered in the tenant, and enabled.
#[derive(Debug, Clone)]
pub struct Resource {
    registration: Registration,
    /// The Application ID URI it was asked for by.
    asked_by: Option<String>,
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
pub struct NotAssigned(pub Box<Resource>);

impl Resource {
    /// Takes a registration in the role of a resource.
    pub fn enabled(registration: Registration) -> Result<Self, ResourceDisabled> {
        if registration.principal.enabled {
            Ok(Self { registration, asked_by: None })
        } else {
            Err(ResourceDisabled)
        }
    }

    /// A client in the role of the resource: its own ID tokens are for it.
    pub(crate) fn of_client(client: &Client) -> Self {
        Self { registration: client.registration().clone(), asked_by: None }
    }

    /// Remembers by which of its Application ID URIs a request named it. Anything else is not remembered: nobody gets a
    /// token for an audience of their own wording.
    #[must_use]
    pub fn asked_by(mut self, name: &ResourceName) -> Self {
        if let ResourceName::Named(name) = name {
            let is_ours = self.registration.application.identifier_uris.contains(name);
            self.asked_by = is_ours.then(|| name.clone());
        }
        self
    }

    /// The resource as it was asked for: its Application ID URI in the spelling of the request, else its client id.
    pub(crate) fn spelled(&self) -> Cow<'_, str> {
        match &self.asked_by {
            Some(uri) => Cow::Borrowed(uri),
            None => Cow::Owned(self.client_id().to_string()),
        }
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
            return Err(NotAssigned(Box::new(resource)));
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
