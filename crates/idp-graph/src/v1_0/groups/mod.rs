//! Groups, their members and their owners.

mod create;
mod delete;
mod get;
mod list;
mod membership;
mod references;
mod update;

use idp_domain::directory::{Group, ObjectKind, Relation};
use vestibule_wire::ids::GroupId;

use super::memberships::{GROUP_IDS, IDS, OBJECT_IDS, SECURITY_ONLY};
use crate::authorize::{Action, Target};
use crate::call::Call;
use crate::error::Refusal;
use crate::operations::{Answers, Operation, Takes};
use crate::schema::directory_object::DIRECTORY_OBJECT;
use crate::schema::group::GROUP;
use crate::schema::user::USER;

const READ: &[Action] = &[Action::ReadGroup];
const READ_MEMBERS: &[Action] = &[Action::ReadMembers];
const MEMBERS: &[Action] = &[Action::ManageMembers];
const OWNERS: &[Action] = &[Action::ManageGroupOwners];
const CHANGE: &[Action] = &[Action::UpdateGroup, Action::ManageMembers];
const OBJECTS: Answers = Answers::Collection(&DIRECTORY_OBJECT);

use Relation::{Member, Owner};

/// The operations.
#[rustfmt::skip]
pub const OPERATIONS: &[Operation] = &[
    Operation::get("/groups", "Lists groups.", READ, Answers::Collection(&GROUP), |call| Box::pin(list::groups(call))),
    Operation::get("/groups/$count", "Counts groups.", READ, Answers::Count, |call| Box::pin(list::count(call))),
    Operation::post("/groups", "Makes a group.", &[Action::CreateGroup], Takes::New(&GROUP), Answers::Created(&GROUP), |call| Box::pin(create::group(call))),
    Operation::get("/groups/{id}", "Reads a group.", READ, Answers::Entity(&GROUP), |call| Box::pin(get::group(call))),
    Operation::patch("/groups/{id}", "Changes a group; with members@odata.bind, adds members.", CHANGE, Takes::Changes(&GROUP), |call| Box::pin(update::group(call))),
    Operation::delete("/groups/{id}", "Deletes a group, which can be restored for 30 days.", &[Action::DeleteGroup], |call| Box::pin(delete::group(call))),
    Operation::get("/groups/{id}/members", "Lists the direct members of a group.", READ_MEMBERS, OBJECTS, |call| Box::pin(list::linked(call, Member, None))),
    Operation::get("/groups/{id}/members/$count", "Counts the direct members of a group.", READ_MEMBERS, Answers::Count, |call| Box::pin(list::count_linked(call, Member))),
    Operation::get("/groups/{id}/members/microsoft.graph.user", "Lists the direct members of a group that are users.", READ_MEMBERS, Answers::Collection(&USER), |call| Box::pin(list::linked(call, Member, Some(ObjectKind::User)))),
    Operation::get("/groups/{id}/members/microsoft.graph.group", "Lists the direct members of a group that are groups.", READ_MEMBERS, Answers::Collection(&GROUP), |call| Box::pin(list::linked(call, Member, Some(ObjectKind::Group)))),
    Operation::get("/groups/{id}/members/microsoft.graph.servicePrincipal", "Lists the direct members of a group that are service principals.", READ_MEMBERS, OBJECTS, |call| Box::pin(list::linked(call, Member, Some(ObjectKind::ServicePrincipal)))),
    Operation::post("/groups/{id}/members/$ref", "Adds a member to a group.", MEMBERS, Takes::Reference, Answers::NoContent, |call| Box::pin(references::add(call, Member))),
    Operation::delete("/groups/{id}/members/{member}/$ref", "Takes a member from a group.", MEMBERS, |call| Box::pin(references::remove(call, Member))),
    Operation::get("/groups/{id}/owners", "Lists the owners of a group.", READ, OBJECTS, |call| Box::pin(list::linked(call, Owner, None))),
    Operation::get("/groups/{id}/owners/microsoft.graph.user", "Lists the owners of a group that are users.", READ, Answers::Collection(&USER), |call| Box::pin(list::linked(call, Owner, Some(ObjectKind::User)))),
    Operation::post("/groups/{id}/owners/$ref", "Adds an owner to a group.", OWNERS, Takes::Reference, Answers::NoContent, |call| Box::pin(references::add(call, Owner))),
    Operation::delete("/groups/{id}/owners/{owner}/$ref", "Takes an owner from a group.", OWNERS, |call| Box::pin(references::remove(call, Owner))),
    Operation::get("/groups/{id}/transitiveMembers", "Lists the members of a group, direct or through other groups.", READ_MEMBERS, OBJECTS, |call| Box::pin(list::transitive(call, None))),
    Operation::get("/groups/{id}/transitiveMembers/microsoft.graph.user", "Lists the users in a group, directly or through other groups.", READ_MEMBERS, Answers::Collection(&USER), |call| Box::pin(list::transitive(call, Some(ObjectKind::User)))),
    Operation::get("/groups/{id}/memberOf", "Lists the groups that a group is in directly.", READ_MEMBERS, OBJECTS, |call| Box::pin(membership::direct(call))),
    Operation::get("/groups/{id}/transitiveMemberOf", "Lists the groups that a group is in, in any way.", READ_MEMBERS, OBJECTS, |call| Box::pin(membership::transitive(call))),
    Operation::post("/groups/{id}/getMemberGroups", "Lists the ids of the groups that a group is in.", READ_MEMBERS, SECURITY_ONLY, OBJECT_IDS, |call| Box::pin(membership::ids(call))),
    Operation::post("/groups/{id}/getMemberObjects", "Lists the ids of what a group is in.", READ_MEMBERS, SECURITY_ONLY, OBJECT_IDS, |call| Box::pin(membership::ids(call))),
    Operation::post("/groups/{id}/checkMemberGroups", "Says which of these groups a group is in.", READ_MEMBERS, GROUP_IDS, OBJECT_IDS, |call| Box::pin(membership::check(call, "groupIds"))),
    Operation::post("/groups/{id}/checkMemberObjects", "Says which of these a group is in.", READ_MEMBERS, IDS, OBJECT_IDS, |call| Box::pin(membership::check(call, "ids"))),
];

/// The group that the path means.
async fn subject(call: &Call<'_>) -> Result<Group, Refusal> {
    let id = call.id(0)?;
    let group = call.directory().group(call.tenant(), GroupId::new(id)).await?;
    group.ok_or_else(|| Refusal::NotFound(id.to_string()))
}

/// What a group is to the authorization table.
async fn target(call: &Call<'_>, group: &Group) -> Result<Target, Refusal> {
    Ok(Target::group(group, call.owns(group.id.guid()).await?))
}

/// What a group may have by a relation.
fn check_kind(relation: Relation, group: &Group, kind: ObjectKind) -> Result<(), Refusal> {
    let refuse =
        |message: &str| Err(Refusal::Bad { message: message.into(), target: Some("@odata.id".into()) });
    match (relation, kind) {
        (_, ObjectKind::Application) => {
            refuse("An application is neither a member nor an owner; its service principal may be.")
        }
        (Owner, ObjectKind::Group) => refuse("A group is not an owner."),
        (Member, ObjectKind::Group) if group.assignable_to_role => {
            refuse("A group that roles can be assigned to has no groups as members.")
        }
        _ => Ok(()),
    }
}
