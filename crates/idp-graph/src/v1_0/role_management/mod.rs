//! `/roleManagement/directory`: directory roles in the words of role management.

use idp_domain::audit::Activity;
use idp_domain::directory::role::{self, DirectoryRole};
use serde_json::Value;
use vestibule_wire::ids::UserId;

use super::directory_roles::{holders, person};
use crate::authorize::{Action, Target};
use crate::body::{self, Moment};
use crate::call::{Call, read_id};
use crate::error::{Fault, MemberFault, Refusal};
use crate::list::{self, List, Source};
use crate::operations::{Answers, Operation, Takes};
use crate::path::Key;
use crate::reply::Reply;
use crate::schema::directory_role::{self, ROLE_ASSIGNMENT, ROLE_DEFINITION};

const READ: &[Action] = &[Action::ReadRoles];
const ASSIGN: &[Action] = &[Action::AssignRole];

/// The operations.
#[rustfmt::skip]
pub const OPERATIONS: &[Operation] = &[
    Operation::get("/roleManagement/directory/roleDefinitions", "Lists the definitions of directory roles.", READ, Answers::Collection(&ROLE_DEFINITION), |call| Box::pin(definitions(call))),
    Operation::get("/roleManagement/directory/roleDefinitions/{id}", "Reads the definition of a directory role.", READ, Answers::Entity(&ROLE_DEFINITION), |call| Box::pin(definition(call))),
    Operation::get("/roleManagement/directory/roleAssignments", "Lists who holds which directory role.", READ, Answers::Collection(&ROLE_ASSIGNMENT), |call| Box::pin(assignments(call))),
    Operation::post("/roleManagement/directory/roleAssignments", "Gives a directory role.", ASSIGN, Takes::New(&ROLE_ASSIGNMENT), Answers::Created(&ROLE_ASSIGNMENT), |call| Box::pin(assign(call))),
    Operation::get("/roleManagement/directory/roleAssignments/{id}", "Reads an assignment of a directory role.", READ, Answers::Entity(&ROLE_ASSIGNMENT), |call| Box::pin(assignment(call))),
    Operation::delete("/roleManagement/directory/roleAssignments/{id}", "Takes a directory role away.", ASSIGN, |call| Box::pin(unassign(call))),
];

fn text<'c>(call: &'c Call<'_>) -> Result<&'c str, Refusal> {
    let (Key::Id(text) | Key::By(_, text)) = call.key(0)?;
    Ok(text)
}

async fn definitions(call: &Call<'_>) -> Result<Reply, Refusal> {
    let allowed = call.allow(Action::ReadRoles, &Target::DIRECTORY)?;
    let all = role::ALL.iter().map(directory_role::definition).collect();
    List::new(&ROLE_DEFINITION, Source::Given(all)).answer(call, &allowed).await
}

async fn definition(call: &Call<'_>) -> Result<Reply, Refusal> {
    let id = call.id(0)?;
    let role = role::find(id).ok_or_else(|| Refusal::NotFound(id.to_string()))?;
    let allowed = call.allow(Action::ReadRoles, &Target::role(role.template))?;
    list::one(call, &allowed, &ROLE_DEFINITION, directory_role::definition(role)).await
}

async fn assignments(call: &Call<'_>) -> Result<Reply, Refusal> {
    let allowed = call.allow(Action::ReadRoles, &Target::DIRECTORY)?;
    let mut all = Vec::new();
    for user in holders::all(call).await? {
        let held = user.directory_roles.iter().filter(|template| role::find(**template).is_some());
        all.extend(held.map(|template| directory_role::assignment(*template, user.id)));
    }
    List::new(&ROLE_ASSIGNMENT, Source::Given(all)).answer(call, &allowed).await
}

async fn assignment(call: &Call<'_>) -> Result<Reply, Refusal> {
    let (role, user) = assigned(call).await?;
    let allowed = call.allow(Action::ReadRoles, &Target::role(role.template))?;
    list::one(call, &allowed, &ROLE_ASSIGNMENT, directory_role::assignment(role.template, user.id)).await
}

async fn assign(call: &Call<'_>) -> Result<Reply, Refusal> {
    // 1. What is said, whole.
    let set = body::members(call.body()?, &ROLE_ASSIGNMENT, Moment::Creating, &[])?.set;
    let said = |name: &str| {
        let missing = || Refusal::Members(vec![MemberFault::new(name, Fault::Required)]);
        set.get(name).and_then(Value::as_str).ok_or_else(missing)
    };
    let (template, principal) = (read_id(said("roleDefinitionId")?)?, read_id(said("principalId")?)?);
    if set.get("directoryScopeId").and_then(Value::as_str).is_some_and(|scope| scope != "/") {
        return Err(Refusal::value("directoryScopeId", "roles are given for the whole directory: '/'."));
    }
    let role = role::find(template).ok_or_else(|| Refusal::NotFound(template.to_string()))?;
    // 2. Who may?
    let allowed = call.allow(Action::AssignRole, &Target::role(role.template))?;
    // 3. It comes true.
    let object = call.directory().object(call.tenant(), principal).await?;
    let user = person(object.ok_or_else(|| Refusal::NotFound(principal.to_string()))?)?;
    if user.holds(role.template) {
        return Err(Refusal::Bad {
            message: "A conflicting object with one or more of the specified property values is present in the directory.".into(),
            target: None,
        });
    }
    let members = directory_role::assignment(role.template, user.id);
    holders::commit(call, &allowed, user, role, Activity::RoleAssigned).await?;
    Ok(list::made(call, &allowed, &ROLE_ASSIGNMENT, &members))
}

async fn unassign(call: &Call<'_>) -> Result<Reply, Refusal> {
    let (role, user) = assigned(call).await?;
    let allowed = call.allow(Action::AssignRole, &Target::role(role.template))?;
    holders::commit(call, &allowed, user, role, Activity::RoleRemoved).await?;
    Ok(Reply::done(&allowed))
}

/// The assignment that the path means, if it is there.
async fn assigned(call: &Call<'_>) -> Result<(&'static DirectoryRole, idp_domain::directory::User), Refusal> {
    let text = text(call)?;
    let not_found = || Refusal::NotFound(text.to_owned());
    let (role, id): (_, UserId) = directory_role::read_assignment_id(text).ok_or_else(not_found)?;
    let user = call.users().user(call.tenant(), id).await?;
    let user = user.filter(|user| user.holds(role.template)).ok_or_else(not_found)?;
    Ok((role, user))
}
