//! OAuth 2.0 and OpenID Connect words: parameter names, grant types, response types and modes, prompts, answers.

use serde::Serialize;

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
        DOMAIN_HINT = "domain_hint";
        ERROR = "error";
        ERROR_DESCRIPTION = "error_description";
        ERROR_URI = "error_uri";
        GRANT_TYPE = "grant_type";
        ID_TOKEN_HINT = "id_token_hint";
        ISS = "iss";
        LOGIN_HINT = "login_hint";
        LOGOUT_HINT = "logout_hint";
        MAX_AGE = "max_age";
        MKT = "mkt";
        NONCE = "nonce";
        POST_LOGOUT_REDIRECT_URI = "post_logout_redirect_uri";
        PROMPT = "prompt";
        REDIRECT_URI = "redirect_uri";
        REFRESH_TOKEN = "refresh_token";
        REQUEST = "request";
        REQUEST_URI = "request_uri";
        RESOURCE = "resource";
        RESPONSE_MODE = "response_mode";
        RESPONSE_TYPE = "response_type";
        SCOPE = "scope";
        SESSION_STATE = "session_state";
        SID = "sid";
        STATE = "state";
        UI_LOCALES = "ui_locales";
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

/// What a token request presents (`grant_type`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum GrantType {
    /// RFC 6749 §4.1.3.
    AuthorizationCode,
    /// RFC 6749 §4.4.
    ClientCredentials,
    /// RFC 6749 §6.
    RefreshToken,
}

impl GrantType {
    /// Every grant type there is, in the order of the discovery document.
    pub const ALL: [Self; 3] = [Self::AuthorizationCode, Self::ClientCredentials, Self::RefreshToken];

    /// The value on the wire.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::AuthorizationCode => "authorization_code",
            Self::ClientCredentials => "client_credentials",
            Self::RefreshToken => "refresh_token",
        }
    }

    /// Reads the parameter; values are case-sensitive (RFC 6749 §1.2 of appendix A: grant names are literal).
    pub fn parse(text: &str) -> Option<Self> {
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

/// What the authorize endpoint is asked to return (`response_type`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ResponseType {
    /// An authorization code (RFC 6749 §4.1.1).
    Code,
    /// Anything with an ID token or an access token in it, which the application has not been allowed.
    Implicit {
        /// `id_token` is among the words.
        id_token: bool,
        /// `token` is among the words.
        token: bool,
    },
}

impl ResponseType {
    /// Reads the parameter: a set of words, whose order is irrelevant (OAuth 2.0 Multiple Response Types §3).
    pub fn parse(text: &str) -> Option<Self> {
        let (mut code, mut id_token, mut token) = (false, false, false);
        for word in text.split_ascii_whitespace() {
            let flag = match word {
                "code" => &mut code,
                "id_token" => &mut id_token,
                "token" => &mut token,
                _ => return None,
            };
            // A word twice is not a set.
            if std::mem::replace(flag, true) {
                return None;
            }
        }
        match (code, id_token, token) {
            (false, false, false) => None,
            (true, false, false) => Some(Self::Code),
            (_, id_token, token) => Some(Self::Implicit { id_token, token }),
        }
    }

    /// The mode used when none is asked: tokens never travel in a query.
    pub const fn default_mode(self) -> ResponseMode {
        match self {
            Self::Code => ResponseMode::Query,
            Self::Implicit { .. } => ResponseMode::Fragment,
        }
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
}

impl Prompt {
    /// Reads the parameter. Entra takes exactly one value (AADSTS90023 otherwise).
    pub fn parse(text: &str) -> Option<Self> {
        match text {
            "none" => Some(Self::None),
            "login" => Some(Self::Login),
            "select_account" => Some(Self::SelectAccount),
            "consent" => Some(Self::Consent),
            _ => None,
        }
    }
}

/// A successful answer of the v2.0 token endpoint (RFC 6749 §5.1), with Entra's extra members.
#[derive(Debug, Serialize)]
pub struct TokenAnswer<'a> {
    /// Always `Bearer`; MSAL.NET and MSAL Java fail without it.
    pub token_type: &'static str,
    /// The granted scopes, each in the spelling of the request. Absent for client credentials.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub scope: Option<&'a str>,
    /// Seconds until the access token expires.
    pub expires_in: i64,
    /// Seconds for which a client may go on using the token while the service is unreachable.
    pub ext_expires_in: i64,
    /// The access token.
    pub access_token: &'a str,
    /// The refresh token, when `offline_access` was granted.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub refresh_token: Option<&'a str>,
    /// Seconds until the refresh token expires; sent to single-page applications.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub refresh_token_expires_in: Option<i64>,
    /// The ID token, when `openid` was granted.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub id_token: Option<&'a str>,
    /// Who signed in, when `client_info=1` was sent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub client_info: Option<&'a str>,
}

/// An error answer in JSON (RFC 6749 §5.2), with Entra's extra members in the order the service writes them.
#[derive(Debug, Serialize)]
pub struct ErrorAnswer {
    /// The OAuth error.
    pub error: &'static str,
    /// `AADSTS…: text Trace ID: … Correlation ID: … Timestamp: …`
    pub error_description: String,
    /// The AADSTS number.
    pub error_codes: [u32; 1],
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
            error_codes: [row.number],
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
        assert_eq!(ResponseType::parse("code"), Some(ResponseType::Code));
        let hybrid = Some(ResponseType::Implicit { id_token: true, token: true });
        for text in ["code id_token token", "token id_token code", "id_token code token"] {
            assert_eq!(ResponseType::parse(text), hybrid, "{text}");
        }
        for text in ["", " ", "code code", "cod", "CODE", "code none", "device_code"] {
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
}
