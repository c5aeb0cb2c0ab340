//! `/directoryRoles` and `/directoryRoleTemplates`: who holds which role. Every role is active, under the id of its
//! template; people hold roles, groups and applications do not.

pub(super) mod holders;

use idp_domain::audit::Activity;
use idp_domain::directory::role::{self, DirectoryRole};
use idp_domain::directory::{DirectoryObject, User};
use vestibule_wire::ids::UserId;

use super::links;
use crate::authorize::{Action, Target};
use crate::call::{Call, read_id};
use crate::error::Refusal;
use crate::list::{self, List, Source};
use crate::operations::{Answers, Operation, Takes};
use crate::path::Key;
use crate::reply::Reply;
use crate::schema::directory_object::DIRECTORY_OBJECT;
use crate::schema::directory_role::{self, DIRECTORY_ROLE, DIRECTORY_ROLE_TEMPLATE};

const READ: &[Action] = &[Action::ReadRoles];
const ASSIGN: &[Action] = &[Action::AssignRole];

/// The operations.
#[rustfmt::skip]
pub const OPERATIONS: &[Operation] = &[
    Operation::get("/directoryRoles", "Lists the directory roles.", READ, Answers::Collection(&DIRECTORY_ROLE), |call| Box::pin(roles(call))),
    Operation::get("/directoryRoles/{id}", "Reads a directory role.", READ, Answers::Entity(&DIRECTORY_ROLE), |call| Box::pin(one(call))),
    Operation::get("/directoryRoles/{id}/members", "Lists who holds a directory role.", READ, Answers::Collection(&DIRECTORY_OBJECT), |call| Box::pin(members(call))),
    Operation::post("/directoryRoles/{id}/members/$ref", "Gives a directory role.", ASSIGN, Takes::Reference, Answers::NoContent, |call| Box::pin(give(call))),
    Operation::delete("/directoryRoles/{id}/members/{member}/$ref", "Takes a directory role away.", ASSIGN, |call| Box::pin(take(call))),
    Operation::get("/directoryRoleTemplates", "Lists the templates of directory roles.", READ, Answers::Collection(&DIRECTORY_ROLE_TEMPLATE), |call| Box::pin(templates(call))),
    Operation::get("/directoryRoleTemplates/{id}", "Reads a template of a directory role.", READ, Answers::Entity(&DIRECTORY_ROLE_TEMPLATE), |call| Box::pin(template(call))),
];

/// The role that the path means.
fn subject(call: &Call<'_>) -> Result<&'static DirectoryRole, Refusal> {
    let (Key::Id(text) | Key::By(_, text)) = call.key(0)?;
    if matches!(call.key(0)?, Key::By(property, _) if property != "roletemplateid") {
        return Err(Refusal::NotFound(text.clone()));
    }
    role::find(read_id(text)?).ok_or_else(|| Refusal::NotFound(text.clone()))
}

async fn roles(call: &Call<'_>) -> Result<Reply, Refusal> {
    let allowed = call.allow(Action::ReadRoles, &Target::DIRECTORY)?;
    let all = role::ALL.iter().map(directory_role::role).collect();
    List::new(&DIRECTORY_ROLE, Source::Given(all)).answer(call, &allowed).await
}

async fn one(call: &Call<'_>) -> Result<Reply, Refusal> {
    let role = subject(call)?;
    let allowed = call.allow(Action::ReadRoles, &Target::role(role.template))?;
    list::one(call, &allowed, &DIRECTORY_ROLE, directory_role::role(role)).await
}

async fn templates(call: &Call<'_>) -> Result<Reply, Refusal> {
    let allowed = call.allow(Action::ReadRoles, &Target::DIRECTORY)?;
    let all = role::ALL.iter().map(directory_role::template).collect();
    List::new(&DIRECTORY_ROLE_TEMPLATE, Source::Given(all)).answer(call, &allowed).await
}

async fn template(call: &Call<'_>) -> Result<Reply, Refusal> {
    let role = subject(call)?;
    let allowed = call.allow(Action::ReadRoles, &Target::role(role.template))?;
    list::one(call, &allowed, &DIRECTORY_ROLE_TEMPLATE, directory_role::template(role)).await
}

async fn members(call: &Call<'_>) -> Result<Reply, Refusal> {
    let role = subject(call)?;
    let allowed = call.allow(Action::ReadRoles, &Target::role(role.template))?;
    List::mixed(Source::Holding(role.template)).answer(call, &allowed).await
}

async fn give(call: &Call<'_>) -> Result<Reply, Refusal> {
    let role = subject(call)?;
    let allowed = call.allow(Action::AssignRole, &Target::role(role.template))?;
    let user = person(links::referenced(call).await?)?;
    if user.holds(role.template) {
        return Err(Refusal::AlreadyLinked("members"));
    }
    holders::commit(call, &allowed, user, role, Activity::RoleAssigned).await?;
    Ok(Reply::done(&allowed))
}

async fn take(call: &Call<'_>) -> Result<Reply, Refusal> {
    let role = subject(call)?;
    let allowed = call.allow(Action::AssignRole, &Target::role(role.template))?;
    let id = call.id(1)?;
    let user = call.users().user(call.tenant(), UserId::new(id)).await?;
    let user =
        user.filter(|user| user.holds(role.template)).ok_or_else(|| Refusal::NotFound(id.to_string()))?;
    holders::commit(call, &allowed, user, role, Activity::RoleRemoved).await?;
    Ok(Reply::done(&allowed))
}

/// People hold roles.
pub(super) fn person(object: DirectoryObject) -> Result<User, Refusal> {
    match object {
        DirectoryObject::User(user) => Ok(user),
        _ => Err(Refusal::Unsupported(
            "Directory roles are held by users; groups and applications cannot.".into(),
        )),
    }
}
