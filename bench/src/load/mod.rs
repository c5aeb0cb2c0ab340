//! A server under load: the same request many times over, on connections that stay open, by one thread.
//!
//! 1. connect, and prepare whatever the requests need
//! 2. warm up: nothing counts
//! 3. measure: what the server used in CPU time, what the wall clock says, how long each answer took
//!
//! Every phase ends after so many requests or so much time, whichever comes first. An answer that is not the expected
//! one ends the measurement: speed at refusing is not asked for.

mod certificate;
mod codes;
mod dev_json;
mod directory;
pub(crate) mod https;
mod phase;
mod sign_in;

use std::path::PathBuf;
use std::time::Duration;

use anyhow::Result;
use bytes::Bytes;
use clap::{Args, ValueEnum};
use http::{HeaderMap, HeaderValue, Method, header};

use self::dev_json::DevJson;
use self::https::{Endpoint, Request};
use self::phase::{Figures, Phase};

#[derive(Args)]
pub(crate) struct Options {
    /// What to ask for
    #[arg(value_enum)]
    what: What,
    /// The file in which the server says what there is
    #[arg(long)]
    dev_json: PathBuf,
    /// The server's process
    #[arg(long)]
    pid: u32,
    #[arg(long, default_value_t = 16)]
    connections: usize,
    /// How many to measure in each phase
    #[arg(long, default_value_t = 3000)]
    requests: usize,
    /// Seconds after which a phase ends in any case
    #[arg(long, default_value_t = 15)]
    limit: u64,
}

#[derive(Clone, Copy, ValueEnum)]
enum What {
    /// Tokens for an application's own use: client credentials
    Tokens,
    /// The same, for one that proves itself with a certificate
    TokensByCertificate,
    /// The OpenID configuration of a tenant
    Discovery,
    /// Authorization codes, their redemption, and the refresh tokens that this brings
    Codes,
    /// People, groups and a sign-in, in a directory that `bench directory` wrote
    Directory,
}

pub(crate) async fn run(options: &Options) -> Result<Vec<Figures>> {
    let dev = DevJson::read(&options.dev_json)?;
    let endpoint = Endpoint::new(dev.address()?, &dev.ca)?;
    let phase = Phase {
        pid: options.pid,
        connections: options.connections,
        requests: options.requests,
        warm_up: (options.requests / 10).max(options.connections),
        limit: Duration::from_secs(options.limit),
    };
    match options.what {
        What::Tokens => {
            let request = tokens(&dev, &endpoint)?;
            Ok(vec![phase.repeat("tokens", &endpoint, &request).await?])
        }
        What::TokensByCertificate => {
            let request = certificate::tokens(&dev, &endpoint)?;
            Ok(vec![phase.repeat("tokens-by-certificate", &endpoint, &request).await?])
        }
        What::Discovery => {
            let tenant = &dev.application("daemon")?.tenant;
            let request = endpoint.get(&format!("/{tenant}/v2.0/.well-known/openid-configuration"))?;
            Ok(vec![phase.repeat("discovery", &endpoint, &request).await?])
        }
        What::Directory => directory::run(&dev, &endpoint, &phase).await,
        What::Codes => codes::run(&dev, &endpoint, &phase).await,
    }
}

/// RFC 6749 §4.4.2: the daemon asks for what it may do at the API.
fn tokens(dev: &DevJson, endpoint: &Endpoint) -> Result<Request> {
    let (daemon, api) = (dev.application("daemon")?, dev.application("api")?);
    let scope = format!("{}/.default", api.identifier_uri()?);
    let form = [
        ("grant_type", "client_credentials"),
        ("client_id", &daemon.client_id),
        ("client_secret", daemon.client_secret()?),
        ("scope", &scope),
    ];
    post_form(endpoint, &format!("/{}/oauth2/v2.0/token", daemon.tenant), form)
}

fn post_form<'a>(
    endpoint: &Endpoint,
    path: &str,
    form: impl IntoIterator<Item = (&'a str, &'a str)>,
) -> Result<Request> {
    let body = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(form).finish();
    let mut headers = HeaderMap::new();
    let kind = HeaderValue::from_static("application/x-www-form-urlencoded");
    headers.insert(header::CONTENT_TYPE, kind);
    endpoint.request(Method::POST, path, headers, Bytes::from(body))
}
