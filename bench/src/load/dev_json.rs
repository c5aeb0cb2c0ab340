//! What `vestibule dev` says of itself, as far as it is needed here.

use std::fs;
use std::net::{Ipv4Addr, SocketAddr};
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use serde::Deserialize;
use url::Url;

#[derive(Deserialize)]
pub(super) struct DevJson {
    pub(super) origin: String,
    pub(super) ca: PathBuf,
    pub(super) users: Vec<User>,
    applications: Vec<Application>,
}

#[derive(Deserialize)]
pub(super) struct User {
    tenant: String,
    pub(super) upn: String,
    /// Empty for those who cannot sign in.
    #[serde(default)]
    pub(super) password: String,
}

#[derive(Deserialize)]
pub(super) struct Application {
    name: String,
    pub(super) tenant: String,
    pub(super) client_id: String,
    kind: String,
    client_secret: Option<String>,
    certificate: Option<String>,
    private_key: Option<String>,
    redirect_uris: Vec<String>,
    identifier_uri: Option<String>,
}

impl DevJson {
    pub(super) fn read(path: &Path) -> Result<Self> {
        let text = fs::read_to_string(path).with_context(|| format!("cannot read {}", path.display()))?;
        let mut document: Self = serde_json::from_str(&text).context("dev.json is not as expected")?;
        // The file may name its neighbour relative to itself.
        document.ca = path.parent().unwrap_or(Path::new("")).join(document.ca);
        Ok(document)
    }

    /// The server listens on a loopback address, whatever its origin is called.
    pub(super) fn address(&self) -> Result<SocketAddr> {
        let port = Url::parse(&self.origin)?.port_or_known_default().context("the origin has no port")?;
        Ok((Ipv4Addr::LOCALHOST, port).into())
    }

    pub(super) fn application(&self, kind: &str) -> Result<&Application> {
        let found = self.applications.iter().find(|application| application.kind == kind);
        found.with_context(|| format!("dev.json has no application of the kind {kind}"))
    }

    /// The application that proves itself with a certificate.
    pub(super) fn with_certificate(&self) -> Result<&Application> {
        let found = self.applications.iter().find(|application| application.private_key.is_some());
        found.context("dev.json has no application with a certificate")
    }

    pub(super) fn named(&self, name: &str) -> Result<&Application> {
        let found = self.applications.iter().find(|application| application.name == name);
        found.with_context(|| format!("dev.json has no application called {name}"))
    }

    /// Somebody who may sign in to the application.
    pub(super) fn user_of(&self, application: &Application) -> Result<&User> {
        let found = self.users.iter().find(|user| user.tenant == application.tenant);
        found.context("dev.json has no user in the application's tenant")
    }
}

impl Application {
    pub(super) fn client_secret(&self) -> Result<&str> {
        self.client_secret.as_deref().context("the application has no secret")
    }

    /// Certificate and private key, in PEM.
    pub(super) fn key_pair(&self) -> Result<(&str, &str)> {
        self.certificate
            .as_deref()
            .zip(self.private_key.as_deref())
            .context("the application has no certificate")
    }

    pub(super) fn identifier_uri(&self) -> Result<&str> {
        self.identifier_uri.as_deref().context("the application has no identifier URI")
    }

    pub(super) fn redirect_uri(&self) -> Result<&str> {
        self.redirect_uris.first().map(String::as_str).context("the application has no redirect URI")
    }
}
