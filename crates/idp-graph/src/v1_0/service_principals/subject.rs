//! The service principal that a path means, and what it is to the authorization table.

use idp_domain::applications::Registration;
use vestibule_wire::ids::{ClientId, ServicePrincipalId};

use crate::authorize::Target;
use crate::call::{Call, read_id};
use crate::error::Refusal;
use crate::path::Key;
use crate::v1_0::applications::privileges_of;

/// The service principal that the path means: by its object id, or by the client id of its application.
pub(crate) async fn subject(call: &Call<'_>) -> Result<Registration, Refusal> {
    let (found, text) = match call.key(0)? {
        Key::Id(text) => {
            let id = ServicePrincipalId::new(read_id(text)?);
            (call.directory().service_principal(call.tenant(), id).await?, text)
        }
        Key::By(property, text) if property == "appid" => {
            let client = ClientId::new(read_id(text)?);
            (call.applications().registration(call.tenant(), client).await?, text)
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

/// What it is to the authorization table (CN-09).
pub(super) async fn target(call: &Call<'_>, registration: &Registration) -> Result<Target, Refusal> {
    let owned = call.owns(registration.principal.id.guid()).await?;
    let held = privileges_of(call, &[registration.principal.id.guid()]).await?;
    Ok(Target::application(&held, owned))
}

/// Microsoft Graph is part of the program: without it nobody could administer anything.
pub(super) fn is_part_of_the_program(registration: &Registration) -> Result<(), Refusal> {
    if registration.client_id() != ClientId::MICROSOFT_GRAPH {
        return Ok(());
    }
    Err(Refusal::Bad {
        message: "The service principal of Microsoft Graph cannot be disabled or deleted.".into(),
        target: None,
    })
}
