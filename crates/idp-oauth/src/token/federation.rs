//! Workload identity federation: a client presents the token that another issuer made for it.
//!
//! 1. Does the registration trust it?   2. whose keys?   3. is it good?

use idp_domain::applications::{
    AssertionRefusal, AuthenticatedClient, MatchedCredential, Realm, Registration,
};
use idp_web::state::App;
use jiff::Timestamp;
use vestibule_jose::client_assertion::ClientAssertion;

use super::TokenError;
use super::assertion_failure::AssertionFailure;

/// Turns a foreign token into proof, if the application's registration says that it is.
pub(super) async fn by_federation(
    app: &App,
    registration: Registration,
    assertion: &ClientAssertion,
    now: Timestamp,
) -> Result<AuthenticatedClient, TokenError> {
    let application = registration.application.clone();
    let refused = |refusal| AssertionFailure::refused(refusal, &application, assertion, now).into();
    // 1. By what the token claims: nothing is fetched for a token that would not be trusted anyway (CA-26).
    let credential = application
        .federated_credential(assertion.claimed())
        .map_err(|mismatch| AssertionFailure::untrusted(mismatch, &application, assertion))?;
    // 2. Our own keys are at hand.
    if Realm::is_own_issuer(app.origin.as_str(), credential.issuer()) {
        let keys = app.keys.verifier();
        return AuthenticatedClient::by_federation(registration, credential, assertion, keys, true, now)
            .map_err(refused);
    }
    foreign(app, registration, credential, assertion, now).await?.map_err(refused)
}

async fn foreign(
    app: &App,
    registration: Registration,
    credential: MatchedCredential<'_>,
    assertion: &ClientAssertion,
    now: Timestamp,
) -> Result<Result<AuthenticatedClient, AssertionRefusal>, TokenError> {
    let issuer = credential.issuer();
    let keys = app
        .issuers
        .of(issuer, now)
        .await
        .map_err(|cause| AssertionFailure::NoKeys { issuer: issuer.to_owned(), reason: cause.to_string() })?;
    let present = |registration, keys: &_| {
        AuthenticatedClient::by_federation(registration, credential, assertion, keys, false, now)
    };
    // 3. A key that is not among those at hand may be newer than they are.
    let outcome = present(registration.clone(), &keys);
    let Err(AssertionRefusal::KeyNotFound) = outcome else { return Ok(outcome) };
    match app.issuers.anew(issuer, now).await {
        Some(keys) => Ok(present(registration, &keys)),
        None => Ok(outcome),
    }
}
