//! Who asks: client authentication (RFC 6749 §2.3), the same for every grant.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use http::HeaderValue;
use idp_domain::applications::{
    AssertionRefusal, AuthenticatedClient, Client, PublicClient, Realm, Registration,
};
use idp_domain::audit::Activity;
use idp_domain::changes::{Change, Changes};
use idp_domain::secret::Secret;
use idp_domain::tenant::{Directory, Tenant};
use idp_web::request::RequestInfo;
use idp_web::state::App;
use jiff::Timestamp;
use vestibule_jose::client_assertion::ClientAssertion;
use vestibule_wire::form::Form;
use vestibule_wire::ids::ClientId;
use vestibule_wire::oauth::{JWT_BEARER_ASSERTION, param};

use super::assertion_failure::AssertionFailure;
use super::secret::SecretGuesses;
use super::{Exchange, Refusal, TokenError, federation};

/// The credential a request presents.
pub(super) enum Presented {
    /// None.
    Nothing,
    /// A client secret, in the body or in the `Authorization` header.
    Secret(Secret),
    /// A client assertion (RFC 7523 §2.2), which nobody vouches for yet.
    Assertion(Box<ClientAssertion>),
}

impl Presented {
    /// Reads client id and credential. One manner of authentication only (RFC 6749 §2.3: a client MUST NOT use more
    /// than one).
    pub(super) fn read(
        authorization: Option<&HeaderValue>,
        form: &Form,
    ) -> Result<(ClientId, Self), TokenError> {
        let in_body = form.get(param::CLIENT_ID);
        let secret_in_body = form.get(param::CLIENT_SECRET);
        if form.has(param::CLIENT_ASSERTION) || form.has(param::CLIENT_ASSERTION_TYPE) {
            // CA-06
            if authorization.is_some() || secret_in_body.is_some() {
                return Err(TokenError::TwoCredentials);
            }
            return assertion(in_body, form);
        }
        let Some(authorization) = authorization else {
            let client_id = in_body.ok_or(TokenError::Missing(param::CLIENT_ID))?;
            let presented = secret_in_body.map_or(Self::Nothing, |secret| Self::Secret(Secret::new(secret)));
            return Ok((client_id_of(client_id)?, presented));
        };
        if secret_in_body.is_some() {
            return Err(TokenError::TwoCredentials);
        }
        let (client_id, secret) = basic(authorization).ok_or(TokenError::ClientCredentialMalformed)?;
        if in_body.is_some_and(|body| !body.eq_ignore_ascii_case(&client_id)) {
            return Err(TokenError::ClientIdMismatch);
        }
        Ok((client_id_of(&client_id)?, Self::Secret(secret)))
    }
}

/// Reads an assertion. It says who asks, so the client id may be left out; if it is there, it says the same.
fn assertion(in_body: Option<&str>, form: &Form) -> Result<(ClientId, Presented), TokenError> {
    let kind = form.get(param::CLIENT_ASSERTION_TYPE);
    if kind.ok_or(TokenError::Missing(param::CLIENT_ASSERTION_TYPE))? != JWT_BEARER_ASSERTION {
        return Err(TokenError::Invalid(param::CLIENT_ASSERTION_TYPE));
    }
    let text = form.get(param::CLIENT_ASSERTION).ok_or(TokenError::Missing(param::CLIENT_ASSERTION))?;
    let assertion = ClientAssertion::read(text).map_err(AssertionFailure::Malformed)?;
    // Who made it is known by the issuer; nobody else's issuer is a client id, and nobody else's token says whose it is.
    let made_by = assertion.claimed().issuer.parse::<ClientId>().ok();
    let client_id = match (in_body.map(client_id_of).transpose()?, made_by) {
        (Some(client), Some(maker)) if client != maker => {
            return Err(AssertionFailure::OtherClient.into());
        }
        (Some(client), _) | (None, Some(client)) => client,
        (None, None) => return Err(TokenError::Missing(param::CLIENT_ID)),
    };
    Ok((client_id, Presented::Assertion(Box::new(assertion))))
}

/// Turns what is presented into a client that has proved who it is, or one that proved nothing.
pub(super) async fn identify(
    app: &App,
    info: &RequestInfo,
    tenant: &Tenant,
    directory: &Directory,
    client_id: ClientId,
    presented: &Presented,
) -> Result<Client, TokenError> {
    let now = info.now();
    let not_found =
        || TokenError::ClientNotFound { client: client_id.to_string(), tenant: tenant.display_name.clone() };
    let registration = app.store.registration(tenant.id, client_id).await?.ok_or_else(not_found)?;
    let application = registration.application.clone();
    let refused = |refusal| TokenError::Client {
        refusal,
        client: application.client_id,
        name: application.display_name.clone(),
    };
    let public = !application.has_credentials() && application.is_fallback_public_client;
    match presented {
        Presented::Secret(_) | Presented::Assertion(_) if public => {
            Err(TokenError::PublicClientWithCredential)
        }
        Presented::Secret(secret) => {
            let guesses = SecretGuesses { app, info, tenant: tenant.id, client: client_id };
            let client = guesses.check(registration, secret).await?.map_err(refused)?;
            Ok(Client::Confidential(client))
        }
        Presented::Assertion(assertion) => {
            // The issuer of what a client has made itself is its client id; any other issuer made it for the client.
            let own = assertion.claimed().issuer.parse::<ClientId>().is_ok();
            let client = if own {
                by_certificate(app, tenant, directory, registration, assertion, now).await
            } else {
                federation::by_federation(app, registration, assertion, now).await
            };
            client.map(Client::Confidential)
        }
        Presented::Nothing => PublicClient::of(registration).map(Client::Public).map_err(refused),
    }
}

async fn by_certificate(
    app: &App,
    tenant: &Tenant,
    directory: &Directory,
    registration: Registration,
    assertion: &ClientAssertion,
    now: Timestamp,
) -> Result<AuthenticatedClient, TokenError> {
    let (origin, audience) = (app.origin.as_str(), &assertion.claimed().audience);
    let domains = if Realm::needs_domains(origin, tenant, audience) {
        app.store.domains(tenant.id).await?
    } else {
        Vec::new()
    };
    let realm = Realm { origin, tenant, domains: &domains, asked_as: &directory.authority() };
    let application = registration.application.clone();
    AuthenticatedClient::by_certificate(registration, assertion, &realm, now)
        .map_err(|refusal| AssertionFailure::refused(refusal, &application, assertion, now).into())
}

/// What is presented was presented before, in a tenant that takes each assertion once (CA-20).
pub(super) fn replayed(exchange: &Exchange<'_>, presented: &Presented) -> Refusal {
    let application = &exchange.client.registration().application;
    let error = match presented {
        Presented::Assertion(assertion) => {
            let now = exchange.info.now();
            AssertionFailure::refused(AssertionRefusal::Replayed, application, assertion, now).into()
        }
        Presented::Nothing | Presented::Secret(_) => TokenError::ClientCredentialMalformed,
    };
    let event = Change::RecordAudit(exchange.event(Activity::AssertionReplayed));
    Refusal { error, remember: Changes::one(event) }
}

fn client_id_of(text: &str) -> Result<ClientId, TokenError> {
    text.parse().map_err(|_| TokenError::NotAnApplication(text.to_owned()))
}

/// RFC 6749 §2.3.1: `Basic base64(form-encoded client id ":" form-encoded secret)`.
fn basic(header: &HeaderValue) -> Option<(String, Secret)> {
    let (scheme, credentials) = header.to_str().ok()?.split_once(' ')?;
    // RFC 9110 §11.1: the scheme is case-insensitive.
    if !scheme.eq_ignore_ascii_case("basic") || credentials.len() > 2048 {
        return None;
    }
    let decoded = String::from_utf8(STANDARD.decode(credentials).ok()?).ok()?;
    let (client_id, secret) = decoded.split_once(':')?;
    Some((form_decoded(client_id)?, Secret::new(form_decoded(secret)?)))
}

/// RFC 6749 appendix B, strictly: one value, so no separators.
fn form_decoded(text: &str) -> Option<String> {
    if text.contains(['&', '=']) && !text.contains('%') {
        // Many clients do not encode. Secrets made here have no character that would matter; take it as it is.
        return Some(text.to_owned());
    }
    let form = Form::parse(format!("v={text}").as_bytes()).ok()?;
    form.get("v").map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(credentials: &str) -> Option<(String, String)> {
        let header = HeaderValue::from_str(&format!("Basic {credentials}")).unwrap();
        basic(&header).map(|(id, secret)| (id, secret.expose().to_owned()))
    }

    #[test]
    fn ca_07_basic_credentials_are_form_decoded_and_strictly_read() {
        assert_eq!(read(&STANDARD.encode("id:s%2Be%20c")), Some(("id".into(), "s+e c".into())));
        assert_eq!(
            basic(&HeaderValue::from_str(&format!("bAsIc {}", STANDARD.encode("a:b"))).unwrap()).unwrap().0,
            "a"
        );
        for bad in [
            STANDARD.encode("no colon"),
            STANDARD.encode(b"id:\xff"),
            STANDARD.encode("id:%zz"),
            "not base64!".into(),
            format!("{}\u{9}", STANDARD.encode("a:b")),
            STANDARD.encode("id:"),
        ] {
            assert_eq!(read(&bad), None, "{bad}");
        }
        for scheme in ["Bearer x", "Basic", "", "Basic  YTpi"] {
            assert!(basic(&HeaderValue::from_str(scheme).unwrap()).is_none(), "{scheme}");
        }
    }
}
