//! Refresh token (RFC 6749 §6): a client continues a sign-in, for the same resource or another.
//!
//! In Entra's manner a used token stays valid until it expires, and the commit is one guarded read. In strict mode it is
//! used once; using it again revokes its family (RFC 9700 §4.14.2).

use idp_domain::audit::{Activity, AuditEvent};
use idp_domain::changes::{Change, Changes};
use idp_domain::sessions::SignedIn;
use idp_domain::tokens::{Family, RefreshRefusal, RefreshToken};
use idp_web::state::App;
use vestibule_wire::form::Form;
use vestibule_wire::ids::TenantId;
use vestibule_wire::oauth::param;

use super::super::{Exchange, Refusal, Right, TokenError};
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
        let Exchange { app, info, tenant, tenant_in_path, client, cross_origin, .. } = exchange;
        // 1. The token is ours, and its family is there.
        let token = self.open(app)?;
        let family = app.store.family(token.tenant(), token.family()).await?;
        let family = family.ok_or(TokenError::GrantInvalid(param::REFRESH_TOKEN))?;
        if token.client() != client.registration().client_id() {
            return shared_refresh_token::decide(exchange, &token, &family, self.scope.as_deref()).await;
        }
        // 2. It is this client's, in time, and presented as its platform must.
        token
            .present(client, tenant_in_path.then_some(tenant.id), *cross_origin, &family, info.now())
            .map_err(|refusal| refused(exchange, &family, refusal))?;
        // 3. The family lives, and the person may still sign in (RT-08).
        let user = exchange.person(family.user).await?;
        let signed_in = SignedIn::by_family(&family, user)?;
        // 4. What is asked was consented to, and still is.
        let asked = Asked::continuing(&family.scope, self.scope.as_deref())?;
        let granted = exchange.delegate(signed_in, asked).await?;
        // 5. Using it means what the tenant says it means.
        let (refresh, changes) =
            token.renew(tenant.compat, &family).map_err(|refusal| refused(exchange, &family, refusal))?;
        Ok(Right { granted: granted.renewable(refresh), changes, if_spent: None })
    }
}

pub(super) fn refused(exchange: &Exchange<'_>, family: &Family, refusal: RefreshRefusal) -> Refusal {
    let record =
        |activity| Change::RecordAudit(AuditEvent { user: Some(family.user), ..exchange.event(activity) });
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
