//! The application that a path means, what it is to the authorization table, and how it becomes another.

use std::sync::Arc;

use idp_domain::applications::{Application, rules};
use idp_domain::changes::{Change, Changes, Conflict};
use idp_domain::directory::{DirectoryObject, ObjectKind};
use uuid::Uuid;
use vestibule_wire::ids::{ApplicationId, ClientId};

use crate::authorize::{Allowed, Target, roles_on};
use crate::call::{Call, Record, explain, read_id};
use crate::error::Refusal;
use crate::path::Key;

const DELETED_AT_ONCE: u32 = 500;

/// The application that the path means: by its object id, or by its client id.
pub(super) async fn subject(call: &Call<'_>) -> Result<Arc<Application>, Refusal> {
    let (found, text) = match call.key(0)? {
        Key::Id(text) => {
            let id = ApplicationId::new(read_id(text)?);
            (call.directory().application_object(call.tenant(), id).await?, text)
        }
        Key::By(property, text) if property == "appid" => {
            let application = call.applications().application(ClientId::new(read_id(text)?)).await?;
            // CN-15: another tenant's is none.
            (application.filter(|application| application.tenant == call.tenant()), text)
        }
        Key::By(property, _) => {
            return Err(Refusal::Bad {
                message: format!("The key property '{property}' is not one that this resource is found by."),
                target: None,
            });
        }
    };
    found.ok_or_else(|| Refusal::NotFound(text.clone()))
}

/// What an application is to the authorization table: as privileged as its service principal at home is (CN-09).
pub(super) async fn target(call: &Call<'_>, application: &Application) -> Result<Target, Refusal> {
    let owned = call.owns(application.id.guid()).await?;
    Ok(Target::application(&privileges(call, application.client_id).await?, owned))
}

/// The same of one that was deleted: nobody owns it.
pub(crate) async fn deleted_target(call: &Call<'_>, application: &Application) -> Result<Target, Refusal> {
    Ok(Target::application(&privileges(call, application.client_id).await?, false))
}

/// The app roles of Microsoft Graph that an application has in this tenant, or will have when its deleted service principal
/// is restored: it keeps them.
async fn privileges(call: &Call<'_>, client: ClientId) -> Result<Vec<Uuid>, Refusal> {
    let principals = match call.applications().registration(call.tenant(), client).await? {
        Some(registration) => vec![registration.principal.id.guid()],
        None => deleted_principals(call, client).await?,
    };
    privileges_of(call, &principals).await
}

/// The app roles of Microsoft Graph that these service principals have.
pub(crate) async fn privileges_of(call: &Call<'_>, principals: &[Uuid]) -> Result<Vec<Uuid>, Refusal> {
    let graph = call.applications().registration(call.tenant(), ClientId::MICROSOFT_GRAPH).await?;
    let Some(graph) = graph else { return Ok(Vec::new()) };
    let mut held = Vec::new();
    for principal in principals {
        let assigned = call.directory().assignments_of(call.tenant(), *principal).await?;
        held.extend(roles_on(&assigned, graph.principal.id.guid()));
    }
    Ok(held)
}

async fn deleted_principals(call: &Call<'_>, client: ClientId) -> Result<Vec<Uuid>, Refusal> {
    let (mut found, mut after) = (Vec::new(), None);
    loop {
        let kind = ObjectKind::ServicePrincipal;
        let page = call.directory().deleted_objects(call.tenant(), kind, after, DELETED_AT_ONCE).await?;
        for deleted in &page {
            if let DirectoryObject::ServicePrincipal(registration) = &deleted.object
                && registration.client_id() == client
            {
                found.push(registration.principal.id.guid());
            }
        }
        after = page.last().map(|last| last.object.id());
        if page.len() < DELETED_AT_ONCE as usize {
            return Ok(found);
        }
    }
}

/// Whether it may be registered so.
pub(super) async fn check(
    call: &Call<'_>,
    new: &Application,
    old: Option<&Application>,
) -> Result<(), Refusal> {
    let domains = call.directory().domains(call.tenant()).await?;
    let circumstances =
        rules::Circumstances { domains: &domains, registered_before: uses_saml(call, new).await? };
    rules::check(new, old, &circumstances).map_err(Refusal::from)
}

/// Entra: names of SAML applications are what their vendors say.
async fn uses_saml(call: &Call<'_>, application: &Application) -> Result<bool, Refusal> {
    let registration = call.applications().registration(call.tenant(), application.client_id).await?;
    let mode =
        registration.as_ref().and_then(|found| found.principal.profile.text("preferredSingleSignOnMode"));
    Ok(mode == Some("saml"))
}

/// Makes an application another, if the rules let it.
pub(super) async fn save(
    call: &Call<'_>,
    allowed: &Allowed,
    old: &Application,
    new: Application,
    records: impl IntoIterator<Item = Record>,
) -> Result<(), Refusal> {
    check(call, &new, Some(old)).await?;
    if new == *old {
        return Ok(());
    }
    let committed =
        call.commit(allowed, Changes::one(Change::UpdateApplication(Box::new(new))), records).await;
    committed.map_err(|error| explain(error, name_is_taken))
}

/// What it means when an application cannot be stored.
pub(super) fn name_is_taken(conflict: Conflict) -> Option<Refusal> {
    (conflict == Conflict::AlreadyExists).then_some(Refusal::Taken("identifierUris"))
}
