//! `DELETE /users/{id}`

use idp_domain::audit::Activity;
use idp_domain::changes::Change;
use idp_domain::directory::DirectoryObject;

use super::{another_administrator, subject, target};
use crate::authorize::Action;
use crate::call::{Call, Record};
use crate::error::Refusal;
use crate::reply::Reply;

pub(super) async fn user(call: &Call<'_>) -> Result<Reply, Refusal> {
    let user = subject(call, &[Action::DeleteUser]).await?;
    let allowed = call.allow(Action::DeleteUser, &target(call, &user))?;
    call.asked().if_match.holds(user.revision)?;
    let changes = another_administrator(call, &user).await?;
    let object = DirectoryObject::User(user);
    let record = Record::of(Activity::ObjectDeleted, &object);
    let changes = changes.and(Change::DeleteObject { object: Box::new(object), at: call.now() });
    call.commit(&allowed, changes, [record]).await?;
    Ok(Reply::done(&allowed))
}
