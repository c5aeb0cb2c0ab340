//! Consent: which permissions of a resource a client may use on behalf of a user.
//!
//! The answer is a [`ConsentedScopes`], which only this module makes: a token with a permission that nobody consented to
//! cannot be built.

mod matter;
mod question;
mod wanted;

#[cfg(test)]
mod tests;

use vestibule_wire::graph::PermissionScope;
use vestibule_wire::ids::{ClientId, ServicePrincipalId, TenantId, UserId};
use vestibule_wire::scope::{OidcScopes, Permission, ResourceScope};

use crate::applications::{Registration, Resource};

pub use matter::{Matter, Party};
pub use question::{Assessment, Beneficiary, Question, assess};
pub use wanted::{Manner, Unanswerable, Wanted, WantedPermission};

/// A permission of Microsoft Graph that no token lists: it is in having a refresh token.
const OFFLINE_ACCESS: &str = "offline_access";

/// Permissions of a resource granted to a client (`oauth2PermissionGrant`).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PermissionGrant {
    /// The tenant it holds in.
    pub tenant: TenantId,
    /// The client's service principal.
    pub client: ServicePrincipalId,
    /// The resource's service principal.
    pub resource: ServicePrincipalId,
    /// The user it is for; none is every user (consent by an administrator).
    pub principal: Option<UserId>,
    /// Values of delegated permissions.
    pub scopes: Vec<String>,
}

/// The permissions of one resource that were asked for and consented to.
#[derive(Debug, Clone)]
pub struct ConsentedScopes {
    resource: Resource,
    /// Values for `scp`.
    values: Vec<String>,
    /// The same as the client spelled them, for the answer's `scope`.
    spelled: Vec<String>,
    oidc: OidcScopes,
}

/// Why the permissions asked for cannot be used.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ConsentRefusal {
    /// The resource has no such permission.
    Unknown(ResourceScope),
    /// Nobody consented to these.
    Missing(Vec<String>),
}

impl ConsentedScopes {
    /// Checks what is asked of one resource against what was granted to the client on it, or is allowed it beforehand
    /// (`preAuthorizedApplications`).
    ///
    /// `grants` are those of this client, for this user or for everybody. The OpenID Connect scopes are permissions of
    /// Microsoft Graph, and granted by the client's registration: they tell the client who signed in, which is what
    /// signing in is for.
    pub fn check(
        asked: &[ResourceScope],
        oidc: OidcScopes,
        client: ClientId,
        resource: Resource,
        grants: &[PermissionGrant],
    ) -> Result<Self, ConsentRefusal> {
        let Registration { principal, application } = resource.registration();
        let granted = |permission: &PermissionScope| {
            application.pre_authorizes(client, permission.id)
                || grants
                    .iter()
                    .any(|grant| grant.resource == principal.id && grant.scopes.contains(&permission.value))
        };
        let (mut values, mut spelled, mut missing) = (Vec::new(), Vec::new(), Vec::new());
        for scope in asked {
            match &scope.permission {
                Permission::Default => {
                    // A disabled permission is in no new token, whoever consented to it once.
                    let all: Vec<_> = (application.delegated_permissions.iter())
                        .filter(|permission| permission.is_enabled && granted(permission))
                        .map(|permission| permission.value.clone())
                        .filter(|value| value != OFFLINE_ACCESS)
                        .collect();
                    if all.is_empty() {
                        missing.push(scope.spelled.clone());
                    }
                    let prefix =
                        scope.spelled.strip_suffix(vestibule_wire::scope::DEFAULT).unwrap_or_default();
                    spelled.extend(all.iter().map(|value| format!("{prefix}{value}")));
                    values.extend(all);
                }
                // Permission values are compared without regard to case, as Entra does, and written as registered.
                Permission::Named(name) => match application.delegated_permission(name) {
                    None => return Err(ConsentRefusal::Unknown(scope.clone())),
                    Some(permission) if granted(permission) => values.push(permission.value.clone()),
                    Some(_) => missing.push(scope.spelled.clone()),
                },
            }
            spelled.push(scope.spelled.clone());
        }
        if !missing.is_empty() {
            return Err(ConsentRefusal::Missing(missing));
        }
        if resource.client_id() == ClientId::MICROSOFT_GRAPH {
            values.extend(oidc.listed().map(str::to_owned));
        }
        Ok(Self { resource, values: distinct(values), spelled: distinct(spelled), oidc })
    }

    /// The resource they are permissions of.
    pub(crate) const fn resource(&self) -> &Resource {
        &self.resource
    }

    /// The `scp` claim.
    pub(crate) fn scp(&self) -> String {
        self.values.join(" ")
    }

    /// The `scope` member of the answer: every scope in the spelling of the request, then the OpenID Connect words.
    pub(crate) fn answer(&self) -> String {
        let oidc = self.oidc.listed().map(str::to_owned);
        distinct(self.spelled.iter().cloned().chain(oidc).collect()).join(" ")
    }

    /// The OpenID Connect words among them.
    pub const fn oidc(&self) -> OidcScopes {
        self.oidc
    }
}

/// Permissions that tell no more than who signed in: what users may allow any application where their tenant lets them
/// allow little.
fn low_risk(resource: ClientId, value: &str) -> bool {
    resource == ClientId::MICROSOFT_GRAPH
        && ["openid", "profile", "email", "offline_access", "User.Read"].contains(&value)
}

fn distinct(mut list: Vec<String>) -> Vec<String> {
    let mut seen = std::collections::HashSet::new();
    list.retain(|item| seen.insert(item.clone()));
    list
}
