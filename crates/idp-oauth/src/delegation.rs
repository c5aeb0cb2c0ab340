//! What everything on behalf of a person shares, at the token endpoint and at the authorize endpoint: which resource is
//! asked for, what was consented to there, and where the person stands.

use futures_util::future::{try_join, try_join4};
use idp_domain::applications::{Client, Registration, Resource};
use idp_domain::consent::{ConsentRefusal, ConsentedScopes, PermissionGrant};
use idp_domain::directory::User;
use idp_domain::policies::{Admitted, FlowBlocked};
use idp_domain::sessions::SignedIn;
use idp_domain::store::Unavailable;
use idp_domain::tenant::Tenant;
use idp_domain::tokens::{Assigned, AssignedNeeds, Granted, Needs, Standing};
use idp_web::resources;
use idp_web::state::App;
use vestibule_wire::ids::ServicePrincipalId;
use vestibule_wire::scope::{MalformedScope, OidcScopes, ResourceName, ResourceScope, ScopeRequest};

/// One resource and what is asked of it.
#[derive(Debug)]
pub(crate) struct Asked {
    resource: ResourceName,
    scopes: Vec<ResourceScope>,
    oidc: OidcScopes,
    /// What a token request adds to the sign-in it continues.
    added: OidcScopes,
}

/// Why nothing is granted.
#[derive(Debug)]
pub(crate) enum DelegationRefusal {
    ScopeMalformed(String),
    ScopeSpansResources(String),
    ResourceNotFound { resource: String, tenant: String },
    ResourceDisabled(String),
    Consent { refusal: ConsentRefusal, client: Box<Registration>, resource: Box<Resource> },
    Blocked(FlowBlocked),
    NotAssigned { application: Box<Resource>, user: String },
    Busy(Unavailable),
}

impl Asked {
    /// What one scope asks for: its first resource. A sign-in may ask for more, and gets the others by refreshing.
    pub(crate) fn first_of(scope: &str) -> Result<Self, MalformedScope> {
        let ScopeRequest { permissions, oidc } = ScopeRequest::parse(scope)?;
        Ok(Self::of(permissions, oidc))
    }

    /// What a token is for: the first resource of `granted`, the scope of the sign-in, unless the token request has a
    /// `requested` scope of its own, which then names at most one.
    pub(crate) fn continuing(granted: &str, requested: Option<&str>) -> Result<Self, DelegationRefusal> {
        let first = ScopeRequest::parse(granted)?;
        let Some(text) = requested else { return Ok(Self::of(first.permissions, first.oidc)) };
        let own = one_resource(text)?;
        // Nothing but OpenID Connect words: the resource is that of the sign-in.
        let permissions = if own.permissions.is_empty() { first.permissions } else { own.permissions };
        // A refresh token and an ID token continue what the sign-in asked for.
        let oidc = OidcScopes {
            openid: own.oidc.openid && first.oidc.openid,
            profile: own.oidc.profile && first.oidc.profile,
            email: own.oidc.email && first.oidc.email,
            offline_access: first.oidc.offline_access,
        };
        Ok(Self { added: own.oidc, ..Self::of(permissions, oidc) })
    }

    /// What a token request asks for that continues no sign-in of this client: one resource.
    pub(crate) fn anew(requested: &str) -> Result<Self, DelegationRefusal> {
        let ScopeRequest { permissions, oidc } = one_resource(requested)?;
        Ok(Self::of(permissions, oidc))
    }

    fn of(permissions: Vec<ResourceScope>, oidc: OidcScopes) -> Self {
        let resource =
            permissions.first().map_or(ResourceName::MicrosoftGraph, |scope| scope.resource.clone());
        let scopes = permissions.into_iter().filter(|scope| scope.resource == resource).collect();
        Self { resource, scopes, oidc, added: OidcScopes::default() }
    }
}

fn one_resource(text: &str) -> Result<ScopeRequest, DelegationRefusal> {
    let asked = ScopeRequest::parse(text)?;
    if asked.resources().len() > 1 {
        return Err(DelegationRefusal::ScopeSpansResources(text.to_owned()));
    }
    Ok(asked)
}

/// Grants a client what it asks for on behalf of a person, as far as it was consented to, and still is (RT-09).
pub(crate) async fn grant(
    app: &App,
    tenant: &Tenant,
    client: &Client,
    signed_in: SignedIn,
    asked: Asked,
) -> Result<Granted, DelegationRefusal> {
    let Asked { resource: name, scopes, oidc, added } = asked;
    // 0. The organisation lets them have tokens in the way they signed in.
    let admitted = Admitted::check(tenant, signed_in).map_err(DelegationRefusal::Blocked)?;
    // 1. The resource is registered in this tenant, and enabled.
    let registration = resources::find(app, tenant.id, &name).await?;
    let registration = registration.ok_or_else(|| DelegationRefusal::ResourceNotFound {
        resource: name.to_string(),
        tenant: tenant.display_name.clone(),
    })?;
    let resource = Resource::enabled(registration)
        .map_err(|_| DelegationRefusal::ResourceDisabled(name.to_string()))?
        .asked_by(&name);
    // 2. What is asked was consented to.
    let (registration, user) = (client.registration(), admitted.signed_in().user());
    let grants = app.store.permission_grants(tenant.id, registration.principal.id, user.id).await?;
    let oidc = oidc.and(consented_words(app, tenant, added, oidc, &grants).await?);
    let consented =
        ConsentedScopes::check(&scopes, oidc, registration.client_id(), resource.clone(), &grants).map_err(
            |refusal| DelegationRefusal::Consent {
                refusal,
                client: Box::new(registration.clone()),
                resource: Box::new(resource.clone()),
            },
        )?;
    // 3. The person is assigned where one must be (§5.6); and what their tokens tell of.
    let needs = Needs::of(tenant, client, user, &consented);
    let standing = standing(app, needs, user, registration, resource.registration()).await?;
    let upn = user.upn.to_string();
    Granted::delegated(tenant.clone(), client.clone(), admitted, consented, standing)
        .map_err(|refusal| DelegationRefusal::NotAssigned { application: refusal.0, user: upn })
}

/// Entra: a token request may ask for OpenID Connect words that the sign-in did not ask for, where they were consented to
/// (CD-24), as nearly every consent does. MSAL Go, in a web application, asks for them here alone.
async fn consented_words(
    app: &App,
    tenant: &Tenant,
    added: OidcScopes,
    asked: OidcScopes,
    grants: &[PermissionGrant],
) -> Result<OidcScopes, Unavailable> {
    if asked.and(added) == asked {
        return Ok(OidcScopes::default());
    }
    let graph = resources::find(app, tenant.id, &ResourceName::MicrosoftGraph).await?;
    Ok(graph.map_or_else(OidcScopes::default, |graph| consented(added, graph.principal.id, grants)))
}

/// These words are permissions of Microsoft Graph.
fn consented(words: OidcScopes, graph: ServicePrincipalId, grants: &[PermissionGrant]) -> OidcScopes {
    let of_graph = || grants.iter().filter(|grant| grant.resource == graph);
    words.filter(|word| of_graph().any(|grant| grant.scopes.iter().any(|scope| scope == word)))
}

/// Reads where the person stands, as far as there is need: of most applications there is none.
async fn standing(
    app: &App,
    needs: Needs,
    user: &User,
    client: &Registration,
    resource: &Registration,
) -> Result<Standing, Unavailable> {
    if needs == Needs::default() {
        return Ok(Standing::default());
    }
    let groups = async {
        if needs.groups { app.store.groups_of(user.tenant, user.id.guid()).await } else { Ok(Vec::new()) }
    };
    let domains = async { if needs.domains { app.store.domains(user.tenant).await } else { Ok(Vec::new()) } };
    let on_client = assigned(app, needs.client, user, client);
    let on_resource = assigned(app, needs.resource, user, resource);
    let (client, resource, groups, domains) = try_join4(on_client, on_resource, groups, domains).await?;
    Ok(Standing { client, resource, groups, domains })
}

async fn assigned(
    app: &App,
    needs: AssignedNeeds,
    user: &User,
    application: &Registration,
) -> Result<Assigned, Unavailable> {
    let principal = application.principal.id;
    let roles = async {
        if needs.roles {
            app.store.assigned_roles_of_user(user.tenant, user.id, principal).await
        } else {
            Ok(Vec::new())
        }
    };
    let groups = async {
        if needs.groups {
            app.store.assigned_groups(user.tenant, user.id.guid(), principal).await
        } else {
            Ok(Vec::new())
        }
    };
    let (roles, groups) = try_join(roles, groups).await?;
    Ok(Assigned { roles, groups })
}

impl From<MalformedScope> for DelegationRefusal {
    fn from(MalformedScope(scope): MalformedScope) -> Self {
        Self::ScopeMalformed(scope)
    }
}

impl From<Unavailable> for DelegationRefusal {
    fn from(cause: Unavailable) -> Self {
        Self::Busy(cause)
    }
}

#[cfg(test)]
mod tests {
    use vestibule_wire::ids::TenantId;

    use super::*;

    #[test]
    fn cd_24_a_token_request_adds_no_openid_connect_word_that_nobody_consented_to() {
        let asked = Asked::continuing("api://a/read", Some("api://a/read openid offline_access")).unwrap();
        assert_eq!(asked.oidc, OidcScopes::default());
        let words = OidcScopes { openid: true, offline_access: true, ..OidcScopes::default() };
        assert_eq!(asked.added, words);

        let [graph, other] = [1, 2].map(ServicePrincipalId::from_u128);
        let grant = |resource, scopes: &[&str]| PermissionGrant {
            tenant: TenantId::from_u128(3),
            client: ServicePrincipalId::from_u128(4),
            resource,
            principal: None,
            scopes: scopes.iter().map(ToString::to_string).collect(),
        };
        let grants = [grant(graph, &["User.Read", "openid"]), grant(other, &["offline_access"])];
        assert_eq!(consented(words, graph, &grants), OidcScopes { openid: true, ..OidcScopes::default() });
    }

    #[test]
    fn rt_06_a_token_request_may_name_another_resource_but_only_one() {
        let other = Asked::continuing("api://a/read offline_access", Some("api://b/read")).unwrap();
        assert_eq!(other.resource, ResourceName::Named("api://b".into()));
        assert!(other.oidc.offline_access);
        assert!(Asked::continuing("api://a/read", Some("api://b/read api://c/read")).is_err());
    }

    #[test]
    fn a_sign_in_for_several_resources_gets_a_token_for_the_first() {
        let first = Asked::first_of("openid api://a/read api://b/read").unwrap();
        assert_eq!((first.resource, first.scopes.len()), (ResourceName::Named("api://a".into()), 1));
        assert_eq!(Asked::first_of("openid").unwrap().resource, ResourceName::MicrosoftGraph);
    }
}
