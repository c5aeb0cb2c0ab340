//! Lists of assignments, and one.

use std::collections::HashMap;

use idp_domain::applications::AppRoleAssignment;
use idp_domain::directory::ObjectKind;
use serde_json::{Map, Value};
use uuid::Uuid;

use super::subject::end;
use crate::authorize::{Action, Target};
use crate::call::Call;
use crate::error::Refusal;
use crate::list::{self, List, Source};
use crate::reply::Reply;
use crate::schema::grants::{self, APP_ROLE_ASSIGNMENT};

pub(super) async fn all(call: &Call<'_>) -> Result<Reply, Refusal> {
    let allowed = call.allow(Action::ReadGrants, &Target::any_of_kind(ObjectKind::ServicePrincipal))?;
    let end = end(call).await?;
    let mut names = HashMap::new();
    let mut shown = Vec::new();
    for assignment in end.assignments(call).await? {
        shown.push(show(call, &assignment, &mut names).await?);
    }
    let set = call.asked().path.clone();
    let list = List { set, ..List::new(&APP_ROLE_ASSIGNMENT, Source::Given(shown)) };
    list.answer(call, &allowed).await
}

pub(super) async fn one(call: &Call<'_>) -> Result<Reply, Refusal> {
    let allowed = call.allow(Action::ReadGrants, &Target::any_of_kind(ObjectKind::ServicePrincipal))?;
    let assignment = end(call).await?.assignment(call).await?;
    let members = show(call, &assignment, &mut HashMap::new()).await?;
    list::one(call, &allowed, &APP_ROLE_ASSIGNMENT, members).await
}

/// An assignment, with what the two are called now.
pub(super) async fn show(
    call: &Call<'_>,
    assignment: &AppRoleAssignment,
    names: &mut HashMap<Uuid, String>,
) -> Result<Map<String, Value>, Refusal> {
    let principal = name(call, assignment.principal, names).await?;
    let resource = name(call, assignment.resource.guid(), names).await?;
    Ok(grants::assignment(assignment, &principal, &resource))
}

async fn name(call: &Call<'_>, id: Uuid, names: &mut HashMap<Uuid, String>) -> Result<String, Refusal> {
    if let Some(name) = names.get(&id) {
        return Ok(name.clone());
    }
    let object = call.directory().object(call.tenant(), id).await?;
    let name = object.map(|object| object.display_name().to_owned()).unwrap_or_default();
    names.insert(id, name.clone());
    Ok(name)
}
