//! Grants: how one is found, and what one is to the authorization table.

use idp_domain::applications::Registration;
use idp_domain::audit::Activity;
use idp_domain::consent::PermissionGrant;
use idp_domain::directory::ObjectKind;
use uuid::Uuid;
use vestibule_wire::ids::{ServicePrincipalId, UserId};

use crate::authorize::{Action, Allowed, Target};
use crate::call::{Call, Record};
use crate::error::Refusal;
use crate::path::Key;
use crate::schema::grants::read_grant_id;

/// Whether the caller may do this to grants. All of them are alike: what a client may do with one is at most what the
/// person may.
pub(super) fn allow(call: &Call<'_>, action: Action) -> Result<Allowed, Refusal> {
    call.allow(action, &Target::any_of_kind(ObjectKind::ServicePrincipal))
}

/// The grant that the path means.
pub(super) async fn subject(call: &Call<'_>) -> Result<PermissionGrant, Refusal> {
    let text = match call.key(0)? {
        Key::Id(text) | Key::By(_, text) => text,
    };
    let not_found = || Refusal::NotFound(text.clone());
    let named = read_grant_id(call.tenant(), text).ok_or_else(not_found)?;
    there_already(call, &named).await?.ok_or_else(not_found)
}

/// The grant to the same three, if there is one.
pub(super) async fn there_already(
    call: &Call<'_>,
    grant: &PermissionGrant,
) -> Result<Option<PermissionGrant>, Refusal> {
    // Those for everybody come with those of any person, of nobody too.
    let user = grant.principal.unwrap_or_else(|| UserId::new(Uuid::nil()));
    let granted = call.applications().permission_grants(call.tenant(), grant.client, user).await?;
    let same =
        |other: &PermissionGrant| other.resource == grant.resource && other.principal == grant.principal;
    Ok(granted.into_iter().find(same))
}

/// A service principal that a member of the body names.
pub(super) async fn named(call: &Call<'_>, member: &str, id: Uuid) -> Result<Registration, Refusal> {
    let found = call.directory().service_principal(call.tenant(), ServicePrincipalId::new(id)).await?;
    found.ok_or_else(|| Refusal::Bad {
        message: format!(
            "Resource '{id}' does not exist or one of its queried reference-property objects are not present."
        ),
        target: Some(member.to_owned()),
    })
}

/// What happened to a grant.
pub(super) fn record(activity: Activity, client: &Registration, grant: &PermissionGrant) -> Record {
    let name = client.application.display_name.as_str();
    Record::about(activity, "oAuth2PermissionGrant", grant.client.guid(), name)
        .with(grant.resource.guid())
        .changing(["scope"])
}

/// The permissions of a text, each once. Those that nobody offers yet may be granted, as in Entra.
pub(super) fn scopes(text: &str, resource: &Registration) -> Result<Vec<String>, Refusal> {
    const MOST: usize = 3850;
    if text.len() > MOST || text.chars().any(|c| c.is_control() || matches!(c, '"' | '\\') || !c.is_ascii()) {
        return Err(Refusal::value("scope", "it is a list of permissions with blanks between them."));
    }
    let mut scopes: Vec<String> = Vec::new();
    for word in text.split_ascii_whitespace() {
        // As it is registered: tokens carry it so.
        let offered = resource.application.delegated_permission(word);
        let value = offered.map_or(word, |permission| permission.value.as_str());
        if !scopes.iter().any(|known| known.eq_ignore_ascii_case(value)) {
            scopes.push(value.to_owned());
        }
    }
    Ok(scopes)
}
