//! Who is who: the organisations, people and programs of `dev.json`, by name.

use std::path::PathBuf;

use serde::Deserialize;

use crate::form::Form;
use crate::secrets;
use crate::server::Server;
use crate::world::random_text;

/// `dev.json`. A file with a member missing does not parse: its keys are a public interface.
#[derive(Debug, Deserialize)]
pub struct DevJson {
    /// Where the server is.
    pub origin: String,
    /// The certificate of its authority.
    pub ca: PathBuf,
    /// Organisations.
    pub tenants: Vec<Tenant>,
    /// People.
    pub users: Vec<Person>,
    /// Programs.
    pub applications: Vec<Application>,
}

/// An organisation.
#[derive(Debug, Clone, Deserialize)]
pub struct Tenant {
    /// Its id.
    pub id: String,
    /// What people call it.
    pub name: String,
    /// Its domain.
    pub domain: String,
}

/// A person.
#[derive(Debug, Clone, Deserialize)]
pub struct Person {
    /// The tenant's id.
    pub tenant: String,
    /// The object id.
    pub id: String,
    /// The account name.
    pub upn: String,
    /// The password; of people who came from a file without it, nobody knows.
    #[serde(default)]
    pub password: String,
    /// Directory roles.
    pub roles: Vec<String>,
}

/// A program.
#[derive(Debug, Clone, Deserialize)]
pub struct Application {
    /// What people call it.
    pub name: String,
    /// The tenant's id.
    pub tenant: String,
    /// The client id.
    pub client_id: String,
    /// `web`, `spa`, `native`, `daemon`, `api` or `saas`.
    pub kind: String,
    /// The secret, if it can keep one.
    pub client_secret: Option<String>,
    /// The certificate of its private key, in PEM, if it has one.
    pub certificate: Option<String>,
    /// The private key, in PEM.
    pub private_key: Option<String>,
    /// Where its answers may be sent.
    pub redirect_uris: Vec<String>,
    /// The name it has as a resource.
    pub identifier_uri: Option<String>,
    /// Its delegated permissions, in full.
    pub scopes: Vec<String>,
    /// Its app roles.
    pub app_roles: Vec<String>,
    /// Whether people of other organisations may use it.
    pub multi_tenant: bool,
}

/// The organisation of Alice and Bob, and home of all programs.
pub fn contoso() -> Tenant {
    tenant("contoso.test")
}

/// The organisation of Carol and Dave.
pub fn fabrikam() -> Tenant {
    tenant("fabrikam.test")
}

/// An administrator of Contoso.
pub fn alice() -> Person {
    person("alice@contoso.test")
}

/// A plain user of Contoso.
pub fn bob() -> Person {
    person("bob@contoso.test")
}

/// An administrator of Fabrikam.
pub fn carol() -> Person {
    person("carol@fabrikam.test")
}

/// A plain user of Fabrikam.
pub fn dave() -> Person {
    person("dave@fabrikam.test")
}

/// A web application of Contoso, which keeps a secret.
pub fn web() -> Application {
    application("web")
}

/// A single-page application of Contoso.
pub fn spa() -> Application {
    application("spa")
}

/// A native application of Contoso.
pub fn native() -> Application {
    application("native")
}

/// A program of Contoso that runs for itself.
pub fn daemon() -> Application {
    application("daemon")
}

/// A web API of Contoso.
pub fn api() -> Application {
    application("api")
}

/// A program of Contoso in a browser, of the time before codes: its tokens come from the authorize endpoint.
pub fn classic() -> Application {
    named("Contoso Classic")
}

/// A web application of Contoso that takes an ID token together with its code.
pub fn portal() -> Application {
    named("Contoso Portal")
}

/// A web application for people of any organisation.
pub fn saas() -> Application {
    application("saas")
}

/// A native application of Contoso that has every permission of Microsoft Graph, on behalf of whoever signs in.
pub fn explorer() -> Application {
    named("Contoso Explorer")
}

/// A daemon of Contoso that may do everything to its directory.
pub fn automation() -> Application {
    named("Contoso Automation")
}

/// The same in Fabrikam.
pub fn fabrikam_automation() -> Application {
    named("Fabrikam Automation")
}

/// A web application of Contoso for everybody, to which nobody has consented.
pub fn newsletter() -> Application {
    named("Contoso Newsletter")
}

/// A daemon of Contoso that proves itself with a certificate.
pub fn certificate_daemon() -> Application {
    named("Contoso Certificate Daemon")
}

/// The scope of an application that asks for itself.
pub const API_DEFAULT: &str = "api://contoso-api/.default";
/// A permission of the web API.
pub const TASKS_READ: &str = "api://contoso-api/Tasks.Read";
/// Microsoft Graph's client id, everywhere.
pub const GRAPH: &str = "00000003-0000-0000-c000-000000000000";

fn tenant(domain: &str) -> Tenant {
    Server::shared().dev().tenants.iter().find(|tenant| tenant.domain == domain).unwrap().clone()
}

fn person(upn: &str) -> Person {
    Server::shared().dev().users.iter().find(|person| person.upn == upn).unwrap().clone()
}

fn application(kind: &str) -> Application {
    Server::shared().dev().applications.iter().find(|application| application.kind == kind).unwrap().clone()
}

/// The program with this name.
pub fn named(name: &str) -> Application {
    Server::shared().dev().applications.iter().find(|application| application.name == name).unwrap().clone()
}

impl Tenant {
    /// The issuer of its tokens, on a server.
    pub fn issuer(&self, server: &Server) -> String {
        format!("{}/{}/v2.0", server.origin(), self.id)
    }
}

impl Application {
    /// The secret of a program that has one.
    pub fn secret(&self) -> &str {
        let secret = self.client_secret.as_deref().unwrap();
        secrets::record(secret);
        secret
    }

    /// The first of its redirect URIs.
    pub fn redirect_uri(&self) -> &str {
        &self.redirect_uris[0]
    }

    /// The origin of its pages, for a single-page application.
    pub fn origin(&self) -> String {
        url::Url::parse(self.redirect_uri()).unwrap().origin().ascii_serialization()
    }

    /// A token request with its client id, and its secret if it has one.
    pub fn asks(&self, grant_type: &str) -> Form {
        let form = Form::new().with("grant_type", grant_type).with("client_id", &self.client_id);
        match &self.client_secret {
            Some(_) => form.with("client_secret", self.secret()),
            None => form,
        }
    }

    /// A token request for itself (RFC 6749 §4.4.2).
    pub fn for_itself(&self, scope: &str) -> Form {
        self.asks("client_credentials").with("scope", scope)
    }

    /// A token request with a code (RFC 6749 §4.1.3).
    pub fn redeems(&self, code: &str) -> Form {
        self.asks("authorization_code").with("code", code).with("redirect_uri", self.redirect_uri())
    }

    /// A token request with a refresh token (RFC 6749 §6).
    pub fn refreshes(&self, refresh_token: &str) -> Form {
        self.asks("refresh_token").with("refresh_token", refresh_token)
    }

    /// An authorize request for a code (RFC 6749 §4.1.1), with a state of its own.
    pub fn authorizes(&self, scope: &str) -> Form {
        Form::new()
            .with("client_id", &self.client_id)
            .with("response_type", "code")
            .with("redirect_uri", self.redirect_uri())
            .with("scope", scope)
            .with("state", random_text())
    }

    /// An authorize request without a redirect URI.
    pub fn authorizes_nowhere(&self) -> Form {
        Form::new().with("client_id", &self.client_id).with("response_type", "code").with("scope", "openid")
    }
}
