//! `POST /users/{id}/revokeSignInSessions`, `POST /me/revokeSignInSessions`

use idp_domain::audit::Activity;
use idp_domain::changes::{Change, Changes};
use idp_domain::directory::DirectoryObject;
use jiff::Timestamp;
use serde_json::json;

use super::{subject, target};
use crate::authorize::Action;
use crate::call::{Call, Record};
use crate::error::Refusal;
use crate::list;
use crate::reply::Reply;

pub(super) async fn revoke(call: &Call<'_>) -> Result<Reply, Refusal> {
    let user = subject(call, &[Action::RevokeSessions]).await?;
    let allowed = call.allow(Action::RevokeSessions, &target(call, &user))?;
    let (tenant, id) = (call.tenant(), user.id);
    // Whom it is done to is as they were when it was allowed: no administrator since.
    let changes = Changes::one(Change::UserAt { tenant, user: id, revision: user.revision })
        .and(Change::RevokeUserGrants { tenant, user: id, valid_from: next_second(call.now()) });
    let record = Record::of(Activity::SessionsRevoked, &DirectoryObject::User(user));
    call.commit(&allowed, changes, [record]).await?;
    Ok(list::value(call, &allowed, "Edm.Boolean", json!(true)))
}

/// When a sign-in was is known to the second. So what began in this second counts as begun before: whoever signs in again has
/// to wait for the next.
fn next_second(now: Timestamp) -> Timestamp {
    Timestamp::from_second(now.as_second().saturating_add(1)).unwrap_or(Timestamp::MAX)
}
