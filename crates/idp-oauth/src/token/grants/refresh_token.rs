//! Refresh token (RFC 6749 §6): a client continues a sign-in, for the same resource or another.
//!
//! The token is not bound to the tenant of the sign-in: in another, it is good for whatever the person is there, at home or as
//! a guest (§4.3). It stays of the one family, whose own tenant says what using it means.
//!
//! In Entra's manner a used token stays valid until it expires, and the commit is one guarded read. In strict mode it is
//! used once; using it again revokes its family (RFC 9700 §4.14.2).

use idp_domain::audit::{Activity, AuditEvent};
use idp_domain::changes::{Change, Changes};
use idp_domain::sessions::SignedIn;
use idp_domain::tenant::CompatProfile;
use idp_domain::tokens::{Family, RefreshRefusal, RefreshToken};
use idp_web::accounts::{self, Place};
use idp_web::limits::Looping;
use idp_web::state::App;
use vestibule_wire::form::Form;
use vestibule_wire::ids::TenantId;
use vestibule_wire::oauth::param;

use super::super::{Exchange, PersonRefusal, Refusal, Right, TokenError};
use super::shared_refresh_token;
use crate::delegation::Asked;

/// What the request says.
pub(in super::super) struct RefreshTokenGrant {
    token: String,
    scope: Option<String>,
}

impl RefreshTokenGrant {
    pub(in super::super) fn parse(form: &Form, wanted: Option<String>) -> Result<Self, TokenError> {
        Ok(Self {
            token: form
                .get(param::REFRESH_TOKEN)
                .ok_or(TokenError::Missing(param::REFRESH_TOKEN))?
                .to_owned(),
            scope: wanted,
        })
    }

    /// The tenant of the sign-in, when the path leaves it open.
    pub(in super::super) fn tenant(&self, app: &App) -> Result<TenantId, TokenError> {
        self.open(app).map(|token| token.tenant())
    }

    fn open(&self, app: &App) -> Result<RefreshToken, TokenError> {
        RefreshToken::open(&self.token, &app.sealer)
            .map_err(|_| TokenError::GrantInvalid(param::REFRESH_TOKEN))
    }

    pub(in super::super) async fn decide(&self, exchange: &Exchange<'_>) -> Result<Right, Refusal> {
        let Exchange { app, info, client, cross_origin, .. } = exchange;
        // 1. The token is ours, and its family is there.
        let token = self.open(app)?;
        let family = app.store.family(token.tenant(), token.family()).await?;
        let family = family.ok_or(TokenError::GrantInvalid(param::REFRESH_TOKEN))?;
        // 2. It is not the same again and again (AZ-54). The token itself is no part of that: each answer brings another.
        self.loops(exchange, &family)?;
        if token.client() != client.registration().client_id() {
            return shared_refresh_token::decide(exchange, &token, &family, self.scope.as_deref()).await;
        }
        // 3. It is this client's, in time, and presented as its platform must.
        token
            .present(client, *cross_origin, &family, info.now())
            .map_err(|refusal| refused(exchange, &family, refusal))?;
        // 4. The family lives, and the person may still sign in (RT-08).
        let account = exchange.person_of(family.tenant, family.user).await?;
        let signed_in = here(exchange, SignedIn::by_family(&family, account)?).await?;
        // 5. What is asked was consented to, and still is.
        let asked = Asked::continuing(&family.scope, self.scope.as_deref())?;
        let granted = exchange.delegate(signed_in, asked).await?;
        // 6. Using it means what the tenant says it means.
        let (refresh, changes) = token
            .renew(manner(exchange, &family).await?, &family, info.now())
            .map_err(|refusal| refused(exchange, &family, refusal))?;
        Ok(Right { granted: granted.renewable(refresh), changes, if_spent: None })
    }

    /// Counts the request among those of its family that ask for the same.
    fn loops(&self, exchange: &Exchange<'_>, family: &Family) -> Result<(), Looping> {
        let Exchange { app, info, tenant, client, dialect, .. } = exchange;
        let client = client.registration().client_id();
        let scope = self.scope.as_deref().unwrap_or_default();
        let (family, tenant) = (&family.id.as_bytes()[..], tenant.id.as_bytes());
        let request = [family, tenant, client.as_bytes(), &[*dialect as u8], scope.as_bytes()];
        app.limits.same_request(app.sealer.keyed_hash("refresh in a loop", &request), info.now())
    }
}

/// The person in the tenant of the exchange: where they are at home, or a guest.
async fn here(exchange: &Exchange<'_>, signed_in: SignedIn) -> Result<SignedIn, TokenError> {
    let Exchange { app, tenant, .. } = exchange;
    if signed_in.user().tenant == tenant.id {
        return Ok(signed_in);
    }
    match accounts::place(app, signed_in.at_home(), tenant.id).await? {
        Place::Of(account) => Ok(signed_in.elsewhere(*account)?),
        Place::Invited(_) => Err(PersonRefusal::InvitationPending.into()),
        Place::Nowhere => Err(PersonRefusal::not_in_tenant(exchange, signed_in.at_home()).into()),
    }
}

/// What using a token of this family means. Its own tenant says so: another could be chosen for its leniency.
async fn manner(exchange: &Exchange<'_>, family: &Family) -> Result<CompatProfile, TokenError> {
    let Exchange { app, tenant, .. } = exchange;
    if family.tenant == tenant.id {
        return Ok(tenant.compat);
    }
    let tenant = app.store.tenant(family.tenant).await?.filter(|tenant| tenant.enabled);
    Ok(tenant.ok_or(TokenError::GrantInvalid(param::REFRESH_TOKEN))?.compat)
}

pub(super) fn refused(exchange: &Exchange<'_>, family: &Family, refusal: RefreshRefusal) -> Refusal {
    // In the record of whose sign-in it is, whichever tenant it was tried at.
    let (tenant, user) = (family.tenant, Some(family.user));
    let record = |activity| Change::RecordAudit(AuditEvent { tenant, user, ..exchange.event(activity) });
    let remember = match refusal {
        RefreshRefusal::Reused => {
            Changes::one(Change::RevokeFamily { tenant: family.tenant, family: family.lineage() })
                .and(record(Activity::RefreshTokenReused))
        }
        RefreshRefusal::NotYours | RefreshRefusal::OtherFamily => {
            Changes::one(record(Activity::GrantMisused))
        }
        _ => Changes::none(),
    };
    Refusal { error: TokenError::refresh(refusal, exchange), remember }
}
