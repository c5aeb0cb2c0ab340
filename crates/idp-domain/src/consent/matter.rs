//! What a question of consent is about, read together before it is decided.

use std::sync::Arc;

use uuid::Uuid;
use vestibule_wire::ids::{ClientId, ServicePrincipalId};
use vestibule_wire::scope::ResourceName;

use super::PermissionGrant;
use crate::applications::{AppRoleAssignment, Application, ServicePrincipal};
use crate::directory::User;
use crate::tenant::Tenant;

/// Everything that decides what a person is asked.
#[derive(Debug, Clone)]
pub struct Matter {
    /// The tenant of the account, in which consent would hold.
    pub tenant: Tenant,
    /// Who would consent.
    pub user: User,
    /// Who asks.
    pub client: ClientId,
    /// The client, the resources, and the resources that those need in turn.
    pub parties: Vec<Party>,
    /// Which of them the scopes name.
    pub named: Vec<(ResourceName, ClientId)>,
    /// What was granted before to the clients among the parties, for everybody or for this user.
    pub grants: Vec<PermissionGrant>,
    /// The app roles that the clients among the parties have.
    pub assigned: Vec<AppRoleAssignment>,
}

/// An application, and what it is in the tenant, if it is anything there yet.
#[derive(Debug, Clone)]
pub struct Party {
    /// The application.
    pub application: Arc<Application>,
    /// Its service principal in the tenant.
    pub principal: Option<ServicePrincipal>,
}

impl Party {
    pub(super) fn client_id(&self) -> ClientId {
        self.application.client_id
    }

    fn principal_id(&self) -> Option<ServicePrincipalId> {
        self.principal.as_ref().map(|principal| principal.id)
    }

    /// Whether tokens can be issued to it or for it once it has been consented to: it is there and enabled, or it is an
    /// application for other organisations, which consent brings in.
    pub(super) fn is_or_can_be_here(&self) -> bool {
        match &self.principal {
            Some(principal) => principal.enabled,
            None => self.application.sign_in_audience.takes_other_organisations(),
        }
    }
}

impl Matter {
    /// The party with this client id.
    pub fn party(&self, client: ClientId) -> Option<&Party> {
        self.parties.iter().find(|party| party.client_id() == client)
    }

    /// The party that a scope names.
    pub(super) fn resource(&self, name: &ResourceName) -> Option<&Party> {
        let (_, client) = self.named.iter().find(|(known, _)| known == name)?;
        self.party(*client)
    }

    /// The grants of one client on one resource.
    pub(super) fn grants_on<'a>(
        &'a self,
        client: &Party,
        resource: &Party,
    ) -> impl Iterator<Item = &'a PermissionGrant> {
        let both = client.principal_id().zip(resource.principal_id());
        self.grants.iter().filter(move |grant| both == Some((grant.client, grant.resource)))
    }

    /// Whether the client may use a delegated permission of the resource: somebody consented, or nobody has to.
    pub(super) fn has_permission(
        &self,
        client: &Party,
        resource: &Party,
        permission: Uuid,
        value: &str,
    ) -> bool {
        resource.application.pre_authorizes(client.client_id(), permission)
            || self.grants_on(client, resource).any(|grant| grant.scopes.iter().any(|scope| scope == value))
    }

    /// Whether the client has an app role of the resource.
    pub(super) fn has_role(&self, client: &Party, resource: &Party, role: Uuid) -> bool {
        let both = client.principal_id().zip(resource.principal_id());
        self.assigned.iter().any(|assignment| {
            both.is_some_and(|(client, resource)| {
                assignment.principal == client.guid() && assignment.resource == resource
            }) && assignment.app_role == role
        })
    }
}
