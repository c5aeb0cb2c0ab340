//! Is the rest in order? A list of small checks, each of which turns parameters into a type or says what is wrong.

use idp_domain::applications::{Platform, Registration, Resource};
use idp_domain::consent::{ConsentedScopes, Manner};
use idp_domain::sessions::SignedIn;
use idp_domain::tokens::{IdTokenWishes, LoginHint};
use idp_signin::ConsentWish;
use idp_web::state::App;
use vestibule_wire::form::{self, Form};
use vestibule_wire::ids::{SessionId, UserId};
use vestibule_wire::oauth::{Prompt, ResponseMode, ResponseType, param};
use vestibule_wire::pkce::CodeChallenge;
use vestibule_wire::scope::{OidcScopes, ResourceName, ScopeRequest};

use super::error::AuthorizeError;
use super::raw::AnswerableRequest;
use super::wishes;
use crate::resources;

/// Longer texts than these are nobody's state or nonce (AZ-22).
const MAX_STATE: usize = 4 * 1024;
const MAX_NONCE: usize = 1024;

/// A request in which everything is in order.
#[derive(Debug)]
pub(super) struct ValidRequest {
    pub(super) scope: String,
    pub(super) challenge: Option<CodeChallenge>,
    pub(super) wishes: IdTokenWishes,
    pub(super) prompt: Option<Prompt>,
    pub(super) max_age: Option<i64>,
    pub(super) hints: Hints,
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
            _ => Manner::Missing,
        };
        ConsentWish { scope: self.scope.clone(), manner }
    }
}

/// The account the application would like.
#[derive(Debug, Default)]
pub(super) struct Hints {
    pub(super) account: Option<String>,
    pub(super) opaque: Option<String>,
    pub(super) session: Option<SessionId>,
}

/// Checks a request, in the order in which the service reports mistakes.
pub(super) fn check(request: &AnswerableRequest, form: &Form) -> Result<ValidRequest, AuthorizeError> {
    no_repetition(form)?;
    no_request_object(form)?;
    response_type(form)?;
    response_mode(form)?;
    bounded(form)?;
    let scope = scope(form)?;
    let prompt = prompt(form)?;
    let max_age = max_age(form)?;
    let challenge = challenge(form, request.redirect().platform())?;
    let wishes = wishes::read(form, max_age.is_some())?;
    Ok(ValidRequest {
        scope,
        challenge,
        wishes,
        prompt,
        max_age,
        hints: hints(form),
        client_info: form.get(param::CLIENT_INFO) == Some("1"),
        again: again(form),
    })
}

/// RFC 6749 §3.1: parameters MUST NOT be included more than once.
fn no_repetition(form: &Form) -> Result<(), AuthorizeError> {
    form.repeated().next().map_or(Ok(()), |name| Err(AuthorizeError::Repeated(name.to_owned())))
}

/// OpenID Connect Core §6: not taken, and never fetched (AZ-43). `resource` is v1.0's way to say what scopes say.
fn no_request_object(form: &Form) -> Result<(), AuthorizeError> {
    match () {
        () if form.has(param::REQUEST) => Err(AuthorizeError::RequestObject),
        () if form.has(param::REQUEST_URI) => Err(AuthorizeError::RequestUri),
        () if form.has(param::RESOURCE) => Err(AuthorizeError::ResourceParameter),
        () => Ok(()),
    }
}

/// Only `code`: tokens from this endpoint are off until an application is allowed them (AZ-16).
fn response_type(form: &Form) -> Result<(), AuthorizeError> {
    let asked = form.get(param::RESPONSE_TYPE).ok_or(AuthorizeError::Missing(param::RESPONSE_TYPE))?;
    match ResponseType::parse(asked) {
        Some(ResponseType::Code) => Ok(()),
        Some(ResponseType::Implicit { token: true, .. }) => Err(AuthorizeError::TokenDisabled),
        Some(ResponseType::Implicit { .. }) => Err(AuthorizeError::IdTokenDisabled),
        None => Err(AuthorizeError::ResponseTypeUnsupported(asked.to_owned())),
    }
}

fn response_mode(form: &Form) -> Result<(), AuthorizeError> {
    match form.get(param::RESPONSE_MODE) {
        Some(asked) if ResponseMode::parse(asked).is_none() => {
            Err(AuthorizeError::ResponseModeUnsupported(asked.to_owned()))
        }
        _ => Ok(()),
    }
}

fn bounded(form: &Form) -> Result<(), AuthorizeError> {
    for (name, most) in [(param::STATE, MAX_STATE), (param::NONCE, MAX_NONCE)] {
        if form.get(name).is_some_and(|value| value.len() > most) {
            return Err(AuthorizeError::Invalid(name));
        }
    }
    Ok(())
}

fn scope(form: &Form) -> Result<String, AuthorizeError> {
    let text = form.get(param::SCOPE).ok_or(AuthorizeError::Missing(param::SCOPE))?;
    ScopeRequest::parse(text)?;
    Ok(text.to_owned())
}

fn prompt(form: &Form) -> Result<Option<Prompt>, AuthorizeError> {
    form.get(param::PROMPT)
        .map(|text| Prompt::parse(text).ok_or(AuthorizeError::PromptUnsupported))
        .transpose()
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
fn challenge(form: &Form, platform: Platform) -> Result<Option<CodeChallenge>, AuthorizeError> {
    let method = form.get(param::CODE_CHALLENGE_METHOD);
    match (form.get(param::CODE_CHALLENGE), method) {
        (None, None) if platform == Platform::Web => Ok(None),
        (None, None) => Err(AuthorizeError::ChallengeRequired),
        (None, Some(_)) => Err(AuthorizeError::Missing(param::CODE_CHALLENGE)),
        (Some(challenge), Some("S256")) => {
            CodeChallenge::parse(challenge).map(Some).map_err(|_| AuthorizeError::ChallengeInvalid)
        }
        (Some(_), other) => Err(AuthorizeError::ChallengeMethodInvalid(other.unwrap_or("plain").to_owned())),
    }
}

fn hints(form: &Form) -> Hints {
    let hint = form.get(param::LOGIN_HINT).filter(|hint| hint.len() <= 2048);
    let (account, opaque) = match hint {
        Some(name) if name.contains('@') => (Some(name.chars().take(113).collect()), None),
        other => (None, other.map(str::to_owned)),
    };
    Hints { account, opaque, session: form.get(param::SID).and_then(|text| text.parse().ok()) }
}

impl Hints {
    /// The user that an opaque hint names. One that was not made here names nobody (AZ-39).
    pub(super) fn user(&self, app: &App) -> Option<UserId> {
        LoginHint::open(self.opaque.as_deref()?, &app.sealer).map(|hint| hint.user)
    }
}

/// The query that asks for the same again: everything that is ours, once. None when it is so long that the pages of the
/// conversation would have to carry more than a form field holds.
fn again(form: &Form) -> Option<String> {
    const OURS: [&str; 15] = [
        param::CLIENT_ID,
        param::REDIRECT_URI,
        param::RESPONSE_TYPE,
        param::RESPONSE_MODE,
        param::SCOPE,
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
    let user = signed_in.user();
    let missing = || AuthorizeError::ConsentMissing {
        client: request.client(),
        name: request.application_name().to_owned(),
    };
    // An application of another organisation comes into this one by consent.
    let client = app.store.registration(user.tenant, request.client()).await?.ok_or_else(missing)?;
    if !client.principal.enabled {
        let name = request.application_name().to_owned();
        return Err(AuthorizeError::ApplicationDisabled { client: request.client(), name });
    }
    assigned(app, &client, signed_in).await?;
    let grants = app.store.permission_grants(user.tenant, client.principal.id, user.id).await?;
    let asked = ScopeRequest::parse(&valid.scope)?;
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
    let wish = ConsentWish { scope: valid.scope.clone(), manner: Manner::Missing };
    let settled = idp_signin::is_settled(app, user, request.client(), &wish).await?;
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
