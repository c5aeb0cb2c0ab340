//! What is asked: the parameters of a token request, checked and given types. One variant a grant.

use http::HeaderMap;
use http::header::AUTHORIZATION;
use idp_domain::tenant::{Directory, Tenant};
use idp_web::state::App;
use vestibule_wire::form::Form;
use vestibule_wire::ids::ClientId;
use vestibule_wire::oauth::{GrantType, param};

use super::client_auth::Presented;
use super::grants::{AuthorizationCodeGrant, ClientCredentialsGrant, RefreshTokenGrant};
use super::{Exchange, Refusal, Right, TokenError, capabilities};

/// A token request.
pub(super) struct TokenRequest {
    pub(super) client_id: ClientId,
    pub(super) presented: Presented,
    /// `client_info=1`: the answer is to say who signed in.
    pub(super) client_info: bool,
    /// What the client's program says it can do.
    pub(super) capabilities: Vec<String>,
    pub(super) grant: Grant,
}

/// What the request presents.
pub(super) enum Grant {
    ClientCredentials(ClientCredentialsGrant),
    AuthorizationCode(AuthorizationCodeGrant),
    RefreshToken(RefreshTokenGrant),
}

impl TokenRequest {
    /// Checks the shape of a request. Parameters that nobody here reads may be anything, but none may repeat (RFC 6749
    /// §3.2).
    pub(super) fn parse(headers: &HeaderMap, form: &Form) -> Result<Self, TokenError> {
        if let Some(name) = form.repeated().next() {
            return Err(TokenError::Repeated(name.to_owned()));
        }
        let grant_type = form.get(param::GRANT_TYPE).ok_or(TokenError::Missing(param::GRANT_TYPE))?;
        let grant_type = GrantType::parse(grant_type)
            .ok_or_else(|| TokenError::GrantTypeUnsupported(grant_type.to_owned()))?;
        let (client_id, presented) = Presented::read(headers.get(AUTHORIZATION), form)?;
        // v2.0 names resources in scopes.
        if form.has(param::RESOURCE) {
            return Err(TokenError::ResourceParameter);
        }
        let grant = match grant_type {
            GrantType::ClientCredentials => Grant::ClientCredentials(ClientCredentialsGrant::parse(form)?),
            GrantType::AuthorizationCode => Grant::AuthorizationCode(AuthorizationCodeGrant::parse(form)?),
            GrantType::RefreshToken => Grant::RefreshToken(RefreshTokenGrant::parse(form)?),
        };
        Ok(Self {
            client_id,
            presented,
            client_info: form.get(param::CLIENT_INFO) == Some("1"),
            capabilities: capabilities::read(form),
            grant,
        })
    }
}

impl Grant {
    /// The tenant of the exchange: the one in the path, or the one that what is presented belongs to.
    pub(super) async fn tenant(&self, app: &App, directory: &Directory) -> Result<Tenant, TokenError> {
        if let Directory::One(tenant) = directory {
            return Ok(tenant.clone());
        }
        let id = match self {
            Self::ClientCredentials(_) => return Err(TokenError::TenantMissing),
            Self::AuthorizationCode(grant) => grant.tenant(app)?,
            Self::RefreshToken(grant) => grant.tenant(app)?,
        };
        let tenant = app.store.tenant(id).await?;
        tenant.filter(|tenant| tenant.enabled).ok_or_else(|| TokenError::GrantInvalid(self.parameter()))
    }

    /// Asks the grant.
    pub(super) async fn decide(&self, exchange: &Exchange<'_>) -> Result<Right, Refusal> {
        match self {
            Self::ClientCredentials(grant) => grant.decide(exchange).await,
            Self::AuthorizationCode(grant) => grant.decide(exchange).await,
            Self::RefreshToken(grant) => grant.decide(exchange).await,
        }
    }

    /// The parameter that carries what is presented.
    pub(super) const fn parameter(&self) -> &'static str {
        match self {
            Self::ClientCredentials(_) => param::CLIENT_SECRET,
            Self::AuthorizationCode(_) => param::CODE,
            Self::RefreshToken(_) => param::REFRESH_TOKEN,
        }
    }
}
