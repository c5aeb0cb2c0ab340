//! Another client's refresh token (Entra: families of client ids): a member of a family of applications continues the
//! sign-in of a sibling (RT-07). Whoever is no member is told so by `client_mismatch`, at which libraries look elsewhere.

use idp_domain::audit::{Activity, AuditEvent};
use idp_domain::changes::Change;
use idp_domain::sessions::SignedIn;
use idp_domain::tokens::{Family, Kinship, RefreshGrant, RefreshRefusal, RefreshToken};

use super::super::{Exchange, Refusal, Right};
use super::refresh_token::refused;
use crate::delegation::Asked;

pub(super) async fn decide(
    exchange: &Exchange<'_>,
    token: &RefreshToken,
    family: &Family,
    scope: Option<&str>,
) -> Result<Right, Refusal> {
    let Exchange { app, info, tenant, tenant_in_path, client, cross_origin, .. } = exchange;
    let (now, refuse) = (info.now(), |refusal| refused(exchange, family, refusal));
    // 1. Whose it is, and this client, are of one family.
    let owner = app.store.registration(token.tenant(), token.client()).await?;
    let owner = owner.ok_or_else(|| refuse(RefreshRefusal::NotYours))?;
    let kin = Kinship::between(client, &owner).map_err(refuse)?;
    // 2. It is in time, and presented as native programs do.
    kin.present(token, tenant_in_path.then_some(tenant.id), *cross_origin, family, now).map_err(refuse)?;
    // 3. The sign-in goes on, and the person may still sign in (RT-08).
    let user = exchange.person(family.user).await?;
    let signed_in = SignedIn::by_family(family, user)?;
    // 4. What is asked was consented to for this client, which the person may use.
    let asked = Asked::continuing(&family.scope, scope)?;
    let granted = exchange.delegate(signed_in, asked).await?;
    // 5. What follows is this client's own, and ends with what it came of.
    let (begun, changes) = kin.begin(token, tenant.compat, family, now, &*app.random).map_err(refuse)?;
    let shared = AuditEvent { user: Some(begun.user), ..exchange.event(Activity::RefreshTokenShared) };
    Ok(Right {
        granted: granted.renewable(RefreshGrant::of(&begun)),
        changes: changes.and(Change::RecordAudit(shared)),
        if_spent: Some(refuse(RefreshRefusal::Reused)),
    })
}
