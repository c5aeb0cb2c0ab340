//! Who asks: client authentication (RFC 6749 §2.3), the same for every grant.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use http::HeaderValue;
use idp_domain::applications::{AuthenticatedClient, Client, PublicClient};
use idp_domain::secret::Secret;
use idp_domain::tenant::Tenant;
use idp_web::state::App;
use jiff::Timestamp;
use vestibule_wire::form::Form;
use vestibule_wire::ids::ClientId;
use vestibule_wire::oauth::param;

use super::TokenError;

/// The credential a request presents.
pub(super) enum Presented {
    /// None.
    Nothing,
    /// A client secret, in the body or in the `Authorization` header.
    Secret(Secret),
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
            return Err(TokenError::ClientCredentialMalformed);
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

/// Turns what is presented into a client that has proved who it is, or one that proved nothing.
pub(super) async fn identify(
    app: &App,
    tenant: &Tenant,
    client_id: ClientId,
    presented: &Presented,
    now: Timestamp,
) -> Result<Client, TokenError> {
    let not_found =
        || TokenError::ClientNotFound { client: client_id.to_string(), tenant: tenant.display_name.clone() };
    let registration = app.store.registration(tenant.id, client_id).await?.ok_or_else(not_found)?;
    let application = registration.application.clone();
    let refused = |refusal| TokenError::Client {
        refusal,
        client: application.client_id,
        name: application.display_name.clone(),
    };
    match presented {
        Presented::Secret(_) if application.secrets.is_empty() && application.is_fallback_public_client => {
            Err(TokenError::PublicClientWithCredential)
        }
        Presented::Secret(secret) => {
            let client =
                AuthenticatedClient::by_secret(registration, secret, &app.sealer, now).map_err(refused)?;
            Ok(Client::Confidential(client))
        }
        Presented::Nothing => PublicClient::of(registration).map(Client::Public).map_err(refused),
    }
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
