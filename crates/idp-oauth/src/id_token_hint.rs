//! `id_token_hint`: an ID token of ours that names a sign-in again (OpenID Connect Core §3.1.2.1, RP-Initiated Logout §2).

use idp_domain::tokens::{TokenForm, is_id_token};
use idp_web::request::RequestInfo;
use idp_web::state::App;
use vestibule_jose::Validation;
use vestibule_wire::ids::{ClientId, SessionId, TenantId};

/// What an ID token of ours proves: that its bearer knew of this sign-in. Its age does not matter: the OP SHOULD accept ID
/// tokens also when `exp` has passed (RP-Initiated Logout §2).
#[derive(Debug, Clone, Copy)]
pub(crate) struct IdTokenHint {
    /// The tenant of the session.
    pub(crate) tenant: TenantId,
    /// The session it was issued in.
    pub(crate) session: SessionId,
    /// The application it was issued to.
    pub(crate) client: ClientId,
}

impl IdTokenHint {
    /// Reads a hint; none if it is not an ID token that we signed, for the tenant it names (AZ-39, UI-07).
    pub(crate) fn read(app: &App, info: &RequestInfo, token: &str) -> Option<Self> {
        let jwt = app.keys.verifier().verify(token).ok()?;
        let text = |name| jwt.str_claim(name).ok().map(str::to_owned);
        let (tenant, session, audience) = (text("tid")?, text("sid")?, text("aud")?);
        let issuer = TokenForm::with_version(&text("ver")?)?.issuer(app.origin.as_str(), &tenant);
        // Only an ID token speaks for a sign-in (JW-16).
        if !is_id_token(&jwt) {
            return None;
        }
        // Expired is fine, so the time is set back to before it could be.
        let audiences = [audience.as_str()];
        let long_ago = Validation::new(&issuer, &audiences, info.now().as_second()).leeway_seconds(u32::MAX);
        long_ago.check(jwt).ok()?;
        Some(Self {
            tenant: tenant.parse().ok()?,
            session: session.parse().ok()?,
            client: audience.parse().ok()?,
        })
    }
}
