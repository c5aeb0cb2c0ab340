//! Which resource a scope means in a tenant.

use idp_domain::applications::Registration;
use idp_domain::store::{Applications, Unavailable};
use vestibule_wire::ids::{ClientId, TenantId};
use vestibule_wire::scope::ResourceName;

/// The registration a scope's resource names: Microsoft Graph when it names none, else by client id or, byte for byte,
/// by Application ID URI.
pub async fn find<S: Applications + ?Sized>(
    store: &S,
    tenant: TenantId,
    name: &ResourceName,
) -> Result<Option<Registration>, Unavailable> {
    match name {
        ResourceName::MicrosoftGraph => store.registration(tenant, ClientId::MICROSOFT_GRAPH).await,
        ResourceName::Named(name) => match name.parse::<ClientId>() {
            Ok(client) => store.registration(tenant, client).await,
            Err(_) => store.registration_by_name(tenant, name).await,
        },
    }
}
