//! Who asks, and where may the answer go? Until both are known, a mistake is shown on a page.

use std::sync::Arc;

use idp_domain::applications::{Application, ImplicitGrant, SignInAudience, TrustedRedirect};
use idp_domain::tenant::Directory;
use idp_web::show::Languages;
use idp_web::state::App;
use serde::{Deserialize, Serialize};
use vestibule_wire::form::Form;
use vestibule_wire::ids::{ClientId, TenantId};
use vestibule_wire::oauth::{ResponseMode, ResponseType, param};

use super::error::AuthorizeError;
use crate::dialect::Dialect;

/// A request of which nothing is known.
#[derive(Debug)]
pub(super) struct RawAuthorizeRequest<'a> {
    client_id: ClientId,
    redirect_uri: Option<&'a str>,
    form: &'a Form,
}

/// A request that can be answered: its client is known, and the redirect URI is one that the client has registered.
#[derive(Debug, Clone)]
pub(super) struct AnswerableRequest {
    application: Arc<Application>,
    tenant: Option<TenantId>,
    organisation: Option<String>,
    answer_to: AnswerTo,
    dialect: Dialect,
    /// The issuer of the directory asked, for answers in which nobody is signed in (RFC 9207 §2).
    issuer: String,
}

/// Where and how the answer goes.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct AnswerTo {
    pub(super) redirect: TrustedRedirect,
    pub(super) mode: ResponseMode,
    pub(super) state: Option<String>,
    /// The languages of a page that carries it.
    pub(super) languages: Languages,
}

impl<'a> RawAuthorizeRequest<'a> {
    /// Reads the two parameters that decide where an answer may go.
    pub(super) fn read(form: &'a Form) -> Result<Self, AuthorizeError> {
        // AZ-13: which of two would be meant is not for us to choose.
        for name in [param::CLIENT_ID, param::REDIRECT_URI] {
            if form.is_repeated(name) {
                return Err(AuthorizeError::Repeated(name.to_owned()));
            }
        }
        let client_id = form.get(param::CLIENT_ID).ok_or(AuthorizeError::Missing(param::CLIENT_ID))?;
        let client_id =
            client_id.parse().map_err(|_| AuthorizeError::NotAnApplication(client_id.to_owned()))?;
        Ok(Self { client_id, redirect_uri: form.get(param::REDIRECT_URI), form })
    }

    /// Finds the client and the redirect URI it has registered.
    pub(super) async fn answerable(
        self,
        app: &App,
        dialect: Dialect,
        directory: &Directory,
    ) -> Result<AnswerableRequest, AuthorizeError> {
        let application = asking_client(app, directory, self.client_id).await?;
        let redirect = match self.redirect_uri {
            Some(asked) => application.trusted_redirect(asked),
            None if application.redirect_uris.is_empty() => return Err(AuthorizeError::NoRedirectUri),
            None => application.only_redirect(),
        };
        let redirect = redirect.ok_or_else(|| AuthorizeError::RedirectUriMismatch {
            asked: self.redirect_uri.unwrap_or_default().to_owned(),
            client: self.client_id,
        })?;
        let tenant = directory.tenant().map_or_else(
            || vestibule_wire::discovery::TENANT_PLACEHOLDER.to_owned(),
            |tenant| tenant.id.to_string(),
        );
        Ok(AnswerableRequest {
            answer_to: AnswerTo {
                redirect,
                mode: mode(self.form),
                state: self.form.get(param::STATE).map(str::to_owned),
                languages: Languages::of(self.form),
            },
            application,
            tenant: directory.tenant().map(|tenant| tenant.id),
            organisation: directory.tenant().map(|tenant| tenant.display_name.clone()),
            dialect,
            issuer: dialect.issuer(app.origin.as_str(), &tenant),
        })
    }
}

impl AnswerableRequest {
    /// The same request, come back from a conversation.
    pub(super) fn resumed(
        application: Arc<Application>,
        answer_to: AnswerTo,
        tenant: TenantId,
        dialect: Dialect,
        origin: &str,
    ) -> Option<Self> {
        // The redirect URI may have been taken away while the person typed.
        let redirect = application.trusted_redirect(answer_to.redirect.as_str())?;
        let answer_to = AnswerTo { redirect, ..answer_to };
        let issuer = dialect.issuer(origin, &tenant.to_string());
        Some(Self { application, tenant: Some(tenant), organisation: None, answer_to, dialect, issuer })
    }

    pub(super) fn client(&self) -> ClientId {
        self.application.client_id
    }

    pub(super) fn application_name(&self) -> &str {
        &self.application.display_name
    }

    pub(super) const fn redirect(&self) -> &TrustedRedirect {
        &self.answer_to.redirect
    }

    pub(super) const fn answer_to(&self) -> &AnswerTo {
        &self.answer_to
    }

    pub(super) const fn tenant(&self) -> Option<TenantId> {
        self.tenant
    }

    pub(super) fn organisation(&self) -> Option<String> {
        self.organisation.clone()
    }

    /// Which tokens it may have from this endpoint.
    pub(super) fn implicit_grant(&self) -> ImplicitGrant {
        self.application.implicit_grant
    }

    pub(super) const fn dialect(&self) -> Dialect {
        self.dialect
    }

    pub(super) fn issuer(&self) -> &str {
        &self.issuer
    }
}

/// The client that sends a browser here: it exists, takes the accounts of the directory, and is enabled there or may be
/// brought in by consent. One rule for whatever a browser is sent to.
pub(crate) async fn asking_client(
    app: &App,
    directory: &Directory,
    client: ClientId,
) -> Result<Arc<Application>, AuthorizeError> {
    let not_found = || AuthorizeError::ApplicationNotFound { client, directory: name_of(directory) };
    let application = app.store.application(client).await?.ok_or_else(not_found)?;
    audience(&application, directory)?;
    // RFC 6749 does not know tenants; Entra finds a client only where it has a service principal (AZ-29, AZ-30).
    if let Some(tenant) = directory.tenant() {
        match app.store.registration(tenant.id, client).await? {
            Some(registration) if !registration.principal.enabled => {
                let name = application.display_name.clone();
                return Err(AuthorizeError::ApplicationDisabled { client, name });
            }
            Some(_) => {}
            // Consent will bring it in.
            None if application.sign_in_audience.takes_other_organisations() => {}
            None => return Err(not_found()),
        }
    }
    Ok(application)
}

/// Whose accounts the application takes, against whose the path names.
fn audience(application: &Application, directory: &Directory) -> Result<(), AuthorizeError> {
    let refused = |of: fn(ClientId, String) -> AuthorizeError| {
        Err(of(application.client_id, application.display_name.clone()))
    };
    let audience = application.sign_in_audience;
    match directory {
        Directory::One(tenant) if tenant.id == TenantId::CONSUMERS && !audience.takes_personal_accounts() => {
            refused(|client, name| AuthorizeError::NotForConsumers { client, name })
        }
        Directory::OfTheAccount(_) if audience == SignInAudience::AzureADMyOrg => {
            refused(|client, name| AuthorizeError::NotMultiTenant { client, name })
        }
        _ => Ok(()),
    }
}

/// How an answer travels, errors among them. A mode that does not exist, or would put a token into a query, is answered
/// in the default of the response type, since the application is to hear of it.
fn mode(form: &Form) -> ResponseMode {
    let response_type =
        form.get(param::RESPONSE_TYPE).and_then(ResponseType::parse).unwrap_or(ResponseType::CODE);
    match form.get(param::RESPONSE_MODE).and_then(ResponseMode::parse) {
        Some(ResponseMode::Query) | None => response_type.default_mode(),
        Some(mode) => mode,
    }
}

fn name_of(directory: &Directory) -> String {
    directory.tenant().map_or_else(|| directory.authority().to_string(), |tenant| tenant.display_name.clone())
}
