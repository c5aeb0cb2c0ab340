//! Too many wrong passwords, whosever they are (LG-06): one password tried at many accounts locks none of them, but it is
//! wrong again and again.
//!
//! It is asked before anything is said about the account, and answered in the same words whether there is one or not
//! (LG-01). A browser that is familiar with the account is neither counted nor refused.

use idp_domain::audit::{Activity, AuditEvent};
use idp_domain::changes::{Change, Changes};
use idp_web::limits::TooOften;
use idp_web::request::RequestInfo;
use idp_web::state::App;
use vestibule_wire::ids::TenantId;

/// A password, as one of the many that may be tried.
pub(crate) struct Spray<'a> {
    pub(crate) app: &'a App,
    pub(crate) info: &'a RequestInfo,
    /// The organisation of the account, if its name is of one.
    pub(crate) tenant: Option<TenantId>,
    pub(crate) familiar: bool,
}

impl Spray<'_> {
    /// Whether it is looked at.
    pub(crate) async fn admit(&self) -> Result<(), TooOften> {
        let Self { app, info, tenant, familiar } = self;
        if *familiar {
            return Ok(());
        }
        let admitted = app.limits.may_try_password(info.address, info.now());
        // What concerns no organisation is in none's record; the next attempt may concern one.
        if admitted.is_err()
            && let Some(tenant) = tenant
            && app.limits.passwords_are_news(info.address, info.now())
        {
            self.record(*tenant).await;
        }
        admitted
    }

    /// It was wrong.
    pub(crate) fn was_wrong(&self) {
        if !self.familiar {
            self.app.limits.password_was_wrong(self.info.address, self.info.now());
        }
    }

    /// Puts on record that no more are looked at; once, however many are tried.
    async fn record(&self, tenant: TenantId) {
        let Self { app, info, .. } = self;
        let event = AuditEvent {
            address: info.address,
            correlation_id: Some(info.reference.correlation_id),
            ..AuditEvent::new(Activity::PasswordsSprayed, tenant, info.now(), &*app.random)
        };
        if let Err(cause) = app.store.commit(Changes::one(Change::RecordAudit(event))).await {
            tracing::warn!(%cause, "too many wrong passwords, and it could not be put on record");
        }
    }
}
