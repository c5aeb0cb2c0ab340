//! What the grants on behalf of a person share: which resource is asked for, what was consented to there, and where the
//! person stands.

use futures_util::future::{try_join, try_join4};
use idp_domain::applications::{Registration, Resource};
use idp_domain::consent::ConsentedScopes;
use idp_domain::directory::User;
use idp_domain::sessions::SignedIn;
use idp_domain::store::Unavailable;
use idp_domain::tokens::{Assigned, AssignedNeeds, Granted, Needs, Standing};
use idp_web::state::App;
use vestibule_wire::scope::{OidcScopes, ResourceName, ResourceScope, ScopeRequest};

use super::super::{Exchange, TokenError};
use crate::resources;

/// One resource and what is asked of it.
struct Asked {
    resource: ResourceName,
    scopes: Vec<ResourceScope>,
    oidc: OidcScopes,
}

/// What a token is for: the first resource of `granted`, the scope of the sign-in, unless the token request has a
/// `requested` scope of its own, which then names at most one.
fn asked(granted: &str, requested: Option<&str>) -> Result<Asked, TokenError> {
    let first = ScopeRequest::parse(granted)?;
    let (scopes, oidc) = match requested {
        None => (first.permissions, first.oidc),
        Some(text) => {
            let own = ScopeRequest::parse(text)?;
            if own.resources().len() > 1 {
                return Err(TokenError::ScopeSpansResources(text.to_owned()));
            }
            // Nothing but OpenID Connect words: the resource is that of the sign-in.
            let scopes = if own.permissions.is_empty() { first.permissions } else { own.permissions };
            // A refresh token and an ID token continue what the sign-in asked for (CD-24: no more than was granted).
            let oidc = OidcScopes {
                openid: own.oidc.openid && first.oidc.openid,
                profile: own.oidc.profile && first.oidc.profile,
                email: own.oidc.email && first.oidc.email,
                offline_access: first.oidc.offline_access,
            };
            (scopes, oidc)
        }
    };
    let resource = scopes.first().map_or(ResourceName::MicrosoftGraph, |scope| scope.resource.clone());
    let scopes = scopes.into_iter().filter(|scope| scope.resource == resource).collect();
    Ok(Asked { resource, scopes, oidc })
}

/// The scope a refresh continues: that of the request if it names a resource, else that of the sign-in.
pub(super) async fn grant(
    exchange: &Exchange<'_>,
    signed_in: SignedIn,
    granted: &str,
    requested: Option<&str>,
) -> Result<Granted, TokenError> {
    let Exchange { app, tenant, client, capabilities, .. } = exchange;
    let Asked { resource: name, scopes, oidc } = asked(granted, requested)?;
    // 1. The resource is registered in this tenant, and enabled.
    let registration = resources::find(app, tenant.id, &name).await?;
    let registration = registration.ok_or_else(|| TokenError::resource_not_found(&name, tenant))?;
    let resource = Resource::enabled(registration)
        .map_err(|_| TokenError::ResourceDisabled(name.to_string()))?
        .asked_by(&name);
    // 2. What is asked was consented to, and still is (RT-09).
    let (registration, user) = (client.registration(), signed_in.user());
    let grants = app.store.permission_grants(tenant.id, registration.principal.id, user.id).await?;
    let consented =
        ConsentedScopes::check(&scopes, oidc, registration.client_id(), resource.clone(), &grants)
            .map_err(|refusal| TokenError::consent(refusal, registration, &resource))?;
    // 3. The person is assigned where one must be (§5.6); and what their tokens tell of.
    let needs = Needs::of(tenant, client, user, &consented);
    let standing = standing(app, needs, user, registration, resource.registration()).await?;
    let upn = user.upn.to_string();
    Granted::delegated(tenant.clone(), client.clone(), signed_in, consented, standing)
        .map(|granted| granted.capable_of(capabilities.to_vec()))
        .map_err(|refusal| TokenError::user_not_assigned(upn, &refusal.0))
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cd_24_a_token_request_cannot_add_openid_connect_scopes_that_the_sign_in_did_not_ask() {
        let asked = asked("api://a/read", Some("api://a/read openid offline_access")).unwrap();
        assert_eq!(asked.oidc, OidcScopes::default());
    }

    #[test]
    fn rt_06_a_token_request_may_name_another_resource_but_only_one() {
        let other = asked("api://a/read offline_access", Some("api://b/read")).unwrap();
        assert_eq!(other.resource, ResourceName::Named("api://b".into()));
        assert!(other.oidc.offline_access);
        assert!(asked("api://a/read", Some("api://b/read api://c/read")).is_err());
    }

    #[test]
    fn a_sign_in_for_several_resources_gets_a_token_for_the_first() {
        let first = asked("openid api://a/read api://b/read", None).unwrap();
        assert_eq!((first.resource, first.scopes.len()), (ResourceName::Named("api://a".into()), 1));
        assert_eq!(asked("openid", None).unwrap().resource, ResourceName::MicrosoftGraph);
    }
}
