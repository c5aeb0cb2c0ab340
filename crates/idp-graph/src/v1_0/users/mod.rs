//! Users, and `/me`: the same for whoever calls.

mod create;
mod delete;
mod get;
mod last_administrator;
mod list;
mod membership;
mod password;
mod reporting;
mod sessions;
mod update;

use idp_domain::directory::{Upn, User};
use vestibule_wire::ids::UserId;

use super::memberships::What::{Everything, Groups, Roles};
use super::memberships::{GROUP_IDS, IDS, OBJECT_IDS, SECURITY_ONLY};
use crate::authorize::{Action, Target};
use crate::call::Call;
use crate::error::Refusal;
use crate::odata::schema::{Property, boolean, string};
use crate::operations::{Answers, Operation, Takes};
use crate::path::Key;
use crate::schema::directory_object::DIRECTORY_OBJECT;
use crate::schema::directory_role::DIRECTORY_ROLE;
use crate::schema::group::GROUP;
use crate::schema::user::USER;

pub(crate) use last_administrator::another_administrator;

const READ: &[Action] = &[Action::ReadUser, Action::ReadBasicUser];
const READ_ALL: &[Action] = &[Action::ReadUser];
const CHANGE: &[Action] =
    &[Action::UpdateContact, Action::UpdateUser, Action::UpdateSignIn, Action::ResetPassword];
const MEMBERSHIP: &[Action] = &[Action::ReadUserMembership];
const CHANGE_PASSWORD: Takes =
    Takes::Arguments(&[string("currentPassword").required(), string("newPassword").required()]);
const TRUTH: &Property = &boolean("value");

/// The operations.
#[rustfmt::skip]
pub const OPERATIONS: &[Operation] = &[
    Operation::get("/users", "Lists users.", READ, Answers::Collection(&USER), |call| Box::pin(list::users(call))),
    Operation::get("/users/$count", "Counts users.", READ, Answers::Count, |call| Box::pin(list::count(call))),
    Operation::post("/users", "Makes a user.", &[Action::CreateUser], Takes::New(&USER), Answers::Created(&USER), |call| Box::pin(create::user(call))),
    Operation::get("/users/{id}", "Reads a user.", READ, Answers::Entity(&USER), |call| Box::pin(get::user(call))),
    Operation::patch("/users/{id}", "Changes a user.", CHANGE, Takes::Changes(&USER), |call| Box::pin(update::user(call))),
    Operation::delete("/users/{id}", "Deletes a user, who can be restored for 30 days.", &[Action::DeleteUser], |call| Box::pin(delete::user(call))),
    Operation::get("/users/{id}/memberOf", "Lists the groups and directory roles a user has directly.", MEMBERSHIP, Answers::Collection(&DIRECTORY_OBJECT), |call| Box::pin(membership::direct(call, Everything))),
    Operation::get("/users/{id}/transitiveMemberOf", "Lists the groups and directory roles a user has, in any way.", MEMBERSHIP, Answers::Collection(&DIRECTORY_OBJECT), |call| Box::pin(membership::transitive(call, Everything))),
    Operation::get("/users/{id}/memberOf/microsoft.graph.group", "Lists the groups a user has directly.", MEMBERSHIP, Answers::Collection(&GROUP), |call| Box::pin(membership::direct(call, Groups))),
    Operation::get("/users/{id}/memberOf/microsoft.graph.directoryRole", "Lists the directory roles a user has directly.", MEMBERSHIP, Answers::Collection(&DIRECTORY_ROLE), |call| Box::pin(membership::direct(call, Roles))),
    Operation::get("/users/{id}/transitiveMemberOf/microsoft.graph.group", "Lists the groups a user has in any way.", MEMBERSHIP, Answers::Collection(&GROUP), |call| Box::pin(membership::transitive(call, Groups))),
    Operation::get("/users/{id}/transitiveMemberOf/microsoft.graph.directoryRole", "Lists the directory roles a user has in any way.", MEMBERSHIP, Answers::Collection(&DIRECTORY_ROLE), |call| Box::pin(membership::transitive(call, Roles))),
    Operation::post("/users/{id}/getMemberGroups", "Lists the ids of all groups of a user.", MEMBERSHIP, SECURITY_ONLY, OBJECT_IDS, |call| Box::pin(membership::group_ids(call))),
    Operation::post("/users/{id}/getMemberObjects", "Lists the ids of all groups and directory roles of a user.", MEMBERSHIP, SECURITY_ONLY, OBJECT_IDS, |call| Box::pin(membership::object_ids(call))),
    Operation::post("/users/{id}/checkMemberGroups", "Says which of these groups a user is in.", MEMBERSHIP, GROUP_IDS, OBJECT_IDS, |call| Box::pin(membership::check_groups(call))),
    Operation::post("/users/{id}/checkMemberObjects", "Says which of these groups and directory roles a user has.", MEMBERSHIP, IDS, OBJECT_IDS, |call| Box::pin(membership::check_objects(call))),
    Operation::get("/users/{id}/ownedObjects", "Lists what a user owns.", READ_ALL, Answers::Collection(&DIRECTORY_OBJECT), |call| Box::pin(membership::owned(call))),
    Operation::get("/users/{id}/manager", "Reads the manager of a user.", READ_ALL, Answers::Entity(&DIRECTORY_OBJECT), |call| Box::pin(reporting::manager(call))),
    Operation::put("/users/{id}/manager/$ref", "Sets the manager of a user.", &[Action::UpdateUser], Takes::Reference, |call| Box::pin(reporting::set_manager(call))),
    Operation::delete("/users/{id}/manager/$ref", "Takes the manager of a user away.", &[Action::UpdateUser], |call| Box::pin(reporting::remove_manager(call))),
    Operation::get("/users/{id}/directReports", "Lists those whom a user manages.", READ_ALL, Answers::Collection(&DIRECTORY_OBJECT), |call| Box::pin(reporting::reports(call))),
    Operation::post("/users/{id}/revokeSignInSessions", "Ends the sessions and grants of a user.", &[Action::RevokeSessions], Takes::Nothing, Answers::Value(TRUTH), |call| Box::pin(sessions::revoke(call))),
    Operation::get("/me", "Reads the person who calls.", READ, Answers::Entity(&USER), |call| Box::pin(get::user(call))),
    Operation::patch("/me", "Changes the person who calls.", CHANGE, Takes::Changes(&USER), |call| Box::pin(update::user(call))),
    Operation::get("/me/memberOf", "Lists one's groups and directory roles.", MEMBERSHIP, Answers::Collection(&DIRECTORY_OBJECT), |call| Box::pin(membership::direct(call, Everything))),
    Operation::get("/me/transitiveMemberOf", "Lists one's groups and directory roles, had in any way.", MEMBERSHIP, Answers::Collection(&DIRECTORY_OBJECT), |call| Box::pin(membership::transitive(call, Everything))),
    Operation::get("/me/memberOf/microsoft.graph.group", "Lists the groups one has directly.", MEMBERSHIP, Answers::Collection(&GROUP), |call| Box::pin(membership::direct(call, Groups))),
    Operation::get("/me/memberOf/microsoft.graph.directoryRole", "Lists the directory roles one has directly.", MEMBERSHIP, Answers::Collection(&DIRECTORY_ROLE), |call| Box::pin(membership::direct(call, Roles))),
    Operation::get("/me/transitiveMemberOf/microsoft.graph.group", "Lists the groups one has in any way.", MEMBERSHIP, Answers::Collection(&GROUP), |call| Box::pin(membership::transitive(call, Groups))),
    Operation::get("/me/transitiveMemberOf/microsoft.graph.directoryRole", "Lists the directory roles one has in any way.", MEMBERSHIP, Answers::Collection(&DIRECTORY_ROLE), |call| Box::pin(membership::transitive(call, Roles))),
    Operation::post("/me/getMemberGroups", "Lists the ids of all of one's groups.", MEMBERSHIP, SECURITY_ONLY, OBJECT_IDS, |call| Box::pin(membership::group_ids(call))),
    Operation::post("/me/getMemberObjects", "Lists the ids of all of one's groups and directory roles.", MEMBERSHIP, SECURITY_ONLY, OBJECT_IDS, |call| Box::pin(membership::object_ids(call))),
    Operation::post("/me/checkMemberGroups", "Says which of these groups one is in.", MEMBERSHIP, GROUP_IDS, OBJECT_IDS, |call| Box::pin(membership::check_groups(call))),
    Operation::post("/me/checkMemberObjects", "Says which of these groups and directory roles one has.", MEMBERSHIP, IDS, OBJECT_IDS, |call| Box::pin(membership::check_objects(call))),
    Operation::get("/me/ownedObjects", "Lists what one owns.", READ_ALL, Answers::Collection(&DIRECTORY_OBJECT), |call| Box::pin(membership::owned(call))),
    Operation::get("/me/manager", "Reads one's manager.", READ_ALL, Answers::Entity(&DIRECTORY_OBJECT), |call| Box::pin(reporting::manager(call))),
    Operation::get("/me/directReports", "Lists those whom one manages.", READ_ALL, Answers::Collection(&DIRECTORY_OBJECT), |call| Box::pin(reporting::reports(call))),
    Operation::post("/me/revokeSignInSessions", "Ends one's sessions and grants.", &[Action::RevokeSessions], Takes::Nothing, Answers::Value(TRUTH), |call| Box::pin(sessions::revoke(call))),
    Operation::post("/me/changePassword", "Changes one's password.", &[Action::ChangeOwnPassword], CHANGE_PASSWORD, Answers::NoContent, |call| Box::pin(password::change(call))),
];

/// The user that the path means, to whom one of these things may be done to somebody at least. Whether it may be done to
/// this one is for the caller to ask.
async fn subject(call: &Call<'_>, actions: &[Action]) -> Result<User, Refusal> {
    if call.asked().operation.path.starts_with("/me") {
        return call.caller().user().cloned().ok_or(Refusal::NobodyIsMe);
    }
    let text = match call.key(0)? {
        Key::Id(text) => text.as_str(),
        Key::By(property, value) if property == "userprincipalname" => value.as_str(),
        Key::By(property, _) => {
            return Err(Refusal::Bad {
                message: format!("The key property '{property}' is not one that this resource is found by."),
                target: None,
            });
        }
    };
    if let Some(own) = call.caller().user().filter(|me| me.id.to_string() == text || me.upn.as_str() == text)
    {
        return Ok(own.clone());
    }
    if !actions.iter().any(|action| call.might_beyond_themselves(*action)) {
        return Err(Refusal::Denied);
    }
    let found = match (text.parse::<UserId>(), Upn::parse(text)) {
        (Ok(id), _) => call.users().user(call.tenant(), id).await?,
        (_, Ok(upn)) => call.users().user_by_upn(call.tenant(), &upn).await?,
        _ => None,
    };
    found.ok_or_else(|| Refusal::NotFound(text.to_owned()))
}

/// What a user is to the authorization table.
fn target(call: &Call<'_>, user: &User) -> Target {
    Target::user(call.caller().standing(), user)
}
