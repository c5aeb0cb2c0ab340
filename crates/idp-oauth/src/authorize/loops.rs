//! Loop detection (AZ-54): a program that sends the browser here, does not like what it gets and sends it again, and again.
//! Nobody sees it, since whoever is signed in is not asked; without an end to it, it would go on until the browser gives up.
//!
//! The same request is: in the same session, of the same client, to the same redirect URI, for the same response type,
//! response mode and scope, with the same prompt. What differs each time is left out: `state`, `nonce`, the proof key. A
//! page that renews tokens for ten resources at once asks ten different things.

use idp_domain::sessions::SignedIn;
use idp_web::limits::Looping;
use idp_web::request::RequestInfo;
use idp_web::state::App;

use super::checks::ValidRequest;
use super::raw::AnswerableRequest;

/// Counts a request that is about to be answered without anybody being asked.
pub(super) fn count(
    app: &App,
    info: &RequestInfo,
    request: &AnswerableRequest,
    valid: &ValidRequest,
    signed_in: &SignedIn,
) -> Result<(), Looping> {
    let (session, client) = (signed_in.session(), request.client());
    let response = valid.response;
    let kind = [response.code, response.id_token, response.token].map(u8::from);
    let prompt = valid.prompt.map_or(u8::MAX, |prompt| prompt as u8);
    let same: [&[u8]; 7] = [
        session.as_bytes(),
        client.as_bytes(),
        request.redirect().as_str().as_bytes(),
        &kind,
        request.answer_to().mode.as_str().as_bytes(),
        &[prompt],
        valid.scope.as_bytes(),
    ];
    app.limits.same_request(app.sealer.keyed_hash("sign-in in a loop", &same), info.now())
}
