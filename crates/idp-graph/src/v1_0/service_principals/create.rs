//! `POST /servicePrincipals`: of an application of this tenant, or of one of another that is for other organisations.

use std::sync::Arc;

use idp_domain::applications::{Application, Registration, ServicePrincipal};
use idp_domain::audit::Activity;
use idp_domain::changes::{Change, Changes, Conflict};
use idp_domain::directory::{DirectoryObject, ObjectKind};
use serde_json::Value;
use vestibule_wire::graph_error::GraphErrorCode as Code;
use vestibule_wire::ids::{ClientId, ServicePrincipalId};

use crate::authorize::{Action, Allowed, Target};
use crate::body::{self, Moment};
use crate::call::{Call, Record, explain, read_id};
use crate::error::{Fault, MemberFault, Refusal};
use crate::list;
use crate::reply::Reply;
use crate::schema::service_principal::{self, SERVICE_PRINCIPAL};
use crate::v1_0::applications::{owners_of_new, within_quota};

pub(super) async fn principal(call: &Call<'_>) -> Result<Reply, Refusal> {
    // 1. What is said, whole.
    let members = body::members(call.body()?, &SERVICE_PRINCIPAL, Moment::Creating, &["owners"])?;
    let set = &members.set;
    let required = || Refusal::Members(vec![MemberFault::new("appId", Fault::Required)]);
    let client = ClientId::new(read_id(set.get("appId").and_then(Value::as_str).ok_or_else(required)?)?);
    // 2. Of which application?
    let application = call.applications().application(client).await?;
    let Some(application) = application.filter(|application| may_be_seen(call, application)) else {
        return Err(no_such_application(client));
    };
    // 3. Who may?
    let allowed = allow(call, &application).await?;
    within_quota(call).await?;
    // 4. What will be there.
    let id = ServicePrincipalId::new(call.new_id());
    let principal =
        ServicePrincipal { revision: 1, ..ServicePrincipal::new(call.tenant(), id, client, call.now()) };
    let mut registration = Registration { principal, application };
    service_principal::apply(&mut registration, set).map_err(Refusal::Members)?;
    // 5. It comes true.
    let application = &registration.application;
    let at = Change::ApplicationAt { client, revision: application.revision };
    let object = DirectoryObject::ServicePrincipal(registration.clone());
    let names = set.keys().map(String::as_str);
    let mut records = vec![Record::of(Activity::ObjectAdded, &object).changing(names)];
    let mut changes = Changes::one(at).and(Change::CreateServicePrincipal(Box::new(registration.clone())));
    for (owner, link) in owners_of_new(call, &members, (ObjectKind::ServicePrincipal, id.guid())).await? {
        records.push(Record::of(Activity::OwnerAdded, &object).with(owner));
        changes = changes.with(link);
    }
    let committed = call.commit(&allowed, changes, records).await;
    committed.map_err(|error| {
        explain(error, |conflict| (conflict == Conflict::AlreadyExists).then(|| already(client)))
    })?;
    // 6. The answer.
    Ok(list::made(call, &allowed, &SERVICE_PRINCIPAL, &service_principal::render(&registration)))
}

/// Of another tenant's applications, this one knows those that are for other organisations (CN-15).
fn may_be_seen(call: &Call<'_>, application: &Arc<Application>) -> bool {
    application.tenant == call.tenant() || application.sign_in_audience.takes_other_organisations()
}

async fn allow(call: &Call<'_>, application: &Application) -> Result<Allowed, Refusal> {
    const ACTION: Action = Action::CreateServicePrincipal;
    if application.tenant == call.tenant() {
        let owned = call.owns(application.id.guid()).await?;
        return call.allow(ACTION, &Target::application(&[], owned));
    }
    call.allow(ACTION, &Target::DIRECTORY).map_err(|denied| {
        // Who may only keep what is theirs is told why this is not.
        match call.allow(ACTION, &Target::OWN_TO_BE) {
            Ok(_) => Refusal::ruled(
                Code::NoBackingApplicationObject,
                "When using this permission, the backing application of the service principal being created must in the local \
                 tenant",
            ),
            Err(_) => denied,
        }
    })
}

fn no_such_application(client: ClientId) -> Refusal {
    let message = format!(
        "The appId '{client}' of the service principal does not reference a valid application object."
    );
    Refusal::ruled_member(Code::NoBackingApplicationObject, "appId", message)
}

fn already(client: ClientId) -> Refusal {
    let message = format!(
        "The service principal cannot be created, updated, or restored because the service principal name {client} is already in use."
    );
    Refusal::ruled_member(Code::MultipleObjectsWithSameKeyValueConflict, "appId", message)
}
