//! `PATCH /oauth2PermissionGrants/{id}`, `DELETE /oauth2PermissionGrants/{id}`

use idp_domain::applications::Registration;
use idp_domain::audit::Activity;
use idp_domain::changes::{Change, Changes, Conflict};
use idp_domain::consent::PermissionGrant;
use idp_domain::store::CommitError;

use super::subject::{allow, named, record, scopes, subject};
use crate::authorize::Action;
use crate::body::{self, Moment};
use crate::call::{Call, explain};
use crate::error::Refusal;
use crate::reply::Reply;
use crate::schema::grants::{PERMISSION_GRANT, grant_id};

pub(super) async fn update(call: &Call<'_>) -> Result<Reply, Refusal> {
    let set = body::members(call.body()?, &PERMISSION_GRANT, Moment::Changing, &[])?.set;
    let allowed = allow(call, Action::ManageGrants)?;
    let before = subject(call).await?;
    let Some(said) = set.get("scope") else { return Ok(Reply::done(&allowed)) };
    let resource = named(call, "resourceId", before.resource.guid()).await?;
    let client = named(call, "clientId", before.client.guid()).await?;
    let after =
        PermissionGrant { scopes: scopes(said.as_str().unwrap_or_default(), &resource)?, ..before.clone() };
    let PermissionGrant { tenant, client: id, resource: on, principal, .. } = before;
    // Only if it is still there: what was withdrawn meanwhile does not come back.
    let mut changes = Changes::one(Change::WithdrawGrant { tenant, client: id, resource: on, principal })
        .and(Change::GrantPermissions(after.clone()));
    // CN-07: what was issued with more than is granted now is dead.
    let lost = before.scopes.iter().any(|scope| !after.scopes.contains(scope));
    let activity = if lost { Activity::ConsentWithdrawn } else { Activity::ConsentGranted };
    if lost {
        changes.add(revoked(call, &client, &before));
    }
    let committed = call.commit(&allowed, changes, [record(activity, &client, &after)]).await;
    committed.map_err(|error| gone(error, &before))?;
    Ok(Reply::done(&allowed))
}

pub(super) async fn delete(call: &Call<'_>) -> Result<Reply, Refusal> {
    let allowed = allow(call, Action::ManageGrants)?;
    let grant = subject(call).await?;
    let client = named(call, "clientId", grant.client.guid()).await?;
    let PermissionGrant { tenant, client: id, resource, principal, .. } = grant;
    let withdrawn = Change::WithdrawGrant { tenant, client: id, resource, principal };
    // CN-07: and so is what was issued with it.
    let changes = Changes::one(withdrawn).and(revoked(call, &client, &grant));
    let record = record(Activity::ConsentWithdrawn, &client, &grant);
    let committed = call.commit(&allowed, changes, [record]).await;
    committed.map_err(|error| gone(error, &grant))?;
    Ok(Reply::done(&allowed))
}

fn gone(error: CommitError, grant: &PermissionGrant) -> Refusal {
    explain(error, |conflict| (conflict == Conflict::NotThere).then(|| Refusal::NotFound(grant_id(grant))))
}

fn revoked(call: &Call<'_>, client: &Registration, grant: &PermissionGrant) -> Change {
    Change::RevokeFamiliesOf { tenant: call.tenant(), client: client.client_id(), user: grant.principal }
}
