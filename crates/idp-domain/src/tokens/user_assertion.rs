//! The token that an API was called with, presented by that API to go on as the person (on-behalf-of, §7.1).
//!
//! Only an access token of ours will do, for this very client, on behalf of a person, in time. What is nested in it, and
//! what its header says of keys, is not looked at (OB-07).

use jiff::Timestamp;
use vestibule_jose::{JwtError, Refused, Validation, VerifiedJwt};
use vestibule_wire::claims::ReadAccessToken;
use vestibule_wire::ids::{TenantId, UserId};

use super::{Provenance, TokenForm};
use crate::applications::AuthenticatedClient;
use crate::directory::Account;
use crate::keys::KeyRing;
use crate::sealed::Sealer;
use crate::sessions::{SignInRefusal, SignedIn};

/// Proof that a client was called on behalf of a person.
#[derive(Debug)]
pub struct UserAssertion {
    tenant: TenantId,
    user: UserId,
    provenance: Provenance,
}

/// Why an assertion proves nothing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum UserAssertionRefusal {
    /// Not a JWT, or not one with the claims of an access token.
    Malformed,
    /// Not signed by us, or not for this tenant.
    Signature(&'static str),
    /// An ID token: it is for whoever signed the person in, and nobody's right to call anything (OB-02).
    IdToken,
    /// A token that an application got for itself: there is no person in it (OB-03).
    OfAnApplication,
    /// For another API (OB-01).
    Audience {
        /// The audience it has.
        audience: String,
    },
    /// Expired, or not valid yet (OB-05).
    NotInTime {
        /// What time it is.
        now: Timestamp,
        /// When it expires.
        expires: Timestamp,
    },
}

/// What assertions are checked against.
#[derive(Clone, Copy)]
pub struct AssertionCheck<'a> {
    /// Who presents it.
    pub client: &'a AuthenticatedClient,
    /// The tenant of the exchange.
    pub tenant: TenantId,
    /// Our keys.
    pub keys: &'a KeyRing,
    /// Opens what access tokens carry for us.
    pub sealer: &'a Sealer,
    /// The public origin, of which issuers are made.
    pub origin: &'a str,
    /// Now.
    pub now: Timestamp,
}

impl UserAssertion {
    /// Checks an assertion, in the order in which the service reports mistakes.
    pub fn check(text: &str, with: &AssertionCheck<'_>) -> Result<Self, UserAssertionRefusal> {
        // 1. A JWT that we signed.
        let jwt = with.keys.verifier().verify(text).map_err(unsigned)?;
        // 2. An access token: it says which client may use it.
        let Ok(claims) = jwt.claims::<ReadAccessToken>() else { return Err(of_another_kind(&jwt)) };
        // 3. Issued in this tenant.
        let form = TokenForm::with_version(&claims.ver).ok_or(UserAssertionRefusal::Malformed)?;
        if claims.tid != with.tenant {
            return Err(UserAssertionRefusal::Signature("the assertion was issued in another tenant"));
        }
        // 4. For this client, in time.
        let (issuer, audience) = (form.issuer(with.origin, claims.tid), audience_of(&jwt));
        let expires = Timestamp::from_second(claims.exp).unwrap_or(Timestamp::MIN);
        let names = with.client.registration().names();
        let names: Vec<_> = names.iter().map(String::as_str).collect();
        Validation::new(&issuer, &names, with.now.as_second()).leeway_seconds(0).check(jwt).map_err(
            |refused| match refused {
                Refused::Audience => UserAssertionRefusal::Audience { audience },
                Refused::Expired | Refused::NotYetValid | Refused::IssuedInTheFuture => {
                    UserAssertionRefusal::NotInTime { now: with.now, expires }
                }
                _ => UserAssertionRefusal::Signature("the issuer of the assertion is another"),
            },
        )?;
        // 5. On behalf of a person, by a sign-in that we know.
        if claims.scp.is_none() {
            return Err(UserAssertionRefusal::OfAnApplication);
        }
        let provenance = claims.aio.as_deref().and_then(|aio| Provenance::open(aio, with.sealer));
        let provenance =
            provenance.ok_or(UserAssertionRefusal::Signature("the assertion comes of no sign-in"))?;
        Ok(Self { tenant: claims.tid, user: UserId::new(claims.oid), provenance })
    }

    /// The person.
    pub const fn user(&self) -> UserId {
        self.user
    }

    /// Where the token came from.
    pub const fn provenance(&self) -> &Provenance {
        &self.provenance
    }

    /// The person is still who may sign in. Facts and session are those of the sign-in at the beginning of the chain
    /// (OB-12, OB-13).
    pub fn sign_in(self, account: Account) -> Result<SignedIn, SignInRefusal> {
        let user = account.user();
        if (user.tenant, user.id) != (self.tenant, self.user) {
            return Err(SignInRefusal::Ended);
        }
        SignedIn::by_facts(self.provenance.facts, self.provenance.session, account)
    }
}

fn unsigned(cause: JwtError) -> UserAssertionRefusal {
    match cause {
        JwtError::Signature | JwtError::UnknownKey | JwtError::NoKeyNamed | JwtError::AlgorithmMismatch => {
            UserAssertionRefusal::Signature("the key was not found, or the signature is not its")
        }
        _ => UserAssertionRefusal::Malformed,
    }
}

fn of_another_kind(jwt: &VerifiedJwt) -> UserAssertionRefusal {
    if is_id_token(jwt) { UserAssertionRefusal::IdToken } else { UserAssertionRefusal::Malformed }
}

/// Whether a token of ours is an ID token. Every token for a person has an audience and a subject; an access token names
/// the client that may use it besides (JW-16).
pub fn is_id_token(jwt: &VerifiedJwt) -> bool {
    let has = |name| jwt.str_claim(name).is_ok();
    has("aud") && has("sub") && !has("azp") && !has("appid")
}

fn audience_of(jwt: &VerifiedJwt) -> String {
    jwt.str_claim("aud").unwrap_or_default().to_owned()
}
