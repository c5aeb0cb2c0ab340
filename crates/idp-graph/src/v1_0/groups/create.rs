//! `POST /groups`

use idp_domain::audit::Activity;
use idp_domain::changes::{Change, Changes};
use idp_domain::directory::{DirectoryObject, Group, Link, ObjectKind, Profile, Relation};
use serde_json::Value;
use vestibule_wire::ids::GroupId;

use super::check_kind;
use crate::authorize::{Action, Target};
use crate::body::{self, Members, Moment};
use crate::call::{Call, Record};
use crate::error::{Fault, MemberFault, Refusal};
use crate::list;
use crate::reply::Reply;
use crate::schema::group::{self, GROUP};
use crate::v1_0::links;

/// What must be said of a group (section 9.3).
const REQUIRED: &[&str] = &["displayName", "mailEnabled", "mailNickname", "securityEnabled"];
const BINDS: &[&str] = &["members", "owners"];

pub(super) async fn group(call: &Call<'_>) -> Result<Reply, Refusal> {
    // 1. What is said, whole.
    let members = body::members(call.body()?, &GROUP, Moment::Creating, BINDS)?;
    let group = read(call, &members)?;
    // 2. Who may? Some groups are for few to make (GA-10).
    let target = Target::group_to_be(group.assignable_to_role, false);
    let allowed = call.allow(Action::CreateGroup, &target)?;
    // 3. It comes true, with those who belong to it.
    let object = DirectoryObject::Group(group.clone());
    let names = members.set.keys().map(String::as_str);
    let mut records = vec![Record::of(Activity::ObjectAdded, &object).changing(names)];
    let mut changes = Changes::one(Change::CreateGroup(Box::new(group.clone())));
    for (relation, to) in bound(call, &group, &members).await? {
        let activity = match relation {
            Relation::Member => Activity::MemberAdded,
            _ => Activity::OwnerAdded,
        };
        records.push(Record::of(activity, &object).with(to.id()));
        let link = Link {
            tenant: call.tenant(),
            relation,
            from: group.id.guid(),
            from_kind: ObjectKind::Group,
            to: to.id(),
            to_kind: to.kind(),
        };
        changes.add(Change::ObjectExists { tenant: link.tenant, kind: link.to_kind, id: link.to });
        changes.add(Change::AddLink(link));
    }
    call.commit(&allowed, changes, records).await?;
    // 4. The answer.
    Ok(list::made(call, &allowed, &GROUP, &group::render(&group)))
}

fn read(call: &Call<'_>, members: &Members) -> Result<Group, Refusal> {
    let missing = REQUIRED.iter().filter(|name| members.set.get(**name).is_none_or(Value::is_null));
    let faults: Vec<_> = missing.map(|name| MemberFault::new(*name, Fault::Required)).collect();
    if !faults.is_empty() {
        return Err(Refusal::Members(faults));
    }
    let mut group = Group {
        tenant: call.tenant(),
        id: GroupId::new(call.new_id()),
        display_name: String::new(),
        mail_nickname: String::new(),
        mail_enabled: false,
        security_enabled: false,
        assignable_to_role: false,
        created_at: call.now(),
        profile: Profile::default(),
        revision: 1,
    };
    group::apply(&mut group, &members.set).map_err(Refusal::Members)?;
    Ok(group)
}

/// Who belongs to it from the start. The person who makes a group owns it, unless it is said who does.
async fn bound(
    call: &Call<'_>,
    group: &Group,
    members: &Members,
) -> Result<Vec<(Relation, DirectoryObject)>, Refusal> {
    let mut links = Vec::new();
    for (name, addresses) in &members.bound {
        let relation = if *name == "members" { Relation::Member } else { Relation::Owner };
        for object in links::bound(call, name, addresses).await? {
            check_kind(relation, group, object.kind())?;
            links.push((relation, object));
        }
    }
    let owned = links.iter().any(|(relation, _)| *relation == Relation::Owner);
    if let Some(user) = call.caller().user().filter(|_| !owned) {
        links.push((Relation::Owner, DirectoryObject::User(user.clone())));
    }
    Ok(links)
}
