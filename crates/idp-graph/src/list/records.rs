//! Lists that are not of objects: what was granted and assigned, and what happened.

use std::collections::HashMap;

use idp_domain::applications::AppRoleAssignment;
use idp_domain::audit::Activity;
use jiff::Timestamp;
use serde_json::{Map, Value};
use uuid::Uuid;
use vestibule_wire::ids::{ClientId, ServicePrincipalId, UserId};

use super::Item;
use crate::call::Call;
use crate::error::Refusal;
use crate::odata::error::QueryError;
use crate::odata::options::QueryOptions;
use crate::odata::page_token::After;
use crate::odata::seek::Seek as Best;
use crate::schema::audit_log::{self, Names, SIGN_INS};
use crate::schema::grants;

/// The client that a filter asks for.
pub(super) fn client_of(options: &QueryOptions) -> Option<ServicePrincipalId> {
    match Best::find(options.filter.as_ref()?, &["clientId"]) {
        Best::Equals { value, .. } => value.parse().ok(),
        _ => None,
    }
}

/// The next grants, in the order of client, person and resource.
pub(super) async fn grants(
    call: &Call<'_>,
    client: Option<ServicePrincipalId>,
    principal: Option<UserId>,
    after: Option<&After>,
    limit: u32,
) -> Result<Vec<Item>, Refusal> {
    let last = match after {
        Some(after) => {
            Some(grants::read_grant_id(call.tenant(), &after.id).ok_or(QueryError::ExpiredPageToken)?)
        }
        None => None,
    };
    let found = call.directory().all_permission_grants(call.tenant(), client, last.as_ref(), limit).await?;
    let item = |grant: &idp_domain::consent::PermissionGrant| {
        let wanted = principal.is_none() || grant.principal == principal;
        Item {
            position: After { key: None, id: grants::grant_id(grant) },
            object: wanted.then(|| grants::grant(grant)),
        }
    };
    Ok(found.iter().map(item).collect())
}

/// The next of these assignments, which are numbered. Names are looked up for those that are shown.
pub(super) async fn assignments(
    call: &Call<'_>,
    all: &[AppRoleAssignment],
    after: Option<&After>,
    limit: u32,
) -> Result<Vec<Item>, Refusal> {
    let from = match after {
        Some(after) => after.id.parse::<usize>().map_err(|_| QueryError::ExpiredPageToken)?.saturating_add(1),
        None => 0,
    };
    let mut names = HashMap::new();
    let mut items = Vec::new();
    for (place, one) in all.iter().enumerate().skip(from).take(limit as usize) {
        let object = Some(assignment(call, one, &mut names).await?);
        items.push(Item { position: After { key: None, id: place.to_string() }, object });
    }
    Ok(items)
}

/// An assignment, with what the two are called now.
pub(crate) async fn assignment(
    call: &Call<'_>,
    assignment: &AppRoleAssignment,
    names: &mut HashMap<Uuid, String>,
) -> Result<Map<String, Value>, Refusal> {
    let principal = name_of(call, assignment.principal, names).await?;
    let resource = name_of(call, assignment.resource.guid(), names).await?;
    Ok(grants::assignment(assignment, &principal, &resource))
}

async fn name_of(call: &Call<'_>, id: Uuid, names: &mut HashMap<Uuid, String>) -> Result<String, Refusal> {
    if let Some(name) = names.get(&id) {
        return Ok(name.clone());
    }
    let object = call.directory().object(call.tenant(), id).await?;
    let name = object.map(|object| object.display_name().to_owned()).unwrap_or_default();
    names.insert(id, name.clone());
    Ok(name)
}

/// The next events, the latest first.
pub(super) async fn events(
    call: &Call<'_>,
    activities: &[Activity],
    after: Option<&After>,
    limit: u32,
) -> Result<Vec<Item>, Refusal> {
    let last = after.map(place).transpose()?;
    let found = call.directory().audit_events(call.tenant(), activities, last, limit).await?;
    let (mut users, mut clients) = (HashMap::new(), HashMap::new());
    let mut items = Vec::with_capacity(found.len());
    for event in found {
        let names = Names {
            user: match event.user {
                Some(user) => user_name(call, user, &mut users).await?,
                None => None,
            },
            client: match event.client {
                Some(client) => client_name(call, client, &mut clients).await?,
                None => None,
            },
        };
        let object = match SIGN_INS.contains(&event.activity) {
            true => audit_log::sign_in(&event, &names),
            false => audit_log::directory_audit(&event, &names),
        };
        let position = After { key: Some(event.at.to_string()), id: audit_log::id(&event) };
        items.push(Item { position, object: Some(object) });
    }
    Ok(items)
}

/// Where an event stands. A token of ours says nothing else.
fn place(after: &After) -> Result<(Timestamp, [u8; 16]), QueryError> {
    let expired = || QueryError::ExpiredPageToken;
    let at = after.key.as_deref().and_then(|key| key.parse().ok()).ok_or_else(expired)?;
    let id = Uuid::try_parse(&after.id).map_err(|_| expired())?;
    Ok((at, *id.as_bytes()))
}

type Known<K, V> = HashMap<K, Option<V>>;

async fn user_name(
    call: &Call<'_>,
    id: UserId,
    known: &mut Known<UserId, (String, String)>,
) -> Result<Option<(String, String)>, Refusal> {
    if let Some(name) = known.get(&id) {
        return Ok(name.clone());
    }
    let user = call.users().user(call.tenant(), id).await?;
    let name = user.map(|user| (user.display_name, user.upn.as_str().to_owned()));
    known.insert(id, name.clone());
    Ok(name)
}

async fn client_name(
    call: &Call<'_>,
    id: ClientId,
    known: &mut Known<ClientId, (String, Uuid)>,
) -> Result<Option<(String, Uuid)>, Refusal> {
    if let Some(name) = known.get(&id) {
        return Ok(name.clone());
    }
    let found = call.applications().registration(call.tenant(), id).await?;
    let name = found.map(|found| (found.application.display_name.clone(), found.principal.id.guid()));
    known.insert(id, name.clone());
    Ok(name)
}
