//! `POST /oauth2PermissionGrants`

use idp_domain::audit::Activity;
use idp_domain::changes::{Change, Changes};
use idp_domain::consent::PermissionGrant;
use idp_domain::directory::ObjectKind;
use serde_json::{Map, Value};
use uuid::Uuid;
use vestibule_wire::graph_error::GraphErrorCode as Code;
use vestibule_wire::ids::UserId;

use super::subject::{allow, named, record, scopes, there_already};
use crate::authorize::Action;
use crate::body::{self, Moment};
use crate::call::{Call, read_id};
use crate::error::{Fault, MemberFault, Refusal};
use crate::list;
use crate::reply::Reply;
use crate::schema::grants::{self, PERMISSION_GRANT};

pub(super) async fn grant(call: &Call<'_>) -> Result<Reply, Refusal> {
    // 1. What is said, whole; and who may.
    let set = body::members(call.body()?, &PERMISSION_GRANT, Moment::Creating, &[])?.set;
    let allowed = allow(call, Action::ManageGrants)?;
    let (client, resource) = (id(&set, "clientId")?, id(&set, "resourceId")?);
    let principal = principal(call, &set).await?;
    let client = named(call, "clientId", client).await?;
    let resource = named(call, "resourceId", resource).await?;
    let scopes = scopes(text(&set, "scope"), &resource)?;
    // 2. What will be granted.
    let (tenant, principals) = (call.tenant(), (&client.principal, &resource.principal));
    let grant =
        PermissionGrant { tenant, client: principals.0.id, resource: principals.1.id, principal, scopes };
    if there_already(call, &grant).await?.is_some() {
        let code = Code::MultipleObjectsWithSameKeyValueConflict;
        return Err(Refusal::ruled(code, "Permission entry already exists."));
    }
    // 3. It comes true, if those it is about are still there.
    let exists = |kind, id| Change::ObjectExists { tenant, kind, id };
    let mut changes = Changes::one(exists(ObjectKind::ServicePrincipal, grant.client.guid()))
        .and(exists(ObjectKind::ServicePrincipal, grant.resource.guid()));
    if let Some(user) = principal {
        changes.add(exists(ObjectKind::User, user.guid()));
    }
    changes.add(Change::GrantPermissions(grant.clone()));
    let record = record(Activity::ConsentGranted, &client, &grant);
    call.commit(&allowed, changes, [record]).await?;
    Ok(list::made(call, &allowed, &PERMISSION_GRANT, &grants::grant(&grant)))
}

/// For everybody, or for whom.
async fn principal(call: &Call<'_>, set: &Map<String, Value>) -> Result<Option<UserId>, Refusal> {
    let said = set.get("principalId").is_some_and(|value| !value.is_null());
    match (text(set, "consentType"), said) {
        ("AllPrincipals", false) => Ok(None),
        ("AllPrincipals", true) => {
            Err(Refusal::value("principalId", "it is null when the consent is for everybody."))
        }
        ("Principal", _) => {
            let id = UserId::new(id(set, "principalId")?);
            let found = call.users().user(call.tenant(), id).await?;
            let missing = || Refusal::value("principalId", "there is no such user.");
            found.map(|user| Some(user.id)).ok_or_else(missing)
        }
        _ => Err(Refusal::value("consentType", "it is AllPrincipals or Principal.")),
    }
}

fn id(set: &Map<String, Value>, member: &str) -> Result<Uuid, Refusal> {
    match set.get(member).and_then(Value::as_str) {
        Some(text) => read_id(text),
        None => Err(Refusal::Members(vec![MemberFault::new(member, Fault::Required)])),
    }
}

fn text<'s>(set: &'s Map<String, Value>, member: &str) -> &'s str {
    set.get(member).and_then(Value::as_str).unwrap_or_default()
}
