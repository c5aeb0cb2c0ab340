//! The one function that issues tokens, for every protocol and grant.
//!
//! It re-checks that tenant, client and user are enabled and hands back guards that name their revisions: committed
//! with whatever the grant must remember, they make sure that nothing is issued after an acknowledged disable.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jiff::Timestamp;
use vestibule_jose::{SignError, TokenHeader};
use vestibule_wire::claims::{AppAccessToken, IdToken, UserAccessToken, V2};
use vestibule_wire::client_info::ClientInfo;

use super::granted::{Granted, Subject, UserGrant};
use super::lifetime::{self, AccessTokenLifetime, after};
use super::{LoginHint, RefreshGrant, RefreshToken, pairwise_subject};
use crate::applications::{AssignedRoles, Platform, Registration};
use crate::changes::{Change, Changes};
use crate::keys::KeyRing;
use crate::randomness::Randomness;
use crate::sealed::Sealer;
use crate::tenant::Tenant;

/// What issuing needs besides the grant.
#[derive(Clone, Copy)]
pub struct Mint<'a> {
    /// The signing keys.
    pub keys: &'a KeyRing,
    /// Seals refresh tokens, makes subjects.
    pub sealer: &'a Sealer,
    /// The public origin, of which issuers are made.
    pub origin: &'a str,
    /// How long access tokens live.
    pub lifetime: AccessTokenLifetime,
    /// Randomness.
    pub random: &'a dyn Randomness,
}

/// What was issued.
#[derive(Debug)]
pub struct Issued {
    /// The access token.
    pub access_token: String,
    /// Seconds until it expires.
    pub expires_in: i64,
    /// The scopes, in the spelling of the request; none for applications.
    pub scope: Option<String>,
    /// The ID token, when `openid` was asked for.
    pub id_token: Option<String>,
    /// The refresh token.
    pub refresh: Option<IssuedRefresh>,
    /// Who signed in.
    pub client_info: Option<ClientInfo>,
    /// The revisions this was decided on; nothing is to be sent before they are committed.
    pub guards: Changes,
}

/// A refresh token with what the answer says about it.
#[derive(Debug)]
pub struct IssuedRefresh {
    /// The token.
    pub token: String,
    /// Seconds until it expires whatever happens: single-page applications only.
    pub expires_in: Option<i64>,
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

/// Issues what was granted.
pub fn issue(mint: &Mint<'_>, granted: Granted, now: Timestamp) -> Result<Issued, IssueRefusal> {
    let Granted { tenant, client, subject } = &granted;
    if !tenant.enabled {
        return Err(IssueRefusal::TenantDisabled);
    }
    if !client.registration().principal.enabled {
        return Err(IssueRefusal::ClientDisabled);
    }
    let mut guards = Changes::one(Change::TenantAt { tenant: tenant.id, revision: tenant.revision });
    guard_registration(&mut guards, client.registration());
    guard_registration(&mut guards, granted.resource().registration());

    let stamp = Stamp::new(mint, tenant, now);
    let lives = mint.lifetime.draw(mint.random);
    let common = Common {
        stamp: &stamp,
        expires: after(now, lives).as_second(),
        client: client.registration(),
        resource: granted.resource().registration(),
        authentication: client.authentication().as_str(),
    };
    // "Live values end in 99": the service counts from a moment later than it stamps.
    let expires_in = lives.as_secs().saturating_sub(1);
    match subject {
        Subject::App(roles) => {
            let access_token = common.app_access_token(roles)?;
            Ok(Issued {
                access_token,
                expires_in,
                scope: None,
                id_token: None,
                refresh: None,
                client_info: None,
                guards,
            })
        }
        Subject::User(user) => {
            let account = user.signed_in.user();
            if !account.enabled {
                return Err(IssueRefusal::UserDisabled);
            }
            guards.add(Change::UserAt {
                tenant: account.tenant,
                user: account.id,
                revision: account.revision,
            });
            Ok(Issued {
                access_token: common.user_access_token(user)?,
                expires_in,
                scope: Some(user.scopes.answer()),
                id_token: if user.scopes.oidc().openid { Some(common.id_token(user)?) } else { None },
                refresh: user.refresh.as_ref().map(|grant| common.refresh_token(grant)),
                client_info: Some(ClientInfo { uid: account.id, utid: account.tenant }),
                guards,
            })
        }
    }
}

fn guard_registration(guards: &mut Changes, registration: &Registration) {
    let Registration { principal, application } = registration;
    guards.add(Change::PrincipalAt {
        tenant: principal.tenant,
        principal: principal.id,
        revision: principal.revision,
    });
    guards.add(Change::ApplicationAt { client: application.client_id, revision: application.revision });
}

/// What all tokens of one answer share.
struct Stamp<'a> {
    mint: &'a Mint<'a>,
    issuer: String,
    uti: String,
    rh: String,
    backdated: i64,
    now: Timestamp,
}

impl<'a> Stamp<'a> {
    fn new(mint: &'a Mint<'a>, tenant: &Tenant, now: Timestamp) -> Self {
        Self {
            mint,
            issuer: format!("{}/{}/v2.0", mint.origin, tenant.id),
            uti: URL_SAFE_NO_PAD.encode(mint.random.bytes::<16>()),
            rh: format!("0.A{}", URL_SAFE_NO_PAD.encode(mint.random.bytes::<24>())),
            backdated: now.saturating_sub(lifetime::BACKDATED).unwrap_or(Timestamp::MIN).as_second(),
            now,
        }
    }
}

struct Common<'a> {
    stamp: &'a Stamp<'a>,
    expires: i64,
    client: &'a Registration,
    resource: &'a Registration,
    authentication: &'static str,
}

impl Common<'_> {
    fn app_access_token(&self, roles: &AssignedRoles) -> Result<String, IssueRefusal> {
        let Stamp { mint, issuer, uti, rh, backdated, .. } = self.stamp;
        let principal = &self.client.principal;
        sign(
            mint,
            &AppAccessToken {
                aud: self.resource.client_id(),
                iss: issuer,
                iat: *backdated,
                nbf: *backdated,
                exp: self.expires,
                azp: self.client.client_id(),
                azpacr: self.authentication,
                oid: principal.id,
                rh,
                roles: roles.values(),
                sub: principal.id,
                tid: principal.tenant,
                uti,
                ver: V2,
            },
        )
    }

    fn user_access_token(&self, user: &UserGrant) -> Result<String, IssueRefusal> {
        let Stamp { mint, issuer, uti, rh, backdated, .. } = self.stamp;
        let account = user.signed_in.user();
        let oidc = user.scopes.oidc();
        sign(
            mint,
            &UserAccessToken {
                aud: self.resource.client_id(),
                iss: issuer,
                iat: *backdated,
                nbf: *backdated,
                exp: self.expires,
                azp: self.client.client_id(),
                azpacr: self.authentication,
                name: oidc.profile.then_some(account.display_name.as_str()),
                oid: account.id,
                preferred_username: oidc.profile.then_some(account.upn.as_str()),
                rh,
                roles: &[],
                scp: &user.scopes.scp(),
                sub: &pairwise_subject(mint.sealer, account.tenant, self.resource.client_id(), account.id),
                tid: account.tenant,
                uti,
                ver: V2,
            },
        )
    }

    fn id_token(&self, user: &UserGrant) -> Result<String, IssueRefusal> {
        let Stamp { mint, issuer, uti, rh, backdated, now } = self.stamp;
        let account = user.signed_in.user();
        let oidc = user.scopes.oidc();
        let login_hint = user.wishes.login_hint.then(|| {
            LoginHint { tenant: account.tenant, user: account.id, client: self.client.client_id() }.seal(
                mint.sealer,
                *now,
                mint.random,
            )
        });
        sign(
            mint,
            &IdToken {
                aud: self.client.client_id(),
                iss: issuer,
                iat: *backdated,
                nbf: *backdated,
                exp: after(*now, lifetime::ID_TOKEN).as_second(),
                auth_time: user
                    .wishes
                    .auth_time
                    .then(|| user.signed_in.facts().authenticated_at().as_second()),
                email: account.mail.as_deref().filter(|_| oidc.email),
                login_hint: login_hint.as_deref(),
                name: oidc.profile.then_some(account.display_name.as_str()),
                nonce: user.wishes.nonce.as_deref(),
                oid: oidc.profile.then_some(account.id),
                preferred_username: oidc.profile.then_some(account.upn.as_str()),
                rh,
                roles: &[],
                sid: user.signed_in.session(),
                sub: &pairwise_subject(mint.sealer, account.tenant, self.client.client_id(), account.id),
                tid: account.tenant,
                uti,
                ver: V2,
            },
        )
    }

    fn refresh_token(&self, grant: &RefreshGrant) -> IssuedRefresh {
        let Stamp { mint, now, .. } = self.stamp;
        let token = RefreshToken::new(self.client.principal.tenant, self.client.client_id(), grant, *now);
        let left = after(grant.started_at, lifetime::REFRESH_SPA).duration_since(*now).as_secs();
        IssuedRefresh {
            token: token.seal(mint.sealer, mint.random),
            expires_in: (grant.platform == Platform::Spa).then_some(left),
        }
    }
}

fn sign(mint: &Mint<'_>, claims: &impl serde::Serialize) -> Result<String, IssueRefusal> {
    mint.keys.current().sign(TokenHeader::KidOnly, claims).map_err(IssueRefusal::Unsigned)
}
