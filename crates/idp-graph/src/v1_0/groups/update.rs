//! `PATCH /groups/{id}`

use idp_domain::audit::Activity;
use idp_domain::changes::{Change, Changes};
use idp_domain::directory::{DirectoryObject, ObjectKind, Relation};

use super::{check_kind, subject, target};
use crate::authorize::Action;
use crate::body::{self, Moment};
use crate::call::{Call, Record, explain};
use crate::error::Refusal;
use crate::reply::Reply;
use crate::schema::group::{self, GROUP};
use crate::v1_0::links;

pub(super) async fn group(call: &Call<'_>) -> Result<Reply, Refusal> {
    // 1. What is said, whole.
    let members = body::members(call.body()?, &GROUP, Moment::Changing, &["members"])?;
    let before = subject(call).await?;
    let mut group = before.clone();
    // 2. Who may?
    let target = target(call, &before).await?;
    let mut allowed = None;
    if !members.set.is_empty() || members.bound.is_empty() {
        allowed = Some(call.allow(Action::UpdateGroup, &target)?);
    }
    if !members.bound.is_empty() {
        allowed = Some(call.allow(Action::ManageMembers, &target)?);
    }
    let allowed = allowed.ok_or(Refusal::Denied)?;
    call.asked().if_match.holds(before.revision)?;
    // 3. It comes true.
    let object = DirectoryObject::Group(before);
    let (mut changes, mut records) = (Changes::none(), Vec::new());
    if !members.set.is_empty() {
        group::apply(&mut group, &members.set).map_err(Refusal::Members)?;
        changes.add(Change::UpdateGroup(Box::new(group.clone())));
        let names = members.set.keys().map(String::as_str);
        records.push(Record::of(Activity::ObjectUpdated, &object).changing(names));
    }
    for (name, addresses) in &members.bound {
        for member in links::bound(call, name, addresses).await? {
            check_kind(Relation::Member, &group, member.kind())?;
            not_itself(group.id.guid(), &member)?;
            changes = changes.with(links::add(
                call,
                Relation::Member,
                (ObjectKind::Group, group.id.guid()),
                &member,
            ));
            records.push(Record::of(Activity::MemberAdded, &object).with(member.id()));
        }
    }
    if !changes.is_empty() {
        let committed = call.commit(&allowed, changes, records).await;
        committed.map_err(|error| explain(error, links::already("members")))?;
    }
    Ok(Reply::done(&allowed))
}

/// A group is not in itself.
pub(super) fn not_itself(group: uuid::Uuid, member: &DirectoryObject) -> Result<(), Refusal> {
    if member.id() != group {
        return Ok(());
    }
    Err(Refusal::Bad { message: "A group is not its own member.".into(), target: Some("@odata.id".into()) })
}
