//! Access tokens in the v1.0 form.

use std::borrow::Cow;

use vestibule_jose::SignError;
use vestibule_wire::claims::access_v1::{AppAccessToken, UserAccessToken};
use vestibule_wire::claims::{ACR_BASICS, IDTYP_APP, Person, V1, optional};

use super::person::Told;
use super::{Answer, Audience, TokenForm, asks_with, memberships};
use crate::applications::AssignedRoles;
use crate::directory::role;
use crate::tokens::granted::UserGrant;

pub(super) fn for_application(answer: &Answer<'_>, roles: &AssignedRoles) -> Result<String, SignError> {
    let issuer = answer.issuer(TokenForm::V1);
    let principal = &answer.client().principal;
    let graph = answer.is_for_microsoft_graph();
    let claims = AppAccessToken {
        aud: &audience(answer),
        iss: &issuer,
        iat: answer.backdated,
        nbf: answer.backdated,
        exp: answer.access_expires,
        app_displayname: graph.then_some(&answer.client().application.display_name),
        appid: answer.client().client_id(),
        appidacr: answer.client.authentication().as_str(),
        idp: &issuer,
        idtyp: (graph || answer.resource_asks(optional::IDTYP)).then_some(IDTYP_APP),
        oid: principal.id,
        rh: &answer.rh,
        roles: roles.values(),
        sub: principal.id,
        tid: principal.tenant,
        uti: &answer.uti,
        ver: V1,
        wids: graph.then_some([role::ORDINARY_APPLICATION]),
        xms_tcdt: graph.then(|| answer.tenant.created_at.as_second()),
    };
    answer.sign(TokenForm::V1, &claims)
}

pub(super) fn for_user(answer: &Answer<'_>, user: &UserGrant) -> Result<String, SignError> {
    let audience_of = Audience::of_access_token(answer, user);
    let told = Told { answer, user, audience: &audience_of };
    let graph = answer.is_for_microsoft_graph();
    let claims = UserAccessToken {
        aud: &audience(answer),
        iss: &answer.issuer(TokenForm::V1),
        iat: answer.backdated,
        nbf: answer.backdated,
        exp: answer.access_expires,
        acr: ACR_BASICS,
        aio: &answer.provenance(user),
        amr: user.signed_in.facts().amr(),
        app_displayname: graph.then_some(&answer.client().application.display_name),
        appid: answer.client().client_id(),
        appidacr: answer.client.authentication().as_str(),
        oid: told.account().id,
        person: Person { idtyp: told.idtyp(), ..told.usual_in_v1() },
        rh: &answer.rh,
        memberships: memberships::of(&told),
        scp: &user.scopes.scp(),
        sub: &answer.subject(user, answer.resource.client_id()),
        tid: told.account().tenant,
        uti: &answer.uti,
        ver: V1,
        xms_cc: told.capabilities(),
        xms_tcdt: graph.then(|| answer.tenant.created_at.as_second()),
    };
    answer.sign(TokenForm::V1, &claims)
}

/// The resource as it was asked for, unless it wants its client id always.
fn audience<'a>(answer: &'a Answer<'_>) -> Cow<'a, str> {
    let asked = &answer.resource.registration().application.optional_claims.access_token;
    if asks_with(asked, optional::AUD, optional::USE_GUID) {
        Cow::Owned(answer.resource.client_id().to_string())
    } else {
        answer.resource.spelled()
    }
}
