//! An application as Graph shows it. Never a secret (GA-06); a certificate itself only where it is asked for.

use idp_domain::applications::{Application, Certificate, ClientSecret, Platform, TokenVersion};
use serde_json::{Map, Value, json};

use super::entries;
use crate::etag;
use crate::schema::texts::time;

/// Members that are carried as they are.
const CARRIED: &[&str] = &[
    "applicationTemplateId",
    "authenticationBehaviors",
    "certification",
    "defaultRedirectUri",
    "description",
    "disabledByMicrosoftStatus",
    "isDeviceOnlyAuthSupported",
    "nativeAuthenticationApisEnabled",
    "notes",
    "requestSignatureVerification",
    "samlMetadataUrl",
    "serviceManagementReference",
    "servicePrincipalLockConfiguration",
    "tokenEncryptionKeyId",
    "uniqueName",
];

/// What a member that is carried is without a value.
pub(super) fn default_of(name: &str) -> Value {
    match name {
        "tags" | "addIns" => json!([]),
        "oauth2RequirePostResponse" => json!(false),
        "parentalControlSettings" => json!({ "countriesBlockedForMinors": [], "legalAgeGroupRule": "Allow" }),
        _ => Value::Null,
    }
}

/// All properties, as they are now.
pub fn render(application: &Application) -> Map<String, Value> {
    let carried = application.other.members();
    let or_default = |name: &str| carried.get(name).cloned().unwrap_or_else(|| default_of(name));
    let Value::Object(mut members) = json!({
        "@odata.etag": etag::of(application.revision),
        "id": application.id.to_string(),
        "deletedDateTime": null,
        "appId": application.client_id.to_string(),
        "createdDateTime": time(application.created_at),
        "displayName": application.display_name,
        "groupMembershipClaims": Option::<String>::from(application.group_membership_claims),
        "identifierUris": application.identifier_uris,
        // Graph: false is not said.
        "isFallbackPublicClient": application.is_fallback_public_client.then_some(true),
        "publisherDomain": application.publisher_domain,
        "signInAudience": json!(application.sign_in_audience),
        "tags": or_default("tags"),
        "optionalClaims": (!application.optional_claims.is_empty()).then(|| json!(application.optional_claims)),
        "addIns": or_default("addIns"),
        "api": api(application),
        "appRoles": roles(application),
        "info": info(application),
        "keyCredentials": application.certificates.iter().map(key_credential).collect::<Vec<_>>(),
        "parentalControlSettings": or_default("parentalControlSettings"),
        "passwordCredentials": application.secrets.iter().map(password_credential).collect::<Vec<_>>(),
        "publicClient": redirects(application, "publicClient", Platform::Native),
        "requiredResourceAccess": application.required_resource_access,
        "verifiedPublisher": json!(application.verified_publisher),
        "web": web(application),
        "spa": redirects(application, "spa", Platform::Spa),
        "oauth2RequirePostResponse": or_default("oauth2RequirePostResponse"),
        "tokenLifetime": application.token_lifetime,
        "clientFamily": application.client_family,
    }) else {
        return Map::new();
    };
    for name in CARRIED {
        members.insert((*name).into(), or_default(name));
    }
    members
}

/// What is carried of an object whose other members have places of their own.
fn carried(application: &Application, name: &str) -> Map<String, Value> {
    let there = application.other.members().get(name).and_then(Value::as_object);
    there.cloned().unwrap_or_default()
}

fn api(application: &Application) -> Value {
    let mut members = carried(application, "api");
    let mut set = |name: &str, value: Value| members.insert(name.to_owned(), value);
    set("knownClientApplications", json!(application.known_clients));
    set("oauth2PermissionScopes", scopes(application));
    set("preAuthorizedApplications", json!(application.pre_authorized));
    let version = match application.access_token_version {
        TokenVersion::Unsaid => Value::Null,
        TokenVersion::V1 => json!(1),
        TokenVersion::V2 => json!(2),
    };
    set("requestedAccessTokenVersion", version);
    members.entry("acceptMappedClaims").or_insert(Value::Null);
    Value::Object(members)
}

/// The delegated permissions it offers.
pub fn scopes(application: &Application) -> Value {
    entries::show(application, entries::SCOPES, &application.delegated_permissions)
}

/// The app roles it offers.
pub fn roles(application: &Application) -> Value {
    entries::show(application, entries::ROLES, &application.app_roles)
}

fn info(application: &Application) -> Value {
    let mut members = carried(application, "info");
    if let Value::Object(known) = json!(application.info) {
        members.extend(known);
    }
    Value::Object(members)
}

fn web(application: &Application) -> Value {
    let mut members = carried(application, "web");
    let uris = uris_of(application, Platform::Web);
    members.entry("homePageUrl").or_insert(Value::Null);
    members
        .entry("redirectUriSettings")
        .or_insert_with(|| uris.iter().map(|uri| json!({ "uri": uri, "index": null })).collect());
    members.insert("redirectUris".into(), json!(uris));
    // Without one, the object is Graph's.
    if let Some(address) = &application.back_channel_logout_url {
        members.insert("backChannelLogoutUrl".into(), json!(address));
    }
    members.insert("logoutUrl".into(), json!(application.logout_url));
    let grant = application.implicit_grant;
    let settings =
        json!({ "enableAccessTokenIssuance": grant.access_token, "enableIdTokenIssuance": grant.id_token });
    members.insert("implicitGrantSettings".into(), settings);
    Value::Object(members)
}

fn redirects(application: &Application, name: &str, platform: Platform) -> Value {
    let mut members = carried(application, name);
    members.insert("redirectUris".into(), json!(uris_of(application, platform)));
    Value::Object(members)
}

fn uris_of(application: &Application, platform: Platform) -> Vec<&str> {
    let of_platform = application.redirect_uris.iter().filter(|uri| uri.platform == platform);
    of_platform.map(idp_domain::applications::RedirectUri::as_str).collect()
}

/// A certificate, without the certificate itself.
pub fn key_credential(certificate: &Certificate) -> Value {
    json!({
        "customKeyIdentifier": certificate.thumbprint,
        "displayName": certificate.display_name,
        "endDateTime": time(certificate.expires_at),
        "key": null,
        "keyId": certificate.id.to_string(),
        "startDateTime": time(certificate.starts_at),
        "type": "AsymmetricX509Cert",
        "usage": "Verify",
    })
}

/// The certificates with themselves, as Graph shows them to whoever selects `keyCredentials` of one object.
pub fn with_keys(members: &mut Map<String, Value>, certificates: &[Certificate]) {
    let listed = members.get_mut("keyCredentials").and_then(Value::as_array_mut);
    for (shown, certificate) in listed.into_iter().flatten().zip(certificates) {
        shown["key"] = json!(certificate.der);
    }
}

/// What is told of a secret.
pub fn password_credential(secret: &ClientSecret) -> Value {
    json!({
        "customKeyIdentifier": null,
        "displayName": secret.display_name,
        "endDateTime": time(secret.expires_at),
        "hint": secret.hint,
        "keyId": secret.id.to_string(),
        "secretText": null,
        "startDateTime": time(secret.starts_at),
    })
}
