//! Which resource a scope means in a tenant.

use idp_domain::applications::Registration;
use idp_domain::store::Unavailable;
use vestibule_wire::ids::{ClientId, TenantId};
use vestibule_wire::scope::ResourceName;

use crate::state::App;

/// The registration a scope's resource names: Microsoft Graph when it names none, or this server's own Graph by its
/// address; else by client id or, byte for byte, by Application ID URI.
pub async fn find(
    app: &App,
    tenant: TenantId,
    name: &ResourceName,
) -> Result<Option<Registration>, Unavailable> {
    match name {
        ResourceName::MicrosoftGraph => app.store.registration(tenant, ClientId::MICROSOFT_GRAPH).await,
        ResourceName::Named(name) if is_own_graph(app, name) => {
            app.store.registration(tenant, ClientId::MICROSOFT_GRAPH).await
        }
        ResourceName::Named(name) => match name.parse::<ClientId>() {
            Ok(client) => app.store.registration(tenant, client).await,
            Err(_) => app.store.registration_by_name(tenant, name).await,
        },
    }
}

/// Whether a name is the address of this server's Graph, with or without a slash at its end.
pub fn is_own_graph(app: &App, name: &str) -> bool {
    matches!(name.strip_prefix(app.graph()), Some("" | "/"))
}
