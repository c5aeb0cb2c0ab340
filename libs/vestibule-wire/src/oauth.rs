//! OAuth 2.0 and OpenID Connect words: parameter names, grant types, response types and modes, prompts, answers.

use serde::{Deserialize, Serialize};

use crate::aadsts::Failure;
use crate::ids::{CorrelationId, TraceId};

/// Names of request and answer parameters.
pub mod param {
    macro_rules! names {
        ($($constant:ident = $text:literal;)+) => {
            $(#[doc = concat!("`", $text, "`")] pub const $constant: &str = $text;)+
        };
    }
    names! {
        ACCESS_TOKEN = "access_token";
        ADMIN_CONSENT = "admin_consent";
        ASSERTION = "assertion";
        CLIENT_ID = "client_id";
        CLIENT_SECRET = "client_secret";
        CLIENT_ASSERTION = "client_assertion";
        CLIENT_ASSERTION_TYPE = "client_assertion_type";
        CLIENT_INFO = "client_info";
        CLIENT_REQUEST_ID = "client-request-id";
        RETURN_CLIENT_REQUEST_ID = "return-client-request-id";
        CLAIMS = "claims";
        CODE = "code";
        CODE_CHALLENGE = "code_challenge";
        CODE_CHALLENGE_METHOD = "code_challenge_method";
        CODE_VERIFIER = "code_verifier";
        DEVICE_CODE = "device_code";
        DOMAIN_HINT = "domain_hint";
        ERROR = "error";
        ERROR_DESCRIPTION = "error_description";
        ERROR_URI = "error_uri";
        EXPIRES_IN = "expires_in";
        GRANT_TYPE = "grant_type";
        ID_TOKEN = "id_token";
        ID_TOKEN_HINT = "id_token_hint";
        ISS = "iss";
        LOGIN_HINT = "login_hint";
        LOGOUT_HINT = "logout_hint";
        LOGOUT_TOKEN = "logout_token";
        MAX_AGE = "max_age";
        MKT = "mkt";
        NONCE = "nonce";
        PASSWORD = "password";
        POST_LOGOUT_REDIRECT_URI = "post_logout_redirect_uri";
        PROMPT = "prompt";
        REDIRECT_URI = "redirect_uri";
        REFRESH_TOKEN = "refresh_token";
        REQUEST = "request";
        REQUEST_URI = "request_uri";
        REQUESTED_TOKEN_TYPE = "requested_token_type";
        REQUESTED_TOKEN_USE = "requested_token_use";
        RESOURCE = "resource";
        RESPONSE_MODE = "response_mode";
        RESPONSE_TYPE = "response_type";
        SCOPE = "scope";
        SESSION_STATE = "session_state";
        SID = "sid";
        STATE = "state";
        TOKEN_TYPE = "token_type";
        UI_LOCALES = "ui_locales";
        USERNAME = "username";
    }
}

/// Words of the administrator consent endpoint.
pub mod admin_consent {
    /// The member that says which endpoint answers.
    pub const ADMIN_CONSENT: &str = "admin_consent";
    /// Its value.
    pub const TRUE: &str = "True";
    /// The tenant in which consent was given.
    pub const TENANT: &str = "tenant";
    /// The error of `/{tenant}/adminconsent` when the administrator said no.
    pub const PERMISSION_DENIED: &str = "permission_denied";
    /// Its description.
    pub const ADMIN_CANCELED: &str = "The admin canceled the request";
}

/// The one type of access token there is (RFC 6750); MSAL.NET, MSAL Java and ADAL fail without it.
pub const BEARER: &str = "Bearer";

/// The one `requested_token_use` there is.
pub const ON_BEHALF_OF: &str = "on_behalf_of";
/// `requested_token_type` of an access token (RFC 8693 §3).
pub const TOKEN_TYPE_ACCESS_TOKEN: &str = "urn:ietf:params:oauth:token-type:access_token";
/// `requested_token_type` of a JWT (RFC 8693 §3).
pub const TOKEN_TYPE_JWT: &str = "urn:ietf:params:oauth:token-type:jwt";
/// The one kind of client assertion (`client_assertion_type`, RFC 7523 §2.2).
pub const JWT_BEARER_ASSERTION: &str = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";

/// What a token request presents (`grant_type`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum GrantType {
    /// RFC 6749 §4.1.3.
    AuthorizationCode,
    /// RFC 6749 §4.4.
    ClientCredentials,
    /// RFC 7523 §2.1, as on-behalf-of.
    JwtBearer,
    /// RFC 6749 §4.3.
    Password,
    /// RFC 6749 §6.
    RefreshToken,
    /// RFC 8628 §3.4.
    DeviceCode,
}

impl GrantType {
    /// Every grant type there is, in the order of the discovery document.
    pub const ALL: [Self; 6] = [
        Self::AuthorizationCode,
        Self::ClientCredentials,
        Self::JwtBearer,
        Self::Password,
        Self::RefreshToken,
        Self::DeviceCode,
    ];

    /// The value on the wire.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::AuthorizationCode => "authorization_code",
            Self::ClientCredentials => "client_credentials",
            Self::JwtBearer => "urn:ietf:params:oauth:grant-type:jwt-bearer",
            Self::Password => "password",
            Self::RefreshToken => "refresh_token",
            Self::DeviceCode => "urn:ietf:params:oauth:grant-type:device_code",
        }
    }

    /// Reads the parameter; values are case-sensitive (RFC 6749 §1.2 of appendix A: grant names are literal).
    pub fn parse(text: &str) -> Option<Self> {
        // Entra: most of its libraries leave the URN away (MSAL Node, Java and .NET, both ADALs).
        if text == "device_code" {
            return Some(Self::DeviceCode);
        }
        Self::ALL.into_iter().find(|grant| grant.as_str() == text)
    }
}

/// How the answer of the authorize endpoint travels (`response_mode`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ResponseMode {
    /// In the query of the redirect URI. The default for codes.
    Query,
    /// In the fragment of the redirect URI.
    Fragment,
    /// By an auto-submitted form (OAuth 2.0 Form Post Response Mode).
    FormPost,
}

impl ResponseMode {
    /// Every mode, in the order of the discovery document.
    pub const ALL: [Self; 3] = [Self::Query, Self::Fragment, Self::FormPost];

    /// The value on the wire.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Query => "query",
            Self::Fragment => "fragment",
            Self::FormPost => "form_post",
        }
    }

    /// Reads the parameter.
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|mode| mode.as_str() == text)
    }
}

/// What the authorize endpoint is asked to return (`response_type`): a set of words, which may be empty (`none`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, serde::Deserialize)]
pub struct ResponseType {
    /// An authorization code (RFC 6749 §4.1.1).
    pub code: bool,
    /// An ID token (OpenID Connect Core §3.2.2.1).
    pub id_token: bool,
    /// An access token (RFC 6749 §4.2.1).
    pub token: bool,
}

impl ResponseType {
    /// `code`
    pub const CODE: Self = Self { code: true, id_token: false, token: false };

    /// Reads the parameter: a set of words, whose order is irrelevant (OAuth 2.0 Multiple Response Types §3). `none`
    /// stands alone (§4).
    pub fn parse(text: &str) -> Option<Self> {
        if text == "none" {
            return Some(Self::default());
        }
        let mut asked = Self::default();
        for word in text.split_ascii_whitespace() {
            let flag = match word {
                "code" => &mut asked.code,
                "id_token" => &mut asked.id_token,
                "token" => &mut asked.token,
                _ => return None,
            };
            // A word twice is not a set.
            if std::mem::replace(flag, true) {
                return None;
            }
        }
        Some(asked).filter(|asked| *asked != Self::default())
    }

    /// Whether tokens come from the authorize endpoint itself.
    pub const fn has_tokens(self) -> bool {
        self.id_token || self.token
    }

    /// The mode used when none is asked: tokens never travel in a query.
    pub const fn default_mode(self) -> ResponseMode {
        if self.has_tokens() { ResponseMode::Fragment } else { ResponseMode::Query }
    }
}

/// How much the person is to be asked (`prompt`, OpenID Connect Core §3.1.2.1).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Prompt {
    /// Never: answer from the session or fail.
    None,
    /// Credentials again, whatever the session.
    Login,
    /// The account picker.
    SelectAccount,
    /// The consent page.
    Consent,
    /// The consent page of an administrator, for the whole organisation (v1.0).
    AdminConsent,
}

impl Prompt {
    /// Reads the parameter. Entra takes exactly one value (AADSTS90023 otherwise).
    pub fn parse(text: &str) -> Option<Self> {
        match text {
            "none" => Some(Self::None),
            "login" => Some(Self::Login),
            "select_account" => Some(Self::SelectAccount),
            "consent" => Some(Self::Consent),
            "admin_consent" => Some(Self::AdminConsent),
            _ => None,
        }
    }
}

/// A successful answer of the token endpoint (RFC 6749 §5.1), with Entra's extra members.
#[derive(Debug, Serialize)]
pub struct TokenAnswer<'a> {
    /// Always [`BEARER`].
    pub token_type: &'static str,
    /// What was granted: in v2.0 each scope in the spelling of the request, in v1.0 the permissions in the token. Absent for
    /// client credentials.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub scope: Option<&'a str>,
    /// Seconds until the access token expires.
    pub expires_in: Figure,
    /// Seconds for which a client may go on using the token while the service is unreachable.
    pub ext_expires_in: Figure,
    /// What v1.0 tells besides.
    #[serde(flatten)]
    pub of_v1: Option<TokenAnswerOfV1<'a>>,
    /// The access token.
    pub access_token: &'a str,
    /// The refresh token, when `offline_access` was granted.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub refresh_token: Option<&'a str>,
    /// Seconds until the refresh token expires; sent to single-page applications.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub refresh_token_expires_in: Option<Figure>,
    /// The ID token, when `openid` was granted.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub id_token: Option<&'a str>,
    /// Who signed in, when `client_info=1` was sent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub client_info: Option<&'a str>,
    /// The family of the client, beside a refresh token that its other members may use too.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub foci: Option<ClientFamily>,
}

/// A family of client ids: applications that may use each other's refresh tokens. Microsoft's libraries know one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum ClientFamily {
    /// `1`
    #[serde(rename = "1")]
    One,
}

/// The members that only answers of the v1.0 token endpoint have.
#[derive(Debug, Serialize)]
pub struct TokenAnswerOfV1<'a> {
    /// When the access token expires, in seconds since 1970.
    pub expires_on: Figure,
    /// Since when it is valid, in seconds since 1970.
    pub not_before: Figure,
    /// The resource it is for, as it was asked for. Beside a refresh token it tells ADAL that the token is good for other
    /// resources too.
    pub resource: &'a str,
}

/// The answer to a device that asks for a sign-in (RFC 8628 §3.2), with Entra's extra members. There is no
/// `verification_uri_complete`: what a person types by hand, nobody can have sent them as a link.
#[derive(Debug, Serialize)]
pub struct DeviceAuthorizationAnswer<'a> {
    /// What the person types.
    pub user_code: &'a str,
    /// What the device presents at the token endpoint.
    pub device_code: &'a str,
    /// Where the person types it.
    pub verification_uri: &'a str,
    /// The same, in the word of v1.0.
    pub verification_url: &'a str,
    /// Seconds until both codes expire.
    pub expires_in: Figure,
    /// Seconds that a device is asked to leave between two questions.
    pub interval: Figure,
    /// The same as a sentence, which clients show.
    pub message: String,
}

/// A number as an endpoint writes it: v2.0 as a number, v1.0 as a text.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(untagged)]
pub enum Figure {
    /// `900`
    Number(i64),
    /// `"900"`
    Text(String),
}

/// An error answer in JSON (RFC 6749 §5.2), with Entra's extra members in the order the service writes them.
#[derive(Debug, Serialize)]
pub struct ErrorAnswer {
    /// The OAuth error.
    pub error: &'static str,
    /// `AADSTS…: text Trace ID: … Correlation ID: … Timestamp: …`
    pub error_description: String,
    /// The AADSTS number, where there is one.
    pub error_codes: Vec<u32>,
    /// `yyyy-MM-dd HH:mm:ssZ`, UTC.
    pub timestamp: String,
    /// Equal to the header `x-ms-request-id`.
    pub trace_id: TraceId,
    /// What the client sent as `client-request-id`, or a new id.
    pub correlation_id: CorrelationId,
    /// Where the code is explained, for the codes the lookup page knows.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub error_uri: Option<String>,
    /// What kind of interaction would help.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub suberror: Option<&'static str>,
}

/// What ties an error answer to the logs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Reference {
    /// This answer.
    pub trace_id: TraceId,
    /// The client's request.
    pub correlation_id: CorrelationId,
    /// When.
    pub at: jiff::Timestamp,
}

impl Reference {
    /// `yyyy-MM-dd HH:mm:ssZ`, as error answers print it.
    pub fn timestamp(&self) -> String {
        self.at.strftime("%Y-%m-%d %H:%M:%SZ").to_string()
    }
}

impl ErrorAnswer {
    /// Writes a failure. `origin` is the public origin, of which `error_uri` is made.
    pub fn new(failure: &Failure, reference: &Reference, origin: &str) -> Self {
        let row = failure.row();
        let timestamp = reference.timestamp();
        let Reference { trace_id, correlation_id, .. } = *reference;
        Self {
            error: row.error.as_str(),
            error_description: format!(
                "{} Trace ID: {trace_id} Correlation ID: {correlation_id} Timestamp: {timestamp}",
                failure.message()
            ),
            error_codes: row.is_numbered().then_some(row.number).into_iter().collect(),
            timestamp,
            trace_id,
            correlation_id,
            error_uri: row.looked_up.then(|| format!("{origin}/error?code={}", row.number)),
            suberror: row.suberror,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn az_15_response_types_are_sets_of_words() {
        assert_eq!(ResponseType::parse("code"), Some(ResponseType::CODE));
        let hybrid = Some(ResponseType { code: true, id_token: true, token: true });
        for text in ["code id_token token", "token id_token code", "id_token code token"] {
            assert_eq!(ResponseType::parse(text), hybrid, "{text}");
        }
        assert_eq!(ResponseType::parse("none"), Some(ResponseType::default()));
        for text in ["", " ", "code code", "cod", "CODE", "code none", "none none", "device_code"] {
            assert_eq!(ResponseType::parse(text), None, "{text}");
        }
    }

    #[test]
    fn az_36_prompt_takes_one_value() {
        assert_eq!(Prompt::parse("none"), Some(Prompt::None));
        for text in ["none login", "NONE", "", "login consent"] {
            assert_eq!(Prompt::parse(text), None);
        }
    }

    #[test]
    fn cd_17_grant_types_are_case_sensitive() {
        assert_eq!(GrantType::parse("client_credentials"), Some(GrantType::ClientCredentials));
        assert_eq!(GrantType::parse("Client_Credentials"), None);
        assert_eq!(GrantType::parse("implicit"), None);
    }

    #[test]
    fn the_grant_of_devices_goes_by_its_urn_and_by_the_short_name_of_most_libraries() {
        for text in ["urn:ietf:params:oauth:grant-type:device_code", "device_code"] {
            assert_eq!(GrantType::parse(text), Some(GrantType::DeviceCode), "{text}");
        }
    }
}
