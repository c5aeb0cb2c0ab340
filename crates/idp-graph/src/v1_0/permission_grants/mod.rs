//! `/oauth2PermissionGrants`: delegated permissions that were granted, to everybody or to one person.
//!
//! Taking permissions away ends what was issued with them: refresh tokens of the client, of the person or of everybody
//! (CN-07).

mod change;
mod create;
mod list;
mod subject;

use crate::authorize::Action;
use crate::operations::{Answers, Operation, Takes};
use crate::schema::grants::PERMISSION_GRANT;

const READ: &[Action] = &[Action::ReadGrants];
const MANAGE: &[Action] = &[Action::ManageGrants];
const GRANTS: Answers = Answers::Collection(&PERMISSION_GRANT);

/// The operations.
#[rustfmt::skip]
pub const OPERATIONS: &[Operation] = &[
    Operation::get("/oauth2PermissionGrants", "Lists delegated permissions that were granted.", READ, GRANTS, |call| Box::pin(list::all(call))),
    Operation::post("/oauth2PermissionGrants", "Grants delegated permissions.", MANAGE, Takes::New(&PERMISSION_GRANT), Answers::Created(&PERMISSION_GRANT), |call| Box::pin(create::grant(call))),
    Operation::get("/oauth2PermissionGrants/{id}", "Reads a grant.", READ, Answers::Entity(&PERMISSION_GRANT), |call| Box::pin(list::one(call))),
    Operation::patch("/oauth2PermissionGrants/{id}", "Changes what is granted; refresh tokens end when it becomes less.", MANAGE, Takes::Changes(&PERMISSION_GRANT), |call| Box::pin(change::update(call))),
    Operation::delete("/oauth2PermissionGrants/{id}", "Withdraws a grant, and ends the refresh tokens that came of it.", MANAGE, |call| Box::pin(change::delete(call))),
    Operation::get("/servicePrincipals/{id}/oauth2PermissionGrants", "Lists what was granted to a client.", READ, GRANTS, |call| Box::pin(list::of_client(call))),
    Operation::get("/users/{id}/oauth2PermissionGrants", "Lists what was granted for a user alone.", READ, GRANTS, |call| Box::pin(list::of_user(call))),
    Operation::get("/me/oauth2PermissionGrants", "Lists what was granted for whoever calls alone.", READ, GRANTS, |call| Box::pin(list::of_user(call))),
];
