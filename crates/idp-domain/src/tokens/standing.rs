//! Where a person stands in their directory: what they are assigned to and belong to, as far as tokens tell of it.
//!
//! [`Needs`] says what has to be read, and no more than that; [`Standing`] is what was read. Links and assignments have no
//! revision that a guard could name, so one that ends between reading and committing may still be told, in a token that
//! would have told it for its whole life had it been asked for a moment earlier. Whoever must not get tokens any more is
//! disabled or loses their grants, and those are guarded.

use uuid::Uuid;
use vestibule_wire::claims::optional;
use vestibule_wire::graph::{MemberType, OptionalClaim};
use vestibule_wire::ids::GroupId;

use crate::applications::{Client, Registration};
use crate::consent::ConsentedScopes;
use crate::directory::{TransitiveGroup, User, UserType};
use crate::tenant::Tenant;

/// What was read. What there is no need of is empty.
#[derive(Debug, Clone, Default)]
pub struct Standing {
    /// On the client, whose ID token it is. When the client is the resource too, only that is looked at.
    pub client: Assigned,
    /// On the resource, whose access token it is.
    pub resource: Assigned,
    /// All groups the person is in.
    pub groups: Vec<TransitiveGroup>,
    /// The verified domains of the tenant.
    pub domains: Vec<String>,
}

/// What a person was assigned to of one application.
#[derive(Debug, Clone, Default)]
pub struct Assigned {
    /// The ids of app roles, their own and those of groups they are in directly.
    pub roles: Vec<Uuid>,
    /// The groups assigned to the application that they are in directly.
    pub groups: Vec<GroupId>,
}

/// What has to be read.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Needs {
    /// Of the person on the client.
    pub client: AssignedNeeds,
    /// Of the person on the resource.
    pub resource: AssignedNeeds,
    /// All groups the person is in.
    pub groups: bool,
    /// The verified domains of the tenant.
    pub domains: bool,
}

/// What has to be read of one application's assignments.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct AssignedNeeds {
    /// The ids of app roles.
    pub roles: bool,
    /// The groups assigned.
    pub groups: bool,
}

impl Needs {
    /// What has to be read of a person before a client can get these scopes.
    pub fn of(tenant: &Tenant, client: &Client, user: &User, scopes: &ConsentedScopes) -> Self {
        let (client, resource) = (client.registration(), scopes.resource().registration());
        let openid = scopes.oidc().openid;
        let mut needs = Self {
            client: AssignedNeeds::of(client, openid),
            resource: AssignedNeeds::of(resource, true),
            groups: tells_groups(resource) || openid && tells_groups(client),
            domains: tells_mail(client, resource, user, scopes) && needs_domains(tenant, user),
        };
        if client.principal.id == resource.principal.id {
            let AssignedNeeds { roles, groups } = std::mem::take(&mut needs.client);
            needs.resource.roles |= roles;
            needs.resource.groups |= groups;
        }
        needs
    }
}

impl AssignedNeeds {
    /// Nothing of an application that neither asks for an assignment nor has anything to be assigned to.
    fn of(registration: &Registration, told: bool) -> Self {
        let Registration { principal, application } = registration;
        let has_roles = || {
            application
                .app_roles
                .iter()
                .any(|role| role.is_enabled && role.allowed_member_types.contains(&MemberType::User))
        };
        Self {
            roles: principal.assignment_required || told && has_roles(),
            groups: told && application.group_membership_claims.application_groups,
        }
    }
}

fn tells_groups(registration: &Registration) -> bool {
    let claims = registration.application.group_membership_claims;
    claims.security_groups || claims.all
}

/// Whether a token might tell the person's mail address, or that it is verified.
fn tells_mail(client: &Registration, resource: &Registration, user: &User, scopes: &ConsentedScopes) -> bool {
    let asks = |claims: &[OptionalClaim]| {
        claims.iter().any(|claim| {
            [optional::EMAIL, optional::XMS_EDOV, optional::VERIFIED_PRIMARY_EMAIL].contains(&&*claim.name)
        })
    };
    let oidc = scopes.oidc();
    user.user_type == UserType::Guest
        || oidc.openid && (oidc.email || asks(&client.application.optional_claims.id_token))
        || asks(&resource.application.optional_claims.access_token)
}

/// The default domain is verified, and read with the tenant.
fn needs_domains(tenant: &Tenant, user: &User) -> bool {
    user.mail.as_deref().is_some_and(|mail| !is_verified_mail(mail, [&tenant.default_domain]))
}

/// Whether a mail address belongs to a domain that its tenant has proved to own (CN-11). Of any other address the directory
/// knows only what somebody wrote into it.
pub fn is_verified_mail<'a>(mail: &str, domains: impl IntoIterator<Item = &'a String>) -> bool {
    let Some((_, domain)) = mail.rsplit_once('@') else { return false };
    domains.into_iter().any(|ours| ours.eq_ignore_ascii_case(domain))
}
