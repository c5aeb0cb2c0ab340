//! A client proves itself with somebody else's token: one that an issuer has made for a workload, and that the
//! application's registration trusts (`federatedIdentityCredential`, workload identity federation).
//!
//! 1. The registration names issuer, subject and audience of the token, each byte for byte. Before that nobody is asked
//!    anything: an issuer is reached only because an administrator wrote its address down (CA-26).
//! 2. The issuer's keys verify it, with RS256 and by the strict rules: these tokens come from issuers, not from clients.
//! 3. It says what the registration names, and is good now.
//!
//! Such a token is presented for as long as it lives, by whatever the workload is, so it is not used up.

use jiff::Timestamp;
use vestibule_jose::client_assertion::{AssertionAudience, AssertionClaims, ClientAssertion};
use vestibule_jose::{ClaimError, JwtError, Refused, ValidClaims, Validation, Verifier};
use vestibule_wire::claims::ClientAuthentication;

use super::{AssertionRefusal, AuthenticatedClient, ValidityWindow};
use crate::applications::{Application, FederatedCredential, Registration};

/// How far the issuer's clock may be from ours, in seconds.
const SKEW: u32 = 300;

/// A federated credential that names what a token claims. Made only by [`Application::federated_credential`].
#[derive(Debug, Clone, Copy)]
pub struct MatchedCredential<'a>(&'a FederatedCredential);

/// No federated credential of the application names what a token claims.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mismatch {
    /// It has none.
    NoCredentials,
    /// None has this issuer.
    Issuer,
    /// None of this issuer has this subject.
    Subject,
    /// None of this issuer and subject has this audience, or there is more than one.
    Audience,
}

impl Application {
    /// The federated credential that names what a token claims: compared byte for byte, as the service does.
    pub fn federated_credential(&self, claimed: &AssertionClaims) -> Result<MatchedCredential<'_>, Mismatch> {
        let mut mismatch =
            if self.federated_credentials.is_empty() { Mismatch::NoCredentials } else { Mismatch::Issuer };
        for credential in self.federated_credentials.iter().filter(|one| one.issuer == claimed.issuer) {
            if credential.subject != claimed.subject {
                if mismatch != Mismatch::Audience {
                    mismatch = Mismatch::Subject;
                }
                continue;
            }
            let audience = sole(&claimed.audience);
            if audience.is_some_and(|audience| credential.audiences.iter().any(|one| one == audience)) {
                return Ok(MatchedCredential(credential));
            }
            mismatch = Mismatch::Audience;
        }
        Err(mismatch)
    }
}

/// The one audience. Kubernetes writes a list of one.
fn sole(audience: &AssertionAudience) -> Option<&str> {
    match audience {
        AssertionAudience::One(one) => Some(one),
        AssertionAudience::List(list) => match list.as_slice() {
            [one] => Some(one),
            _ => None,
        },
    }
}

impl MatchedCredential<'_> {
    /// Whose keys verify the token.
    pub fn issuer(&self) -> &str {
        &self.0.issuer
    }
}

impl AuthenticatedClient {
    /// Checks a token of the issuer that a federated credential of the application names, with that issuer's keys.
    /// `own`: the issuer is this server.
    pub fn by_federation(
        registration: Registration,
        credential: MatchedCredential<'_>,
        assertion: &ClientAssertion,
        keys: &Verifier,
        own: bool,
        now: Timestamp,
    ) -> Result<Self, AssertionRefusal> {
        let MatchedCredential(credential) = credential;
        let jwt = keys.verify(assertion.text()).map_err(not_verified)?;
        let audiences: Vec<&str> = credential.audiences.iter().map(String::as_str).collect();
        let expected = Validation::new(&credential.issuer, &audiences, now.as_second())
            .issued_at_optional()
            .leeway_seconds(SKEW);
        let claims = expected.check(jwt).map_err(|refused| not_accepted(refused, assertion.claimed()))?;
        if claims.subject() != Ok(&*credential.subject) {
            return Err(AssertionRefusal::SubjectMismatch);
        }
        if own && !is_app_only(&claims) {
            return Err(AssertionRefusal::NotAppOnly);
        }
        if !registration.principal.enabled {
            return Err(AssertionRefusal::Disabled);
        }
        Ok(Self { registration, by: ClientAuthentication::Certificate, spends: None })
    }
}

/// Entra: a token of this issuer is somebody's sign-in unless it is about the application that it was issued to.
fn is_app_only(claims: &ValidClaims) -> bool {
    let text = |name| claims.optional_str_claim(name).ok().flatten();
    text("oid").is_some() && text("oid") == claims.subject().ok() && text("scp").is_none()
}

fn not_verified(reason: JwtError) -> AssertionRefusal {
    match reason {
        JwtError::UnknownKey | JwtError::NoKeyNamed => AssertionRefusal::KeyNotFound,
        JwtError::AlgorithmMismatch => AssertionRefusal::Algorithm,
        JwtError::Signature => AssertionRefusal::Signature,
        _ => AssertionRefusal::Type,
    }
}

fn not_accepted(refused: Refused, claims: &AssertionClaims) -> AssertionRefusal {
    match refused {
        Refused::Expired | Refused::NotYetValid | Refused::IssuedInTheFuture | Refused::Lifetime => {
            AssertionRefusal::OutOfTime(ValidityWindow::of(claims))
        }
        Refused::Audience => AssertionRefusal::Audience,
        Refused::KeyIssuer => AssertionRefusal::KeyNotFound,
        Refused::Issuer
        | Refused::Claim(ClaimError::Missing(_) | ClaimError::WrongType(_) | ClaimError::Shape) => {
            AssertionRefusal::Type
        }
    }
}
