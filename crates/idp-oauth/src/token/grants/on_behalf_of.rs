//! On-behalf-of (RFC 7523 §2.1, with Entra's `requested_token_use`): an API that was called for a person calls another.
//!
//! ```text
//! program ──token for A──▶ A ──that token, A's own credential──▶ here ──token for B──▶ A ──▶ B
//! ```
//!
//! What A may ask of B for the person was consented to by the person or for them, and is checked by the same function as
//! everywhere (OB-11). The chain has no end of its own: each hop is another exchange.

use idp_domain::applications::Client;
use idp_domain::audit::{Activity, AuditEvent};
use idp_domain::changes::{Change, Changes};
use idp_domain::tokens::{AssertionCheck, FamilyId, RefreshGrant, UserAssertion};
use vestibule_wire::form::Form;
use vestibule_wire::oauth::{ON_BEHALF_OF, TOKEN_TYPE_ACCESS_TOKEN, TOKEN_TYPE_JWT, param};

use super::super::{Exchange, Refusal, Right, TokenError};
use super::{platform_of, started};
use crate::delegation::Asked;
use crate::dialect::Dialect;

/// What the request says.
pub(in super::super) struct OnBehalfOfGrant {
    assertion: String,
    wanted: String,
}

impl OnBehalfOfGrant {
    pub(in super::super) fn parse(
        form: &Form,
        dialect: Dialect,
        wanted: Option<String>,
    ) -> Result<Self, TokenError> {
        // OB-09: without an assertion, or without saying what it is for, this is no other grant but a mistake.
        let required = |name| form.get(name).ok_or(TokenError::Missing(name));
        if required(param::REQUESTED_TOKEN_USE)? != ON_BEHALF_OF {
            return Err(TokenError::Invalid(param::REQUESTED_TOKEN_USE));
        }
        match form.get(param::REQUESTED_TOKEN_TYPE) {
            None | Some(TOKEN_TYPE_ACCESS_TOKEN | TOKEN_TYPE_JWT) => {}
            Some(_) => return Err(TokenError::Invalid(param::REQUESTED_TOKEN_TYPE)),
        }
        Ok(Self {
            assertion: required(param::ASSERTION)?.to_owned(),
            wanted: wanted.ok_or(TokenError::Missing(dialect.wish()))?,
        })
    }

    pub(in super::super) async fn decide(&self, exchange: &Exchange<'_>) -> Result<Right, Refusal> {
        let Exchange { app, info, tenant, client, .. } = exchange;
        // 1. The API has proved who it is (OB-15).
        let Client::Confidential(api) = client else { return Err(TokenError::CredentialMissing.into()) };
        let platform = platform_of(exchange)?;
        // 2. It was called for a person, with a token for itself.
        let check = AssertionCheck {
            client: api,
            tenant: tenant.id,
            keys: &app.keys,
            sealer: &app.sealer,
            origin: app.origin.as_str(),
            now: info.now(),
        };
        let assertion = UserAssertion::check(&self.assertion, &check)
            .map_err(|refusal| TokenError::user_assertion(refusal, client.registration()))?;
        // 3. The grant behind that token lives (OB-05), and the person may still sign in.
        let source = assertion.provenance().family;
        if let Some((tenant, family)) = source {
            let family = app.store.family(tenant, family).await?;
            if family.is_none_or(|family| family.revoked) {
                return Err(TokenError::GrantInvalid(param::ASSERTION).into());
            }
        }
        let user = exchange.person(assertion.user()).await?;
        let signed_in = assertion.sign_in(user)?;
        // 4. What the API asks for was consented to (OB-10).
        let id = FamilyId::random(&*app.random);
        let family = started(exchange, platform, id, &signed_in, &self.wanted);
        let granted = exchange.delegate(signed_in, Asked::anew(&self.wanted)?).await?;
        // 5. A refresh token is the API's own (OB-14).
        let mut changes = Changes::none();
        let mut granted = granted.renewable(RefreshGrant::of(&family));
        if let Some((tenant, family)) = source {
            changes.add(Change::FamilyLive { tenant, family });
            granted = granted.descending_from(tenant, family);
        }
        if granted.is_renewable() {
            let began = AuditEvent { user: Some(family.user), ..exchange.event(Activity::ActedOnBehalf) };
            changes.add(Change::StartFamily(Box::new(family)));
            changes.add(Change::RecordAudit(began));
        }
        Ok(Right { granted, changes, if_spent: None })
    }
}
