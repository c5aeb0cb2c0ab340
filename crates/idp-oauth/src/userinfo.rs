//! UserInfo (OpenID Connect Core §5.3): `GET|POST /oidc/userinfo`, `/{tenant}/openid/userinfo`. The token in the header is all
//! that is read.

use axum::body::Body;
use axum::extract::State;
use http::header::{AUTHORIZATION, HeaderValue, WWW_AUTHENTICATE};
use http::{HeaderMap, Method, Response, StatusCode};
use idp_domain::directory::Account;
use idp_domain::store::Unavailable;
use idp_domain::tokens::{TokenForm, is_verified_mail, pairwise_subject};
use idp_web::request::RequestInfo;
use idp_web::state::{App, Shared};
use idp_web::{accounts, answer, cors};
use jiff::Timestamp;
use serde::Serialize;
use vestibule_jose::Validation;
use vestibule_wire::aadsts::{Aadsts, OAuthError};
use vestibule_wire::claims::ReadAccessToken;
use vestibule_wire::ids::{ClientId, UserId};

/// What is told; each member only with the scope it belongs to (UI-02).
#[derive(Serialize)]
struct UserInfo {
    sub: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    name: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    family_name: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    given_name: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    email: Option<String>,
}

/// Why nothing is told.
enum UserInfoRefusal {
    /// The request has no bearer token.
    NoToken,
    /// The token is not one of ours for this, or no longer.
    InvalidToken,
    /// The token was not granted `openid`.
    InsufficientScope,
    /// The store is away.
    Busy,
}

impl From<Unavailable> for UserInfoRefusal {
    fn from(cause: Unavailable) -> Self {
        tracing::error!(%cause, "the store did not answer");
        Self::Busy
    }
}

/// `GET|POST /oidc/userinfo`, `GET|POST /{tenant}/openid/userinfo`
pub async fn get(State(app): State<Shared>, info: RequestInfo, headers: HeaderMap) -> Response<Body> {
    let mut response = match user_info(&app, &info, &headers).await {
        Ok(document) => answer::json(StatusCode::OK, &document, &info),
        Err(refusal) => refuse(&app, &info, &refusal),
    };
    if info.origin.is_some() {
        cors::anybody(&mut response);
    }
    response
}

/// A preflight.
pub async fn options(info: RequestInfo) -> Response<Body> {
    let mut response = cors::preflight("GET, POST, OPTIONS", info.origin.as_deref());
    response.headers_mut().insert(
        "access-control-allow-headers",
        HeaderValue::from_static("authorization, content-type, client-request-id"),
    );
    response
}

/// Any other method.
pub async fn other(State(app): State<Shared>, method: Method, info: RequestInfo) -> Response<Body> {
    answer::method_not_allowed(&app, &method, "GET, POST, OPTIONS", &info)
}

async fn user_info(app: &App, info: &RequestInfo, headers: &HeaderMap) -> Result<UserInfo, UserInfoRefusal> {
    // 1. One token, in the header (UI-04, JW-35).
    let token = bearer(headers).ok_or(UserInfoRefusal::NoToken)?;
    // 2. Signed by us, for Microsoft Graph, in time, by the issuer of its own tenant.
    let jwt = app.keys.verifier().verify(token).map_err(|_| UserInfoRefusal::InvalidToken)?;
    let claims: ReadAccessToken = jwt.claims().map_err(|_| UserInfoRefusal::InvalidToken)?;
    let form = TokenForm::with_version(&claims.ver).ok_or(UserInfoRefusal::InvalidToken)?;
    let issuer = form.issuer(app.origin.as_str(), claims.tid);
    let graph = app.store.registration(claims.tid, ClientId::MICROSOFT_GRAPH).await?;
    let graph = graph.ok_or(UserInfoRefusal::InvalidToken)?.names();
    let audiences: Vec<_> = graph.iter().map(String::as_str).collect();
    let now = info.now().as_second();
    Validation::new(&issuer, &audiences, now)
        .leeway_seconds(0)
        .check(jwt)
        .map_err(|_| UserInfoRefusal::InvalidToken)?;
    // 3. On behalf of a person, with `openid`. An application's own token has no `scp` (UI-01).
    let scp = claims.scp.as_deref().ok_or(UserInfoRefusal::InvalidToken)?;
    let granted = |word: &str| scp.split(' ').any(|scope| scope == word);
    if !granted("openid") {
        return Err(UserInfoRefusal::InsufficientScope);
    }
    // 4. The person as they are now: here revocation is heard of at once (JW-33).
    let user = UserId::new(claims.oid);
    let account = accounts::find(app, claims.tid, user).await?.ok_or(UserInfoRefusal::InvalidToken)?;
    // `iat` is back-dated by five minutes.
    let issued = Timestamp::from_second(claims.iat.saturating_add(300));
    if !issued.is_ok_and(|issued| account.honours(issued)) {
        return Err(UserInfoRefusal::InvalidToken);
    }
    let email = if granted("email") { email(app, claims.azp, &account).await? } else { None };
    let user = account.into_user();
    Ok(UserInfo {
        // The subject of the ID token (OpenID Connect Core §5.3.2 MUST), not of the token presented, which is Graph's.
        sub: pairwise_subject(&app.sealer, claims.tid, claims.azp, user.id),
        name: Some(user.display_name).filter(|_| granted("profile")),
        family_name: user.surname.filter(|_| granted("profile")),
        given_name: user.given_name.filter(|_| granted("profile")),
        email,
    })
}

/// The mail address, under the conditions under which ID tokens of the client tell it (CN-11).
async fn email(app: &App, client: ClientId, account: &Account) -> Result<Option<String>, UserInfoRefusal> {
    let user = account.user();
    let Some(mail) = &user.mail else { return Ok(None) };
    let domains = app.store.domains(user.tenant).await?;
    let told = is_verified_mail(mail, &domains)
        || account.is_name_at_home(mail)
        || app.store.application(client).await?.is_some_and(|client| client.takes_unverified_mail());
    Ok(told.then(|| mail.clone()))
}

fn bearer(headers: &HeaderMap) -> Option<&str> {
    let mut values = headers.get_all(AUTHORIZATION).iter();
    let (Some(only), None) = (values.next(), values.next()) else { return None };
    let (scheme, token) = only.to_str().ok()?.split_once(' ')?;
    (scheme.eq_ignore_ascii_case("bearer") && !token.is_empty() && !token.contains([' ', ',']))
        .then_some(token)
}

/// RFC 6750 §3: the challenge says what is wrong; a request without a token is told nothing but what is wanted.
fn refuse(app: &App, info: &RequestInfo, refusal: &UserInfoRefusal) -> Response<Body> {
    let (failure, challenge) = match refusal {
        UserInfoRefusal::NoToken => (Aadsts::TokenInvalid.bare(), "Bearer"),
        UserInfoRefusal::InvalidToken => (Aadsts::TokenInvalid.bare(), "Bearer error=\"invalid_token\""),
        UserInfoRefusal::InsufficientScope => (
            Aadsts::TokenInvalid.bare().worded(OAuthError::InsufficientScope),
            "Bearer error=\"insufficient_scope\", scope=\"openid\"",
        ),
        UserInfoRefusal::Busy => return answer::error(app, &Aadsts::ServiceBusy.bare(), info),
    };
    let mut response = answer::error(app, &failure, info);
    response.headers_mut().insert(WWW_AUTHENTICATE, HeaderValue::from_static(challenge));
    response
}
