//! What came of telling: in the audit record, in the log and in the figures.

use idp_domain::audit::{Activity, AuditEvent};
use idp_domain::changes::{Change, Changes};

use super::Notice;
use super::attempts::NotTold;
use crate::state::App;

pub(super) async fn told(app: &App, notice: &Notice) {
    metrics::counter!("vestibule_sign_outs_told_total").increment(1);
    tracing::debug!(client = %notice.ended.client, "told of a sign-out");
    record(app, Activity::SignOutTold, std::slice::from_ref(notice)).await;
}

/// All for one reason.
pub(super) async fn not_told(app: &App, notices: &[Notice], cause: &NotTold) {
    for notice in notices {
        metrics::counter!("vestibule_sign_outs_not_told_total").increment(1);
        tracing::warn!(client = %notice.ended.client, %cause, "an application was not told of a sign-out");
    }
    record(app, Activity::SignOutNotTold, notices).await;
}

async fn record(app: &App, activity: Activity, notices: &[Notice]) {
    if notices.is_empty() {
        return;
    }
    let event = |notice: &Notice| {
        Change::RecordAudit(AuditEvent {
            user: Some(notice.ended.user),
            client: Some(notice.ended.client),
            address: notice.from,
            correlation_id: notice.correlation_id,
            ..AuditEvent::new(activity, notice.ended.tenant, app.now(), &*app.random)
        })
    };
    if let Err(cause) = app.store.commit(notices.iter().map(event).collect::<Changes>()).await {
        tracing::error!(%cause, activity = activity.as_str(), "what came of a sign-out could not be recorded");
    }
}
