//! `/users/{id}/manager`, `/users/{id}/directReports`

use idp_domain::audit::Activity;
use idp_domain::directory::{DirectoryObject, ObjectKind, Relation, User};

use super::{subject, target};
use crate::authorize::Action;
use crate::call::{Call, Record};
use crate::error::Refusal;
use crate::list::{self, List, Source};
use crate::reply::Reply;
use crate::schema::directory_object::{self, DIRECTORY_OBJECT};
use crate::v1_0::links;

pub(super) async fn manager(call: &Call<'_>) -> Result<Reply, Refusal> {
    let user = subject(call, &[Action::ReadUser]).await?;
    let _ = call.allow(Action::ReadUser, &target(call, &user))?;
    let manager = of(call, &user).await?.ok_or_else(|| Refusal::NotFound("manager".into()))?;
    let DirectoryObject::User(person) = &manager else { return Err(Refusal::NotFound("manager".into())) };
    // The manager is somebody else, who may not be the caller's to read.
    let allowed = call.allow(Action::ReadUser, &target(call, person))?;
    let members = directory_object::render(&manager, &call.caller().tenant().default_domain);
    list::one(call, &allowed, &DIRECTORY_OBJECT, members).await
}

pub(super) async fn reports(call: &Call<'_>) -> Result<Reply, Refusal> {
    let user = subject(call, &[Action::ReadUser]).await?;
    let allowed = call.allow(Action::ReadUser, &target(call, &user))?;
    List::mixed(Source::Having(Relation::Manager, user.id.guid(), None)).answer(call, &allowed).await
}

pub(super) async fn set_manager(call: &Call<'_>) -> Result<Reply, Refusal> {
    let user = subject(call, &[Action::UpdateUser]).await?;
    let allowed = call.allow(Action::UpdateUser, &target(call, &user))?;
    let manager = links::referenced(call).await?;
    if manager.kind() != ObjectKind::User || manager.id() == user.id.guid() {
        return Err(Refusal::Bad {
            message: "A manager is another user.".into(),
            target: Some("@odata.id".into()),
        });
    }
    let from = (ObjectKind::User, user.id.guid());
    if of(call, &user).await?.is_some_and(|before| before.id() == manager.id()) {
        return Ok(Reply::done(&allowed));
    }
    // The new one comes in place of whoever was it before.
    let changes = links::add(call, Relation::Manager, from, &manager);
    let record = Record::of(Activity::ObjectUpdated, &DirectoryObject::User(user)).changing(["manager"]);
    call.commit(&allowed, changes, [record.with(manager.id())]).await?;
    Ok(Reply::done(&allowed))
}

pub(super) async fn remove_manager(call: &Call<'_>) -> Result<Reply, Refusal> {
    let user = subject(call, &[Action::UpdateUser]).await?;
    let allowed = call.allow(Action::UpdateUser, &target(call, &user))?;
    let manager = of(call, &user).await?.ok_or_else(|| Refusal::NotFound("manager".into()))?;
    let from = (ObjectKind::User, user.id.guid());
    let changes = links::remove(call, Relation::Manager, from, (manager.kind(), manager.id()));
    let record = Record::of(Activity::ObjectUpdated, &DirectoryObject::User(user)).changing(["manager"]);
    call.commit(&allowed, changes, [record.with(manager.id())]).await?;
    Ok(Reply::done(&allowed))
}

async fn of(call: &Call<'_>, user: &User) -> Result<Option<DirectoryObject>, Refusal> {
    let found =
        call.directory().linked_from(call.tenant(), Relation::Manager, user.id.guid(), None, 1).await?;
    Ok(found.into_iter().next())
}
