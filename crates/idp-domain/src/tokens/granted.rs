//! What may be issued. `Granted` has two constructors, and their arguments are proofs: an authenticated client or a
//! signed-in person, and roles or scopes that were assigned or consented to.

use serde::{Deserialize, Serialize};

use super::{Family, FamilyId};
use crate::applications::{AssignedRoles, AuthenticatedClient, Client, Platform, Resource};
use crate::consent::ConsentedScopes;
use crate::sealed::Month;
use crate::sessions::SignedIn;
use crate::tenant::Tenant;

/// Proof that a token may be issued. Spent by [`super::issue`].
#[derive(Debug)]
pub struct Granted {
    pub(super) tenant: Tenant,
    pub(super) client: Client,
    pub(super) subject: Subject,
}

/// Whom the token is about.
#[derive(Debug)]
pub(super) enum Subject {
    /// The client itself.
    App(AssignedRoles),
    /// A person.
    User(Box<UserGrant>),
}

#[derive(Debug)]
pub(super) struct UserGrant {
    pub(super) signed_in: SignedIn,
    pub(super) scopes: ConsentedScopes,
    pub(super) wishes: IdTokenWishes,
    pub(super) refresh: Option<RefreshGrant>,
}

/// What the client asked to find in its ID token.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct IdTokenWishes {
    /// The `nonce` of the authorize request, byte-exact.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub nonce: Option<String>,
    /// `auth_time`: `max_age` was given, or `claims` asked for it.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub auth_time: bool,
    /// `login_hint`: `claims` asked for it.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub login_hint: bool,
}

/// The family a refresh token is to belong to.
#[derive(Debug, Clone, Copy)]
pub struct RefreshGrant {
    /// The family.
    pub family: FamilyId,
    /// The slot of its row.
    pub month: Month,
    /// Its generation, after this answer.
    pub generation: i64,
    /// The kind of program it belongs to.
    pub platform: Platform,
    /// When the family started.
    pub started_at: jiff::Timestamp,
}

impl RefreshGrant {
    /// A refresh token of this family, at its generation.
    pub fn of(family: &Family) -> Self {
        let Family { id, month, generation, platform, started_at, .. } = *family;
        Self { family: id, month, generation, platform, started_at }
    }
}

impl Granted {
    /// The resource: the one that the roles or scopes are of, so that no other can be meant.
    pub(super) fn resource(&self) -> &Resource {
        match &self.subject {
            Subject::App(roles) => roles.resource(),
            Subject::User(user) => user.scopes.resource(),
        }
    }

    /// An application, for itself.
    pub fn app_only(tenant: Tenant, client: AuthenticatedClient, roles: AssignedRoles) -> Self {
        Self { tenant, client: Client::Confidential(client), subject: Subject::App(roles) }
    }

    /// A client, on behalf of a person.
    pub fn delegated(tenant: Tenant, client: Client, signed_in: SignedIn, scopes: ConsentedScopes) -> Self {
        let user = UserGrant { signed_in, scopes, wishes: IdTokenWishes::default(), refresh: None };
        Self { tenant, client, subject: Subject::User(Box::new(user)) }
    }

    /// Says what the ID token is to carry.
    #[must_use]
    pub fn wishing(mut self, wishes: IdTokenWishes) -> Self {
        if let Subject::User(user) = &mut self.subject {
            user.wishes = wishes;
        }
        self
    }

    /// Adds a refresh token, if `offline_access` was asked for.
    #[must_use]
    pub fn renewable(mut self, refresh: RefreshGrant) -> Self {
        if let Subject::User(user) = &mut self.subject {
            user.refresh = user.scopes.oidc().offline_access.then_some(refresh);
        }
        self
    }
}
