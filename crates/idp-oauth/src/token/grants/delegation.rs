//! What the grants on behalf of a person share: which resource is asked for, and what was consented to there.

use idp_domain::applications::Resource;
use idp_domain::consent::ConsentedScopes;
use idp_domain::sessions::SignedIn;
use idp_domain::tokens::Granted;
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
    let Exchange { app, tenant, client, .. } = exchange;
    let Asked { resource: name, scopes, oidc } = asked(granted, requested)?;
    // 1. The resource is registered in this tenant, and enabled.
    let registration = resources::find(app, tenant.id, &name).await?;
    let registration = registration.ok_or_else(|| TokenError::resource_not_found(&name, tenant))?;
    let resource =
        Resource::enabled(registration).map_err(|_| TokenError::ResourceDisabled(name.to_string()))?;
    // 2. What is asked was consented to, and still is (RT-09).
    let grants = app
        .store
        .permission_grants(tenant.id, client.registration().principal.id, signed_in.user().id)
        .await?;
    let consented = ConsentedScopes::check(&scopes, oidc, resource.clone(), &grants)
        .map_err(|refusal| TokenError::consent(refusal, client.registration(), &resource))?;
    Ok(Granted::delegated(tenant.clone(), client.clone(), signed_in, consented))
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
