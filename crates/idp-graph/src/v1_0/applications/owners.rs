//! `/applications/{id}/owners/$ref`, and the same for service principals.

use idp_domain::audit::Activity;
use idp_domain::directory::{DirectoryObject, ObjectKind, Relation};

use super::subject::{subject, target};
use crate::authorize::{Action, Allowed};
use crate::call::{Call, Record, explain};
use crate::error::Refusal;
use crate::reply::Reply;
use crate::v1_0::links;

pub(super) async fn of_application(call: &Call<'_>) -> Result<Reply, Refusal> {
    let application = subject(call).await?;
    let allowed = call.allow(Action::ManageApplicationOwners, &target(call, &application).await?)?;
    add(call, &allowed, DirectoryObject::Application(application)).await
}

pub(super) async fn not_of_application(call: &Call<'_>) -> Result<Reply, Refusal> {
    let application = subject(call).await?;
    let allowed = call.allow(Action::ManageApplicationOwners, &target(call, &application).await?)?;
    remove(call, &allowed, DirectoryObject::Application(application)).await
}

/// Adds the owner that the body names.
pub(crate) async fn add(call: &Call<'_>, allowed: &Allowed, of: DirectoryObject) -> Result<Reply, Refusal> {
    let owner = links::referenced(call).await?;
    may_own(&owner)?;
    let changes = links::add(call, Relation::Owner, (of.kind(), of.id()), &owner);
    let record = Record::of(Activity::OwnerAdded, &of).with(owner.id());
    let committed = call.commit(allowed, changes, [record]).await;
    committed.map_err(|error| explain(error, links::already("owners")))?;
    Ok(Reply::done(allowed))
}

/// Takes away the owner that the path names.
pub(crate) async fn remove(
    call: &Call<'_>,
    allowed: &Allowed,
    of: DirectoryObject,
) -> Result<Reply, Refusal> {
    let owner = call.id(1)?;
    // Whatever its kind was: the link is found by the two ids.
    let changes = links::remove(call, Relation::Owner, (of.kind(), of.id()), (ObjectKind::User, owner));
    let record = Record::of(Activity::OwnerRemoved, &of).with(owner);
    let committed = call.commit(allowed, changes, [record]).await;
    committed.map_err(|error| explain(error, links::not_there(owner)))?;
    Ok(Reply::done(allowed))
}

/// People own, and service principals do.
pub(super) fn may_own(object: &DirectoryObject) -> Result<(), Refusal> {
    match object.kind() {
        ObjectKind::User | ObjectKind::ServicePrincipal => Ok(()),
        ObjectKind::Group | ObjectKind::Application => Err(Refusal::Bad {
            message: "An owner is a user or a service principal.".into(),
            target: Some("@odata.id".into()),
        }),
    }
}
