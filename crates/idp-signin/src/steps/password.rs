//! The password.
//!
//! 1. to 4. is it right? (`check_password`)
//! 5. may this account go on?
//! 6. begin the session, once

use axum::body::Body;
use axum::extract::State;
use http::Response;
use idp_domain::changes::{Change, Changes};
use idp_domain::directory::User;
use idp_domain::secret::Secret;
use idp_domain::sessions::Facts;
use idp_web::accounts::{self, Place};
use idp_web::pages::PasswordProblem;
use idp_web::request::RequestInfo;
use idp_web::state::{App, Shared};
use vestibule_wire::aadsts::{Aadsts, Failure};

use crate::check_password::{Verdict, check_password};
use crate::conversation::{Conversation, Progress};
use crate::guard::Admitted;
use crate::present;
use crate::refusal::{FlowRefusal, Turned, refused};
use crate::start_session::start_session;

const PASSWD: &str = "passwd";

/// A password was sent.
pub(crate) async fn post(State(app): State<Shared>, info: RequestInfo, admitted: Admitted) -> Response<Body> {
    let conversation = &admitted.conversation;
    let Some(password) = admitted.form.get(PASSWD).map(Secret::new) else {
        return present::password(&app, &info, conversation, Some(PasswordProblem::Empty));
    };
    match check_password(&app, &info, &admitted.cookies, conversation.account(), password).await {
        Ok(Verdict::Right(user)) => accept(&app, &info, admitted, *user).await,
        Ok(Verdict::Wrong) => present::password(&app, &info, conversation, Some(PasswordProblem::Wrong)),
        Ok(Verdict::Locked { until }) => {
            let seconds = until.duration_since(info.now()).as_secs().max(0);
            let minutes = u32::try_from(seconds.saturating_add(59) / 60).ok();
            present::password(&app, &info, conversation, Some(PasswordProblem::Locked { minutes }))
        }
        Err(unchecked) => refused(&app, &info, Turned::from(unchecked.into(), conversation.clone())),
    }
}

/// Step 5. May this account go on? Only now, with the password right, is anything said about it (LG-27).
async fn accept(app: &App, info: &RequestInfo, mut admitted: Admitted, user: User) -> Response<Body> {
    let wanted = admitted.conversation.request.tenant.unwrap_or(user.tenant);
    let standing = match accounts::place(app, &user, wanted).await {
        Ok(place) => standing(place),
        Err(cause) => return refused(app, info, FlowRefusal::from(cause)),
    };
    if user.enabled && standing == Standing::Somebody && !user.must_change_password {
        admitted.conversation.account = Some(user.upn.to_string());
        let facts = Facts::password_in_browser(user.proves_at(info.now()), info.address);
        // 6. Begin the session, which takes the failure back that step 3 counted.
        return start_session(app, info, admitted, &user, facts, Changes::none()).await;
    }
    // No session comes of it, but the password was right all the same.
    let forgotten = Changes::one(Change::ClearLockouts { tenant: user.tenant, user: user.id });
    if let Err(cause) = app.store.commit(forgotten).await {
        tracing::warn!(%cause, "an attempt with the right password goes on counting as a failure");
    }
    let conversation = &mut admitted.conversation;
    if !user.enabled || standing == Standing::Disabled {
        return present::error(app, info, conversation, &Aadsts::UserDisabled.bare());
    }
    if standing == Standing::Nobody {
        return present::error(app, info, conversation, &not_in_tenant(app, conversation, &user));
    }
    // LG-25: no session and no token before another password is set.
    conversation.account = Some(user.upn.to_string());
    conversation.progress =
        Progress::MustChangePassword { tenant: user.tenant, user: user.id, revision: user.revision };
    present::new_password(app, info, conversation, None)
}

/// What the person is where they want to sign in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Standing {
    /// At home, a guest, or about to be one.
    Somebody,
    /// A guest who was shut out.
    Disabled,
    /// Nobody who is known there.
    Nobody,
}

fn standing(place: Place) -> Standing {
    match place {
        Place::Of(account) if account.user().enabled => Standing::Somebody,
        Place::Invited(user) if user.enabled => Standing::Somebody,
        Place::Of(_) | Place::Invited(_) => Standing::Disabled,
        Place::Nowhere => Standing::Nobody,
    }
}

fn not_in_tenant(app: &App, conversation: &Conversation, user: &User) -> Failure {
    let request = &conversation.request;
    Aadsts::UserNotInTenant.with([
        ("idp", &format!("{}/{}/", app.origin.as_str(), user.tenant)),
        ("tenant", request.organisation.as_deref().unwrap_or_default()),
        ("app", &request.client.to_string()),
        ("name", &request.application),
    ])
}
