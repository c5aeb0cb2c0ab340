//! What tokens say: one file for each form. The resource decides the form of the access token, the endpoint that of the ID
//! token, and nothing else here or elsewhere asks for it.
//!
//! What an application may have beyond the usual claims stands in its manifest: that of the *resource* rules access tokens,
//! that of the *client* ID tokens. [`Audience`] is the one or the other.

mod access_v1;
mod access_v2;
mod form;
mod id_v1;
mod id_v2;
mod memberships;
mod person;

use jiff::Timestamp;
use serde::Serialize;
use vestibule_jose::hash::half_hash;
use vestibule_jose::{Algorithm, SignError};
use vestibule_wire::graph::OptionalClaim;
use vestibule_wire::ids::ClientId;

pub use form::TokenForm;

use super::granted::{Delivery, Place, Subject, UserGrant};
use super::{Mint, Provenance, pairwise_subject};
use crate::applications::{Application, Client, Registration, Resource};
use crate::tenant::Tenant;

/// What all tokens of one answer share.
pub(super) struct Answer<'a> {
    pub(super) mint: &'a Mint<'a>,
    pub(super) tenant: &'a Tenant,
    pub(super) client: &'a Client,
    pub(super) resource: &'a Resource,
    pub(super) now: Timestamp,
    /// `iat` and `nbf`.
    pub(super) backdated: i64,
    pub(super) access_expires: i64,
    pub(super) id_expires: i64,
    pub(super) rh: String,
    pub(super) uti: String,
}

/// The hashes of what travels beside an ID token.
#[derive(Default)]
struct Beside {
    at_hash: Option<String>,
    c_hash: Option<String>,
}

/// The application a token is for, with what its manifest asks for in such a token.
struct Audience<'a> {
    application: &'a Application,
    place: &'a Place,
    asked: &'a [OptionalClaim],
}

impl Answer<'_> {
    /// The access token, in the form that the resource takes.
    pub(super) fn access_token(&self, subject: &Subject) -> Result<String, SignError> {
        let form = TokenForm::of_access_tokens_for(self.resource.registration());
        match (form, subject) {
            (TokenForm::V1, Subject::App(roles)) => access_v1::for_application(self, roles),
            (TokenForm::V2, Subject::App(roles)) => access_v2::for_application(self, roles),
            (TokenForm::V1, Subject::User(user)) => access_v1::for_user(self, user),
            (TokenForm::V2, Subject::User(user)) => access_v2::for_user(self, user),
        }
    }

    /// The ID token, in the form of the endpoint. It vouches for what travels beside it through a browser (OpenID Connect
    /// Core §3.3.2.11); in a body there is nothing to vouch for.
    pub(super) fn id_token(&self, user: &UserGrant, access_token: Option<&str>) -> Result<String, SignError> {
        let hash = |beside: &str| half_hash(Algorithm::Rs256, beside);
        let beside = match user.delivery {
            Delivery::Body => Beside::default(),
            Delivery::FrontChannel { .. } => {
                Beside { at_hash: access_token.map(hash), c_hash: user.code_beside().map(hash) }
            }
        };
        match user.id_form {
            TokenForm::V1 => id_v1::for_user(self, user, beside),
            TokenForm::V2 => id_v2::for_user(self, user, beside),
        }
    }

    const fn client(&self) -> &Registration {
        self.client.registration()
    }

    fn is_for_microsoft_graph(&self) -> bool {
        self.resource.client_id() == ClientId::MICROSOFT_GRAPH
    }

    fn resource_asks(&self, name: &str) -> bool {
        let asked = &self.resource.registration().application.optional_claims.access_token;
        asked.iter().any(|claim| claim.name == name)
    }

    fn issuer(&self, form: TokenForm) -> String {
        form.issuer(self.mint.origin, self.tenant.id)
    }

    /// The user as one application knows them.
    fn subject(&self, user: &UserGrant, application: ClientId) -> String {
        let account = user.signed_in.user();
        pairwise_subject(self.mint.sealer, account.tenant, application, account.id)
    }

    fn provenance(&self, user: &UserGrant) -> String {
        Provenance::of(user).seal(self.mint.sealer, self.now, self.mint.random)
    }

    fn sign(&self, form: TokenForm, claims: &impl Serialize) -> Result<String, SignError> {
        self.mint.keys.current().sign(form.header(), claims)
    }
}

impl<'a> Audience<'a> {
    fn of_access_token(answer: &'a Answer<'a>, user: &'a UserGrant) -> Self {
        let application = &*answer.resource.registration().application;
        Self { application, place: &user.on_resource, asked: &application.optional_claims.access_token }
    }

    fn of_id_token(answer: &'a Answer<'a>, user: &'a UserGrant) -> Self {
        let application = &*answer.client().application;
        Self { application, place: &user.on_client, asked: &application.optional_claims.id_token }
    }

    fn asks(&self, name: &str) -> bool {
        self.asked.iter().any(|claim| claim.name == name)
    }

    fn asks_with(&self, name: &str, property: &str) -> bool {
        asks_with(self.asked, name, property)
    }
}

fn asks_with(asked: &[OptionalClaim], name: &str, property: &str) -> bool {
    asked
        .iter()
        .filter(|claim| claim.name == name)
        .any(|claim| claim.additional_properties.iter().any(|word| word == property))
}
