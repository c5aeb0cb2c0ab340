//! ID tokens in the v2.0 form (OpenID Connect Core §2): what is told depends on the scopes (§5.4).

use vestibule_jose::SignError;
use vestibule_wire::claims::id_v2::IdToken;
use vestibule_wire::claims::{Person, V2};

use super::person::Told;
use super::{Answer, Audience, Beside, TokenForm, memberships};
use crate::tokens::granted::UserGrant;

pub(super) fn for_user(answer: &Answer<'_>, user: &UserGrant, beside: Beside) -> Result<String, SignError> {
    let audience = Audience::of_id_token(answer, user);
    let told = Told { answer, user, audience: &audience };
    let oidc = user.scopes.oidc();
    let usual = told.usual_in_v2();
    let claims = IdToken {
        aud: answer.client().client_id(),
        iss: &answer.issuer(TokenForm::V2),
        iat: answer.backdated,
        nbf: answer.backdated,
        exp: answer.id_expires,
        at_hash: beside.at_hash,
        c_hash: beside.c_hash,
        nonce: user.wishes.nonce.as_deref(),
        oid: oidc.profile.then_some(told.account().id),
        person: Person {
            auth_time: usual.auth_time.or_else(|| user.wishes.auth_time.then(|| told.auth_time())),
            email: usual.email.or_else(|| if oidc.email || told.is_guest() { told.email() } else { None }),
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
        ver: V2,
    };
    answer.sign(TokenForm::V2, &claims)
}
