//! Access tokens in the v2.0 form.

use vestibule_jose::SignError;
use vestibule_wire::claims::access_v2::{AppAccessToken, UserAccessToken};
use vestibule_wire::claims::{IDTYP_APP, Person, V2, optional};

use super::person::Told;
use super::{Answer, Audience, TokenForm, memberships};
use crate::applications::AssignedRoles;
use crate::tokens::granted::UserGrant;

pub(super) fn for_application(answer: &Answer<'_>, roles: &AssignedRoles) -> Result<String, SignError> {
    let principal = &answer.client().principal;
    let claims = AppAccessToken {
        aud: answer.resource.client_id(),
        iss: &answer.issuer(TokenForm::V2),
        iat: answer.backdated,
        nbf: answer.backdated,
        exp: answer.access_expires,
        azp: answer.client().client_id(),
        azpacr: answer.client.authentication().as_str(),
        idtyp: answer.resource_asks(optional::IDTYP).then_some(IDTYP_APP),
        oid: principal.id,
        rh: &answer.rh,
        roles: roles.values(),
        sub: principal.id,
        tid: principal.tenant,
        uti: &answer.uti,
        ver: V2,
    };
    answer.sign(TokenForm::V2, &claims)
}

pub(super) fn for_user(answer: &Answer<'_>, user: &UserGrant) -> Result<String, SignError> {
    let audience = Audience::of_access_token(answer, user);
    let told = Told { answer, user, audience: &audience };
    let claims = UserAccessToken {
        aud: answer.resource.client_id(),
        iss: &answer.issuer(TokenForm::V2),
        iat: answer.backdated,
        nbf: answer.backdated,
        exp: answer.access_expires,
        aio: &answer.provenance(user),
        azp: answer.client().client_id(),
        azpacr: answer.client.authentication().as_str(),
        oid: told.account().id,
        person: Person { idtyp: told.idtyp(), ..told.usual_in_v2() },
        rh: &answer.rh,
        memberships: memberships::of(&told),
        scp: &user.scopes.scp(),
        sub: &answer.subject(user, answer.resource.client_id()),
        tid: told.account().tenant,
        uti: &answer.uti,
        ver: V2,
        xms_cc: told.capabilities(),
    };
    answer.sign(TokenForm::V2, &claims)
}
