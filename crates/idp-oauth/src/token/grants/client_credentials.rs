//! Client credentials (RFC 6749 §4.4): an application asks for itself.
//!
//! The scope is exactly one `{resource}/.default`. What the application may do there are the app roles it is assigned;
//! with none it still gets a token, unless the resource requires an assignment.

use idp_domain::applications::{AssignedRoles, Client, Resource};
use idp_domain::changes::Changes;
use idp_domain::tokens::Granted;
use idp_web::resources;
use vestibule_wire::scope::{Permission, ResourceScope, ScopeRequest};

use super::super::{Exchange, Refusal, Right, TokenError};
use crate::dialect::Dialect;

/// What the request says.
pub(in super::super) struct ClientCredentialsGrant {
    resource: ResourceScope,
}

impl ClientCredentialsGrant {
    pub(in super::super) fn parse(dialect: Dialect, wanted: Option<String>) -> Result<Self, TokenError> {
        let text = wanted.ok_or(TokenError::Missing(dialect.wish()))?;
        let mut asked = ScopeRequest::parse(&text)?;
        // The OpenID Connect words are passed over: MSAL Go and MSAL Java add them to every scope.
        match (asked.permissions.pop(), asked.permissions.is_empty()) {
            (Some(resource), true) if resource.permission == Permission::Default => Ok(Self { resource }),
            _ => Err(TokenError::ScopeNotDefault(text)),
        }
    }

    pub(in super::super) async fn decide(&self, exchange: &Exchange<'_>) -> Result<Right, Refusal> {
        let Exchange { app, tenant, client, .. } = exchange;
        // 1. The client has proved who it is.
        let Client::Confidential(client) = client else { return Err(TokenError::CredentialRequired.into()) };
        // 2. The resource is registered in this tenant, and enabled.
        let name = &self.resource.resource;
        let registration = resources::find(app, tenant.id, name).await?;
        let registration = registration.ok_or_else(|| TokenError::resource_not_found(name, tenant))?;
        let resource = Resource::enabled(registration)
            .map_err(|_| TokenError::ResourceDisabled(name.to_string()))?
            .asked_by(name);
        // 3. The roles it has there, as assigned in this tenant (RO-09).
        let principal = client.registration().principal.id.guid();
        let assigned =
            app.store.assigned_roles(tenant.id, principal, resource.registration().principal.id).await?;
        let roles = AssignedRoles::on(resource, &assigned)
            .map_err(|refusal| TokenError::not_assigned(client.registration(), &refusal.0))?;
        // Nothing is spent and nothing begins: the commit is the guards alone, which is a read.
        let granted = Granted::app_only(tenant.clone(), client.clone(), roles);
        Ok(Right { granted, changes: Changes::none(), if_spent: None })
    }
}
