//! What an administrator's program asks of Graph, and a person of the pages, in a directory of any size: a page of a
//! hundred people, one person by name, all groups of one person, a sign-in.

use anyhow::{Context, Result};
use bytes::Bytes;
use http::{HeaderMap, HeaderValue, Method, header};

use super::dev_json::DevJson;
use super::https::{Endpoint, Request};
use super::phase::{Figures, Phase};
use super::sign_in::Visit;

/// A sign-in hashes a password, which takes long on purpose.
const SIGN_INS: usize = 40;

pub(super) async fn run(dev: &DevJson, endpoint: &Endpoint, phase: &Phase) -> Result<Vec<Figures>> {
    let person = dev.users.iter().find(|user| !user.password.is_empty()).context("nobody has a password")?;
    let reader = dev.named("Bench Reader")?;
    let scope = format!("{}/graph/.default", dev.origin);
    let form = [
        ("grant_type", "client_credentials"),
        ("client_id", &*reader.client_id),
        ("client_secret", reader.client_secret()?),
        ("scope", &scope),
    ];
    let asked = super::post_form(endpoint, &format!("/{}/oauth2/v2.0/token", reader.tenant), form)?;
    let answer = endpoint.connect().await?.send(asked).await?;
    answer.expect_ok()?;
    let body: serde_json::Value = serde_json::from_slice(&answer.body)?;
    let token = body["access_token"].as_str().context("there is no access token")?;

    let mut figures = Vec::new();
    for (name, path) in [
        ("a page of 100 people", "/graph/v1.0/users?$top=100".to_owned()),
        ("a person by name", format!("/graph/v1.0/users?$filter=userPrincipalName%20eq%20'{}'", person.upn)),
        ("all groups of a person", format!("/graph/v1.0/users/{}/transitiveMemberOf", person.upn)),
    ] {
        figures.push(phase.repeat(name, endpoint, &read(endpoint, &path, token)?).await?);
    }
    let site = dev.named("Bench Site")?;
    let redirect_uri = site.redirect_uri()?;
    let query = url::form_urlencoded::Serializer::new(String::new())
        .extend_pairs([
            ("client_id", &*site.client_id),
            ("response_type", "code"),
            ("redirect_uri", redirect_uri),
            ("scope", "openid profile User.Read"),
        ])
        .finish();
    let visit = Visit {
        origin: &dev.origin,
        user: person,
        start: format!("/{}/oauth2/v2.0/authorize?{query}", site.tenant),
        redirect_uri,
    };
    let sign_in = async || visit.sign_in(endpoint).await.map(drop);
    figures.push(phase.one_by_one("a sign-in", SIGN_INS, sign_in).await?);
    Ok(figures)
}

fn read(endpoint: &Endpoint, path: &str, token: &str) -> Result<Request> {
    let mut headers = HeaderMap::new();
    headers.insert(header::AUTHORIZATION, HeaderValue::from_str(&format!("Bearer {token}"))?);
    endpoint.request(Method::GET, path, headers, Bytes::new())
}
