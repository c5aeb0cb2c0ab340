//! `POST /users/{id}/revokeSignInSessions`, `POST /me/revokeSignInSessions`

use idp_domain::audit::Activity;
use idp_domain::changes::{Change, Changes};
use idp_domain::directory::{DirectoryObject, User};
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
        .and(Change::RevokeUserGrants { tenant, user: id, valid_from: User::void_until(call.now()) });
    let record = Record::of(Activity::SessionsRevoked, &DirectoryObject::User(user));
    call.commit(&allowed, changes, [record]).await?;
    Ok(list::value(call, &allowed, "Edm.Boolean", json!(true)))
}
