//! The error table: every AADSTS code this server can answer, with its OAuth error, status, text and suberror.
//!
//! One row is one code. Behaviour, the lookup page and the reference documentation all come from here. A row's text
//! holds named places (`{app}`) that a [`Failure`] fills; what is filled in is bounded and reduced to the characters
//! RFC 6749 §5.2 allows, so that no error text can carry markup, a line break or a quotation mark out of a request.
//!
//! ```
//! use vestibule_wire::aadsts::Aadsts;
//! let failure = Aadsts::TenantNotFound.with([("tenant", "nowhere.test")]);
//! assert!(failure.message().starts_with("AADSTS90002: Tenant 'nowhere.test' not found."));
//! ```

use std::fmt;

/// The OAuth `error` values clients branch on (RFC 6749 §4.1.2.1 and §5.2, OpenID Connect Core §3.1.2.6, and Entra's).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[expect(
    missing_docs,
    reason = "the names are the values; their meaning is in the specifications named above"
)]
pub enum OAuthError {
    AccessDenied,
    AuthorizationDeclined,
    AuthorizationPending,
    BadVerificationCode,
    ConsentRequired,
    ExpiredToken,
    InsufficientScope,
    InteractionRequired,
    InvalidClient,
    InvalidGrant,
    InvalidInstance,
    InvalidRequest,
    InvalidResource,
    InvalidScope,
    InvalidTenant,
    InvalidToken,
    LoginRequired,
    RequestNotSupported,
    RequestUriNotSupported,
    ServerError,
    TemporarilyUnavailable,
    UnauthorizedClient,
    UnsupportedGrantType,
    UnsupportedResponseType,
}

impl OAuthError {
    /// The value on the wire.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::AccessDenied => "access_denied",
            Self::AuthorizationDeclined => "authorization_declined",
            Self::AuthorizationPending => "authorization_pending",
            Self::BadVerificationCode => "bad_verification_code",
            Self::ConsentRequired => "consent_required",
            Self::ExpiredToken => "expired_token",
            Self::InsufficientScope => "insufficient_scope",
            Self::InteractionRequired => "interaction_required",
            Self::InvalidClient => "invalid_client",
            Self::InvalidGrant => "invalid_grant",
            Self::InvalidInstance => "invalid_instance",
            Self::InvalidRequest => "invalid_request",
            Self::InvalidResource => "invalid_resource",
            Self::InvalidScope => "invalid_scope",
            Self::InvalidTenant => "invalid_tenant",
            Self::InvalidToken => "invalid_token",
            Self::LoginRequired => "login_required",
            Self::RequestNotSupported => "request_not_supported",
            Self::RequestUriNotSupported => "request_uri_not_supported",
            Self::ServerError => "server_error",
            Self::TemporarilyUnavailable => "temporarily_unavailable",
            Self::UnauthorizedClient => "unauthorized_client",
            Self::UnsupportedGrantType => "unsupported_grant_type",
            Self::UnsupportedResponseType => "unsupported_response_type",
        }
    }
}

impl OAuthError {
    /// The status that usually goes with it (RFC 6749 §5.2, RFC 6750 §3.1).
    pub const fn status(self) -> u16 {
        match self {
            Self::InvalidClient | Self::InvalidToken => 401,
            Self::InsufficientScope => 403,
            Self::ServerError => 500,
            Self::TemporarilyUnavailable => 503,
            _ => 400,
        }
    }
}

/// One row of the table.
#[derive(Debug, Clone, Copy)]
pub struct Row {
    /// The number after `AADSTS`; 0 for a refusal to which the service gives no number.
    pub number: u32,
    /// The OAuth error.
    pub error: OAuthError,
    /// The HTTP status at the token endpoint.
    pub status: u16,
    /// What kind of interaction would help (v2.0).
    pub suberror: Option<&'static str>,
    /// Whether answers carry `error_uri`, the address of the lookup page; live answers omit it for some codes.
    pub looked_up: bool,
    /// The message, with `{places}`.
    pub text: &'static str,
}

impl Row {
    /// The code as people write it: `AADSTS50011`. Empty where there is none.
    pub fn label(&self) -> String {
        if self.is_numbered() { format!("AADSTS{}", self.number) } else { String::new() }
    }

    /// Whether the service gives this refusal a number.
    pub const fn is_numbered(&self) -> bool {
        self.number != 0
    }
}

macro_rules! table {
    ($($number:literal $name:ident $error:ident $status:literal $([$suberror:literal])? $($plain:ident)? : $text:literal;)+) => {
        /// An AADSTS code, by a name that says what happened.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        pub enum Aadsts {
            $(#[doc = concat!("AADSTS", $number, ": ", $text)] $name,)+
        }

        impl Aadsts {
            /// Every code, in the order of the table.
            pub const ALL: &'static [Self] = &[$(Self::$name,)+];

            /// The row of this code.
            pub const fn row(self) -> &'static Row {
                match self {
                    $(Self::$name => &Row {
                        number: $number,
                        error: OAuthError::$error,
                        status: $status,
                        suberror: table!(@suberror $($suberror)?),
                        looked_up: table!(@looked_up $($plain)?),
                        text: $text,
                    },)+
                }
            }

            /// The name of this code in the source.
            pub const fn name(self) -> &'static str {
                match self {
                    $(Self::$name => stringify!($name),)+
                }
            }
        }
    };
    (@suberror) => { None };
    (@suberror $suberror:literal) => { Some($suberror) };
    (@looked_up) => { true };
    (@looked_up no_lookup) => { false };
}

// Columns: number, name, OAuth error, status at the token endpoint, suberror, whether the lookup page knows it, message.
// Messages and the absence of `error_uri` follow captures of the live service where there are any.
table! {
    // A. Client identity and authentication
    700016 ApplicationNotFound UnauthorizedClient 400: "Application with identifier '{app}' was not found in the directory '{tenant}'. This can happen if the application has not been installed by the administrator of the tenant or consented to by any user in the tenant. You may have sent your authentication request to the wrong tenant.";
    700038 NotAnApplication UnauthorizedClient 400 no_lookup: "{app} is not a valid application identifier.";
    7000112 ApplicationDisabled UnauthorizedClient 400: "Application '{app}'({name}) is disabled.";
    7000215 InvalidClientSecret InvalidClient 401: "Invalid client secret provided. Ensure the secret being sent in the request is the client secret value, not the client secret ID, for a secret added to app '{app}'.";
    7000216 ClientCredentialRequired InvalidClient 401: "'client_assertion', 'client_secret' or 'request' is required for the 'client_credentials' grant type.";
    7000218 ClientCredentialMissing InvalidClient 401: "The request body must contain the following parameter: 'client_assertion' or 'client_secret'.";
    7000222 ClientSecretExpired InvalidClient 401: "The provided client secret keys for app '{app}' are expired. Create a new key for the app, or use a certificate credential.";
    700025 PublicClientWithCredential InvalidClient 401: "Client is public so neither 'client_assertion' nor 'client_secret' should be presented.";
    700021 ClientIdMismatch InvalidClient 401: "{credential} application identifier doesn't match 'client_id' parameter.";
    700023 AssertionAudienceWrong InvalidClient 401: "Client assertion audience claim does not match Realm issuer.";
    700024 AssertionOutOfTime InvalidClient 401: "Client assertion is not within its valid time range. Current time: {now}, assertion valid from {from}, expiry time of assertion {until}.";
    700027 AssertionNotProved InvalidClient 401: "Client assertion contains an invalid signature. [Reason - {reason}, Thumbprint of key used by client: '{thumbprint}', the configured keys are those of app Id '{app}'.]";
    70025 NoFederatedCredentials InvalidClient 401: "The client '{app}'({name}) has no configured federated identity credentials.";
    700211 FederatedIssuerUnknown InvalidClient 401: "No matching federated identity record found for presented assertion issuer '{issuer}'. Check your federated identity credential Subject, Audience and Issuer against the presented assertion.";
    700212 FederatedAudienceUnknown InvalidClient 401: "No matching federated identity record found for presented assertion audience '{audience}'. Check your federated identity credential Subject, Audience and Issuer against the presented assertion.";
    700213 FederatedSubjectUnknown InvalidClient 401: "No matching federated identity record found for presented assertion subject '{subject}'. Check your federated identity credential Subject, Audience and Issuer against the presented assertion.";
    700229 FederatedTokenForbidden InvalidClient 401: "Of the tokens of the issuer '{issuer}' only those that an application has for itself may be used for federated identity credential flows.";
    50166 FederatedIssuerFailed InvalidClient 401: "Request to External OIDC endpoint failed. The keys of the issuer '{issuer}' cannot be read: {reason}.";
    50048 AssertionSubjectWrong InvalidClient 401: "Subject mismatches Issuer claim in the client assertion.";
    50012 ClientAuthenticationMalformed InvalidClient 401: "The client credentials could not be read, or are of a kind that this endpoint does not take.";

    // B. Request shape
    900144 ParameterMissing InvalidRequest 400: "The request body must contain the following parameter: '{name}'.";
    9002313 RequestMalformed InvalidRequest 400: "Invalid request. Request is malformed or invalid.";
    90004 ParameterRepeated InvalidRequest 400: "The request contains the parameter '{name}' more than once.";
    90013 ParameterInvalid InvalidRequest 400: "Invalid input received from the user: the parameter '{name}' is not valid.";
    90023 PromptUnsupported InvalidRequest 400: "Unsupported 'prompt' value.";
    900561 MethodNotAllowed InvalidRequest 405: "The endpoint only accepts {allowed} requests. Received a {method} request.";
    901002 ResourceParameterUnsupported InvalidRequest 400: "The 'resource' request parameter is not supported.";
    70003 GrantTypeUnsupported UnsupportedGrantType 400 no_lookup: "The app requested an unsupported grant type '{grant}'.";
    70005 ResponseTypeUnsupported UnsupportedResponseType 400: "The app requested a response type that is not supported: '{response_type}'.";
    700051 TokenResponseDisabled UnsupportedResponseType 400: "response_type 'token' is not enabled for the application.";
    700054 IdTokenResponseDisabled UnsupportedResponseType 400: "response_type 'id_token' is not enabled for the application.";
    70007 ResponseModeUnsupported InvalidRequest 400: "'{mode}' is not a supported value of 'response_mode' when requesting a token.";
    70011 ScopeInvalid InvalidScope 400: "The provided request must include a 'scope' input parameter. The provided value for the input parameter 'scope' is not valid. The scope {scope} is not valid.";
    1002012 ScopeNotDefault InvalidScope 400: "The provided value for scope {scope} is not valid. Client credential flows must have a scope value with /.default suffixed to the resource identifier (application ID URI).";
    28000 ScopeSpansResources InvalidRequest 400: "Provided value for the input parameter scope is not valid because it contains more than one resource. Scope {scope} is not valid.";
    650053 ScopeUnknown InvalidScope 400: "The application '{name}' asked for scope '{scope}' that doesn't exist on the resource '{resource}'. Contact the app vendor.";
    50147 CodeChallengeInvalid InvalidRequest 400: "The size or the characters of the 'code_challenge' parameter are not valid.";
    501491 CodeChallengeMethodInvalid InvalidRequest 400: "The 'code_challenge_method' parameter is not valid: '{method}'. Use 'S256'.";
    501481 CodeVerifierMismatch InvalidGrant 400: "The Code_Verifier does not match the code_challenge supplied in the authorization request.";
    9002325 CodeChallengeRequired InvalidRequest 400: "Proof Key for Code Exchange is required for cross-origin authorization code redemption.";
    9002326 CrossOriginForbidden InvalidRequest 400: "Cross-origin token redemption is permitted only for the 'Single-Page Application' client-type. Request origin: '{origin}'.";
    9002327 CrossOriginRequired InvalidRequest 400: "Tokens issued for the 'Single-Page Application' client-type may only be redeemed via cross-origin requests.";
    9001023 GrantTypeNotHere InvalidRequest 400: "The grant type is not supported over the /common or /consumers endpoints. Please use the /organizations or tenant-specific endpoint.";
    9002332 NotForConsumers InvalidRequest 400: "Application '{app}'({name}) is configured for use by Azure Active Directory users only. Please do not use the /consumers endpoint to serve this request.";
    50194 NotMultiTenant InvalidRequest 400: "Application '{app}'({name}) is not configured as a multi-tenant application. Usage of the /common endpoint is not supported for such applications created after '10/15/2018'. Use a tenant-specific endpoint or configure the application to be multi-tenant.";
    90009 RequestObjectUnsupported RequestNotSupported 400: "The 'request' parameter is not supported.";
    90010 RequestUriUnsupported RequestUriNotSupported 400: "The 'request_uri' parameter is not supported.";
    50027 TokenInvalid InvalidToken 401: "JWT token is invalid or malformed.";

    // C. Redirect URI
    50011 RedirectUriMismatch InvalidRequest 400: "The redirect URI '{uri}' specified in the request does not match the redirect URIs configured for the application '{app}'. Make sure the redirect URI sent in the request matches one added to your application.";
    500112 ReplyAddressMismatch InvalidGrant 400: "The reply address does not match the reply address provided when requesting Authorization code.";
    500113 NoReplyAddress InvalidRequest 400: "No reply address is registered for the application.";

    // D. Tenant
    90002 TenantNotFound InvalidTenant 400: "Tenant '{tenant}' not found. Check to make sure you have the correct tenant ID and are signing into the correct cloud. Check with your subscription administrator, this may happen if there are no active subscriptions for the tenant.";
    900023 TenantMalformed InvalidRequest 400: "Specified tenant identifier '{tenant}' is neither a valid DNS name, nor a valid external domain.";
    50059 TenantMissing InvalidRequest 400: "No tenant-identifying information found in either the request or implied by any provided credentials.";
    50049 InstanceUnknown InvalidInstance 400: "Unknown or invalid instance.";
    50050 InstanceMalformed InvalidRequest 400: "The request is malformed: '{name}' is not an absolute URL of an authorize endpoint.";

    // E. User and password
    50126 PasswordWrong InvalidGrant 400: "Error validating credentials due to invalid username or password.";
    50053 AccountLocked InvalidGrant 400: "The account is locked, you've tried to sign in too many times with an incorrect user ID or password.";
    50057 UserDisabled InvalidGrant 400: "The user account is disabled.";
    50055 PasswordExpired InvalidGrant 400 ["user_password_expired"]: "The password is expired.";
    50034 UserNotFound InvalidGrant 400: "The user account {EmailHidden} does not exist in the {tenant} directory. To sign into this application, the account must be added to the directory.";
    50020 UserNotInTenant InvalidGrant 400: "User account '{EmailHidden}' from identity provider '{idp}' does not exist in tenant '{tenant}' and cannot access the application '{app}'({name}) in that tenant. The account needs to be added as an external user in the tenant first. Sign out and sign in again with a different account.";
    50014 GuestPending InvalidGrant 400: "The guest account has not accepted the invitation yet. Send an interactive authorization request to this tenant, so that the user can accept it.";
    16000 AccountSelectionRequired InteractionRequired 400: "Either multiple user identities are available for the current request or selected account is not supported for the scenario.";
    160021 SessionNotFound InteractionRequired 400: "Application requested a user session which does not exist.";

    // F. Session
    50058 LoginRequired LoginRequired 400: "A silent sign-in request was sent but no user is signed in.";
    50089 FlowExpired InvalidRequest 400: "Authentication failed due to flow token expired.";
    50061 SignOutInvalid InvalidRequest 400: "Unable to complete sign-out. The request was invalid.";

    // G. Grants, codes, refresh tokens
    54005 CodeRedeemed InvalidGrant 400: "OAuth2 Authorization code was already redeemed, please retry with a new valid code or use an existing refresh token.";
    70000 GrantInvalid InvalidGrant 400: "The provided value for the '{name}' parameter is not valid.";
    700007 GrantOfOtherClient InvalidGrant 400 ["client_mismatch"]: "The grant was issued for a different client id.";
    70008 GrantExpired InvalidGrant 400: "The provided authorization code or refresh token has expired due to inactivity. Send a new interactive authorization request for this user and resource.";
    700005 CodeOfOtherTenant InvalidGrant 400: "Provided Authorization Code is intended to use against other tenant, thus rejected. OAuth2 Authorization Code must be redeemed against same tenant it was acquired for (/common or /{tenant-ID} as appropriate).";
    700082 RefreshTokenInactive InvalidGrant 400 ["bad_token"]: "The refresh token has expired due to inactivity. The token was issued on {issued} and was inactive for 90.00:00:00.";
    700084 RefreshTokenOfSpaExpired InvalidGrant 400 ["bad_token"]: "The refresh token was issued to a single page app (SPA), and therefore has a fixed, limited lifetime of 1.00:00:00, which cannot be extended. It is now expired and a new sign in request must be sent by the SPA to the sign in page. The token was issued on {issued}.";
    50013 AssertionInvalid InvalidGrant 400: "Assertion failed signature validation. [Reason - {reason}.]";
    500131 AssertionForOther InvalidGrant 400: "Assertion audience does not match the Client app presenting the assertion. The audience in the assertion was '{audience}' and the expected audience is '{app}' or one of the Application Uris of this application with App ID '{app}'({name}).";
    500133 AssertionNotInTime InvalidGrant 400: "Assertion is not within its valid time range. Ensure that the access token is not expired before using it for user assertion, or request a new token. Current time: {now}, expiry time of assertion {expires}.";
    240002 AssertionIsIdToken InvalidGrant 400: "Input id_token cannot be used as 'urn:ietf:params:oauth:grant-type:jwt-bearer' grant.";
    7000114 AssertionOfApplication InvalidGrant 400: "Application '{app}' isn't allowed to make application on-behalf-of calls.";
    50173 GrantRevoked InvalidGrant 400 ["bad_token"]: "The provided grant has expired due to it being revoked, a fresh auth token is needed. The user might have changed or reset their password. The grant was issued on '{issued}' and the TokensValidFrom date (before which tokens are not valid) for this user is '{valid_from}'.";

    // H. Device code
    70016 DeviceCodePending AuthorizationPending 400 no_lookup: "OAuth 2.0 device flow error. Authorization is pending. Continue polling.";
    70018 DeviceCodeUnknown BadVerificationCode 400 no_lookup: "Bad verification code: no sign-in that this client asked for has this device code.";
    70020 DeviceCodeExpired ExpiredToken 400 no_lookup: "The device code has expired. Ask for a new one.";
    0 DeviceCodeDeclined AuthorizationDeclined 400 no_lookup: "The person declined the sign-in.";

    // I. Resource, consent, permissions
    500011 ResourceNotFound InvalidResource 400: "The resource principal named {resource} was not found in the tenant named {tenant}. This can happen if the application has not been installed by the administrator of the tenant or consented to by any user in the tenant. You might have sent your authentication request to the wrong tenant.";
    500014 ResourceDisabled InvalidResource 400: "The service principal for resource '{resource}' is disabled. This indicate that a subscription within the tenant has lapsed, or that the administrator for this tenant has disabled the application, preventing tokens from being issued for it.";
    50105 UserNotAssigned InvalidGrant 400: "Your administrator has configured the application {name} ('{app}') to block users unless they are specifically granted ('assigned') access to the application. The signed-in user '{user}' is blocked because they are not a direct member of a group with access, nor had access directly assigned by an administrator. Please contact your administrator to assign access to this application.";
    501051 NotAssignedToRole InvalidGrant 400: "Application '{app}'({name}) is not assigned to a role for the application '{resource}'({resource_name}).";
    65001 ConsentMissing InvalidGrant 400 ["consent_required"]: "The user or administrator has not consented to use the application with ID '{app}' named '{name}'. Send an interactive authorization request for this user and resource.";
    65004 ConsentDeclined AccessDenied 400: "User declined to consent to access the app.";
    650052 ResourceNotInTenant InvalidClient 400: "The app is trying to access a service '{resource}' that your organization '{tenant}' lacks a service principal for. Contact your IT Admin to review the configuration of your service subscriptions or consent to the application in order to create the required service principal.";
    53003 AccessBlocked InvalidGrant 400 ["message_only"]: "Access has been blocked by Conditional Access policies. The access policy does not allow token issuance.";
    90094 AdminConsentRequired AccessDenied 400: "The grant requires admin permission.";

    // K. Server
    90033 ServiceBusy TemporarilyUnavailable 503: "A transient error has occurred. Please try again.";
    90055 TooManyRequests TemporarilyUnavailable 429: "Too many requests were sent in a short time. Wait before trying again.";
    50196 RequestLoop InvalidGrant 400: "The server terminated an operation because it encountered a client request loop. Please contact your app vendor.";
    50000 ServerFailed ServerError 500: "There was an issue with the sign-in service.";
}

impl Aadsts {
    /// Finds a code by its number.
    pub fn by_number(number: u32) -> Option<Self> {
        Self::ALL.iter().copied().find(|code| code.row().is_numbered() && code.row().number == number)
    }

    /// A failure whose text has nothing to fill in.
    pub fn bare(self) -> Failure {
        self.with([])
    }

    /// A failure with the places of its text filled in.
    pub fn with<const N: usize>(self, places: [(&'static str, &str); N]) -> Failure {
        Failure {
            code: self,
            error: self.row().error,
            places: places.iter().map(|(name, value)| (*name, presentable(value))).collect(),
        }
    }
}

/// A code with what its text says about this request: what a client may know of something that went wrong.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Failure {
    code: Aadsts,
    error: OAuthError,
    places: Vec<(&'static str, String)>,
}

impl Failure {
    /// Which code.
    pub const fn code(&self) -> Aadsts {
        self.code
    }

    /// Its row, with the OAuth error of this occasion, and the status that goes with that.
    pub fn row(&self) -> Row {
        let row = *self.code.row();
        let status = if self.error == row.error { row.status } else { self.error.status() };
        Row { error: self.error, status, ..row }
    }

    /// The same code under another OAuth error: the authorize endpoint words some codes differently from the token
    /// endpoint (65001 is `interaction_required` there).
    #[must_use]
    pub fn worded(self, error: OAuthError) -> Self {
        Self { error, ..self }
    }

    /// `AADSTS{number}: {text}`, or the text alone where there is no number.
    pub fn message(&self) -> String {
        let row = self.code.row();
        let mut text =
            if row.is_numbered() { format!("{}: {}", row.label(), row.text) } else { row.text.to_owned() };
        for (name, value) in &self.places {
            text = text.replace(&format!("{{{name}}}"), value);
        }
        text
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message())
    }
}

impl std::error::Error for Failure {}

/// RFC 6749 §5.2: `error_description` is made of %x20-21 / %x23-5B / %x5D-7E. Bounded, so that no answer grows with
/// its request; braces become parentheses, so that a value cannot open a place of its own.
fn presentable(value: &str) -> String {
    let mut shown: String = value
        .chars()
        .take(256)
        .map(|c| match c {
            '{' => '(',
            '}' => ')',
            ' ' | '!' | '#'..='[' | ']'..='~' => c,
            _ => '?',
        })
        .collect();
    if value.chars().nth(256).is_some() {
        shown.push_str("...");
    }
    shown
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashSet;

    #[test]
    fn every_number_stands_once() {
        let numbers: HashSet<_> = Aadsts::ALL.iter().map(|code| code.row().number).collect();
        assert_eq!(numbers.len(), Aadsts::ALL.len());
        for code in Aadsts::ALL {
            let row = code.row();
            assert_eq!(Aadsts::by_number(row.number), row.is_numbered().then_some(*code));
        }
    }

    #[test]
    fn a_refusal_without_a_number_says_its_text_alone() {
        assert_eq!(Aadsts::DeviceCodeDeclined.bare().message(), "The person declined the sign-in.");
    }

    #[test]
    fn cd_23_every_text_keeps_to_the_characters_of_rfc_6749() {
        for code in Aadsts::ALL {
            let text = code.row().text;
            assert!(text.bytes().all(|b| matches!(b, 0x20 | 0x21 | 0x23..=0x5b | 0x5d..=0x7e)), "{text}");
        }
    }

    #[test]
    fn cd_23_what_a_request_says_is_shown_bounded_and_without_markup_or_line_breaks() {
        let hostile = format!("\"><script>\r\n\\{{app}}\u{2028}{}", "x".repeat(10_000));
        let message = Aadsts::TenantNotFound.with([("tenant", &hostile)]).message();
        assert!(message.len() < 700, "{}", message.len());
        assert!(message.bytes().all(|b| matches!(b, 0x20 | 0x21 | 0x23..=0x5b | 0x5d..=0x7e)), "{message}");
        assert!(message.contains("(app)"));
    }

    #[test]
    fn msal_node_reads_meaning_into_descriptions_so_none_names_an_interaction_error() {
        for code in Aadsts::ALL {
            for word in
                ["login_required", "interaction_required", "bad_token", "interrupted_user", "ui_not_allowed"]
            {
                assert!(!code.row().text.contains(word), "{:?}", code);
            }
        }
    }
}
