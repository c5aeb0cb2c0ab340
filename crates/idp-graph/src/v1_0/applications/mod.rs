//! Applications: registrations, at home in the caller's tenant. A registration of another tenant is not found.

mod create;
mod delete;
mod federated;
mod get;
mod keys;
mod list;
mod manifest;
mod owners;
mod passwords;
mod subject;
mod update;

use crate::authorize::Action;
use crate::odata::schema::{Property, any, complex, guid, string};
use crate::operations::{Answers, Operation, Takes};
use crate::schema::application::{APPLICATION, KEY_CREDENTIAL, PASSWORD_CREDENTIAL};
use crate::schema::directory_object::DIRECTORY_OBJECT;
use crate::schema::federated_credential::FEDERATED_CREDENTIAL;

pub(crate) use create::{owners as owners_of_new, within_quota};
pub(crate) use keys::{KEY_ARGUMENTS, REMOVED_KEY};
pub(crate) use owners::{add as add_owner, remove as remove_owner};
pub(crate) use passwords::{make as make_password, take_away as take_password_away};
pub(crate) use subject::{deleted_target, privileges_of};

const READ: &[Action] = &[Action::ReadApplication];
const UPDATE: &[Action] =
    &[Action::UpdateApplication, Action::ManageCredentials, Action::ManageClientFamilies];
const CREDENTIALS: &[Action] = &[Action::ManageCredentials];
const OWNERS: &[Action] = &[Action::ManageApplicationOwners];
pub(crate) const NEW_PASSWORD: Takes =
    Takes::Arguments(&[complex("passwordCredential", PASSWORD_CREDENTIAL)]);
pub(crate) const PASSWORD: &Property = &complex("passwordCredential", PASSWORD_CREDENTIAL);
pub(crate) const KEY: &Property = &complex("keyCredential", KEY_CREDENTIAL);
pub(crate) const KEY_ID: Takes = Takes::Arguments(&[guid("keyId").required()]);
/// A manifest has members of its own, in either form.
const MANIFEST: Takes = Takes::Arguments(&[string("displayName"), string("name"), any("replyUrlsWithType")]);
const CREDENTIAL: Answers = Answers::Entity(&FEDERATED_CREDENTIAL);

/// The operations.
#[rustfmt::skip]
pub const OPERATIONS: &[Operation] = &[
    Operation::get("/applications", "Lists applications.", READ, Answers::Collection(&APPLICATION), |call| Box::pin(list::applications(call))),
    Operation::get("/applications/$count", "Counts applications.", READ, Answers::Count, |call| Box::pin(list::count(call))),
    Operation::post("/applications", "Registers an application.", &[Action::CreateApplication, Action::ManageClientFamilies], Takes::New(&APPLICATION), Answers::Created(&APPLICATION), |call| Box::pin(create::application(call))),
    Operation::get("/applications/{id}", "Reads an application; with $select=keyCredentials, its certificates.", READ, Answers::Entity(&APPLICATION), |call| Box::pin(get::application(call))),
    Operation::patch("/applications/{id}", "Changes an application.", UPDATE, Takes::Changes(&APPLICATION), |call| Box::pin(update::application(call))),
    Operation::delete("/applications/{id}", "Deletes an application and its service principal at home; both can be restored for 30 days.", &[Action::DeleteApplication], |call| Box::pin(delete::application(call))),
    Operation::post("/applications/{id}/addPassword", "Makes a client secret, which is shown this once.", CREDENTIALS, NEW_PASSWORD, Answers::Value(PASSWORD), |call| Box::pin(passwords::add(call))),
    Operation::post("/applications/{id}/removePassword", "Takes a client secret away.", CREDENTIALS, KEY_ID, Answers::NoContent, |call| Box::pin(passwords::remove(call))),
    Operation::post("/applications/{id}/addKey", "Adds a certificate, with proof of another.", CREDENTIALS, KEY_ARGUMENTS, Answers::Value(KEY), |call| Box::pin(keys::add(call))),
    Operation::post("/applications/{id}/removeKey", "Takes a certificate away, with proof of one.", CREDENTIALS, REMOVED_KEY, Answers::NoContent, |call| Box::pin(keys::remove(call))),
    Operation::get("/applications/{id}/owners", "Lists the owners of an application.", READ, Answers::Collection(&DIRECTORY_OBJECT), |call| Box::pin(list::owners(call))),
    Operation::post("/applications/{id}/owners/$ref", "Adds an owner to an application.", OWNERS, Takes::Reference, Answers::NoContent, |call| Box::pin(owners::of_application(call))),
    Operation::delete("/applications/{id}/owners/{owner}/$ref", "Takes an owner from an application.", OWNERS, |call| Box::pin(owners::not_of_application(call))),
    Operation::get("/applications/{id}/federatedIdentityCredentials", "Lists whose tokens an application may present.", READ, Answers::Collection(&FEDERATED_CREDENTIAL), |call| Box::pin(federated::list(call))),
    Operation::post("/applications/{id}/federatedIdentityCredentials", "Lets an application present the tokens of another issuer.", CREDENTIALS, Takes::New(&FEDERATED_CREDENTIAL), Answers::Created(&FEDERATED_CREDENTIAL), |call| Box::pin(federated::create(call))),
    Operation::get("/applications/{id}/federatedIdentityCredentials/{credential}", "Reads a federated credential, by id or name.", READ, CREDENTIAL, |call| Box::pin(federated::get(call))),
    Operation::patch("/applications/{id}/federatedIdentityCredentials/{credential}", "Changes a federated credential.", CREDENTIALS, Takes::Changes(&FEDERATED_CREDENTIAL), |call| Box::pin(federated::update(call))),
    Operation::delete("/applications/{id}/federatedIdentityCredentials/{credential}", "Takes a federated credential away.", CREDENTIALS, |call| Box::pin(federated::delete(call))),
    Operation::get("/applications/{id}/manifest", "Reads the manifest of an application, in the form of Graph or, with ?form=legacy, of the portal until 2024. Not in Microsoft Graph.", READ, Answers::Entity(&APPLICATION), |call| Box::pin(manifest::read(call))),
    Operation::put("/applications/{id}/manifest", "Makes an application what a manifest says, in either form. Not in Microsoft Graph.", UPDATE, MANIFEST, |call| Box::pin(manifest::write(call))),
];
