//! Authorization codes: sealed values, good for ten minutes, for one client, one redirect URI, one redemption.
//!
//! ```text
//! issue    the person is signed in ──▶ everything the redemption must match is sealed into the code; nothing is stored
//! present  the client sends it     ──▶ the code is compared with what the client sent, in the order below
//! redeem   the decision stands     ──▶ one commit inserts the spent mark and starts the family
//! replay   the spent mark exists   ──▶ the commit conflicts; the family, whose id follows from the code, is revoked
//! ```

use aws_lc_rs::digest::{SHA256, digest};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use subtle::ConstantTimeEq as _;
use vestibule_wire::ids::{ClientId, SessionId, TenantId, UserId};
use vestibule_wire::pkce::{CodeChallenge, CodeVerifier};

use crate::applications::{Client, Platform, TrustedRedirect, WrongManner};
use crate::changes::{SpentKind, SpentMark};
use crate::directory::Account;
use crate::randomness::Randomness;
use crate::sealed::{NotSealedHere, Purpose, Sealer};
use crate::sessions::{Facts, SignInRefusal, SignedIn};
use crate::tokens::{FamilyId, IdTokenWishes};

/// RFC 6749 §4.1.2 recommends at most ten minutes.
pub const LIFETIME: SignedDuration = SignedDuration::from_mins(10);

/// What a code stands for. Outside it travels sealed.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct AuthorizationCode {
    /// 256 random bits, in base64url: what the spent mark and the family id are made of.
    id: String,
    /// The tenant the person signed in to.
    tenant: TenantId,
    client: ClientId,
    redirect: TrustedRedirect,
    challenge: Option<CodeChallenge>,
    user: UserId,
    session: SessionId,
    facts: Facts,
    /// The `scope` parameter of the authorize request.
    scope: String,
    wishes: IdTokenWishes,
    #[serde(with = "jiff::fmt::serde::timestamp::second::required")]
    issued_at: Timestamp,
}

/// What is decided at the authorize endpoint and must hold at the token endpoint.
#[derive(Debug)]
pub struct CodeRequest {
    /// The client.
    pub client: ClientId,
    /// Where the code is sent, and must be redeemed from.
    pub redirect: TrustedRedirect,
    /// The PKCE challenge.
    pub challenge: Option<CodeChallenge>,
    /// The `scope` parameter.
    pub scope: String,
    /// What the ID token is to carry.
    pub wishes: IdTokenWishes,
}

/// What the client presents with a code.
#[derive(Debug)]
pub struct Presentation<'a> {
    /// Who asks.
    pub client: &'a Client,
    /// The tenant in the path, unless it was an alias.
    pub tenant: Option<TenantId>,
    /// The `redirect_uri`.
    pub redirect_uri: Option<&'a str>,
    /// The `code_verifier`.
    pub verifier: Option<&'a CodeVerifier>,
    /// Whether the request came across origins (it has an `Origin` header).
    pub cross_origin: bool,
}

/// Why a code is not redeemed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CodeRefusal {
    /// Not a code of this server, or another client's: to the one who presents it there is no difference.
    NotYours,
    /// Older than [`LIFETIME`].
    Expired,
    /// Issued for another tenant.
    OtherTenant,
    /// The redirect URI differs from that of the authorize request.
    RedirectUri,
    /// The verifier is missing, wrong, or was never asked for.
    Verifier,
    /// Presented in a manner that is not its platform's.
    Manner(WrongManner),
}

/// A code that may be redeemed, if it has not been: everything but its single use is checked.
#[derive(Debug)]
pub struct RedeemableCode(AuthorizationCode);

impl AuthorizationCode {
    /// Issues a code for a person who is signed in.
    pub fn issue(
        request: CodeRequest,
        signed_in: &SignedIn,
        now: Timestamp,
        random: &dyn Randomness,
    ) -> Self {
        let CodeRequest { client, redirect, challenge, scope, wishes } = request;
        Self {
            id: URL_SAFE_NO_PAD.encode(random.bytes::<32>()),
            tenant: signed_in.user().tenant,
            client,
            redirect,
            challenge,
            user: signed_in.user().id,
            session: signed_in.session(),
            facts: signed_in.facts().clone(),
            scope,
            wishes,
            issued_at: now,
        }
    }

    /// The code as it travels.
    pub fn seal(&self, sealer: &Sealer, random: &dyn Randomness) -> String {
        sealer.seal(Purpose::AuthorizationCode, b"", self, self.issued_at, random)
    }

    /// Opens a code.
    pub fn open(text: &str, sealer: &Sealer) -> Result<Self, NotSealedHere> {
        sealer.open(Purpose::AuthorizationCode, b"", text)
    }

    /// The tenant it was issued in.
    pub const fn tenant(&self) -> TenantId {
        self.tenant
    }

    /// Compares the code with what the client presents (RFC 6749 §4.1.3, RFC 7636 §4.6).
    pub fn present(self, with: &Presentation<'_>, now: Timestamp) -> Result<RedeemableCode, CodeRefusal> {
        let application = &with.client.registration().application;
        // 1. The client is the one it was issued to. Checked first and not marked as spent: somebody else's attempt
        //    must not cost the owner the code (CD-06).
        if application.client_id != self.client {
            return Err(CodeRefusal::NotYours);
        }
        // 2. In time. A clock that went back does not make a code younger than new.
        if now.duration_since(self.issued_at) >= LIFETIME {
            return Err(CodeRefusal::Expired);
        }
        // 3. At the tenant it was issued for.
        if with.tenant.is_some_and(|tenant| tenant != self.tenant) {
            return Err(CodeRefusal::OtherTenant);
        }
        // 4. With the redirect URI of the authorize request, and one that is still registered.
        let redirect = with.redirect_uri.and_then(|uri| application.trusted_redirect(uri));
        if redirect.as_ref() != Some(&self.redirect) {
            return Err(CodeRefusal::RedirectUri);
        }
        // 5. In the manner of the platform.
        self.redirect.platform().redeemed_by(with.client, with.cross_origin).map_err(CodeRefusal::Manner)?;
        // 6. With the verifier of its challenge, and none if there was none (RFC 9700 §4.8.2: no downgrade, no upgrade).
        match (&self.challenge, with.verifier) {
            (None, None) => {}
            (Some(challenge), Some(verifier)) if proves(verifier, challenge) => {}
            _ => return Err(CodeRefusal::Verifier),
        }
        Ok(RedeemableCode(self))
    }
}

impl RedeemableCode {
    /// The tenant the person signed in to.
    pub const fn tenant(&self) -> TenantId {
        self.0.tenant
    }

    /// The person.
    pub const fn user(&self) -> UserId {
        self.0.user
    }

    /// The session it belongs to.
    pub const fn session(&self) -> SessionId {
        self.0.session
    }

    /// The `scope` of the authorize request.
    pub fn scope(&self) -> &str {
        &self.0.scope
    }

    /// What the ID token is to carry.
    pub const fn wishes(&self) -> &IdTokenWishes {
        &self.0.wishes
    }

    /// The platform of the redirect URI.
    pub const fn platform(&self) -> Platform {
        self.0.redirect.platform()
    }

    /// The person is still who may sign in.
    pub fn sign_in(&self, account: Account) -> Result<SignedIn, SignInRefusal> {
        let user = account.user();
        if (user.tenant, user.id) != (self.0.tenant, self.0.user) {
            return Err(SignInRefusal::Ended);
        }
        SignedIn::by_facts(self.0.facts.clone(), self.0.session, account)
    }

    /// The mark whose insertion is the single use. It outlives the code.
    pub fn spent_mark(&self) -> SpentMark {
        SpentMark::new(
            SpentKind::AuthorizationCode,
            self.0.id.as_bytes(),
            self.0.issued_at.saturating_add(LIFETIME * 2).unwrap_or(Timestamp::MAX),
        )
    }

    /// The family that redeeming it starts, known from the code alone so that a replay can revoke it.
    pub fn family(&self) -> FamilyId {
        FamilyId::of_code(self.0.id.as_bytes())
    }
}

/// RFC 7636 §4.6: BASE64URL-ENCODE(SHA256(ASCII(code_verifier))) == code_challenge.
fn proves(verifier: &CodeVerifier, challenge: &CodeChallenge) -> bool {
    let hash = URL_SAFE_NO_PAD.encode(digest(&SHA256, verifier.as_str().as_bytes()));
    hash.as_bytes().ct_eq(challenge.as_str().as_bytes()).into()
}
