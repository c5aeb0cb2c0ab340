//! Authorization codes: a person signs in once, by the pages; after that the session answers, without a question.
//!
//! 1. sign in                        `sign_in.rs`; not measured
//! 2. authorize with `prompt=none`   a code each time (OpenID Connect Core §3.1.2.1)
//! 3. redeem the codes               RFC 6749 §4.1.3, with PKCE: two signatures each
//! 4. refresh                        RFC 6749 §6, with what the redemptions brought

use std::cell::RefCell;

use anyhow::{Context, Result, bail};
use http::{HeaderMap, Method, StatusCode, header};
use serde::Deserialize;
use url::Url;

use super::dev_json::{Application, DevJson};
use super::https::{Answer, Endpoint};
use super::phase::{Figures, Phase, Script};
use super::{post_form, sign_in};

/// RFC 7636 appendix B. Guessing it would not help anybody: nothing here is worth it.
const VERIFIER: &str = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
const CHALLENGE: &str = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";

#[derive(Deserialize)]
struct Tokens {
    access_token: String,
    id_token: String,
    refresh_token: String,
}

/// What a client needs to know to get tokens for a person.
struct Client<'a> {
    application: &'a Application,
    secret: &'a str,
    redirect_uri: &'a str,
    scope: String,
}

pub(super) async fn run(dev: &DevJson, endpoint: &Endpoint, phase: &Phase) -> Result<Vec<Figures>> {
    let application = dev.application("web")?;
    let client = Client {
        application,
        secret: application.client_secret()?,
        redirect_uri: application.redirect_uri()?,
        scope: format!(
            "openid profile offline_access {}/Tasks.Read",
            dev.application("api")?.identifier_uri()?
        ),
    };
    let visit = sign_in::Visit {
        origin: &dev.origin,
        user: dev.user_of(application)?,
        start: client.authorize_path(None)?,
        redirect_uri: client.redirect_uri,
    };
    let cookies = visit.sign_in(endpoint).await?;

    let mut headers = HeaderMap::new();
    headers.insert(header::COOKIE, cookies.try_into()?);
    let silent =
        endpoint.request(Method::GET, &client.authorize_path(Some("none"))?, headers, Default::default())?;
    let codes = RefCell::new(Vec::new());
    let ask = |_| Ok(silent.clone());
    let take = |_, answer: Answer| {
        codes.borrow_mut().push(code_in(&answer, client.redirect_uri)?);
        Ok(())
    };
    let authorized = phase.run("authorize", endpoint, &Script { ask: &ask, take: &take }).await?;

    let codes = codes.into_inner();
    let refresh_tokens = RefCell::new(Vec::new());
    let ask =
        |number: usize| client.redemption(endpoint, codes.get(number).context("there is no code left")?);
    let take = |_, answer: Answer| {
        refresh_tokens.borrow_mut().push(tokens_in(&answer)?.refresh_token);
        Ok(())
    };
    let phase = phase.at_most(codes.len());
    let redeemed = phase.run("redeem", endpoint, &Script { ask: &ask, take: &take }).await?;

    let refresh_tokens = refresh_tokens.into_inner();
    let ask = |number: usize| {
        client.refresh(endpoint, refresh_tokens.get(number).context("there is no token left")?)
    };
    let take = |_, answer: Answer| tokens_in(&answer).map(drop);
    let phase = phase.at_most(refresh_tokens.len());
    let refreshed = phase.run("refresh", endpoint, &Script { ask: &ask, take: &take }).await?;
    Ok(vec![authorized, redeemed, refreshed])
}

impl Client<'_> {
    fn authorize_path(&self, prompt: Option<&str>) -> Result<String> {
        let mut query = url::form_urlencoded::Serializer::new(String::new());
        query
            .append_pair("client_id", &self.application.client_id)
            .append_pair("response_type", "code")
            .append_pair("redirect_uri", self.redirect_uri)
            .append_pair("scope", &self.scope)
            .append_pair("state", "bench")
            .append_pair("nonce", "bench")
            .append_pair("code_challenge", CHALLENGE)
            .append_pair("code_challenge_method", "S256");
        if let Some(prompt) = prompt {
            query.append_pair("prompt", prompt);
        }
        Ok(format!("/{}/oauth2/v2.0/authorize?{}", self.application.tenant, query.finish()))
    }

    fn redemption(&self, endpoint: &Endpoint, code: &str) -> Result<super::https::Request> {
        let grant = [
            ("grant_type", "authorization_code"),
            ("code", code),
            ("redirect_uri", self.redirect_uri),
            ("code_verifier", VERIFIER),
        ];
        self.token_request(endpoint, &grant)
    }

    fn refresh(&self, endpoint: &Endpoint, token: &str) -> Result<super::https::Request> {
        self.token_request(endpoint, &[("grant_type", "refresh_token"), ("refresh_token", token)])
    }

    fn token_request(&self, endpoint: &Endpoint, grant: &[(&str, &str)]) -> Result<super::https::Request> {
        let client = [
            ("client_id", self.application.client_id.as_str()),
            ("client_secret", self.secret),
            ("scope", self.scope.as_str()),
        ];
        let path = format!("/{}/oauth2/v2.0/token", self.application.tenant);
        post_form(endpoint, &path, client.iter().chain(grant).copied())
    }
}

/// The code in the redirect that answers the client.
fn code_in(answer: &Answer, redirect_uri: &str) -> Result<String> {
    if answer.status == StatusCode::NOT_FOUND {
        bail!("the server has no authorize endpoint");
    }
    let Some(location) = answer.location().filter(|location| location.starts_with(redirect_uri)) else {
        bail!("no redirect to the client but {} {:?}", answer.status, answer.location());
    };
    let pairs: Vec<_> = Url::parse(location)?.query_pairs().into_owned().collect();
    let value = |name: &str| pairs.iter().find(|(key, _)| key == name).map(|(_, value)| value.clone());
    value("code").with_context(|| format!("the answer has no code: {:?}", value("error_description")))
}

fn tokens_in(answer: &Answer) -> Result<Tokens> {
    answer.expect_ok()?;
    let tokens: Tokens =
        serde_json::from_slice(&answer.body).context("not the tokens that were asked for")?;
    if tokens.access_token.is_empty() || tokens.id_token.is_empty() {
        bail!("the tokens are empty");
    }
    Ok(tokens)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn redirect(location: &str) -> Answer {
        let mut headers = HeaderMap::new();
        headers.insert(header::LOCATION, location.parse().unwrap());
        Answer { status: StatusCode::FOUND, headers, body: Default::default() }
    }

    #[test]
    fn a_code_is_taken_from_the_clients_address_only() {
        let client = "http://localhost:3001/auth/callback";
        let code = |location: &str| code_in(&redirect(location), client).map_err(|error| error.to_string());
        assert_eq!(code("http://localhost:3001/auth/callback?code=a%2Bb&state=bench"), Ok("a+b".into()));
        let refused =
            code("http://localhost:3001/auth/callback?error=login_required&error_description=AADSTS50058");
        assert!(refused.unwrap_err().contains("AADSTS50058"));
        assert!(code("https://elsewhere.example/?code=a").is_err());
    }
}
