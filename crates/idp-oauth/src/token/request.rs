//! What is asked: the parameters of a token request, checked and given types. One variant a grant.

use http::HeaderMap;
use http::header::AUTHORIZATION;
use idp_domain::policies::Flow;
use idp_domain::tenant::{Directory, Tenant};
use idp_web::state::App;
use vestibule_wire::form::Form;
use vestibule_wire::ids::ClientId;
use vestibule_wire::oauth::{GrantType, param};

use super::client_auth::Presented;
use super::grants::{
    AuthorizationCodeGrant, ClientCredentialsGrant, DeviceCodeGrant, OnBehalfOfGrant, PasswordGrant,
    RefreshTokenGrant,
};
use super::{Exchange, Refusal, Right, TokenError, capabilities};
use crate::dialect::Dialect;

/// A token request.
pub(super) struct TokenRequest {
    pub(super) client_id: ClientId,
    pub(super) presented: Presented,
    /// `client_info=1`: the answer is to say who signed in.
    pub(super) client_info: bool,
    /// What the client's program says it can do.
    pub(super) capabilities: Vec<String>,
    pub(super) dialect: Dialect,
    pub(super) grant: Grant,
}

/// What the request presents.
pub(super) enum Grant {
    ClientCredentials(ClientCredentialsGrant),
    AuthorizationCode(AuthorizationCodeGrant),
    RefreshToken(RefreshTokenGrant),
    OnBehalfOf(OnBehalfOfGrant),
    Password(PasswordGrant),
    DeviceCode(DeviceCodeGrant),
}

impl TokenRequest {
    /// Checks the shape of a request. Parameters that nobody here reads may be anything, but none may repeat (RFC 6749
    /// §3.2).
    pub(super) fn parse(dialect: Dialect, headers: &HeaderMap, form: &Form) -> Result<Self, TokenError> {
        if let Some(name) = form.repeated().next() {
            return Err(TokenError::Repeated(name.to_owned()));
        }
        let grant_type = form.get(param::GRANT_TYPE).ok_or(TokenError::Missing(param::GRANT_TYPE))?;
        let grant_type = GrantType::parse(grant_type)
            .ok_or_else(|| TokenError::GrantTypeUnsupported(grant_type.to_owned()))?;
        let (client_id, presented) = Presented::read(headers.get(AUTHORIZATION), form)?;
        let wanted = dialect.wanted(form)?;
        let grant = match grant_type {
            GrantType::ClientCredentials => {
                Grant::ClientCredentials(ClientCredentialsGrant::parse(dialect, wanted)?)
            }
            GrantType::AuthorizationCode => {
                Grant::AuthorizationCode(AuthorizationCodeGrant::parse(form, wanted)?)
            }
            GrantType::RefreshToken => Grant::RefreshToken(RefreshTokenGrant::parse(form, wanted)?),
            GrantType::JwtBearer => Grant::OnBehalfOf(OnBehalfOfGrant::parse(form, dialect, wanted)?),
            GrantType::Password => Grant::Password(PasswordGrant::parse(form, dialect, wanted)?),
            GrantType::DeviceCode => Grant::DeviceCode(DeviceCodeGrant::parse(form, client_id)?),
        };
        Ok(Self {
            client_id,
            presented,
            client_info: form.get(param::CLIENT_INFO) == Some("1"),
            capabilities: capabilities::read(form),
            dialect,
            grant,
        })
    }
}

impl Grant {
    /// The tenant of the exchange: the one in the path, or the one that what is presented belongs to.
    pub(super) async fn tenant(&self, app: &App, directory: &Directory) -> Result<Tenant, TokenError> {
        if let Self::Password(_) = self {
            PasswordGrant::permits(directory)?;
        }
        if let Directory::One(tenant) = directory {
            return Ok(tenant.clone());
        }
        let id = match self {
            // §1.3: what names no sign-in of ours must name its tenant.
            Self::ClientCredentials(_) | Self::OnBehalfOf(_) => return Err(TokenError::TenantMissing),
            Self::Password(grant) => grant.tenant(app).await?,
            Self::DeviceCode(grant) => grant.tenant(app, directory).await?,
            Self::AuthorizationCode(grant) => grant.tenant(app)?,
            Self::RefreshToken(grant) => grant.tenant(app)?,
        };
        let tenant = app.store.tenant(id).await?;
        tenant.filter(|tenant| tenant.enabled).ok_or_else(|| TokenError::GrantInvalid(self.parameter()))
    }

    /// What a client hears that is not in the tenant. A device waits until somebody has consented, and so brought it in.
    pub(super) async fn of_a_stranger(
        &self,
        app: &App,
        directory: &Directory,
        not_found: TokenError,
    ) -> TokenError {
        match self {
            Self::DeviceCode(grant) => grant.tenant(app, directory).await.err().unwrap_or(not_found),
            _ => not_found,
        }
    }

    /// The way of signing in that it is, if it is one that an organisation may forbid.
    pub(super) const fn flow(&self) -> Option<Flow> {
        match self {
            Self::Password(_) => Some(Flow::Password),
            Self::DeviceCode(_) => Some(Flow::DeviceCode),
            Self::ClientCredentials(_)
            | Self::AuthorizationCode(_)
            | Self::RefreshToken(_)
            | Self::OnBehalfOf(_) => None,
        }
    }

    /// Asks the grant.
    pub(super) async fn decide(&self, exchange: &Exchange<'_>) -> Result<Right, Refusal> {
        match self {
            Self::ClientCredentials(grant) => grant.decide(exchange).await,
            Self::AuthorizationCode(grant) => grant.decide(exchange).await,
            Self::RefreshToken(grant) => grant.decide(exchange).await,
            Self::OnBehalfOf(grant) => grant.decide(exchange).await,
            Self::Password(grant) => grant.decide(exchange).await,
            Self::DeviceCode(grant) => grant.decide(exchange).await,
        }
    }

    /// The parameter that carries what is presented.
    pub(super) const fn parameter(&self) -> &'static str {
        match self {
            Self::ClientCredentials(_) => param::CLIENT_SECRET,
            Self::AuthorizationCode(_) => param::CODE,
            Self::RefreshToken(_) => param::REFRESH_TOKEN,
            Self::OnBehalfOf(_) => param::ASSERTION,
            Self::Password(_) => param::PASSWORD,
            Self::DeviceCode(_) => param::DEVICE_CODE,
        }
    }
}
