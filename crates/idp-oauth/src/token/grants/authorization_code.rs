//! Authorization code (RFC 6749 §4.1.3, with PKCE, RFC 7636): a client redeems what its sign-in brought.
//!
//! One commit inserts the spent mark of the code, starts the family of its refresh tokens and records it all. A code
//! that was spent before revokes that family (RFC 6749 §4.1.2: SHOULD revoke all tokens previously issued).

use idp_domain::audit::{Activity, AuditEvent};
use idp_domain::changes::{Change, Changes};
use idp_domain::codes::{AuthorizationCode, CodeRefusal, Presentation, RedeemableCode};
use idp_domain::sessions::SignedIn;
use idp_domain::tokens::{Family, RefreshGrant};
use idp_web::state::App;
use vestibule_wire::form::Form;
use vestibule_wire::ids::TenantId;
use vestibule_wire::oauth::param;
use vestibule_wire::pkce::CodeVerifier;

use super::super::{Exchange, Refusal, Right, TokenError};
use super::started;
use crate::delegation::Asked;

/// What the request says.
pub(in super::super) struct AuthorizationCodeGrant {
    code: String,
    redirect_uri: Option<String>,
    verifier: Option<CodeVerifier>,
    scope: Option<String>,
}

impl AuthorizationCodeGrant {
    pub(in super::super) fn parse(form: &Form, wanted: Option<String>) -> Result<Self, TokenError> {
        let verifier = form.get(param::CODE_VERIFIER).map(CodeVerifier::parse).transpose();
        Ok(Self {
            code: form.get(param::CODE).ok_or(TokenError::Missing(param::CODE))?.to_owned(),
            redirect_uri: form.get(param::REDIRECT_URI).map(str::to_owned),
            verifier: verifier.map_err(|_| TokenError::VerifierMismatch)?,
            scope: wanted,
        })
    }

    /// The tenant the code was issued in, when the path leaves it open.
    pub(in super::super) fn tenant(&self, app: &App) -> Result<TenantId, TokenError> {
        self.open(app).map(|code| code.tenant())
    }

    fn open(&self, app: &App) -> Result<AuthorizationCode, TokenError> {
        AuthorizationCode::open(&self.code, &app.sealer).map_err(|_| TokenError::GrantInvalid(param::CODE))
    }

    pub(in super::super) async fn decide(&self, exchange: &Exchange<'_>) -> Result<Right, Refusal> {
        let Exchange { app, info, tenant, tenant_in_path, client, cross_origin, .. } = exchange;
        // 1. The code is ours, this client's, in time, and presented as it was asked for.
        let presentation = Presentation {
            client,
            tenant: tenant_in_path.then_some(tenant.id),
            redirect_uri: self.redirect_uri.as_deref(),
            verifier: self.verifier.as_ref(),
            cross_origin: *cross_origin,
        };
        let code = match self.open(app)?.present(&presentation, info.now()) {
            Ok(code) => code,
            Err(refusal) => return Err(misused(exchange, refusal)),
        };
        // 2. The person may still sign in (CD-25).
        let user = exchange.person(code.user()).await?;
        let signed_in = code.sign_in(user)?;
        // 3. What the sign-in asked for was consented to, and still is (CD-26).
        let family = family_of(&code, &signed_in, exchange);
        let asked = Asked::continuing(code.scope(), self.scope.as_deref())?;
        let granted = exchange.delegate(signed_in, asked).await?;
        // 4. All this happens once.
        let redeemed = AuditEvent { user: Some(family.user), ..exchange.event(Activity::CodeRedeemed) };
        let refresh = RefreshGrant::of(&family);
        let changes = Changes::one(Change::Spend(code.spent_mark()))
            .and(Change::StartFamily(Box::new(family)))
            .and(Change::RecordAudit(redeemed));
        let granted = granted.wishing(code.wishes().clone()).renewable(refresh);
        Ok(Right { granted, changes, if_spent: Some(replayed(exchange, &code)) })
    }
}

/// The family that redeeming the code starts. It is started without `offline_access` too: a replay must have something
/// to revoke, and the record something to point to.
fn family_of(code: &RedeemableCode, signed_in: &SignedIn, exchange: &Exchange<'_>) -> Family {
    started(exchange, code.platform(), code.family(), signed_in, code.scope())
}

/// RFC 6749 §4.1.2: the code was used before, so whoever used it may not be who it was meant for.
fn replayed(exchange: &Exchange<'_>, code: &RedeemableCode) -> Refusal {
    let audit = AuditEvent { user: Some(code.user()), ..exchange.event(Activity::CodeReplayed) };
    let revoke = Change::RevokeFamily { tenant: code.tenant(), family: code.family() };
    Refusal {
        error: TokenError::CodeRedeemed,
        remember: Changes::one(revoke).and(Change::RecordAudit(audit)),
    }
}

/// A code in the wrong hands is worth a record; one that is merely late or badly presented is not.
fn misused(exchange: &Exchange<'_>, refusal: CodeRefusal) -> Refusal {
    let remember = match refusal {
        CodeRefusal::NotYours => Changes::one(Change::RecordAudit(exchange.event(Activity::GrantMisused))),
        _ => Changes::none(),
    };
    Refusal { error: TokenError::code(refusal, exchange), remember }
}
