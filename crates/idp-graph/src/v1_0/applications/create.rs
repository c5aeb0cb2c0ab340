//! `POST /applications`

use idp_domain::applications::{Application, ClientSecret};
use idp_domain::audit::Activity;
use idp_domain::changes::{Change, Changes};
use idp_domain::directory::{DirectoryObject, Link, ObjectKind, Relation};
use idp_domain::secret::Secret;
use serde_json::{Value, json};
use uuid::Uuid;
use vestibule_wire::graph_error::GraphErrorCode as Code;
use vestibule_wire::ids::{ApplicationId, ClientId};

use super::subject::{check, name_is_taken};
use crate::authorize::{Action, Standing, Target};
use crate::body::{self, Members, Moment};
use crate::call::{Call, Record, explain};
use crate::error::{Fault, MemberFault, Refusal};
use crate::list;
use crate::reply::{Body, Reply};
use crate::schema::application::{self, APPLICATION, NewCredentials, Source};
use crate::v1_0::links;

/// How many objects somebody who does not administer may make (section 5.8).
const QUOTA: usize = 250;

pub(super) async fn application(call: &Call<'_>) -> Result<Reply, Refusal> {
    // 1. What is said, whole.
    let members = body::members(call.body()?, &APPLICATION, Moment::Creating, &["owners"])?;
    let (mut application, new) = read(call, &members)?;
    // 2. Who may? What they make will be their own.
    let mut allowed = call.allow(Action::CreateApplication, &Target::OWN_TO_BE)?;
    if application.client_family.is_some() {
        allowed = call.allow(Action::ManageClientFamilies, &Target::DIRECTORY)?;
    }
    within_quota(call).await?;
    // 3. Secrets are made here.
    let secrets = make(call, &mut application, new)?;
    check(call, &application, None).await?;
    // 4. It comes true, with whom it belongs to.
    let object = DirectoryObject::Application(application.clone().into());
    let names = members.set.keys().map(String::as_str);
    let mut records = vec![Record::of(Activity::ObjectAdded, &object).changing(names)];
    let mut changes = Changes::one(Change::CreateApplication(Box::new(application.clone())));
    let from = (ObjectKind::Application, application.id.guid());
    for (to, link) in owners(call, &members, from).await? {
        records.push(Record::of(Activity::OwnerAdded, &object).with(to));
        changes = changes.with(link);
    }
    let committed = call.commit(&allowed, changes, records).await;
    committed.map_err(|error| explain(error, name_is_taken))?;
    // 5. The answer is the only one that has the secrets (GA-06).
    let mut reply = list::made(call, &allowed, &APPLICATION, &application::render(&application));
    if let Body::Json(members) = &mut reply.body {
        show(members.get_mut("passwordCredentials"), &secrets);
    }
    Ok(reply)
}

fn read(call: &Call<'_>, members: &Members) -> Result<(Application, NewCredentials), Refusal> {
    if members.set.get("displayName").is_none_or(Value::is_null) {
        return Err(Refusal::Members(vec![MemberFault::new("displayName", Fault::Required)]));
    }
    // CN-08: client ids are made here, so that nobody has another's.
    let (id, client) = (ApplicationId::new(call.new_id()), ClientId::new(call.new_id()));
    let mut application = Application {
        created_at: call.now(),
        publisher_domain: Some(call.caller().tenant().default_domain.clone()),
        revision: 1,
        ..Application::new(call.tenant(), id, client, String::new())
    };
    let mut faults =
        application::apply(&mut application, &members.set, Source::Request).err().unwrap_or_default();
    match application::take_credentials(&mut application, &members.set, true, &|| call.new_id()) {
        Ok(new) if faults.is_empty() => Ok((application, new)),
        Ok(_) => Err(Refusal::Members(faults)),
        Err(more) => {
            faults.extend(more);
            Err(Refusal::Members(faults))
        }
    }
}

fn make(call: &Call<'_>, application: &mut Application, new: NewCredentials) -> Result<Vec<Secret>, Refusal> {
    let mut secrets = Vec::new();
    for wanted in new.secrets {
        let made =
            ClientSecret::make(application.client_id, wanted, call.sealer(), call.random(), call.now());
        let (kept, secret) =
            made.map_err(|error| Refusal::value("passwordCredentials", format!("{error}.")))?;
        application.secrets.push(kept);
        secrets.push(secret);
    }
    Ok(secrets)
}

fn show(listed: Option<&mut Value>, secrets: &[Secret]) {
    let listed = listed.and_then(Value::as_array_mut).into_iter().flatten();
    for (shown, secret) in listed.zip(secrets) {
        shown["secretText"] = json!(secret.expose());
    }
}

/// Who owns it from the start: those who are named, or whoever makes it.
pub(crate) async fn owners(
    call: &Call<'_>,
    members: &Members,
    from: (ObjectKind, Uuid),
) -> Result<Vec<(Uuid, Changes)>, Refusal> {
    let mut owners = Vec::new();
    for (name, addresses) in &members.bound {
        for object in links::bound(call, name, addresses).await? {
            super::owners::may_own(&object)?;
            owners.push((object.id(), link(call, from, &object)));
        }
    }
    if owners.is_empty() {
        owners.extend(link_creator(call, from));
    }
    Ok(owners)
}

/// Entra: the person who makes something owns it, and so does an application that may only keep its own.
fn link_creator(call: &Call<'_>, from: (ObjectKind, Uuid)) -> Option<(Uuid, Changes)> {
    let caller = call.caller();
    let creator = match (caller.user(), caller.standing()) {
        (Some(user), _) => DirectoryObject::User(user.clone()),
        (None, Standing::Application { permissions })
            if permissions.iter().any(|value| value == "Application.ReadWrite.OwnedBy") =>
        {
            DirectoryObject::ServicePrincipal(caller.client().clone())
        }
        _ => return None,
    };
    Some((creator.id(), link(call, from, &creator)))
}

/// What is made in the same commit need not be looked for; its owner must be there.
fn link(call: &Call<'_>, (from_kind, from): (ObjectKind, Uuid), to: &DirectoryObject) -> Changes {
    let (tenant, relation) = (call.tenant(), Relation::Owner);
    let link = Link { tenant, relation, from, from_kind, to: to.id(), to_kind: to.kind() };
    Changes::one(Change::ObjectExists { tenant, kind: to.kind(), id: to.id() }).and(Change::AddLink(link))
}

/// Whether somebody who does not administer may make one more.
pub(crate) async fn within_quota(call: &Call<'_>) -> Result<(), Refusal> {
    let Some(user) = call.caller().user().filter(|user| user.directory_roles.is_empty()) else {
        return Ok(());
    };
    let limit = u32::try_from(QUOTA).unwrap_or(u32::MAX);
    let owned =
        call.directory().linked_to(call.tenant(), Relation::Owner, user.id.guid(), None, limit).await?;
    if owned.len() < QUOTA {
        return Ok(());
    }
    Err(Refusal::ruled(
        Code::QuotaExceeded,
        "The directory object quota limit for the Principal has been exceeded. Please ask your administrator to increase the \
         quota limit or delete objects to reduce the used quota.",
    ))
}
