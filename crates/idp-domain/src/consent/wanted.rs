//! What a client wants: the permissions that a request comes down to, whether they were granted before or not.

use uuid::Uuid;
use vestibule_wire::graph::{AppRole, PermissionScope, PermissionType, ResourceAccessType};
use vestibule_wire::ids::ClientId;
use vestibule_wire::scope::{OidcScopes, Permission, ResourceScope, ScopeRequest};

use super::matter::{Matter, Party};

/// How consent is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Manner {
    /// Only if something is missing.
    Missing,
    /// In any case (`prompt=consent`).
    Again,
    /// In any case, by an administrator, for everybody (administrator consent).
    Organisation,
}

/// One permission that a client wants.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wanted {
    /// Who would have it: the client, or a resource that it speaks for (combined consent).
    pub client: ClientId,
    /// Of which resource it is.
    pub resource: ClientId,
    /// The permission.
    pub permission: WantedPermission,
    /// Whether it was granted before.
    pub granted: bool,
    /// Whether it comes with every consent, asked for or not.
    pub customary: bool,
}

/// A permission of either kind.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum WantedPermission {
    /// On behalf of users.
    Delegated(PermissionScope),
    /// For the application itself.
    Application(AppRole),
}

/// Why there is nothing that could be consented to. The protocol finds the same and has the words for it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Unanswerable {
    /// The client is not in this tenant and cannot be.
    ClientNotHere,
    /// A resource is not in this tenant and cannot be brought in by this consent.
    ResourceNotHere(String),
    /// The resource has no such permission.
    NoSuchPermission(ResourceScope),
}

impl WantedPermission {
    /// Its id.
    pub const fn id(&self) -> Uuid {
        match self {
            Self::Delegated(permission) => permission.id,
            Self::Application(role) => role.id,
        }
    }

    /// Its value in tokens.
    pub fn value(&self) -> &str {
        match self {
            Self::Delegated(permission) => &permission.value,
            Self::Application(role) => role.value.as_deref().unwrap_or_default(),
        }
    }

    /// Whether only an administrator can grant it.
    pub fn is_for_administrators(&self) -> bool {
        match self {
            Self::Delegated(permission) => permission.kind == PermissionType::Admin,
            Self::Application(_) => true,
        }
    }
}

/// Collects what a request comes down to, each permission once.
pub(super) struct Collection<'a> {
    matter: &'a Matter,
    manner: Manner,
    pub(super) wanted: Vec<Wanted>,
}

impl<'a> Collection<'a> {
    pub(super) fn of(matter: &'a Matter, asked: &ScopeRequest, manner: Manner) -> Result<Self, Unanswerable> {
        let mut collection = Self { matter, manner, wanted: Vec::new() };
        let client = collection.here(matter.client).map_err(|_| Unanswerable::ClientNotHere)?;
        for scope in &asked.permissions {
            let not_here = || Unanswerable::ResourceNotHere(scope.resource.to_string());
            let resource = matter.resource(&scope.resource).ok_or_else(not_here)?;
            collection.reachable(client, resource)?;
            match &scope.permission {
                Permission::Named(value) => {
                    let permission = resource.application.delegated_permission(value);
                    let permission =
                        permission.ok_or_else(|| Unanswerable::NoSuchPermission(scope.clone()))?;
                    collection.add_delegated(client, resource, permission, false);
                }
                Permission::Default => collection.add_default(client, resource)?,
            }
        }
        collection.add_oidc(client, asked.oidc);
        Ok(collection)
    }

    fn here(&self, client: ClientId) -> Result<&'a Party, Unanswerable> {
        let not_here = || Unanswerable::ResourceNotHere(client.to_string());
        self.matter.party(client).filter(|party| party.is_or_can_be_here()).ok_or_else(not_here)
    }

    /// A resource that is not in the tenant is brought in together with its client if it knows the client; otherwise an
    /// administrator has to bring it in first.
    fn reachable(&self, client: &Party, resource: &Party) -> Result<(), Unanswerable> {
        let known = resource.application.known_clients.contains(&client.client_id())
            || resource.client_id() == client.client_id();
        let comes_along = resource.principal.is_none() && resource.is_or_can_be_here() && known;
        if resource.principal.as_ref().is_some_and(|principal| principal.enabled) || comes_along {
            Ok(())
        } else {
            Err(Unanswerable::ResourceNotHere(resource.client_id().to_string()))
        }
    }

    /// `.default`: what the registration lists, unless something of the resource was granted already. The OpenID Connect
    /// words come with every consent and are nothing of that kind.
    fn add_default(&mut self, client: &'a Party, resource: &'a Party) -> Result<(), Unanswerable> {
        let offers = &resource.application.delegated_permissions;
        let is_graph = resource.client_id() == ClientId::MICROSOFT_GRAPH;
        let counts =
            |offer: &&PermissionScope| offer.is_enabled && !(is_graph && OidcScopes::is_word(&offer.value));
        let has_some = offers
            .iter()
            .filter(counts)
            .any(|offer| self.matter.has_permission(client, resource, offer.id, &offer.value));
        if self.manner == Manner::Missing && has_some {
            return Ok(());
        }
        self.add_registered(client)?;
        // Combined consent: the resource asks for what it needs itself, when it knows the client.
        if resource.application.known_clients.contains(&client.client_id()) {
            self.add_registered(resource)?;
        }
        Ok(())
    }

    /// Everything that the registration of a client lists (`requiredResourceAccess`). Permissions that their resource no
    /// longer has are passed over.
    fn add_registered(&mut self, client: &'a Party) -> Result<(), Unanswerable> {
        for required in &client.application.required_resource_access {
            let resource = self.here(required.resource_app_id)?;
            self.reachable(client, resource)?;
            for access in &required.resource_access {
                match access.kind {
                    ResourceAccessType::Scope => {
                        if let Some(permission) = resource.application.delegated_permission_by_id(access.id) {
                            self.add_delegated(client, resource, permission, false);
                        }
                    }
                    ResourceAccessType::Role if self.manner == Manner::Organisation => {
                        if let Some(role) = resource.application.app_role(access.id) {
                            let granted = self.matter.has_role(client, resource, role.id);
                            let permission = WantedPermission::Application(role.clone());
                            self.add(client, resource, permission, granted, false);
                        }
                    }
                    ResourceAccessType::Role => {}
                }
            }
        }
        Ok(())
    }

    /// The OpenID Connect words that were asked, and those that come with every consent.
    fn add_oidc(&mut self, client: &'a Party, asked: OidcScopes) {
        let Some(graph) = self.matter.party(ClientId::MICROSOFT_GRAPH) else { return };
        let words = [
            ("openid", asked.openid, true),
            ("profile", asked.profile, true),
            ("email", asked.email, false),
            ("offline_access", asked.offline_access, true),
        ];
        for (word, asked, customary) in words {
            if let (true, Some(permission)) =
                (asked || customary, graph.application.delegated_permission(word))
            {
                self.add_delegated(client, graph, permission, !asked);
            }
        }
    }

    fn add_delegated(
        &mut self,
        client: &Party,
        resource: &Party,
        permission: &PermissionScope,
        customary: bool,
    ) {
        let granted = self.matter.has_permission(client, resource, permission.id, &permission.value);
        self.add(client, resource, WantedPermission::Delegated(permission.clone()), granted, customary);
    }

    fn add(
        &mut self,
        client: &Party,
        resource: &Party,
        permission: WantedPermission,
        granted: bool,
        customary: bool,
    ) {
        let (client, resource) = (client.client_id(), resource.client_id());
        let same = |other: &Wanted| {
            (other.client, other.resource, other.permission.id()) == (client, resource, permission.id())
        };
        if !self.wanted.iter().any(same) {
            self.wanted.push(Wanted { client, resource, permission, granted, customary });
        }
    }
}
