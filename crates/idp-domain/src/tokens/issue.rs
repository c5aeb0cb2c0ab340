//! The one function that issues tokens, for every protocol and grant.
//!
//! It re-checks that tenant, client and user are enabled and hands back guards that name their revisions: committed
//! with whatever the grant must remember, they make sure that nothing is issued after an acknowledged disable.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jiff::{SignedDuration, Timestamp};
use vestibule_jose::SignError;
use vestibule_wire::client_info::ClientInfo;
use vestibule_wire::oauth::ClientFamily;

use super::claims::Answer;
use super::granted::{Granted, Subject};
use super::lifetime::{self, AccessTokenLifetime, after};
use super::{RefreshGrant, RefreshToken};
use crate::applications::{Platform, Registration};
use crate::changes::{Change, Changes};
use crate::consent::ConsentedScopes;
use crate::directory::{Home, User};
use crate::keys::KeyRing;
use crate::randomness::Randomness;
use crate::sealed::Sealer;

/// What issuing needs besides the grant.
#[derive(Clone, Copy)]
pub struct Mint<'a> {
    /// The signing keys.
    pub keys: &'a KeyRing,
    /// Seals refresh tokens, makes subjects.
    pub sealer: &'a Sealer,
    /// The public origin, of which issuers are made.
    pub origin: &'a str,
    /// Where Graph is: what stands before `/v1.0` in its addresses.
    pub graph: &'a str,
    /// How long access tokens live.
    pub lifetime: AccessTokenLifetime,
    /// Randomness.
    pub random: &'a dyn Randomness,
}

/// What was issued.
#[derive(Debug)]
pub struct Issued {
    /// The access token; none where an ID token alone was asked for, which only the authorize endpoint does.
    pub access: Option<IssuedAccess>,
    /// The ID token, when one was asked for.
    pub id_token: Option<String>,
    /// The refresh token.
    pub refresh: Option<IssuedRefresh>,
    /// Who signed in.
    pub client_info: Option<ClientInfo>,
    /// The revisions this was decided on; nothing is to be sent before they are committed.
    pub guards: Changes,
}

/// An access token with what the answer says about it.
#[derive(Debug)]
pub struct IssuedAccess {
    /// The token.
    pub token: String,
    /// Seconds until it expires.
    pub expires_in: i64,
    /// Since when it is valid, in seconds since 1970.
    pub not_before: i64,
    /// When it expires, in seconds since 1970.
    pub expires_on: i64,
    /// The resource it is for, as it was asked for.
    pub resource: String,
    /// The scopes, in the spelling of the request; none for applications.
    pub scope: Option<String>,
    /// The permissions that the token lists (`scp`); none for applications.
    pub permissions: Option<String>,
}

/// A refresh token with what the answer says about it.
#[derive(Debug)]
pub struct IssuedRefresh {
    /// The token.
    pub token: String,
    /// Seconds until it expires whatever happens: single-page applications only.
    pub expires_in: Option<i64>,
    /// The family of applications whose members may use it too.
    pub shared_in: Option<ClientFamily>,
}

/// Why nothing is issued.
#[derive(Debug)]
pub enum IssueRefusal {
    /// The tenant is disabled.
    TenantDisabled,
    /// The client was disabled.
    ClientDisabled,
    /// The user was disabled.
    UserDisabled,
    /// The signature could not be made.
    Unsigned(SignError),
}

impl From<SignError> for IssueRefusal {
    fn from(cause: SignError) -> Self {
        Self::Unsigned(cause)
    }
}

/// Issues what was granted.
pub fn issue(mint: &Mint<'_>, granted: Granted, now: Timestamp) -> Result<Issued, IssueRefusal> {
    let guards = guards(&granted)?;
    let Granted { tenant, client, subject } = &granted;
    let lives = access_lifetime(mint, &granted);
    let answer = Answer {
        mint,
        tenant,
        client,
        resource: granted.resource(),
        now,
        backdated: subject
            .issued_at(now)
            .saturating_sub(lifetime::BACKDATED)
            .unwrap_or(Timestamp::MIN)
            .as_second(),
        access_expires: after(now, lives).as_second(),
        id_expires: after(now, id_lifetime(&granted)).as_second(),
        rh: format!("0.A{}", URL_SAFE_NO_PAD.encode(mint.random.bytes::<24>())),
        uti: URL_SAFE_NO_PAD.encode(mint.random.bytes::<16>()),
    };
    let access =
        if granted.wants_access_token() { Some(access_token(&answer, subject, lives)?) } else { None };
    let Subject::User(user) = subject else {
        return Ok(Issued { access, id_token: None, refresh: None, client_info: None, guards });
    };
    let home = user.signed_in.at_home();
    let beside = access.as_ref().map(|access| access.token.as_str());
    Ok(Issued {
        id_token: if user.wants_id_token() { Some(answer.id_token(user, beside)?) } else { None },
        access,
        refresh: user.refresh.as_ref().map(|grant| refresh_token(&answer, grant)),
        // A guest is the same account to a client, wherever they are a guest.
        client_info: Some(ClientInfo { uid: home.id, utid: home.tenant }),
        guards,
    })
}

fn access_token(
    answer: &Answer<'_>,
    subject: &Subject,
    lives: SignedDuration,
) -> Result<IssuedAccess, SignError> {
    let scopes = match subject {
        Subject::App(_) => None,
        Subject::User(user) => Some(&user.scopes),
    };
    Ok(IssuedAccess {
        token: answer.access_token(subject)?,
        // "Live values end in 99": the service counts from a moment later than it stamps.
        expires_in: lives.as_secs().saturating_sub(1),
        not_before: answer.backdated,
        expires_on: answer.access_expires,
        resource: answer.resource.spelled().into_owned(),
        scope: scopes.map(ConsentedScopes::answer),
        permissions: scopes.map(ConsentedScopes::scp),
    })
}

/// Everybody is enabled, and nothing is sent unless they still are when it is remembered.
fn guards(granted: &Granted) -> Result<Changes, IssueRefusal> {
    let Granted { tenant, client, subject } = granted;
    if !tenant.enabled {
        return Err(IssueRefusal::TenantDisabled);
    }
    if !client.registration().principal.enabled {
        return Err(IssueRefusal::ClientDisabled);
    }
    let mut guards = Changes::one(Change::TenantAt { tenant: tenant.id, revision: tenant.revision });
    guard_registration(&mut guards, client.registration());
    guard_registration(&mut guards, granted.resource().registration());
    if let Subject::User(user) = subject {
        let account = user.signed_in.account();
        guard_user(&mut guards, account.user())?;
        if let Some(Home { user, tenant }) = account.home() {
            guard_user(&mut guards, user)?;
            guards.add(Change::TenantAt { tenant: tenant.id, revision: tenant.revision });
        }
    }
    Ok(guards)
}

fn guard_user(guards: &mut Changes, user: &User) -> Result<(), IssueRefusal> {
    if !user.enabled {
        return Err(IssueRefusal::UserDisabled);
    }
    guards.add(Change::UserAt { tenant: user.tenant, user: user.id, revision: user.revision });
    Ok(())
}

pub(super) fn guard_registration(guards: &mut Changes, registration: &Registration) {
    let Registration { principal, application } = registration;
    guards.add(Change::PrincipalAt {
        tenant: principal.tenant,
        principal: principal.id,
        revision: principal.revision,
    });
    guards.add(Change::ApplicationAt { client: application.client_id, revision: application.revision });
}

/// What is settled for the resource comes first, then for the tenant, then for the server.
fn access_lifetime(mint: &Mint<'_>, granted: &Granted) -> SignedDuration {
    let resource = &granted.resource().registration().application;
    let settled = resource.token_lifetime.or(granted.tenant.token_lifetime);
    settled.map_or(mint.lifetime, AccessTokenLifetime::Fixed).draw(mint.random)
}

/// What is settled for access tokens holds for ID tokens too (§4.1), by the client, whose they are.
fn id_lifetime(granted: &Granted) -> SignedDuration {
    let client = &granted.client.registration().application;
    let settled = client.token_lifetime.or(granted.tenant.token_lifetime);
    settled.map_or(lifetime::ID_TOKEN, |seconds| SignedDuration::from_secs(seconds.into()))
}

fn refresh_token(answer: &Answer<'_>, grant: &RefreshGrant) -> IssuedRefresh {
    let Answer { mint, now, .. } = *answer;
    let client = answer.client.registration();
    let token = RefreshToken::new(client.client_id(), grant, now);
    let left = after(grant.started_at, lifetime::REFRESH_SPA).duration_since(now).as_secs();
    IssuedRefresh {
        token: token.seal(mint.sealer, mint.random),
        expires_in: (grant.platform == Platform::Spa).then_some(left),
        shared_in: client.application.client_family.filter(|_| grant.platform == Platform::Native),
    }
}
