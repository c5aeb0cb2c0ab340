//! Is this the client's secret? Asked only as long as there were not too many wrong ones for the client from this address
//! (CA-09): what comes from elsewhere, the client itself among it, is not concerned.

use idp_domain::applications::{AuthenticatedClient, ClientRefusal, Registration};
use idp_domain::audit::{Activity, AuditEvent};
use idp_domain::changes::{Change, Changes};
use idp_domain::secret::Secret;
use idp_web::request::RequestInfo;
use idp_web::state::App;
use vestibule_wire::ids::{ClientId, TenantId};

use super::TokenError;

/// The secrets that are shown for a client from an address.
pub(super) struct SecretGuesses<'a> {
    pub(super) app: &'a App,
    pub(super) info: &'a RequestInfo,
    pub(super) tenant: TenantId,
    pub(super) client: ClientId,
}

impl SecretGuesses<'_> {
    /// Checks a secret, if it is looked at.
    pub(super) async fn check(
        &self,
        registration: Registration,
        secret: &Secret,
    ) -> Result<Result<AuthenticatedClient, ClientRefusal>, TokenError> {
        let Self { app, info, client, .. } = self;
        if let Err(too_often) = app.limits.may_show_secret(*client, info.address, info.now()) {
            self.record().await;
            return Err(too_often.into());
        }
        let checked = AuthenticatedClient::by_secret(registration, secret, &app.sealer, info.now());
        if let Err(ClientRefusal::WrongSecret) = checked {
            app.limits.secret_was_wrong(*client, info.address, info.now());
        }
        Ok(checked)
    }

    /// Puts on record that no more are looked at; once, however many are shown.
    async fn record(&self) {
        let Self { app, info, tenant, client } = self;
        if !app.limits.secrets_are_news(*client, info.address, info.now()) {
            return;
        }
        let event = AuditEvent {
            client: Some(*client),
            address: info.address,
            correlation_id: Some(info.reference.correlation_id),
            ..AuditEvent::new(Activity::SecretsGuessed, *tenant, info.now(), &*app.random)
        };
        if let Err(cause) = app.store.commit(Changes::one(Change::RecordAudit(event))).await {
            tracing::warn!(%cause, %client, "too many wrong client secrets, and it could not be put on record");
        }
    }
}
