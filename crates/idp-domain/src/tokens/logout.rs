//! The logout token: what an application is told, behind the browser's back, when a session ended that it was used with
//! (OpenID Connect Back-Channel Logout 1.0 §2.4).

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jiff::Timestamp;
use vestibule_jose::{SignError, TokenHeader};
use vestibule_wire::claims::logout::{Ended, LogoutToken};
use vestibule_wire::ids::{ClientId, SessionId, TenantId, UserId};

use super::lifetime::{self, after};
use super::{Mint, TokenForm, pairwise_subject};

/// A session that ended, as one application knew it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct EndedSession {
    /// The tenant of the account.
    pub tenant: TenantId,
    /// The account.
    pub user: UserId,
    /// The session.
    pub session: SessionId,
    /// The application.
    pub client: ClientId,
    /// The form of its ID tokens: in their words it is told.
    pub form: TokenForm,
    /// What the application knows the news by (`jti`), in however many attempts it is told.
    pub news: [u8; 16],
}

/// The token that tells it, valid for two minutes from now.
///
/// It gives nothing: none of our endpoints takes it for another token, since it has no `tid` and no `ver`.
pub fn logout_token(mint: &Mint<'_>, ended: &EndedSession, now: Timestamp) -> Result<String, SignError> {
    let EndedSession { tenant, user, session, client, form, news } = *ended;
    mint.keys.current().sign(
        TokenHeader::Logout,
        &LogoutToken {
            aud: client,
            iss: &form.issuer(mint.origin, tenant),
            // Not set back, as other tokens are: it is compared with how old a logout token may be.
            iat: now.as_second(),
            exp: after(now, lifetime::LOGOUT_TOKEN).as_second(),
            events: Ended,
            jti: &URL_SAFE_NO_PAD.encode(news),
            sid: session,
            sub: &pairwise_subject(mint.sealer, tenant, client, user),
        },
    )
}
