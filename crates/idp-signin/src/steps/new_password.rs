//! Another password, when the one that was right was for one sign-in only.

use axum::body::Body;
use axum::extract::State;
use http::Response;
use idp_domain::audit::{Activity, AuditEvent};
use idp_domain::changes::{Change, Changes};
use idp_domain::credentials::{PasswordHash, suitable};
use idp_domain::secret::Secret;
use idp_domain::sessions::Facts;
use idp_web::pages::NewPasswordProblem;
use idp_web::request::RequestInfo;
use idp_web::state::{App, Shared};

use crate::conversation::Progress;
use crate::guard::Admitted;
use crate::present;
use crate::refusal::{FlowRefusal, refused};
use crate::start_session::start_session;

/// A new password was sent.
pub(crate) async fn post(State(app): State<Shared>, info: RequestInfo, admitted: Admitted) -> Response<Body> {
    change(&app, &info, admitted).await.unwrap_or_else(|refusal| refused(&app, &info, refusal))
}

async fn change(app: &Shared, info: &RequestInfo, admitted: Admitted) -> Result<Response<Body>, FlowRefusal> {
    let Progress::MustChangePassword { tenant, user, revision } = admitted.conversation.progress else {
        return Err(FlowRefusal::NotFinished);
    };
    // The account is still as it was when its password was right; else this page has done its service.
    let user = app.store.user(tenant, user).await?;
    let user = user.filter(|user| user.enabled && user.must_change_password && user.revision == revision);
    let user = user.ok_or(FlowRefusal::AlreadyTaken)?;
    let ask_again = |problem| Ok(present::new_password(app, info, &admitted.conversation, Some(problem)));
    let (Some(new), Some(again)) = (admitted.form.get("newpasswd"), admitted.form.get("newpasswdagain"))
    else {
        return ask_again(NewPasswordProblem::Empty);
    };
    if new != again {
        return ask_again(NewPasswordProblem::Differs);
    }
    let new = Secret::new(new);
    if suitable(&new, &user.upn).is_err() {
        return ask_again(NewPasswordProblem::Unsuitable);
    }
    if is_the_old_one(app, user.password.clone(), new.clone()).await? {
        return ask_again(NewPasswordProblem::Same);
    }
    let hash = hash(app, new).await?;
    let now = info.now();
    // The revision is that of the user whose password was right: nobody else's change is overwritten.
    let changes =
        Changes::one(Change::SetPassword { tenant, user: user.id, revision, password: hash, at: now }).and(
            Change::RecordAudit(AuditEvent {
                user: Some(user.id),
                address: info.address,
                correlation_id: Some(info.reference.correlation_id),
                ..AuditEvent::new(Activity::PasswordChanged, tenant, now, &*app.random)
            }),
        );
    let facts = Facts::password_in_browser(user.proves_at(now), info.address);
    Ok(start_session(app, info, admitted, &user, facts, changes).await)
}

async fn is_the_old_one(app: &App, old: Option<PasswordHash>, new: Secret) -> Result<bool, FlowRefusal> {
    app.passwords.verify(old, new).await.map_err(|_| FlowRefusal::Busy)
}

/// Hashes where slow things run.
async fn hash(app: &Shared, password: Secret) -> Result<PasswordHash, FlowRefusal> {
    let with = Shared::clone(app);
    app.passwords
        .run(move || PasswordHash::make(&password, &*with.random))
        .await
        .map_err(|_| FlowRefusal::Busy)
}
