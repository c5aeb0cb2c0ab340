//! `microsoft.graph.servicePrincipal`: what an application is in one tenant, and copies of what it is at home.

use idp_domain::applications::{Registration, rules};
use serde_json::{Map, Value, json};

use super::application::{
    APP_ROLE, INFO, KEY_CREDENTIAL, PASSWORD_CREDENTIAL, PERMISSION_SCOPE, VERIFIED_PUBLISHER,
    key_credential, password_credential, roles, scopes,
};
use super::directory_object::{DELETED, DIRECTORY_OBJECT};
use super::texts::{self, time};
use crate::error::{Fault, MemberFault};
use crate::etag;
use crate::odata::schema::{
    EntityType, Kind, Navigation, Property, any, boolean, collection, complex, date_time, guid, string,
    strings,
};

const SAML_SETTINGS: &[Property] = &[string("relayState")];

/// A service principal.
pub static SERVICE_PRINCIPAL: EntityType = EntityType::directory("servicePrincipal", "servicePrincipals")
    .properties(&[
        guid("id").shown().filterable().required(),
        DELETED.shown(),
        boolean("accountEnabled").shown().filterable().writable().required(),
        strings("alternativeNames").shown().filterable().writable(),
        string("appDescription").shown(),
        string("appDisplayName").shown(),
        guid("appId").shown().filterable().writable_on_create().required(),
        guid("applicationTemplateId").shown(),
        guid("appOwnerOrganizationId").shown().filterable_when_advanced(),
        boolean("appRoleAssignmentRequired").shown().writable().required(),
        date_time("createdDateTime").shown().filterable_when_advanced(),
        string("description").shown().writable(),
        string("disabledByMicrosoftStatus").shown(),
        string("displayName").shown().filterable().sortable(),
        string("homepage").shown(),
        string("loginUrl").shown().writable(),
        string("logoutUrl").shown(),
        string("notes").shown().writable(),
        strings("notificationEmailAddresses").shown().writable(),
        string("preferredSingleSignOnMode").shown().writable(),
        string("preferredTokenSigningKeyThumbprint").shown(),
        strings("replyUrls").shown(),
        strings("servicePrincipalNames").shown().filterable(),
        string("servicePrincipalType").shown().filterable(),
        string("signInAudience").shown(),
        strings("tags").shown().filterable().writable(),
        guid("tokenEncryptionKeyId").shown(),
        complex("samlSingleSignOnSettings", SAML_SETTINGS).shown().writable(),
        collection("addIns", &Kind::Any).shown(),
        collection("appRoles", &Kind::Complex(APP_ROLE)).shown(),
        complex("info", INFO).shown(),
        collection("keyCredentials", &Kind::Complex(KEY_CREDENTIAL)).shown(),
        collection("oauth2PermissionScopes", &Kind::Complex(PERMISSION_SCOPE)).shown(),
        collection("passwordCredentials", &Kind::Complex(PASSWORD_CREDENTIAL)).shown(),
        collection("resourceSpecificApplicationPermissions", &Kind::Any).shown(),
        complex("verifiedPublisher", VERIFIED_PUBLISHER).shown(),
        any("customSecurityAttributes"),
    ])
    .navigations(&[
        Navigation::many("owners", &DIRECTORY_OBJECT),
        Navigation::many("memberOf", &DIRECTORY_OBJECT),
        Navigation::many("ownedObjects", &DIRECTORY_OBJECT),
    ]);

/// Members that are carried as they are: one text, or several.
const CARRIED: &[&str] =
    &["description", "loginUrl", "notes", "preferredSingleSignOnMode", "samlSingleSignOnSettings"];
const CARRIED_LISTS: &[&str] = &["alternativeNames", "notificationEmailAddresses", "tags"];

/// All properties, as they are now.
pub fn render(registration: &Registration) -> Map<String, Value> {
    let Registration { principal, application } = registration;
    let carried = principal.profile.members();
    let Value::Object(mut members) = json!({
        "@odata.etag": etag::of(principal.revision),
        "id": principal.id.to_string(),
        "deletedDateTime": null,
        "accountEnabled": principal.enabled,
        "appDisplayName": application.display_name,
        "appDescription": application.other.text("description"),
        "appId": application.client_id.to_string(),
        "applicationTemplateId": null,
        "appOwnerOrganizationId": application.tenant.to_string(),
        "appRoleAssignmentRequired": principal.assignment_required,
        "createdDateTime": time(principal.created_at),
        "disabledByMicrosoftStatus": null,
        "displayName": application.display_name,
        "homepage": application.other.members().get("web").and_then(|web| web.get("homePageUrl")),
        "logoutUrl": application.logout_url,
        "preferredTokenSigningKeyThumbprint": null,
        "replyUrls": application.redirect_uris.iter().map(|uri| uri.as_str()).collect::<Vec<_>>(),
        "servicePrincipalNames": registration.names(),
        "servicePrincipalType": "Application",
        "signInAudience": json!(application.sign_in_audience),
        "tokenEncryptionKeyId": null,
        "addIns": [],
        "appRoles": roles(application),
        "info": json!(application.info),
        "oauth2PermissionScopes": scopes(application),
        "resourceSpecificApplicationPermissions": [],
        "verifiedPublisher": json!(application.verified_publisher),
        "customSecurityAttributes": null,
    }) else {
        return Map::new();
    };
    members.extend(credentials(registration));
    for name in CARRIED {
        members.insert((*name).into(), carried.get(*name).cloned().unwrap_or(Value::Null));
    }
    for name in CARRIED_LISTS {
        members.insert((*name).into(), carried.get(*name).cloned().unwrap_or_else(|| json!([])));
    }
    members
}

/// A service principal has no credentials of its own: at home they are those of its application, and of an application of
/// another tenant nothing is told.
fn credentials(registration: &Registration) -> Map<String, Value> {
    let application = registration.is_at_home().then_some(&registration.application);
    let secrets =
        application.into_iter().flat_map(|application| &application.secrets).map(password_credential);
    let keys = application.into_iter().flat_map(|application| &application.certificates).map(key_credential);
    Map::from_iter([
        ("passwordCredentials".to_owned(), secrets.collect()),
        ("keyCredentials".to_owned(), keys.collect()),
    ])
}

/// Takes what was written, whose types are right already.
pub fn apply(registration: &mut Registration, set: &Map<String, Value>) -> Result<(), Vec<MemberFault>> {
    let faults: Vec<_> =
        set.iter().filter_map(|(name, value)| take(registration, name, value).err()).collect();
    if faults.is_empty() { Ok(()) } else { Err(faults) }
}

fn take(registration: &mut Registration, name: &str, value: &Value) -> Result<(), MemberFault> {
    let wrong = |why: &str| Err(MemberFault::new(name, Fault::Value(why.into())));
    let principal = &mut registration.principal;
    let text = value.as_str().unwrap_or_default();
    match name {
        "accountEnabled" => principal.enabled = value.as_bool().unwrap_or_default(),
        "appRoleAssignmentRequired" => principal.assignment_required = value.as_bool().unwrap_or_default(),
        // It says which application; that is settled before.
        "appId" => {}
        "preferredSingleSignOnMode"
            if !text.is_empty() && !["password", "saml", "notSupported", "oidc"].contains(&text) =>
        {
            return wrong("it is password, saml, notSupported or oidc.");
        }
        // AZ-06: people are sent there.
        "loginUrl" if !text.is_empty() && !rules::is_web_address(text) => {
            return wrong("it is an http or https address.");
        }
        "alternativeNames" | "notificationEmailAddresses" | "tags" | "samlSingleSignOnSettings" => {
            let empty = value.as_array().is_some_and(Vec::is_empty);
            principal.profile.set(name, if empty { Value::Null } else { value.clone() });
        }
        _ if CARRIED.contains(&name) => {
            let text = texts::optional_lines(name, value, 1024)?;
            principal.profile.set(name, text.map_or(Value::Null, Value::String));
        }
        _ => return Err(MemberFault::new(name, Fault::Unknown)),
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use idp_domain::applications::{ServicePrincipal, microsoft_graph};
    use jiff::Timestamp;
    use vestibule_wire::ids::{ServicePrincipalId, TenantId};

    use super::*;

    fn graph() -> Registration {
        let application = Arc::new(microsoft_graph());
        let (tenant, id) = (TenantId::from_u128(1), ServicePrincipalId::from_u128(2));
        let principal = ServicePrincipal::new(tenant, id, application.client_id, Timestamp::UNIX_EPOCH);
        Registration { principal, application }
    }

    #[test]
    fn every_property_of_the_table_is_rendered_and_nothing_else() {
        let rendered = render(&graph());
        for property in SERVICE_PRINCIPAL.properties {
            assert!(rendered.contains_key(property.name), "{}", property.name);
        }
        for name in rendered.keys().filter(|name| !name.starts_with('@')) {
            assert!(SERVICE_PRINCIPAL.properties.iter().any(|property| property.name == name), "{name}");
        }
        assert_eq!(rendered["appOwnerOrganizationId"], "f8cdef31-a31e-4b4a-93e4-5f571e91255a");
        assert_eq!(rendered["servicePrincipalNames"][0], "00000003-0000-0000-c000-000000000000");
    }

    #[test]
    fn what_was_taken_is_shown_and_the_rest_is_refused() {
        let mut registration = graph();
        let set = json!({ "accountEnabled": false, "appRoleAssignmentRequired": true, "tags": ["HideApp"],
            "notes": "ours\nand theirs", "preferredSingleSignOnMode": "saml", "loginUrl": "https://a.example/in" });
        apply(&mut registration, set.as_object().unwrap()).unwrap();
        let shown = render(&registration);
        for (name, value) in set.as_object().unwrap() {
            assert_eq!(&shown[name], value, "{name}");
        }
        for (name, value) in [
            ("preferredSingleSignOnMode", json!("magic")),
            ("loginUrl", json!("javascript:alert(1)")),
            ("displayName", json!("Microsoft Graph")),
        ] {
            let set = Map::from_iter([(name.to_owned(), value)]);
            assert_eq!(apply(&mut registration, &set).unwrap_err()[0].member, name);
        }
    }
}
