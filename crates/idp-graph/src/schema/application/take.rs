//! What was written of an application, onto the application. Every member at fault is named; what the values must be to
//! each other is for [`idp_domain::applications::rules`] to say.

use idp_domain::applications::{Application, GroupMembershipClaims, Platform, RedirectUri, TokenVersion};
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};
use vestibule_wire::graph::{OptionalClaims, PermissionScope};

use super::entries::{self, ROLES, SCOPES};
use super::render::default_of;
use crate::error::{Fault, MemberFault};

/// Where what was written comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Source {
    /// A request: what nobody here knows is refused (GA-05).
    Request,
    /// A manifest: what nobody here knows is kept.
    Manifest,
}

/// Members that the server says; a manifest may repeat them.
const READ_ONLY: &[&str] = &[
    "id",
    "appId",
    "applicationTemplateId",
    "certification",
    "createdDateTime",
    "deletedDateTime",
    "disabledByMicrosoftStatus",
    "publisherDomain",
    "verifiedPublisher",
];

/// Members that are carried as they are.
const CARRIED: &[&str] = &[
    "addIns",
    "authenticationBehaviors",
    "defaultRedirectUri",
    "description",
    "isDeviceOnlyAuthSupported",
    "nativeAuthenticationApisEnabled",
    "notes",
    "oauth2RequirePostResponse",
    "parentalControlSettings",
    "requestSignatureVerification",
    "samlMetadataUrl",
    "serviceManagementReference",
    "servicePrincipalLockConfiguration",
    "tags",
    "tokenEncryptionKeyId",
    "uniqueName",
];

/// Takes what was written. Credentials are not among it: they have a way of their own.
pub fn apply(
    application: &mut Application,
    set: &Map<String, Value>,
    source: Source,
) -> Result<(), Vec<MemberFault>> {
    let mut faults = Vec::new();
    for (name, value) in set {
        member(application, name, value, source, &mut faults);
    }
    // One order, whatever the order in which they came.
    application.redirect_uris.sort_by_key(|uri| uri.platform as u8);
    if faults.is_empty() { Ok(()) } else { Err(faults) }
}

type Faults = Vec<MemberFault>;

fn member(application: &mut Application, name: &str, value: &Value, source: Source, faults: &mut Faults) {
    match name {
        "displayName" => match value.as_str() {
            Some(text) => application.display_name = text.to_owned(),
            None => faults.push(MemberFault::new(name, Fault::Type("Edm.String"))),
        },
        "signInAudience" => {
            let default = idp_domain::applications::SignInAudience::AzureADMyOrg;
            application.sign_in_audience = read(name, value, faults).unwrap_or(default);
        }
        "groupMembershipClaims" => match text(name, value, faults)
            .map(|text| GroupMembershipClaims::parse(&text))
        {
            None => application.group_membership_claims = GroupMembershipClaims::default(),
            Some(Ok(claims)) => application.group_membership_claims = claims,
            Some(Err(unknown)) => faults.push(MemberFault::new(name, Fault::Value(format!("{unknown}.")))),
        },
        "identifierUris" => application.identifier_uris = read(name, value, faults).unwrap_or_default(),
        "isFallbackPublicClient" => {
            application.is_fallback_public_client = read(name, value, faults).unwrap_or_default();
        }
        "tokenLifetime" => application.token_lifetime = read(name, value, faults),
        "clientFamily" => application.client_family = read(name, value, faults),
        "optionalClaims" => {
            application.optional_claims = read::<OptionalClaims>(name, value, faults).unwrap_or_default();
        }
        "requiredResourceAccess" => application.required_resource_access = entries::read(name, value, faults),
        "appRoles" => {
            application.app_roles = entries::read(name, value, faults);
            let read = application.app_roles.clone();
            entries::keep(application, ROLES, value, &read);
        }
        "api" | "web" | "spa" | "publicClient" | "info" => object(application, name, value, source, faults),
        "passwordCredentials" | "keyCredentials" => {}
        _ if CARRIED.contains(&name) => {
            let said = *value != default_of(name);
            application.other.set(name, if said { value.clone() } else { Value::Null });
        }
        _ if source == Source::Request => faults.push(MemberFault::new(name, Fault::Unknown)),
        // Annotations are of the answer it was copied from.
        _ if READ_ONLY.contains(&name) || name.contains('@') => {}
        _ => application.other.set(name, value.clone()),
    }
}

/// The members of an object that has places of its own for them. Those that are not named stay, as in Graph; null takes
/// all of them away.
fn object(application: &mut Application, name: &str, value: &Value, source: Source, faults: &mut Faults) {
    let set = match value {
        Value::Object(set) => set.clone(),
        Value::Null => {
            let known: &[&str] = match name {
                "api" => &[
                    "acceptMappedClaims",
                    "knownClientApplications",
                    "oauth2PermissionScopes",
                    "preAuthorizedApplications",
                    "requestedAccessTokenVersion",
                ],
                "web" => &[
                    "backChannelLogoutUrl",
                    "homePageUrl",
                    "implicitGrantSettings",
                    "logoutUrl",
                    "redirectUris",
                ],
                "info" => &["marketingUrl", "privacyStatementUrl", "supportUrl", "termsOfServiceUrl"],
                _ => &["redirectUris"],
            };
            application.other.set(name, Value::Null);
            known.iter().map(|member| ((*member).to_owned(), Value::Null)).collect()
        }
        _ => return faults.push(MemberFault::new(name, Fault::Type("an object"))),
    };
    for (inner, value) in &set {
        let path = format!("{name}/{inner}");
        let known = match name {
            "api" => api(application, inner, &path, value, faults),
            "web" => web(application, inner, &path, value, faults),
            "info" => info(application, inner, &path, value, faults),
            "spa" => redirects(application, inner, Platform::Spa, &path, value, faults),
            _ => redirects(application, inner, Platform::Native, &path, value, faults),
        };
        if !known && !inner.contains('@') {
            match source {
                Source::Request => faults.push(MemberFault::new(path, Fault::Unknown)),
                Source::Manifest => carry(application, name, inner, value),
            }
        }
    }
}

fn api(application: &mut Application, inner: &str, path: &str, value: &Value, faults: &mut Faults) -> bool {
    match inner {
        "acceptMappedClaims" => carry(application, "api", inner, value),
        "knownClientApplications" => {
            application.known_clients = read(path, value, faults).unwrap_or_default()
        }
        "preAuthorizedApplications" => application.pre_authorized = entries::read(path, value, faults),
        "oauth2PermissionScopes" => {
            let read: Vec<PermissionScope> = entries::read(path, value, faults);
            entries::keep(application, SCOPES, value, &read);
            application.delegated_permissions = read;
        }
        "requestedAccessTokenVersion" => match value.as_i64() {
            Some(1) => application.access_token_version = TokenVersion::V1,
            Some(2) => application.access_token_version = TokenVersion::V2,
            _ if value.is_null() => application.access_token_version = TokenVersion::Unsaid,
            _ => faults.push(MemberFault::new(path, Fault::Value("it is null, 1 or 2.".into()))),
        },
        _ => return false,
    }
    true
}

fn web(application: &mut Application, inner: &str, path: &str, value: &Value, faults: &mut Faults) -> bool {
    match inner {
        "homePageUrl" => {
            if text(path, value, faults).is_some() || value.is_null() {
                carry(application, "web", inner, value);
            }
        }
        "redirectUriSettings" => carry(application, "web", inner, value),
        "backChannelLogoutUrl" => {
            application.back_channel_logout_url = text(path, value, faults).filter(|text| !text.is_empty());
        }
        "logoutUrl" => application.logout_url = text(path, value, faults).filter(|text| !text.is_empty()),
        "implicitGrantSettings" => match value {
            Value::Null => application.implicit_grant = idp_domain::applications::ImplicitGrant::default(),
            Value::Object(settings) => {
                for (setting, value) in settings {
                    let path = format!("{path}/{setting}");
                    let grant = &mut application.implicit_grant;
                    match setting.as_str() {
                        "enableIdTokenIssuance" => {
                            grant.id_token = read(&path, value, faults).unwrap_or_default()
                        }
                        "enableAccessTokenIssuance" => {
                            grant.access_token = read(&path, value, faults).unwrap_or_default();
                        }
                        _ => faults.push(MemberFault::new(path, Fault::Unknown)),
                    }
                }
            }
            _ => faults.push(MemberFault::new(path, Fault::Type("an object"))),
        },
        _ => return redirects(application, inner, Platform::Web, path, value, faults),
    }
    true
}

fn info(application: &mut Application, inner: &str, path: &str, value: &Value, faults: &mut Faults) -> bool {
    let info = &mut application.info;
    let place = match inner {
        // It has an endpoint of its own in Graph; clients repeat what they read.
        "logoUrl" => return true,
        "marketingUrl" => &mut info.marketing_url,
        "privacyStatementUrl" => &mut info.privacy_statement_url,
        "supportUrl" => &mut info.support_url,
        "termsOfServiceUrl" => &mut info.terms_of_service_url,
        _ => return false,
    };
    *place = text(path, value, faults).filter(|text| !text.is_empty());
    true
}

/// The redirect URIs of one platform, in place of those it had (AZ-05 to AZ-09).
fn redirects(
    application: &mut Application,
    inner: &str,
    platform: Platform,
    path: &str,
    value: &Value,
    faults: &mut Faults,
) -> bool {
    if inner != "redirectUris" {
        return false;
    }
    let texts: Vec<String> = read(path, value, faults).unwrap_or_default();
    application.redirect_uris.retain(|uri| uri.platform != platform);
    if platform == Platform::Web {
        // They number the URIs that there were.
        carry(application, "web", "redirectUriSettings", &Value::Null);
    }
    for (index, text) in texts.iter().enumerate() {
        match RedirectUri::register(platform, text) {
            Ok(uri) => application.redirect_uris.push(uri),
            Err(malformed) => {
                let why = format!("{malformed}.");
                faults.push(MemberFault::new(format!("{path}[{index}]"), Fault::Value(why)));
            }
        }
    }
    true
}

/// A member of an object that is carried.
fn carry(application: &mut Application, name: &str, inner: &str, value: &Value) {
    let there = application.other.members().get(name).and_then(Value::as_object);
    let mut members = there.cloned().unwrap_or_default();
    if value.is_null() {
        members.remove(inner);
    } else {
        members.insert(inner.to_owned(), value.clone());
    }
    application.other.set(name, if members.is_empty() { Value::Null } else { Value::Object(members) });
}

fn text(path: &str, value: &Value, faults: &mut Faults) -> Option<String> {
    read(path, value, faults)
}

/// A value of a type of its own; none for null.
fn read<T: DeserializeOwned>(path: &str, value: &Value, faults: &mut Faults) -> Option<T> {
    match serde_json::from_value(value.clone()) {
        _ if value.is_null() => None,
        Ok(read) => Some(read),
        Err(error) => {
            faults.push(MemberFault::new(path, Fault::Value(format!("{error}."))));
            None
        }
    }
}
