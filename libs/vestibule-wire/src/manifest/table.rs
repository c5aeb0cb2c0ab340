//! The one table: every member that has a place in both forms, and how it gets from one to the other.
//!
//! Sources: "Microsoft Entra app manifest (Azure AD Graph format)", "Understand the app manifest (Microsoft Graph
//! format)", "Azure Active Directory Graph app manifest deprecation" (its table of attribute differences), "application
//! resource type" (Microsoft Graph v1.0), "Application entity" (Azure AD Graph 1.6).

use super::conversion::Conversion;
use super::kind::Kind::{Entries, Flag, Integer, Object, Text, Texts};
use super::kind::{Entry, Kind};
use super::{audience, implicit, platforms};

/// One line of the table.
pub(crate) enum Row {
    /// One member there is one member here.
    Member {
        /// Its path in the old form, as the manifest page of 2018 to 2024 spelled it.
        old: &'static str,
        /// Other names it had in the old form, read but never written.
        also: &'static [&'static str],
        /// Its path in the Microsoft Graph form.
        new: &'static str,
        /// What it holds.
        kind: Kind,
    },
    /// Members that only make sense together.
    Together {
        /// Their paths in the old form.
        old: &'static [&'static str],
        /// Their paths in the Microsoft Graph form.
        new: &'static [&'static str],
        /// From the old form.
        to_graph: fn(&mut Conversion),
        /// Back.
        to_legacy: fn(&mut Conversion),
    },
}

const fn moved(old: &'static str, new: &'static str, kind: Kind) -> Row {
    Row::Member { old, also: &[], new, kind }
}

const fn known_as(old: &'static str, also: &'static [&'static str], new: &'static str, kind: Kind) -> Row {
    Row::Member { old, also, new, kind }
}

const fn same(name: &'static str, kind: Kind) -> Row {
    moved(name, name, kind)
}

const fn entry(old: &'static str, new: &'static str, kind: Kind) -> Entry {
    Entry { old, new, kind }
}

const fn stays(name: &'static str, kind: Kind) -> Entry {
    entry(name, name, kind)
}

/// The correspondences. A member that is not here keeps its name and place in both directions.
pub(crate) const ROWS: &[Row] = &[
    known_as("id", &["objectId"], "id", Text),
    same("appId", Text),
    known_as("name", &["displayName"], "displayName", Text),
    // The page of the old form calls it by its new name, but at the top level.
    known_as(
        "accessTokenAcceptedVersion",
        &["requestedAccessTokenVersion"],
        "api.requestedAccessTokenVersion",
        Integer,
    ),
    moved("acceptMappedClaims", "api.acceptMappedClaims", Flag),
    moved("knownClientApplications", "api.knownClientApplications", Texts),
    moved("oauth2Permissions", "api.oauth2PermissionScopes", Entries(PERMISSION)),
    moved("preAuthorizedApplications", "api.preAuthorizedApplications", Entries(PRE_AUTHORIZED)),
    moved("informationalUrls.termsOfService", "info.termsOfServiceUrl", Text),
    moved("informationalUrls.support", "info.supportUrl", Text),
    moved("informationalUrls.privacy", "info.privacyStatementUrl", Text),
    moved("informationalUrls.marketing", "info.marketingUrl", Text),
    moved("logoUrl", "info.logoUrl", Text),
    moved("logoutUrl", "web.logoutUrl", Text),
    // Neither form has it: it is this server's, and stands beside the other one.
    moved("backChannelLogoutUrl", "web.backChannelLogoutUrl", Text),
    known_as("signInUrl", &["homepage"], "web.homePageUrl", Text),
    Row::Together {
        old: platforms::OLD,
        new: platforms::NEW,
        to_graph: platforms::to_graph,
        to_legacy: platforms::to_legacy,
    },
    Row::Together {
        old: implicit::OLD,
        new: implicit::NEW,
        to_graph: implicit::to_graph,
        to_legacy: implicit::to_legacy,
    },
    Row::Together {
        old: audience::OLD,
        new: audience::NEW,
        to_graph: audience::to_graph,
        to_legacy: audience::to_legacy,
    },
    moved("keyCredentials", "keyCredentials", Entries(KEY)),
    moved("passwordCredentials", "passwordCredentials", Entries(PASSWORD)),
    same("appRoles", Entries(APP_ROLE)),
    same("requiredResourceAccess", Entries(RESOURCE)),
    same("addIns", Entries(&[])),
    same("createdDateTime", Text),
    same("disabledByMicrosoftStatus", Text),
    same("groupMembershipClaims", Text),
    same("identifierUris", Texts),
    same("oauth2RequirePostResponse", Flag),
    same("optionalClaims", Object),
    same("parentalControlSettings", Object),
    same("publisherDomain", Text),
    same("samlMetadataUrl", Text),
    same("tags", Texts),
    same("tokenEncryptionKeyId", Text),
    same("verifiedPublisher", Object),
];

/// `oauth2Permissions[]`, `api.oauth2PermissionScopes[]`: the members kept their names.
const PERMISSION: &[Entry] = &[
    stays("id", Text),
    stays("value", Text),
    stays("type", Text),
    stays("isEnabled", Flag),
    stays("adminConsentDisplayName", Text),
    stays("adminConsentDescription", Text),
    stays("userConsentDisplayName", Text),
    stays("userConsentDescription", Text),
];

const PRE_AUTHORIZED: &[Entry] =
    &[stays("appId", Text), entry("permissionIds", "delegatedPermissionIds", Texts)];

const KEY: &[Entry] = &[
    stays("keyId", Text),
    stays("type", Text),
    stays("usage", Text),
    stays("displayName", Text),
    stays("customKeyIdentifier", Text),
    entry("startDate", "startDateTime", Text),
    entry("endDate", "endDateTime", Text),
    entry("value", "key", Text),
];

const PASSWORD: &[Entry] = &[
    stays("keyId", Text),
    stays("displayName", Text),
    stays("hint", Text),
    stays("customKeyIdentifier", Text),
    entry("startDate", "startDateTime", Text),
    entry("endDate", "endDateTime", Text),
    entry("value", "secretText", Text),
];

const APP_ROLE: &[Entry] = &[
    stays("id", Text),
    stays("value", Text),
    stays("displayName", Text),
    stays("description", Text),
    stays("isEnabled", Flag),
    stays("allowedMemberTypes", Texts),
];

const RESOURCE: &[Entry] = &[stays("resourceAppId", Text), stays("resourceAccess", Entries(ACCESS))];

const ACCESS: &[Entry] = &[stays("id", Text), stays("type", Text)];

/// Old-form members that have no counterpart and travel under their own names. They tell the old form, if nothing else
/// in the document tells a form.
pub(crate) const OLD_ONLY: &[&str] = &[
    "deletionTimestamp",
    "errorUrl",
    "oauth2AllowUrlPathMatching",
    "objectType",
    "odata.metadata",
    "odata.type",
    "orgRestrictions",
];

/// Every path of the old form in the table.
pub(crate) fn old_paths() -> impl Iterator<Item = &'static str> {
    ROWS.iter().flat_map(|row| {
        let (old, also): (&[&str], &[&str]) = match row {
            Row::Member { old, also, .. } => (std::slice::from_ref(old), also),
            Row::Together { old, .. } => (old, &[]),
        };
        old.iter().chain(also).copied()
    })
}

/// Every path of the Microsoft Graph form in the table.
pub(crate) fn new_paths() -> impl Iterator<Item = &'static str> {
    ROWS.iter().flat_map(|row| {
        let new: &[&str] = match row {
            Row::Member { new, .. } => std::slice::from_ref(new),
            Row::Together { new, .. } => new,
        };
        new.iter().copied()
    })
}
