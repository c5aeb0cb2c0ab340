//! Which directory does the request mean? The first question of every endpoint, answered here for all of them.

use idp_domain::store::{Tenants, Unavailable};
use idp_domain::tenant::{Alias, Directory};
use vestibule_wire::aadsts::{Aadsts, Failure};
use vestibule_wire::authority::Authority;
use vestibule_wire::ids::TenantId;

/// Why the path names no directory.
#[derive(Debug)]
pub enum DirectoryRefusal {
    /// Neither alias, GUID nor domain.
    Malformed(String),
    /// No such tenant. A disabled one is none.
    NotFound(String),
    /// The store is away.
    Unavailable(Unavailable),
}

/// Resolves the first path segment.
pub async fn resolve<S: Tenants + ?Sized>(store: &S, segment: &str) -> Result<Directory, DirectoryRefusal> {
    let authority = Authority::parse(segment).map_err(|_| DirectoryRefusal::Malformed(segment.to_owned()))?;
    let tenant = match &authority {
        Authority::Common => return Ok(Directory::OfTheAccount(Alias::Common)),
        Authority::Organizations => return Ok(Directory::OfTheAccount(Alias::Organizations)),
        Authority::Consumers => store.tenant(TenantId::CONSUMERS).await?,
        Authority::Tenant(id) => store.tenant(*id).await?,
        Authority::Domain(domain) => store.tenant_of_domain(domain).await?,
    };
    match tenant {
        Some(tenant) if tenant.enabled => Ok(Directory::One(tenant)),
        _ => Err(DirectoryRefusal::NotFound(segment.to_owned())),
    }
}

impl DirectoryRefusal {
    /// What the client may know.
    pub fn failure(&self) -> Failure {
        match self {
            Self::Malformed(segment) => Aadsts::TenantMalformed.with([("tenant", segment)]),
            Self::NotFound(segment) => Aadsts::TenantNotFound.with([("tenant", segment)]),
            Self::Unavailable(_) => Aadsts::ServiceBusy.bare(),
        }
    }
}

impl From<Unavailable> for DirectoryRefusal {
    fn from(unavailable: Unavailable) -> Self {
        Self::Unavailable(unavailable)
    }
}
