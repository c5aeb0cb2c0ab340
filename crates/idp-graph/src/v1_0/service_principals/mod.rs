//! Service principals: what applications are in the caller's tenant, of this tenant or of another.

mod create;
mod credentials;
mod delete;
mod get;
mod list;
mod owners;
mod subject;
mod update;

use idp_domain::directory::Relation;

use super::applications::{NEW_PASSWORD, PASSWORD};
use super::memberships::{GROUP_IDS, IDS, OBJECT_IDS, SECURITY_ONLY};
use crate::authorize::Action;
use crate::operations::{Answers, Operation, Takes};
use crate::schema::directory_object::DIRECTORY_OBJECT;
use crate::schema::service_principal::SERVICE_PRINCIPAL;

pub(crate) use subject::subject;

const READ: &[Action] = &[Action::ReadApplication];
const UPDATE: &[Action] = &[Action::UpdateApplication];
const CREDENTIALS: &[Action] = &[Action::ManageCredentials];
const OWNERS: &[Action] = &[Action::ManageApplicationOwners];
const OBJECTS: Answers = Answers::Collection(&DIRECTORY_OBJECT);
const PRINCIPAL: Answers = Answers::Entity(&SERVICE_PRINCIPAL);

/// The operations.
#[rustfmt::skip]
pub const OPERATIONS: &[Operation] = &[
    Operation::get("/servicePrincipals", "Lists service principals.", READ, Answers::Collection(&SERVICE_PRINCIPAL), |call| Box::pin(list::principals(call))),
    Operation::get("/servicePrincipals/$count", "Counts service principals.", READ, Answers::Count, |call| Box::pin(list::count(call))),
    Operation::post("/servicePrincipals", "Makes the service principal of an application, of this tenant or of another.", &[Action::CreateServicePrincipal], Takes::New(&SERVICE_PRINCIPAL), Answers::Created(&SERVICE_PRINCIPAL), |call| Box::pin(create::principal(call))),
    Operation::get("/servicePrincipals/{id}", "Reads a service principal.", READ, PRINCIPAL, |call| Box::pin(get::principal(call))),
    Operation::patch("/servicePrincipals/{id}", "Changes a service principal.", UPDATE, Takes::Changes(&SERVICE_PRINCIPAL), |call| Box::pin(update::principal(call))),
    Operation::delete("/servicePrincipals/{id}", "Deletes a service principal, which can be restored for 30 days; what was consented to it is withdrawn until then.", &[Action::DeleteApplication], |call| Box::pin(delete::principal(call))),
    Operation::post("/servicePrincipals/{id}/addPassword", "Makes a client secret of the application, which is at home here.", CREDENTIALS, NEW_PASSWORD, Answers::Value(PASSWORD), |call| Box::pin(credentials::add(call))),
    Operation::post("/servicePrincipals/{id}/removePassword", "Takes a client secret of the application away.", CREDENTIALS, super::applications::KEY_ID, Answers::NoContent, |call| Box::pin(credentials::remove(call))),
    Operation::get("/servicePrincipals/{id}/owners", "Lists the owners of a service principal.", READ, OBJECTS, |call| Box::pin(list::linked_from(call, Relation::Owner))),
    Operation::post("/servicePrincipals/{id}/owners/$ref", "Adds an owner to a service principal.", OWNERS, Takes::Reference, Answers::NoContent, |call| Box::pin(owners::add(call))),
    Operation::delete("/servicePrincipals/{id}/owners/{owner}/$ref", "Takes an owner from a service principal.", OWNERS, |call| Box::pin(owners::remove(call))),
    Operation::get("/servicePrincipals/{id}/ownedObjects", "Lists what a service principal owns.", READ, OBJECTS, |call| Box::pin(list::linked_to(call, Relation::Owner))),
    Operation::get("/servicePrincipals/{id}/memberOf", "Lists the groups a service principal is in directly.", READ, OBJECTS, |call| Box::pin(list::linked_to(call, Relation::Member))),
    Operation::get("/servicePrincipals/{id}/transitiveMemberOf", "Lists the groups a service principal is in, in any way.", READ, OBJECTS, |call| Box::pin(list::transitive(call))),
    Operation::post("/servicePrincipals/{id}/getMemberGroups", "Lists the ids of all groups of a service principal.", READ, SECURITY_ONLY, OBJECT_IDS, |call| Box::pin(list::ids(call))),
    Operation::post("/servicePrincipals/{id}/getMemberObjects", "Lists the ids of what a service principal is in.", READ, SECURITY_ONLY, OBJECT_IDS, |call| Box::pin(list::ids(call))),
    Operation::post("/servicePrincipals/{id}/checkMemberGroups", "Says which of these groups a service principal is in.", READ, GROUP_IDS, OBJECT_IDS, |call| Box::pin(list::check(call, "groupIds"))),
    Operation::post("/servicePrincipals/{id}/checkMemberObjects", "Says which of these a service principal is in.", READ, IDS, OBJECT_IDS, |call| Box::pin(list::check(call, "ids"))),
];
