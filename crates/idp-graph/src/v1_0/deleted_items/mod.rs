//! `/directory/deletedItems`: what was deleted in the last 30 days, and can be brought back.

use idp_domain::audit::Activity;
use idp_domain::changes::{Change, Changes, Conflict};
use idp_domain::directory::{DELETED_KEPT, DeletedObject, DirectoryObject, ObjectKind};

use crate::authorize::{Action, Allowed, Target};
use crate::call::{Call, Record, explain};
use crate::error::Refusal;
use crate::list::{self, List, Source};
use crate::operations::{Answers, Operation, Takes};
use crate::reply::Reply;
use crate::schema::directory_object::{self, DIRECTORY_OBJECT};
use crate::schema::group::GROUP;
use crate::schema::texts;
use crate::schema::user::USER;
use crate::v1_0::applications;

const READ: &[Action] = &[Action::ReadDeleted];
const RESTORE: &[Action] = &[Action::RestoreUser, Action::RestoreGroup, Action::RestoreApplication];
const PURGE: &[Action] = &[Action::PurgeUser, Action::PurgeGroup, Action::PurgeApplication];
const OBJECT: Answers = Answers::Entity(&DIRECTORY_OBJECT);
const OBJECTS: Answers = Answers::Collection(&DIRECTORY_OBJECT);

/// The operations.
#[rustfmt::skip]
pub const OPERATIONS: &[Operation] = &[
    Operation::get("/directory/deletedItems/microsoft.graph.user", "Lists deleted users.", READ, Answers::Collection(&USER), |call| Box::pin(of_kind(call, ObjectKind::User))),
    Operation::get("/directory/deletedItems/microsoft.graph.group", "Lists deleted groups.", READ, Answers::Collection(&GROUP), |call| Box::pin(of_kind(call, ObjectKind::Group))),
    Operation::get("/directory/deletedItems/microsoft.graph.application", "Lists deleted applications.", READ, OBJECTS, |call| Box::pin(of_kind(call, ObjectKind::Application))),
    Operation::get("/directory/deletedItems/microsoft.graph.servicePrincipal", "Lists deleted service principals.", READ, OBJECTS, |call| Box::pin(of_kind(call, ObjectKind::ServicePrincipal))),
    Operation::get("/directory/deletedItems/{id}", "Reads a deleted object.", READ, OBJECT, |call| Box::pin(get(call))),
    Operation::post("/directory/deletedItems/{id}/restore", "Brings a deleted object back.", RESTORE, Takes::Nothing, OBJECT, |call| Box::pin(restore(call))),
    Operation::delete("/directory/deletedItems/{id}", "Deletes a deleted object for good.", PURGE, |call| Box::pin(purge(call))),
];

async fn of_kind(call: &Call<'_>, kind: ObjectKind) -> Result<Reply, Refusal> {
    // Lists of one kind belong to those who may do something with that kind.
    let allowed = readable(call, kind)?;
    List::new(directory_object::entity_of(kind), Source::Deleted(kind)).answer(call, &allowed).await
}

async fn get(call: &Call<'_>) -> Result<Reply, Refusal> {
    let deleted = subject(call).await?;
    let allowed = readable(call, deleted.object.kind())?;
    let mut members = directory_object::render(&deleted.object, &call.caller().tenant().default_domain);
    members.insert("deletedDateTime".into(), texts::time(deleted.deleted_at));
    list::one(call, &allowed, &DIRECTORY_OBJECT, members).await
}

async fn restore(call: &Call<'_>) -> Result<Reply, Refusal> {
    let DeletedObject { object, .. } = subject(call).await?;
    let action = match object.kind() {
        ObjectKind::User => Action::RestoreUser,
        ObjectKind::Group => Action::RestoreGroup,
        ObjectKind::Application | ObjectKind::ServicePrincipal => Action::RestoreApplication,
    };
    let allowed = call.allow(action, &target(call, &object).await?)?;
    has_an_application(call, &object).await?;
    let record = Record::of(Activity::ObjectRestored, &object);
    let changes = restoring(call, &object);
    let name = match object.kind() {
        ObjectKind::User => "userPrincipalName",
        ObjectKind::Application => "identifierUris",
        ObjectKind::Group | ObjectKind::ServicePrincipal => "id",
    };
    let committed = call.commit(&allowed, changes, [record]).await;
    committed.map_err(|error| {
        explain(error, |conflict| (conflict == Conflict::AlreadyExists).then_some(Refusal::Taken(name)))
    })?;
    let members = directory_object::render(&object, &call.caller().tenant().default_domain);
    list::one(call, &allowed, &DIRECTORY_OBJECT, members).await
}

/// What brings an object back. What a person was signed in to before stays over: they sign in again.
fn restoring(call: &Call<'_>, object: &DirectoryObject) -> Changes {
    let changes = Changes::one(Change::RestoreObject(Box::new(object.clone())));
    match object {
        DirectoryObject::User(user) => changes.and(Change::RevokeUserGrants {
            tenant: user.tenant,
            user: user.id,
            valid_from: call.now(),
        }),
        // As when it is made: of the application as it is now.
        DirectoryObject::ServicePrincipal(registration) => changes.and(Change::ApplicationAt {
            client: registration.client_id(),
            revision: registration.application.revision,
        }),
        DirectoryObject::Group(_) | DirectoryObject::Application(_) => changes,
    }
}

/// A service principal without its application would be in no list, and stand in the way of others all the same.
async fn has_an_application(call: &Call<'_>, object: &DirectoryObject) -> Result<(), Refusal> {
    let DirectoryObject::ServicePrincipal(registration) = object else { return Ok(()) };
    if call.applications().application(registration.client_id()).await?.is_some() {
        return Ok(());
    }
    Err(Refusal::Bad {
        message: "The application of this service principal was deleted. Restore the application first."
            .into(),
        target: None,
    })
}

async fn purge(call: &Call<'_>) -> Result<Reply, Refusal> {
    let DeletedObject { object, .. } = subject(call).await?;
    let action = match object.kind() {
        ObjectKind::User => Action::PurgeUser,
        ObjectKind::Group => Action::PurgeGroup,
        ObjectKind::Application | ObjectKind::ServicePrincipal => Action::PurgeApplication,
    };
    let allowed = call.allow(action, &target(call, &object).await?)?;
    let record = Record::of(Activity::ObjectPurged, &object);
    let (tenant, kind, id) = (call.tenant(), object.kind(), object.id());
    let committed =
        call.commit(&allowed, Changes::one(Change::PurgeObject { tenant, kind, id }), [record]).await;
    committed.map_err(|error| {
        explain(error, |conflict| (conflict == Conflict::NotThere).then(|| Refusal::NotFound(id.to_string())))
    })?;
    Ok(Reply::done(&allowed))
}

/// The deleted object that the path means. After 30 days it is none.
async fn subject(call: &Call<'_>) -> Result<DeletedObject, Refusal> {
    let id = call.id(0)?;
    let deleted = call.directory().deleted_object(call.tenant(), id).await?;
    let kept = deleted.filter(|deleted| call.now().duration_since(deleted.deleted_at) < DELETED_KEPT);
    kept.ok_or_else(|| Refusal::NotFound(id.to_string()))
}

/// Who may read what was deleted of a kind: a permission for that kind, and a role.
fn readable(call: &Call<'_>, kind: ObjectKind) -> Result<Allowed, Refusal> {
    call.allow(Action::ReadDeleted, &Target::any_of_kind(kind))
}

/// What it was when it was deleted: whoever could not touch it then cannot bring it back or end it now (GA-09).
async fn target(call: &Call<'_>, object: &DirectoryObject) -> Result<Target, Refusal> {
    Ok(match object {
        DirectoryObject::User(user) => Target::user(call.caller().standing(), user),
        DirectoryObject::Group(group) => Target::group(group, false),
        DirectoryObject::Application(application) => applications::deleted_target(call, application).await?,
        DirectoryObject::ServicePrincipal(registration) => {
            let held = applications::privileges_of(call, &[registration.principal.id.guid()]).await?;
            Target::application(&held, false)
        }
    })
}
