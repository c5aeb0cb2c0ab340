//! `/applications/{id}/federatedIdentityCredentials`: each by its id or its name.

use idp_domain::applications::{Application, FederatedCredential};
use idp_domain::audit::Activity;
use idp_domain::directory::{DirectoryObject, ObjectKind};
use serde_json::Value;
use uuid::Uuid;
use vestibule_wire::graph_error::GraphErrorCode as Code;

use super::subject::{save, subject, target};
use super::update::records;
use crate::authorize::{Action, Target};
use crate::body::{self, Moment};
use crate::call::{Call, Record};
use crate::error::{Fault, MemberFault, Refusal};
use crate::list::{self, List, Source};
use crate::path::Key;
use crate::reply::Reply;
use crate::schema::federated_credential::{self, FEDERATED_CREDENTIAL};

const REQUIRED: &[&str] = &["audiences", "issuer", "name", "subject"];

pub(super) async fn list(call: &Call<'_>) -> Result<Reply, Refusal> {
    let application = subject(call).await?;
    let allowed = call.allow(Action::ReadApplication, &Target::any_of_kind(ObjectKind::Application))?;
    let all = application.federated_credentials.iter().map(federated_credential::render).collect();
    let set = format!("applications('{}')/federatedIdentityCredentials", application.id);
    let list = List { set, ..List::new(&FEDERATED_CREDENTIAL, Source::Given(all)) };
    list.answer(call, &allowed).await
}

pub(super) async fn get(call: &Call<'_>) -> Result<Reply, Refusal> {
    let application = subject(call).await?;
    let allowed = call.allow(Action::ReadApplication, &Target::any_of_kind(ObjectKind::Application))?;
    let place = place(call, &application)?;
    let members = federated_credential::render(&application.federated_credentials[place]);
    list::one(call, &allowed, &FEDERATED_CREDENTIAL, members).await
}

pub(super) async fn create(call: &Call<'_>) -> Result<Reply, Refusal> {
    let old = subject(call).await?;
    let allowed = call.allow(Action::ManageCredentials, &target(call, &old).await?)?;
    let set = body::members(call.body()?, &FEDERATED_CREDENTIAL, Moment::Creating, &[])?.set;
    let missing = REQUIRED.iter().filter(|name| set.get(**name).is_none_or(Value::is_null));
    let faults: Vec<_> = missing.map(|name| MemberFault::new(*name, Fault::Required)).collect();
    if !faults.is_empty() {
        return Err(Refusal::Members(faults));
    }
    let mut credential = FederatedCredential {
        id: call.new_id(),
        name: String::new(),
        issuer: String::new(),
        subject: String::new(),
        audiences: Vec::new(),
        description: None,
    };
    federated_credential::apply(&mut credential, &set);
    not_taken(&old, &credential)?;
    let mut new = (*old).clone();
    let shown = federated_credential::render(&credential);
    new.federated_credentials.push(credential);
    let (id, records) = (old.id, records(&old, &new, []));
    save(call, &allowed, &old, new, records).await?;
    let mut reply = list::made(call, &allowed, &FEDERATED_CREDENTIAL, &shown);
    let own = shown.get("id").and_then(Value::as_str).unwrap_or_default();
    reply.location = Some(call.address(&format!("applications/{id}/federatedIdentityCredentials/{own}")));
    Ok(reply)
}

pub(super) async fn update(call: &Call<'_>) -> Result<Reply, Refusal> {
    let set = body::members(call.body()?, &FEDERATED_CREDENTIAL, Moment::Changing, &[])?.set;
    let old = subject(call).await?;
    let allowed = call.allow(Action::ManageCredentials, &target(call, &old).await?)?;
    let place = place(call, &old)?;
    let mut new = (*old).clone();
    federated_credential::apply(&mut new.federated_credentials[place], &set);
    let object = DirectoryObject::Application(old.clone());
    let id = new.federated_credentials[place].id;
    let record =
        Record::of(Activity::ObjectUpdated, &object).with(id).changing(["federatedIdentityCredentials"]);
    save(call, &allowed, &old, new, [record]).await?;
    Ok(Reply::done(&allowed))
}

pub(super) async fn delete(call: &Call<'_>) -> Result<Reply, Refusal> {
    let old = subject(call).await?;
    let allowed = call.allow(Action::ManageCredentials, &target(call, &old).await?)?;
    let place = place(call, &old)?;
    let mut new = (*old).clone();
    new.federated_credentials.remove(place);
    let records = records(&old, &new, []);
    save(call, &allowed, &old, new, records).await?;
    Ok(Reply::done(&allowed))
}

/// Where the credential that the path means stands: by its id, or by its name, whose case does not matter.
fn place(call: &Call<'_>, application: &Application) -> Result<usize, Refusal> {
    let all = &application.federated_credentials;
    let named = |name: &str| all.iter().position(|one| one.name.eq_ignore_ascii_case(name));
    let (found, text) = match call.key(1)? {
        Key::Id(text) => {
            let id = Uuid::try_parse(text).ok().filter(|_| text.len() == 36);
            (id.and_then(|id| all.iter().position(|one| one.id == id)).or_else(|| named(text)), text)
        }
        Key::By(property, text) if property == "name" => (named(text), text),
        Key::By(_, text) => (None, text),
    };
    found.ok_or_else(|| Refusal::NotFound(text.clone()))
}

/// Entra: a name that is taken is a conflict.
fn not_taken(application: &Application, new: &FederatedCredential) -> Result<(), Refusal> {
    let mut all = application.federated_credentials.iter();
    if all.any(|one| one.name.eq_ignore_ascii_case(&new.name)) {
        let message =
            format!("FederatedIdentityCredential with name {} already exists.", new.name.escape_debug());
        return Err(Refusal::ruled_member(Code::MultipleObjectsWithSameKeyValueConflict, "name", message));
    }
    Ok(())
}
