//! `DELETE /groups/{id}`

use idp_domain::audit::Activity;
use idp_domain::changes::{Change, Changes};
use idp_domain::directory::DirectoryObject;

use super::{subject, target};
use crate::authorize::Action;
use crate::call::{Call, Record};
use crate::error::Refusal;
use crate::reply::Reply;

pub(super) async fn group(call: &Call<'_>) -> Result<Reply, Refusal> {
    let group = subject(call).await?;
    let allowed = call.allow(Action::DeleteGroup, &target(call, &group).await?)?;
    call.asked().if_match.holds(group.revision)?;
    let object = DirectoryObject::Group(group);
    let record = Record::of(Activity::ObjectDeleted, &object);
    let changes = Changes::one(Change::DeleteObject { object: Box::new(object), at: call.now() });
    call.commit(&allowed, changes, [record]).await?;
    Ok(Reply::done(&allowed))
}
