//! Who calls: a bearer token, read as `userinfo` reads it, and the person or application as they are now.
//!
//! 1. One token, in the header.
//! 2. Signed by us, in time, by the issuer of its own tenant, for Microsoft Graph under any of its names.
//! 3. Tenant, client and person exist, are enabled, and nothing was revoked since the token was issued.

use http::HeaderMap;
use http::header::AUTHORIZATION;
use idp_domain::applications::Registration;
use idp_domain::changes::{Change, Changes};
use idp_domain::directory::User;
use idp_domain::store::Unavailable;
use idp_domain::tenant::Tenant;
use idp_domain::tokens::TokenForm;
use idp_web::accounts;
use idp_web::state::App;
use jiff::Timestamp;
use uuid::Uuid;
use vestibule_jose::{JwtError, Refused, Validation};
use vestibule_wire::claims::ReadAccessToken;
use vestibule_wire::ids::{ClientId, UserId};

use crate::authorize::Standing;

/// Proof of who calls. Made by [`Caller::identify`] alone, for one attempt: whoever decides again identifies again.
#[derive(Debug)]
pub struct Caller {
    tenant: Tenant,
    client: Registration,
    user: Option<User>,
    standing: Standing,
}

/// Why nobody knows who calls.
#[derive(Debug)]
pub enum TokenFault {
    /// There is no token.
    Missing,
    /// It is not a token at all.
    Malformed,
    /// We did not sign it.
    Signature,
    /// Another tenant's issuer, or none of ours.
    Issuer,
    /// It is for somebody else.
    Audience,
    /// It has expired.
    Expired,
    /// It is not valid yet.
    NotYetValid,
    /// What it was issued for was revoked, disabled or deleted since.
    Revoked,
    /// The store is away.
    Unavailable(Unavailable),
}

/// Tokens are back-dated by five minutes.
const BACK_DATED: i64 = 300;

impl Caller {
    /// Reads the token of a request.
    pub async fn identify(app: &App, headers: &HeaderMap, now: Timestamp) -> Result<Self, TokenFault> {
        // 1. One token, in the header.
        let text = bearer(headers).ok_or(TokenFault::Missing)?;
        // 2. Ours, for us, in time.
        let token = believe(app, text, now)?;
        // 3. As they are now: here revocation is heard of at once (JW-33).
        let tenant = app.store.tenant(token.tid).await?.filter(|tenant| tenant.enabled);
        let tenant = tenant.ok_or(TokenFault::Revoked)?;
        let client = app.store.registration(tenant.id, token.azp).await?;
        let client = client.filter(|client| client.principal.enabled).ok_or(TokenFault::Revoked)?;
        match token.scp {
            Some(scp) => {
                let issued = Timestamp::from_second(token.iat.saturating_add(BACK_DATED));
                let issued = issued.map_err(|_| TokenFault::Malformed)?;
                let account = accounts::find(app, tenant.id, UserId::new(token.oid)).await?;
                let account = account.filter(|account| account.honours(issued));
                let user = account.ok_or(TokenFault::Revoked)?.into_user();
                let standing = Standing::Person {
                    user: user.id,
                    user_type: user.user_type,
                    roles: user.directory_roles.clone(),
                    scopes: scp.split(' ').map(str::to_owned).collect(),
                };
                Ok(Self { tenant, client, user: Some(user), standing })
            }
            None if client.principal.id.guid() == token.oid => {
                let standing = Standing::Application { permissions: token.roles };
                Ok(Self { tenant, client, user: None, standing })
            }
            None => Err(TokenFault::Malformed),
        }
    }

    /// The tenant of the token, which is the tenant of everything.
    pub const fn tenant(&self) -> &Tenant {
        &self.tenant
    }

    /// The application.
    pub const fn client(&self) -> &Registration {
        &self.client
    }

    /// The person it acts for.
    pub const fn user(&self) -> Option<&User> {
        self.user.as_ref()
    }

    /// What they have that the authorization table asks for.
    pub const fn standing(&self) -> &Standing {
        &self.standing
    }

    /// The object that owns what the caller makes: the person, or the service principal.
    pub fn object(&self) -> Uuid {
        self.user.as_ref().map_or(self.client.principal.id.guid(), |user| user.id.guid())
    }

    /// Whoever decides on this caller's rights decides on them as they are when it comes true.
    pub(crate) fn guards(&self) -> Changes {
        let (tenant, principal) = (self.tenant.id, &self.client.principal);
        let client = Change::PrincipalAt { tenant, principal: principal.id, revision: principal.revision };
        let guards = Changes::one(client);
        match &self.user {
            Some(user) => guards.and(Change::UserAt { tenant, user: user.id, revision: user.revision }),
            None => guards,
        }
    }
}

/// Checks signature, issuer, audience and time.
fn believe(app: &App, text: &str, now: Timestamp) -> Result<ReadAccessToken, TokenFault> {
    let jwt = app.keys.verifier().verify(text).map_err(|fault| match fault {
        JwtError::Signature | JwtError::UnknownKey => TokenFault::Signature,
        _ => TokenFault::Malformed,
    })?;
    let token: ReadAccessToken = jwt.claims().map_err(|_| TokenFault::Malformed)?;
    let form = TokenForm::with_version(&token.ver).ok_or(TokenFault::Malformed)?;
    let issuer = form.issuer(app.origin.as_str(), token.tid);
    let graph = app.graph();
    let (id, slashed) = (ClientId::MICROSOFT_GRAPH.to_string(), format!("{graph}/"));
    let names = [&*id, "https://graph.microsoft.com", "https://graph.microsoft.com/", graph, &*slashed];
    let validation = Validation::new(&issuer, &names, now.as_second()).leeway_seconds(0);
    match validation.check(jwt) {
        Ok(_) => Ok(token),
        Err(Refused::Issuer | Refused::KeyIssuer) => Err(TokenFault::Issuer),
        Err(Refused::Audience) => Err(TokenFault::Audience),
        Err(Refused::Expired | Refused::Lifetime) => Err(TokenFault::Expired),
        Err(Refused::NotYetValid | Refused::IssuedInTheFuture) => Err(TokenFault::NotYetValid),
        Err(_) => Err(TokenFault::Malformed),
    }
}

/// JW-35, UI-04: one token, in one header.
fn bearer(headers: &HeaderMap) -> Option<&str> {
    let mut values = headers.get_all(AUTHORIZATION).iter();
    let (Some(only), None) = (values.next(), values.next()) else { return None };
    let (scheme, token) = only.to_str().ok()?.split_once(' ')?;
    (scheme.eq_ignore_ascii_case("bearer") && !token.is_empty() && !token.contains([' ', ',']))
        .then_some(token)
}

impl From<Unavailable> for TokenFault {
    fn from(unavailable: Unavailable) -> Self {
        Self::Unavailable(unavailable)
    }
}

impl TokenFault {
    /// What the client is told, in the words of the service.
    pub(crate) const fn message(&self) -> &'static str {
        match self {
            Self::Missing => "Access token is empty.",
            Self::Malformed => "CompactToken parsing failed with error code: 80049217",
            Self::Signature => "Access token validation failure. Signature verification failed.",
            Self::Issuer => "Access token validation failure. Invalid issuer.",
            Self::Audience => "Access token validation failure. Invalid audience.",
            Self::Expired => "Lifetime validation failed, the token is expired.",
            Self::NotYetValid => "Lifetime validation failed, the token is not yet valid.",
            Self::Revoked => {
                "Access token validation failure. What the token was issued for has been revoked, disabled or deleted."
            }
            Self::Unavailable(_) => "The service is temporarily unavailable.",
        }
    }
}
