//! Is the rest in order? A list of small checks, each of which turns parameters into a type or says what is wrong.

use idp_domain::applications::{ImplicitGrant, Platform, Registration, Resource};
use idp_domain::consent::{ConsentedScopes, Manner};
use idp_domain::sessions::SignedIn;
use idp_domain::tokens::IdTokenWishes;
use idp_signin::ConsentWish;
use idp_web::resources;
use idp_web::state::App;
use vestibule_wire::form::{self, Form};
use vestibule_wire::ids::ClientId;
use vestibule_wire::oauth::{Prompt, ResponseMode, ResponseType, param};
use vestibule_wire::pkce::CodeChallenge;
use vestibule_wire::scope::{OidcScopes, ResourceName, ScopeRequest};

use super::error::AuthorizeError;
use super::raw::AnswerableRequest;
use super::wishes;
use crate::dialect::Dialect;

/// Longer texts than these are nobody's state or nonce (AZ-22).
const MAX_STATE: usize = 4 * 1024;
const MAX_NONCE: usize = 1024;

/// A request in which everything is in order.
#[derive(Debug)]
pub(super) struct ValidRequest {
    pub(super) response: ResponseType,
    pub(super) scope: String,
    pub(super) challenge: Option<CodeChallenge>,
    pub(super) wishes: IdTokenWishes,
    pub(super) prompt: Option<Prompt>,
    pub(super) max_age: Option<i64>,
    /// `client_info=1`
    pub(super) client_info: bool,
    /// The query that asks for the same again.
    pub(super) again: Option<String>,
}

impl ValidRequest {
    /// What has to be consented to before there is an answer.
    pub(super) fn consent_wish(&self) -> ConsentWish {
        let manner = match self.prompt {
            Some(Prompt::Consent) => Manner::Again,
            Some(Prompt::AdminConsent) => Manner::Organisation,
            _ => Manner::Missing,
        };
        ConsentWish { scope: self.scope.clone(), manner }
    }
}

/// Checks a request, in the order in which the service reports mistakes.
pub(super) fn check(request: &AnswerableRequest, form: &Form) -> Result<ValidRequest, AuthorizeError> {
    let dialect = request.dialect();
    no_repetition(form)?;
    no_request_object(form)?;
    let response = response_type(request, form)?;
    response_mode(form, response)?;
    bounded(form)?;
    let scope = scope(dialect, form, response)?;
    nonce(form, response)?;
    let prompt = prompt(dialect, form)?;
    let max_age = max_age(form)?;
    let demanded = response.code && dialect.demands_proof_key(request.redirect().platform());
    let challenge = challenge(form, demanded)?;
    let wishes = wishes::read(form, max_age.is_some())?;
    Ok(ValidRequest {
        response,
        scope,
        challenge,
        wishes,
        prompt,
        max_age,
        client_info: form.get(param::CLIENT_INFO) == Some("1"),
        again: again(form),
    })
}

/// RFC 6749 §3.1: parameters MUST NOT be included more than once.
fn no_repetition(form: &Form) -> Result<(), AuthorizeError> {
    form.repeated().next().map_or(Ok(()), |name| Err(AuthorizeError::Repeated(name.to_owned())))
}

/// OpenID Connect Core §6: not taken, and never fetched (AZ-43).
fn no_request_object(form: &Form) -> Result<(), AuthorizeError> {
    match () {
        () if form.has(param::REQUEST) => Err(AuthorizeError::RequestObject),
        () if form.has(param::REQUEST_URI) => Err(AuthorizeError::RequestUri),
        () => Ok(()),
    }
}

/// What is to be returned. Tokens come from this endpoint only where the registration says so (AZ-16), and only to
/// programs in a browser: a native application has a code.
fn response_type(request: &AnswerableRequest, form: &Form) -> Result<ResponseType, AuthorizeError> {
    let text = form.get(param::RESPONSE_TYPE).ok_or(AuthorizeError::Missing(param::RESPONSE_TYPE))?;
    let asked =
        ResponseType::parse(text).ok_or_else(|| AuthorizeError::ResponseTypeUnsupported(text.to_owned()))?;
    allowed(request, asked).map(|()| asked)
}

/// Whether the registration allows it. Asked again when a conversation comes back.
pub(super) fn allowed(request: &AnswerableRequest, asked: ResponseType) -> Result<(), AuthorizeError> {
    let allowed = match request.redirect().platform() {
        Platform::Web | Platform::Spa => request.implicit_grant(),
        Platform::Native => ImplicitGrant::default(),
    };
    match () {
        () if asked.token && !allowed.access_token => Err(AuthorizeError::TokenDisabled),
        () if asked.id_token && !allowed.id_token => Err(AuthorizeError::IdTokenDisabled),
        () => Ok(()),
    }
}

/// Tokens never travel in a query, where servers and their logs would see them (AZ-17).
fn response_mode(form: &Form, response: ResponseType) -> Result<(), AuthorizeError> {
    let Some(asked) = form.get(param::RESPONSE_MODE) else { return Ok(()) };
    match ResponseMode::parse(asked) {
        Some(ResponseMode::Query) if response.has_tokens() => {}
        Some(_) => return Ok(()),
        None => {}
    }
    Err(AuthorizeError::ResponseModeUnsupported(asked.to_owned()))
}

/// OpenID Connect Core §3.2.2.1: an ID token from this endpoint answers one request, which its nonce names (AZ-23).
fn nonce(form: &Form, response: ResponseType) -> Result<(), AuthorizeError> {
    if response.id_token && form.get(param::NONCE).is_none_or(str::is_empty) {
        return Err(AuthorizeError::Missing(param::NONCE));
    }
    Ok(())
}

fn bounded(form: &Form) -> Result<(), AuthorizeError> {
    for (name, most) in [(param::STATE, MAX_STATE), (param::NONCE, MAX_NONCE)] {
        if form.get(name).is_some_and(|value| value.len() > most) {
            return Err(AuthorizeError::Invalid(name));
        }
    }
    Ok(())
}

fn scope(dialect: Dialect, form: &Form, response: ResponseType) -> Result<String, AuthorizeError> {
    let scope = dialect.wanted_at_sign_in(form)?.ok_or(AuthorizeError::Missing(dialect.wish()))?;
    // OpenID Connect Core §3.1.2.1: without `openid` it is not a request of OpenID Connect, which alone has ID tokens.
    if response.id_token && !ScopeRequest::parse(&scope)?.oidc.openid {
        return Err(AuthorizeError::OpenIdMissing(scope));
    }
    Ok(scope)
}

/// `admin_consent` is a word of v1.0; v2.0 has an endpoint for it.
fn prompt(dialect: Dialect, form: &Form) -> Result<Option<Prompt>, AuthorizeError> {
    let Some(text) = form.get(param::PROMPT) else { return Ok(None) };
    match Prompt::parse(text) {
        None => Err(AuthorizeError::PromptUnsupported),
        Some(Prompt::AdminConsent) if dialect == Dialect::V2 => Err(AuthorizeError::PromptUnsupported),
        some => Ok(some),
    }
}

/// OpenID Connect Core §3.1.2.1: seconds. Anything but a whole number that is not negative is a mistake (AZ-38).
fn max_age(form: &Form) -> Result<Option<i64>, AuthorizeError> {
    let Some(text) = form.get(param::MAX_AGE) else { return Ok(None) };
    let digits = !text.is_empty() && text.len() <= 18 && text.bytes().all(|b| b.is_ascii_digit());
    match text.parse() {
        Ok(seconds) if digits => Ok(Some(seconds)),
        _ => Err(AuthorizeError::Invalid(param::MAX_AGE)),
    }
}

/// RFC 7636 §4.3. Programs that cannot keep a secret must send a challenge (RFC 9700 §2.1.1); `plain`, which is also
/// what a missing method means, proves nothing and is not taken.
fn challenge(form: &Form, demanded: bool) -> Result<Option<CodeChallenge>, AuthorizeError> {
    let method = form.get(param::CODE_CHALLENGE_METHOD);
    match (form.get(param::CODE_CHALLENGE), method) {
        (None, None) if demanded => Err(AuthorizeError::ChallengeRequired),
        (None, None) => Ok(None),
        (None, Some(_)) => Err(AuthorizeError::Missing(param::CODE_CHALLENGE)),
        (Some(challenge), Some("S256")) => {
            CodeChallenge::parse(challenge).map(Some).map_err(|_| AuthorizeError::ChallengeInvalid)
        }
        (Some(_), other) => Err(AuthorizeError::ChallengeMethodInvalid(other.unwrap_or("plain").to_owned())),
    }
}

/// The query that asks for the same again: everything that is ours, once. None when it is so long that the pages of the
/// conversation would have to carry more than a form field holds.
fn again(form: &Form) -> Option<String> {
    const OURS: [&str; 16] = [
        param::CLIENT_ID,
        param::REDIRECT_URI,
        param::RESPONSE_TYPE,
        param::RESPONSE_MODE,
        param::SCOPE,
        param::RESOURCE,
        param::STATE,
        param::NONCE,
        param::CODE_CHALLENGE,
        param::CODE_CHALLENGE_METHOD,
        param::CLIENT_INFO,
        param::CLAIMS,
        param::UI_LOCALES,
        param::MKT,
        param::MAX_AGE,
        param::PROMPT,
    ];
    let query = form::encode(OURS.iter().filter_map(|name| Some((*name, form.get(name)?))));
    (query.len() <= 2048).then_some(query)
}

/// Was everything that is asked consented to? Every resource is looked at, so that an application hears now, and not
/// when it redeems the code.
pub(super) async fn consented(
    app: &App,
    request: &AnswerableRequest,
    valid: &ValidRequest,
    signed_in: &SignedIn,
) -> Result<(), AuthorizeError> {
    may_have(app, request.client(), request.application_name(), &valid.scope, signed_in).await
}

/// May the application have this of the person who is signed in? For whatever ends a conversation.
pub(crate) async fn may_have(
    app: &App,
    client_id: ClientId,
    application_name: &str,
    scope: &str,
    signed_in: &SignedIn,
) -> Result<(), AuthorizeError> {
    let user = signed_in.user();
    let missing = || AuthorizeError::ConsentMissing { client: client_id, name: application_name.to_owned() };
    // An application of another organisation comes into this one by consent.
    let client = app.store.registration(user.tenant, client_id).await?.ok_or_else(missing)?;
    if !client.principal.enabled {
        let name = application_name.to_owned();
        return Err(AuthorizeError::ApplicationDisabled { client: client_id, name });
    }
    assigned(app, &client, signed_in).await?;
    let grants = app.store.permission_grants(user.tenant, client.principal.id, user.id).await?;
    let asked = ScopeRequest::parse(scope)?;
    let resources = asked.resources();
    let graph =
        (!resources.contains(&&ResourceName::MicrosoftGraph)).then_some(&ResourceName::MicrosoftGraph);
    for name in resources.into_iter().chain(graph) {
        let scopes: Vec<_> =
            asked.permissions.iter().filter(|scope| scope.resource == *name).cloned().collect();
        if scopes.is_empty() && *name == ResourceName::MicrosoftGraph && asked.oidc == OidcScopes::default() {
            continue;
        }
        let not_found = || AuthorizeError::ResourceNotFound {
            resource: name.to_string(),
            tenant: user.upn.domain().to_owned(),
        };
        let resource = resources::find(app, user.tenant, name).await?.ok_or_else(not_found)?;
        let resource =
            Resource::enabled(resource).map_err(|_| AuthorizeError::ResourceDisabled(name.to_string()))?;
        ConsentedScopes::check(&scopes, asked.oidc, client.client_id(), resource.clone(), &grants)
            .map_err(|refusal| AuthorizeError::consent(refusal, &client, &resource))?;
    }
    // The same question that the person was asked, so that what is answered here and there cannot differ.
    let wish = ConsentWish { scope: scope.to_owned(), manner: Manner::Missing };
    let settled = idp_signin::is_settled(app, user, client_id, &wish).await?;
    if settled { Ok(()) } else { Err(missing()) }
}

/// An application may be for those only who were assigned to it (entra-behaviour: assignment required).
async fn assigned(app: &App, client: &Registration, signed_in: &SignedIn) -> Result<(), AuthorizeError> {
    if idp_signin::may_use(app, &client.principal, signed_in.user()).await? {
        return Ok(());
    }
    Err(AuthorizeError::NotAssigned {
        client: client.client_id(),
        name: client.application.display_name.clone(),
        user: signed_in.user().upn.to_string(),
    })
}
