//! Roles are assigned and taken away.

use std::collections::HashMap;

use idp_domain::applications::{AppRoleAssignment, DEFAULT_ACCESS, Registration};
use idp_domain::audit::Activity;
use idp_domain::changes::{Change, Changes, Conflict};
use idp_domain::directory::{DirectoryObject, ObjectKind};
use serde_json::{Map, Value};
use uuid::Uuid;
use vestibule_wire::graph::MemberType;
use vestibule_wire::ids::ServicePrincipalId;

use super::subject::end;
use crate::authorize::{Action, Target};
use crate::body::{self, Moment};
use crate::call::{Call, Record, explain, read_id};
use crate::error::{Fault, MemberFault, Refusal};
use crate::list;
use crate::reply::Reply;
use crate::schema::grants::{APP_ROLE_ASSIGNMENT, assignment_id};

pub(super) async fn make(call: &Call<'_>) -> Result<Reply, Refusal> {
    // 1. Of whom, or of which resource?
    let end = end(call).await?;
    // 2. What is said, whole.
    let set = body::members(call.body()?, &APP_ROLE_ASSIGNMENT, Moment::Creating, &[])?.set;
    let (principal, resource) = (id(&set, "principalId")?, id(&set, "resourceId")?);
    let role = id(&set, "appRoleId")?;
    let (member, said) = match &end {
        super::subject::End::Resource(_) => ("resourceId", resource),
        super::subject::End::Principal(_) => ("principalId", principal),
    };
    if said != end.id() {
        return Err(Refusal::value(member, "it is not the object that the address names."));
    }
    let resource =
        call.directory().service_principal(call.tenant(), ServicePrincipalId::new(resource)).await?;
    let resource =
        resource.ok_or_else(|| Refusal::value("resourceId", "there is no such service principal."))?;
    // 3. Who may?
    let allowed = call.allow(Action::AssignAppRole, &Target::app_role(&resource.application))?;
    let object = call.directory().object(call.tenant(), principal).await?;
    let object = object
        .ok_or_else(|| Refusal::value("principalId", "there is no such user, group or service principal."))?;
    can_have(&resource, role, &object)?;
    // 4. It comes true, if nothing of it changed meanwhile.
    let tenant = call.tenant();
    let assignment = AppRoleAssignment {
        tenant,
        principal,
        principal_kind: object.kind(),
        resource: resource.principal.id,
        app_role: role,
        created_at: call.now(),
    };
    not_yet(call, &assignment).await?;
    let changes = Changes::one(Change::ObjectExists { tenant, kind: object.kind(), id: principal })
        .and(at(&resource))
        .and(Change::ApplicationAt { client: resource.client_id(), revision: resource.application.revision })
        .and(Change::AssignAppRole(assignment.clone()));
    let record = Record::of(Activity::AppRoleAssigned, &object).with(resource.principal.id.guid());
    call.commit(&allowed, changes, [record]).await?;
    let members = list::assignment(call, &assignment, &mut HashMap::new()).await?;
    let mut reply = list::made(call, &allowed, &APP_ROLE_ASSIGNMENT, &members);
    reply.location = Some(call.address(&format!("{}/{}", call.asked().path, assignment_id(&assignment))));
    Ok(reply)
}

pub(super) async fn remove(call: &Call<'_>) -> Result<Reply, Refusal> {
    let assignment = end(call).await?.assignment(call).await?;
    let (tenant, directory) = (call.tenant(), call.directory());
    let resource = directory.service_principal(tenant, assignment.resource).await?;
    let resource = resource.ok_or_else(|| Refusal::NotFound(assignment.resource.to_string()))?;
    let allowed = call.allow(Action::AssignAppRole, &Target::app_role(&resource.application))?;
    let AppRoleAssignment { principal, resource: id, app_role, .. } = assignment;
    let changes = Changes::one(Change::RemoveAppRole { tenant, principal, resource: id, app_role });
    let name = directory.object(tenant, principal).await?;
    let name = name.as_ref().map(DirectoryObject::display_name).unwrap_or_default().to_owned();
    let kind = crate::call::kind_word(assignment.principal_kind);
    let record = Record::about(Activity::AppRoleRemoved, kind, principal, &name).with(id.guid());
    let committed = call.commit(&allowed, changes, [record]).await;
    committed.map_err(|error| {
        explain(error, |conflict| {
            (conflict == Conflict::NotThere).then(|| Refusal::NotFound(assignment_id(&assignment)))
        })
    })?;
    Ok(Reply::done(&allowed))
}

fn at(resource: &Registration) -> Change {
    let principal = &resource.principal;
    Change::PrincipalAt { tenant: principal.tenant, principal: principal.id, revision: principal.revision }
}

/// Whether somebody of this kind can have the role.
fn can_have(resource: &Registration, role: Uuid, object: &DirectoryObject) -> Result<(), Refusal> {
    let kind = match object.kind() {
        ObjectKind::User | ObjectKind::Group => MemberType::User,
        ObjectKind::ServicePrincipal => MemberType::Application,
        ObjectKind::Application => {
            return Err(Refusal::value(
                "principalId",
                "an application has no roles; its service principal may.",
            ));
        }
    };
    // Entra: the role that every resource has, and that says no more than that somebody may use it.
    if role == DEFAULT_ACCESS {
        return Ok(());
    }
    match resource.application.app_role(role) {
        None => Err(Refusal::Bad {
            message: format!(
                "Permission being assigned was not found on application '{}'.",
                resource.principal.id
            ),
            target: Some("appRoleId".into()),
        }),
        Some(found) if !found.allowed_member_types.contains(&kind) => {
            Err(Refusal::value("appRoleId", "objects of this kind cannot be assigned to it."))
        }
        Some(_) => Ok(()),
    }
}

async fn not_yet(call: &Call<'_>, new: &AppRoleAssignment) -> Result<(), Refusal> {
    let assigned = call.directory().assignments_of(call.tenant(), new.principal).await?;
    if assigned.iter().any(|one| one.resource == new.resource && one.app_role == new.app_role) {
        return Err(Refusal::Bad {
            message: "Permission being assigned already exists on the object".into(),
            target: None,
        });
    }
    Ok(())
}

fn id(set: &Map<String, Value>, member: &str) -> Result<Uuid, Refusal> {
    match set.get(member).and_then(Value::as_str) {
        Some(text) => read_id(text),
        None => Err(Refusal::Members(vec![MemberFault::new(member, Fault::Required)])),
    }
}
