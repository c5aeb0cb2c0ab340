//! `/groups/{id}/members/$ref`, `/groups/{id}/owners/$ref`

use idp_domain::audit::Activity;
use idp_domain::directory::{DirectoryObject, ObjectKind, Relation};

use super::update::not_itself;
use super::{check_kind, subject, target};
use crate::authorize::Action;
use crate::call::{Call, Record, explain};
use crate::error::Refusal;
use crate::reply::Reply;
use crate::v1_0::links;

const fn action(relation: Relation) -> Action {
    match relation {
        Relation::Member => Action::ManageMembers,
        _ => Action::ManageGroupOwners,
    }
}

const fn property(relation: Relation) -> &'static str {
    match relation {
        Relation::Member => "members",
        _ => "owners",
    }
}

pub(super) async fn add(call: &Call<'_>, relation: Relation) -> Result<Reply, Refusal> {
    let group = subject(call).await?;
    let allowed = call.allow(action(relation), &target(call, &group).await?)?;
    let to = links::referenced(call).await?;
    check_kind(relation, &group, to.kind())?;
    not_itself(group.id.guid(), &to)?;
    let changes = links::add(call, relation, (ObjectKind::Group, group.id.guid()), &to);
    let activity = match relation {
        Relation::Member => Activity::MemberAdded,
        _ => Activity::OwnerAdded,
    };
    let record = Record::of(activity, &DirectoryObject::Group(group)).with(to.id());
    let committed = call.commit(&allowed, changes, [record]).await;
    committed.map_err(|error| explain(error, links::already(property(relation))))?;
    Ok(Reply::done(&allowed))
}

pub(super) async fn remove(call: &Call<'_>, relation: Relation) -> Result<Reply, Refusal> {
    let group = subject(call).await?;
    let allowed = call.allow(action(relation), &target(call, &group).await?)?;
    let id = call.id(1)?;
    // Whatever its kind was: the link is found by the two ids.
    let changes = links::remove(call, relation, (ObjectKind::Group, group.id.guid()), (ObjectKind::User, id));
    let activity = match relation {
        Relation::Member => Activity::MemberRemoved,
        _ => Activity::OwnerRemoved,
    };
    let record = Record::of(activity, &DirectoryObject::Group(group)).with(id);
    let committed = call.commit(&allowed, changes, [record]).await;
    committed.map_err(|error| explain(error, links::not_there(id)))?;
    Ok(Reply::done(&allowed))
}
