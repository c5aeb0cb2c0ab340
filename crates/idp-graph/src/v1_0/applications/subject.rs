//! The application that a path means, what it is to the authorization table, and how it becomes another.

use std::sync::Arc;

use idp_domain::applications::{Application, rules};
use idp_domain::changes::{Change, Changes, Conflict};
use uuid::Uuid;
use vestibule_wire::ids::{ApplicationId, ClientId};

use crate::authorize::{Allowed, Target, roles_on};
use crate::call::{Call, Record, explain, read_id};
use crate::error::Refusal;
use crate::path::Key;

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

/// The app roles of Microsoft Graph that an application has in this tenant.
pub(crate) async fn privileges(call: &Call<'_>, client: ClientId) -> Result<Vec<Uuid>, Refusal> {
    let (tenant, applications) = (call.tenant(), call.applications());
    let Some(registration) = applications.registration(tenant, client).await? else { return Ok(Vec::new()) };
    let graph = applications.registration(tenant, ClientId::MICROSOFT_GRAPH).await?;
    let Some(graph) = graph else { return Ok(Vec::new()) };
    let assigned = call.directory().assignments_of(tenant, registration.principal.id.guid()).await?;
    Ok(roles_on(&assigned, graph.principal.id.guid()))
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
