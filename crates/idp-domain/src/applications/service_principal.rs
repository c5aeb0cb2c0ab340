//! The service principal: what an application is in one tenant.

use std::sync::Arc;

use jiff::Timestamp;
use vestibule_wire::ids::{ClientId, ServicePrincipalId, TenantId};

use super::Application;
use crate::directory::Profile;

/// What an application is in one tenant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ServicePrincipal {
    /// The tenant.
    pub tenant: TenantId,
    /// The object id: `oid` and `sub` of app-only tokens.
    pub id: ServicePrincipalId,
    /// The application.
    pub client_id: ClientId,
    /// A disabled service principal gets no tokens, and none are issued for it.
    pub enabled: bool,
    /// Only principals with an app role may get tokens for it (`appRoleAssignmentRequired`).
    pub assignment_required: bool,
    /// When it was made.
    pub created_at: Timestamp,
    /// What is carried and decides nothing: tags, notes, and so on.
    pub profile: Profile,
    /// Counts changes; guards name the revision they were decided on.
    pub revision: i64,
}

/// An application as one tenant sees it: read together, because neither is enough to decide on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Registration {
    /// What it is in the tenant of the request.
    pub principal: ServicePrincipal,
    /// What it is at home.
    pub application: Arc<Application>,
}

impl ServicePrincipal {
    /// An enabled service principal that everybody may use.
    pub fn new(tenant: TenantId, id: ServicePrincipalId, client_id: ClientId, created_at: Timestamp) -> Self {
        Self {
            tenant,
            id,
            client_id,
            enabled: true,
            assignment_required: false,
            created_at,
            profile: Profile::default(),
            revision: 0,
        }
    }
}

impl Registration {
    /// The client id.
    pub fn client_id(&self) -> ClientId {
        self.application.client_id
    }

    /// Whether the application is at home in this tenant.
    pub fn is_at_home(&self) -> bool {
        self.application.tenant == self.principal.tenant
    }

    /// The names under which it is asked for: the client id and the Application ID URIs.
    pub fn names(&self) -> Vec<String> {
        let mut names = vec![self.client_id().to_string()];
        names.extend(self.application.identifier_uris.iter().cloned());
        names
    }
}
