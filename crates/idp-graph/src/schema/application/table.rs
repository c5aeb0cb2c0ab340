//! The table of `microsoft.graph.application` (section 5.2).

use crate::odata::schema::{
    EntityType, Kind, Navigation, Property, any, binary, boolean, collection, complex, date_time, guid,
    guids, int32, string, strings,
};
use crate::schema::directory_object::{DELETED, DIRECTORY_OBJECT};

/// An app role.
pub(crate) const APP_ROLE: &[Property] = &[
    collection("allowedMemberTypes", &Kind::String),
    string("description"),
    string("displayName"),
    guid("id").filterable().required(),
    boolean("isEnabled").required(),
    string("lang"),
    string("origin"),
    string("value"),
];

/// A delegated permission.
pub(crate) const PERMISSION_SCOPE: &[Property] = &[
    string("adminConsentDescription"),
    string("adminConsentDisplayName"),
    guid("id").filterable().required(),
    boolean("isEnabled").required(),
    string("lang"),
    string("origin"),
    string("type"),
    string("userConsentDescription"),
    string("userConsentDisplayName"),
    string("value").required(),
];

const PRE_AUTHORIZED: &[Property] = &[guid("appId").required(), guids("delegatedPermissionIds")];

const API: &[Property] = &[
    boolean("acceptMappedClaims"),
    guids("knownClientApplications"),
    collection("oauth2PermissionScopes", &Kind::Complex(PERMISSION_SCOPE)),
    collection("preAuthorizedApplications", &Kind::Complex(PRE_AUTHORIZED)),
    int32("requestedAccessTokenVersion"),
];

/// Links of the consent page.
pub(crate) const INFO: &[Property] = &[
    string("logoUrl"),
    string("marketingUrl"),
    string("privacyStatementUrl"),
    string("supportUrl"),
    string("termsOfServiceUrl"),
];

/// A certificate.
pub(crate) const KEY_CREDENTIAL: &[Property] = &[
    string("customKeyIdentifier"),
    string("displayName"),
    date_time("endDateTime"),
    binary("key"),
    guid("keyId"),
    date_time("startDateTime"),
    string("type"),
    string("usage"),
];

/// A secret.
pub(crate) const PASSWORD_CREDENTIAL: &[Property] = &[
    string("customKeyIdentifier"),
    string("displayName"),
    date_time("endDateTime"),
    string("hint"),
    guid("keyId"),
    string("secretText"),
    date_time("startDateTime"),
];

const OPTIONAL_CLAIM: &[Property] = &[
    strings("additionalProperties"),
    boolean("essential").required(),
    string("name").required(),
    string("source"),
];

const OPTIONAL_CLAIMS: &[Property] = &[
    collection("accessToken", &Kind::Complex(OPTIONAL_CLAIM)),
    collection("idToken", &Kind::Complex(OPTIONAL_CLAIM)),
    collection("saml2Token", &Kind::Complex(OPTIONAL_CLAIM)),
];

const RESOURCE_ACCESS: &[Property] = &[guid("id").required(), string("type").required()];

const REQUIRED_RESOURCE_ACCESS: &[Property] =
    &[collection("resourceAccess", &Kind::Complex(RESOURCE_ACCESS)), guid("resourceAppId").required()];

const REDIRECT_URI_SETTING: &[Property] = &[string("uri"), int32("index")];

const WEB: &[Property] = &[
    // Not Graph's: there applications are told by the browser alone.
    string("backChannelLogoutUrl"),
    string("homePageUrl"),
    complex(
        "implicitGrantSettings",
        &[boolean("enableAccessTokenIssuance"), boolean("enableIdTokenIssuance")],
    ),
    string("logoutUrl"),
    strings("redirectUris"),
    collection("redirectUriSettings", &Kind::Complex(REDIRECT_URI_SETTING)),
];

const REDIRECT_URIS: &[Property] = &[strings("redirectUris")];

const AUTHENTICATION_BEHAVIORS: &[Property] = &[
    boolean("blockAzureADGraphAccess"),
    boolean("removeUnverifiedEmailClaim"),
    boolean("requireClientServicePrincipal"),
];

/// Who vouches for it.
pub(crate) const VERIFIED_PUBLISHER: &[Property] =
    &[date_time("addedDateTime"), string("displayName"), string("verifiedPublisherId")];

/// An application.
pub static APPLICATION: EntityType = EntityType::directory("application", "applications")
    .properties(&[
        guid("id").shown().filterable().required(),
        DELETED.shown(),
        guid("appId").shown().filterable().required(),
        guid("applicationTemplateId").shown(),
        date_time("createdDateTime").shown().filterable(),
        string("disabledByMicrosoftStatus").shown(),
        string("displayName").shown().filterable().sortable().writable().required(),
        string("description").shown().writable(),
        any("certification").shown(),
        string("groupMembershipClaims").shown().writable(),
        strings("identifierUris").shown().filterable().writable(),
        boolean("isDeviceOnlyAuthSupported").shown().writable(),
        boolean("isFallbackPublicClient").shown().writable(),
        string("nativeAuthenticationApisEnabled").shown().writable(),
        string("notes").shown().writable(),
        string("publisherDomain").shown().filterable(),
        string("serviceManagementReference").shown().writable(),
        string("signInAudience").shown().filterable().writable(),
        strings("tags").shown().filterable().writable(),
        guid("tokenEncryptionKeyId").shown().writable(),
        string("samlMetadataUrl").shown().writable(),
        string("defaultRedirectUri").shown().writable(),
        string("uniqueName").shown().filterable(),
        complex("optionalClaims", OPTIONAL_CLAIMS).shown().writable(),
        any("servicePrincipalLockConfiguration").shown().writable(),
        any("requestSignatureVerification").shown().writable(),
        collection("addIns", &Kind::Any).shown().writable(),
        complex("api", API).shown().writable(),
        collection("appRoles", &Kind::Complex(APP_ROLE)).shown().writable(),
        complex("info", INFO).shown().writable(),
        collection("keyCredentials", &Kind::Complex(KEY_CREDENTIAL)).shown().writable(),
        any("parentalControlSettings").shown().writable(),
        collection("passwordCredentials", &Kind::Complex(PASSWORD_CREDENTIAL)).shown().writable(),
        complex("publicClient", REDIRECT_URIS).shown().writable(),
        collection("requiredResourceAccess", &Kind::Complex(REQUIRED_RESOURCE_ACCESS)).shown().writable(),
        complex("verifiedPublisher", VERIFIED_PUBLISHER).shown(),
        complex("web", WEB).shown().writable(),
        complex("spa", REDIRECT_URIS).shown().writable(),
        boolean("oauth2RequirePostResponse").writable(),
        // Of Graph's beta, and shown when asked for.
        complex("authenticationBehaviors", AUTHENTICATION_BEHAVIORS).writable(),
        // Not Graph's: there it is a policy of its own.
        int32("tokenLifetime").writable(),
        string("clientFamily").writable(),
    ])
    .navigations(&[Navigation::many("owners", &DIRECTORY_OBJECT)]);
