//! App role assignments: who has which role of a resource. Seen from the resource (`appRoleAssignedTo`) and from who has
//! it (`appRoleAssignments`); the same assignments.

mod assign;
mod list;
mod subject;

use crate::authorize::Action;
use crate::operations::{Answers, Operation, Takes};
use crate::schema::grants::APP_ROLE_ASSIGNMENT;

const READ: &[Action] = &[Action::ReadGrants];
const ASSIGN: &[Action] = &[Action::AssignAppRole];
const ASSIGNMENTS: Answers = Answers::Collection(&APP_ROLE_ASSIGNMENT);
const ASSIGNMENT: Answers = Answers::Entity(&APP_ROLE_ASSIGNMENT);
const NEW: Takes = Takes::New(&APP_ROLE_ASSIGNMENT);
const MADE: Answers = Answers::Created(&APP_ROLE_ASSIGNMENT);

/// The operations.
#[rustfmt::skip]
pub const OPERATIONS: &[Operation] = &[
    Operation::get("/servicePrincipals/{id}/appRoleAssignedTo", "Lists who has roles of a resource.", READ, ASSIGNMENTS, |call| Box::pin(list::all(call))),
    Operation::post("/servicePrincipals/{id}/appRoleAssignedTo", "Assigns a role of a resource.", ASSIGN, NEW, MADE, |call| Box::pin(assign::make(call))),
    Operation::get("/servicePrincipals/{id}/appRoleAssignedTo/{assignment}", "Reads an assignment to a resource.", READ, ASSIGNMENT, |call| Box::pin(list::one(call))),
    Operation::delete("/servicePrincipals/{id}/appRoleAssignedTo/{assignment}", "Takes a role of a resource away.", ASSIGN, |call| Box::pin(assign::remove(call))),
    Operation::get("/servicePrincipals/{id}/appRoleAssignments", "Lists the roles a service principal has.", READ, ASSIGNMENTS, |call| Box::pin(list::all(call))),
    Operation::post("/servicePrincipals/{id}/appRoleAssignments", "Assigns a role to a service principal.", ASSIGN, NEW, MADE, |call| Box::pin(assign::make(call))),
    Operation::get("/servicePrincipals/{id}/appRoleAssignments/{assignment}", "Reads a role a service principal has.", READ, ASSIGNMENT, |call| Box::pin(list::one(call))),
    Operation::delete("/servicePrincipals/{id}/appRoleAssignments/{assignment}", "Takes a role from a service principal.", ASSIGN, |call| Box::pin(assign::remove(call))),
    Operation::get("/users/{id}/appRoleAssignments", "Lists the roles a user has by themselves.", READ, ASSIGNMENTS, |call| Box::pin(list::all(call))),
    Operation::post("/users/{id}/appRoleAssignments", "Assigns a role to a user.", ASSIGN, NEW, MADE, |call| Box::pin(assign::make(call))),
    Operation::delete("/users/{id}/appRoleAssignments/{assignment}", "Takes a role from a user.", ASSIGN, |call| Box::pin(assign::remove(call))),
    Operation::get("/groups/{id}/appRoleAssignments", "Lists the roles a group has.", READ, ASSIGNMENTS, |call| Box::pin(list::all(call))),
    Operation::post("/groups/{id}/appRoleAssignments", "Assigns a role to a group.", ASSIGN, NEW, MADE, |call| Box::pin(assign::make(call))),
    Operation::delete("/groups/{id}/appRoleAssignments/{assignment}", "Takes a role from a group.", ASSIGN, |call| Box::pin(assign::remove(call))),
    Operation::get("/me/appRoleAssignments", "Lists the roles of whoever calls.", READ, ASSIGNMENTS, |call| Box::pin(list::all(call))),
];
