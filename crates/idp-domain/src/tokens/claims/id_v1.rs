//! ID tokens in the v1.0 form: everything usual is told, whatever the scopes.

use vestibule_jose::SignError;
use vestibule_wire::claims::id_v1::IdToken;
use vestibule_wire::claims::{Person, V1};

use super::person::Told;
use super::{Answer, Audience, Beside, TokenForm, memberships};
use crate::tokens::granted::UserGrant;

pub(super) fn for_user(answer: &Answer<'_>, user: &UserGrant, beside: Beside) -> Result<String, SignError> {
    let audience = Audience::of_id_token(answer, user);
    let told = Told { answer, user, audience: &audience };
    let usual = told.usual_in_v1();
    let claims = IdToken {
        aud: answer.client().client_id(),
        iss: &answer.issuer(TokenForm::V1),
        iat: answer.backdated,
        nbf: answer.backdated,
        exp: answer.id_expires,
        amr: user.signed_in.facts().amr(),
        at_hash: beside.at_hash,
        c_hash: beside.c_hash,
        nonce: user.wishes.nonce.as_deref(),
        oid: told.account().id,
        person: Person {
            auth_time: usual.auth_time.or_else(|| user.wishes.auth_time.then(|| told.auth_time())),
            login_hint: usual
                .login_hint
                .clone()
                .or_else(|| user.wishes.login_hint.then(|| told.login_hint())),
            sid: Some(user.signed_in.session()),
            ..usual
        },
        rh: &answer.rh,
        memberships: memberships::of(&told),
        sub: &answer.subject(user, answer.client().client_id()),
        tid: told.account().tenant,
        uti: &answer.uti,
        ver: V1,
    };
    answer.sign(TokenForm::V1, &claims)
}
