//! A client proves itself with a key of its own: an assertion that it made, signed with the key of one of its certificates
//! (RFC 7523 §2.2, §3).
//!
//! How an assertion is spelled is read generously (`vestibule_jose::client_assertion`); whom it is from, whom it is for and
//! when it is good is not. Order: the key, the signature, and only then what it says.

use jiff::Timestamp;
use vestibule_jose::client_assertion::{
    AssertionAudience, AssertionClaims, ClientAssertion, NotVerified, VerifiedAssertion,
};
use vestibule_wire::claims::ClientAuthentication;
use vestibule_wire::ids::ClientId;

use super::{AuthenticatedClient, Realm, ValidityWindow};
use crate::applications::{Application, Registration};
use crate::changes::{SpentKind, SpentMark};
use crate::tenant::CompatProfile;

/// Why an assertion proves nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AssertionRefusal {
    /// No certificate of the application has the thumbprint, or the assertion names none.
    KeyNotFound,
    /// The certificate has expired, or is not valid yet.
    KeyOutOfDate,
    /// It is another kind of token.
    Type,
    /// It is not signed with RS256 or PS256.
    Algorithm,
    /// The signature is not that of the key.
    Signature,
    /// It is about another application than the one that asks.
    OtherClient,
    /// Issuer and subject differ.
    SubjectMismatch,
    /// It is for somebody else.
    Audience,
    /// It has a list of audiences.
    SeveralAudiences,
    /// It is not good yet, no longer, or for longer than anybody needs.
    OutOfTime(ValidityWindow),
    /// Of the own issuer's tokens only those that an application has for itself are taken.
    NotAppOnly,
    /// It was presented before, and the tenant takes each once.
    Replayed,
    /// The service principal is disabled.
    Disabled,
}

impl AuthenticatedClient {
    /// Checks an assertion that the client made itself against the certificates of the application.
    pub fn by_certificate(
        registration: Registration,
        assertion: &ClientAssertion,
        realm: &Realm<'_>,
        now: Timestamp,
    ) -> Result<Self, AssertionRefusal> {
        let client = registration.client_id();
        let verified = verified(&registration.application, assertion, now)?;
        check(verified.claims(), client, realm, now)?;
        // Afterwards, as with secrets: whether it is disabled is told to itself only.
        if !registration.principal.enabled {
            return Err(AssertionRefusal::Disabled);
        }
        let spends = match realm.tenant.compat {
            CompatProfile::Entra => None,
            CompatProfile::Strict => Some(spent_mark(client, &verified, realm)),
        };
        Ok(Self { registration, by: ClientAuthentication::Certificate, spends })
    }
}

/// The certificate that the assertion names is the application's own and counts now, and its key has signed.
fn verified<'a>(
    application: &Application,
    assertion: &'a ClientAssertion,
    now: Timestamp,
) -> Result<VerifiedAssertion<'a>, AssertionRefusal> {
    // CA-12: nobody else's certificates are looked at. One certificate may be there twice, with different dates.
    let named = application.certificates.iter().filter_map(|one| Some((one, one.key()?)));
    let named = named.filter(|(_, key)| key.is_named_by(assertion));
    let mut refusal = AssertionRefusal::KeyNotFound;
    for (certificate, key) in named {
        if certificate.is_valid_at(now) {
            return key.verify(assertion).map_err(Into::into);
        }
        refusal = AssertionRefusal::KeyOutOfDate;
    }
    Err(refusal)
}

/// What the assertion says (RFC 7523 §3).
fn check(
    claims: &AssertionClaims,
    client: ClientId,
    realm: &Realm<'_>,
    now: Timestamp,
) -> Result<(), AssertionRefusal> {
    let is_client = |text: &str| text.parse() == Ok(client);
    if !is_client(&claims.issuer) {
        return Err(AssertionRefusal::OtherClient);
    }
    if !is_client(&claims.subject) {
        return Err(AssertionRefusal::SubjectMismatch);
    }
    if !realm.is(&claims.audience) {
        return Err(match claims.audience {
            AssertionAudience::One(_) => AssertionRefusal::Audience,
            AssertionAudience::List(_) => AssertionRefusal::SeveralAudiences,
        });
    }
    let window = ValidityWindow::of(claims);
    if window.is_open_at(now) { Ok(()) } else { Err(AssertionRefusal::OutOfTime(window)) }
}

/// RFC 7523 §3 (7): the `jti` is used once. An assertion without one is known by all of what was signed.
fn spent_mark(client: ClientId, assertion: &VerifiedAssertion<'_>, realm: &Realm<'_>) -> SpentMark {
    let claims = assertion.claims();
    let (kind, id) = match &claims.id {
        Some(id) => ("jti", id.as_str()),
        None => ("all", assertion.signing_input()),
    };
    let id = format!("{} {client} {kind} {id}", realm.tenant.id);
    SpentMark::new(SpentKind::ClientAssertion, id.as_bytes(), ValidityWindow::of(claims).closes_at())
}

impl From<NotVerified> for AssertionRefusal {
    fn from(reason: NotVerified) -> Self {
        match reason {
            NotVerified::OtherKey => Self::KeyNotFound,
            NotVerified::Type => Self::Type,
            NotVerified::Algorithm => Self::Algorithm,
            NotVerified::Signature => Self::Signature,
        }
    }
}
