//! What may be issued. `Granted` has two constructors, and their arguments are proofs: an authenticated client or a
//! signed-in person, and roles or scopes that were assigned or consented to.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use vestibule_wire::ids::{GroupId, TenantId};

use super::claims::TokenForm;
use super::standing::Assigned;
use super::{Family, FamilyId, Standing};
use crate::applications::{AssignedRoles, AuthenticatedClient, Client, NotAssigned, Platform, Resource};
use crate::consent::ConsentedScopes;
use crate::directory::TransitiveGroup;
#[cfg(doc)]
use crate::directory::User;
use crate::policies::Admitted;
use crate::sealed::Month;
use crate::sessions::SignedIn;
use crate::tenant::Tenant;

impl Subject {
    /// When it counts as issued: not before the sign-in, which may count as of the next second ([`User::proves_at`]).
    pub(super) fn issued_at(&self, now: Timestamp) -> Timestamp {
        match self {
            Self::App(_) => now,
            Self::User(user) => now.max(user.signed_in.facts().authenticated_at()),
        }
    }
}

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
    /// What the client's ID token tells of.
    pub(super) on_client: Place,
    /// What the resource's access token tells of.
    pub(super) on_resource: Place,
    pub(super) groups: Vec<TransitiveGroup>,
    pub(super) domains: Vec<String>,
    pub(super) wishes: IdTokenWishes,
    pub(super) id_form: TokenForm,
    pub(super) delivery: Delivery,
    /// What the client's program says it can do.
    pub(super) capabilities: Vec<String>,
    pub(super) refresh: Option<RefreshGrant>,
    /// The family whose end ends what can be got with the access token, and its tenant.
    pub(super) family: Option<(TenantId, FamilyId)>,
}

impl UserGrant {
    /// Whether an ID token is to be issued.
    pub(super) fn wants_id_token(&self) -> bool {
        match &self.delivery {
            Delivery::Body => self.scopes.oidc().openid,
            Delivery::FrontChannel { id_token, .. } => *id_token,
        }
    }

    /// The code that travels beside the tokens.
    pub(super) fn code_beside(&self) -> Option<&str> {
        match &self.delivery {
            Delivery::Body => None,
            Delivery::FrontChannel { code, .. } => code.as_deref(),
        }
    }
}

/// What a person may be and belongs to in one application, who was let in by it.
#[derive(Debug)]
pub(super) struct Place {
    pub(super) roles: AssignedRoles,
    pub(super) groups: Vec<GroupId>,
}

impl Place {
    fn on(resource: Resource, assigned: Assigned) -> Result<Self, NotAssigned> {
        let Assigned { roles, groups } = assigned;
        Ok(Self { roles: AssignedRoles::on(resource, &roles)?, groups })
    }
}

/// How tokens travel, which decides which of them there are and how much they can carry.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum Delivery {
    /// In the body of an answer: an access token, and an ID token when `openid` was asked for.
    #[default]
    Body,
    /// In a URL or a form that a browser carries, from the authorize endpoint: those of `response_type`.
    FrontChannel {
        /// `token` is among the words.
        access_token: bool,
        /// `id_token` is among the words.
        id_token: bool,
        /// The code that travels with them.
        code: Option<String>,
    },
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
    /// The tenant of the family, whichever the tokens are for.
    pub tenant: TenantId,
    /// The family.
    pub family: FamilyId,
    /// The slot of its row.
    pub month: Month,
    /// Its generation, after this answer.
    pub generation: i64,
    /// The kind of program it belongs to.
    pub platform: Platform,
    /// When the family started.
    pub started_at: Timestamp,
}

impl RefreshGrant {
    /// A refresh token of this family, at its generation.
    pub fn of(family: &Family) -> Self {
        let Family { tenant, id, month, generation, platform, started_at, .. } = *family;
        Self { tenant, family: id, month, generation, platform, started_at }
    }
}

impl Granted {
    /// Whether an access token is to be issued.
    pub(super) fn wants_access_token(&self) -> bool {
        match &self.subject {
            Subject::App(_) => true,
            Subject::User(user) => {
                matches!(user.delivery, Delivery::Body | Delivery::FrontChannel { access_token: true, .. })
            }
        }
    }

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

    /// A client, on behalf of a person whom the organisation lets in the way they signed in, and who must be assigned to the client and to the resource if those ask for it
    /// (§5.6). The standing is that of this person, with regard to this client and the resource of the scopes.
    pub fn delegated(
        tenant: Tenant,
        client: Client,
        admitted: Admitted,
        scopes: ConsentedScopes,
        standing: Standing,
    ) -> Result<Self, NotAssigned> {
        let Standing { client: on_client, resource: on_resource, groups, domains } = standing;
        let (of_client, resource) = (Resource::of_client(&client), scopes.resource().clone());
        let same = of_client.registration().principal.id == resource.registration().principal.id;
        let on_client = if same { on_resource.clone() } else { on_client };
        let user = UserGrant {
            signed_in: admitted.into_signed_in(),
            on_client: Place::on(of_client, on_client)?,
            on_resource: Place::on(resource, on_resource)?,
            scopes,
            groups,
            domains,
            wishes: IdTokenWishes::default(),
            id_form: TokenForm::V2,
            delivery: Delivery::default(),
            capabilities: Vec::new(),
            refresh: None,
            family: None,
        };
        Ok(Self { tenant, client, subject: Subject::User(Box::new(user)) })
    }

    /// Says which form the endpoint gives its ID tokens; that of v2.0, unless it is said.
    #[must_use]
    pub fn with_id_token_in(mut self, form: TokenForm) -> Self {
        if let Subject::User(user) = &mut self.subject {
            user.id_form = form;
        }
        self
    }

    /// Says how the tokens travel; in a body, unless it is said.
    #[must_use]
    pub fn delivered(mut self, delivery: Delivery) -> Self {
        if let Subject::User(user) = &mut self.subject {
            user.delivery = delivery;
        }
        self
    }

    /// Says what the ID token is to carry.
    #[must_use]
    pub fn wishing(mut self, wishes: IdTokenWishes) -> Self {
        if let Subject::User(user) = &mut self.subject {
            user.wishes = wishes;
        }
        self
    }

    /// Says what the client's program can do (`xms_cc`), which the access token repeats to a resource that asks for it.
    #[must_use]
    pub fn capable_of(mut self, capabilities: Vec<String>) -> Self {
        if let Subject::User(user) = &mut self.subject {
            user.capabilities = capabilities;
        }
        self
    }

    /// Whether a refresh token is among what is granted.
    pub fn is_renewable(&self) -> bool {
        matches!(&self.subject, Subject::User(user) if user.refresh.is_some())
    }

    /// Says of which family the token is that these are issued for: when that is revoked, they are no right to more.
    #[must_use]
    pub fn descending_from(mut self, tenant: TenantId, family: FamilyId) -> Self {
        if let Subject::User(user) = &mut self.subject {
            user.family = Some((tenant, family));
        }
        self
    }

    /// Says of which family the tokens are, and adds a refresh token, if `offline_access` was asked for.
    #[must_use]
    pub fn renewable(mut self, refresh: RefreshGrant) -> Self {
        if let Subject::User(user) = &mut self.subject {
            user.family = Some((refresh.tenant, refresh.family));
            user.refresh = user.scopes.oidc().offline_access.then_some(refresh);
        }
        self
    }
}
