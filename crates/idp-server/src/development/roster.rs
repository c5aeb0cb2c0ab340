//! Who is who in a development store: what `dev.json` lists and the summary prints. Of the cast it follows from the tables;
//! of tenants that came from files it is kept beside the store, because the store has no passwords to tell.

use std::collections::{HashMap, HashSet};

use idp_domain::applications::{Application, Platform, microsoft_graph};
use idp_domain::changes::{Change, Changes};
use idp_domain::directory::{self, role};
use idp_domain::secret::Secret;
use idp_domain::tenant;
use serde::{Deserialize, Serialize};
use uuid::Uuid;
use vestibule_wire::ids::{ClientId, TenantId, UserId};

use super::cast::{ORGANISATIONS, PASSWORD, PEOPLE, PROGRAMS, Program};

/// Tenants, people and applications.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub(crate) struct Roster {
    pub(crate) tenants: Vec<Tenant>,
    pub(crate) users: Vec<User>,
    pub(crate) applications: Vec<Listed>,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Tenant {
    pub(crate) id: TenantId,
    pub(crate) name: String,
    pub(crate) domain: String,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct User {
    pub(crate) tenant: TenantId,
    pub(crate) id: UserId,
    pub(crate) upn: String,
    /// None when the file did not say it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) password: Option<String>,
    pub(crate) roles: Vec<String>,
}

/// An application.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Listed {
    pub(crate) name: String,
    pub(crate) tenant: TenantId,
    pub(crate) client_id: ClientId,
    pub(crate) kind: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) client_secret: Option<String>,
    /// The certificate of its private key, in PEM.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) certificate: Option<String>,
    /// The private key, in PEM (PKCS#8).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) private_key: Option<String>,
    pub(crate) redirect_uris: Vec<String>,
    /// Where it is told that somebody signed out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) back_channel_logout_url: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) identifier_uri: Option<String>,
    pub(crate) scopes: Vec<String>,
    pub(crate) app_roles: Vec<String>,
    /// App roles of Microsoft Graph that it has.
    pub(crate) graph_app_roles: Vec<String>,
    /// Whether an administrator of each tenant has consented to it.
    pub(crate) consented: bool,
    pub(crate) multi_tenant: bool,
}

/// What the applications of a tenant were granted there.
#[derive(Debug, Default)]
pub(crate) struct Granted {
    graph_app_roles: HashMap<ClientId, Vec<String>>,
    consented: HashSet<ClientId>,
}

impl Granted {
    /// Reads it from what makes the tenant.
    pub(crate) fn of(changes: &Changes) -> Self {
        let mut granted = Self::default();
        let mut clients: HashMap<Uuid, ClientId> = HashMap::new();
        let graph = microsoft_graph();
        for change in changes.iter() {
            match change {
                Change::CreateServicePrincipal(registration) => {
                    clients.insert(registration.principal.id.guid(), registration.client_id());
                }
                Change::GrantPermissions(grant) if grant.principal.is_none() => {
                    granted.consented.extend(clients.get(&grant.client.guid()));
                }
                Change::AssignAppRole(assignment)
                    if clients.get(&assignment.resource.guid()) == Some(&ClientId::MICROSOFT_GRAPH) =>
                {
                    let role = graph.app_roles.iter().find(|role| role.id == assignment.app_role);
                    let value = role.and_then(|role| role.value.clone());
                    if let (Some(client), Some(value)) = (clients.get(&assignment.principal), value) {
                        granted.graph_app_roles.entry(*client).or_default().push(value);
                    }
                }
                _ => {}
            }
        }
        granted
    }
}

impl Roster {
    /// The cast.
    pub(crate) fn of_the_cast() -> Self {
        let tenant =
            |o: &super::cast::Organisation| Tenant { id: o.id, name: o.name.into(), domain: o.domain.into() };
        let user = |person: &super::cast::Person| User {
            tenant: person.tenant,
            id: person.id,
            upn: person.upn.into(),
            password: Some(PASSWORD.into()),
            roles: names(if person.administrator { &[role::GLOBAL_ADMINISTRATOR] } else { &[] }),
        };
        Self {
            tenants: ORGANISATIONS.iter().map(tenant).collect(),
            users: PEOPLE.iter().map(user).collect(),
            applications: PROGRAMS.iter().map(program).collect(),
        }
    }

    pub(crate) fn add_tenant(&mut self, tenant: &tenant::Tenant) {
        let (name, domain) = (tenant.display_name.clone(), tenant.default_domain.clone());
        self.tenants.push(Tenant { id: tenant.id, name, domain });
    }

    pub(crate) fn add_user(&mut self, user: &directory::User, password: Option<&Secret>) {
        self.users.push(User {
            tenant: user.tenant,
            id: user.id,
            upn: user.upn.to_string(),
            password: password.map(|password| password.expose().to_owned()),
            roles: names(&user.directory_roles),
        });
    }

    pub(crate) fn add_application(
        &mut self,
        application: &Application,
        secret: Option<&Secret>,
        granted: &Granted,
    ) {
        let uri = application.identifier_uris.first();
        let prefix = uri.cloned().unwrap_or_else(|| application.client_id.to_string());
        let scopes = &application.delegated_permissions;
        self.applications.push(Listed {
            name: application.display_name.clone(),
            tenant: application.tenant,
            client_id: application.client_id,
            kind: kind(application).into(),
            client_secret: secret.map(|secret| secret.expose().to_owned()),
            // A file has certificates and never their keys.
            certificate: None,
            private_key: None,
            redirect_uris: application.redirect_uris.iter().map(|uri| uri.as_str().to_owned()).collect(),
            back_channel_logout_url: application.back_channel_logout_url.clone(),
            identifier_uri: uri.cloned(),
            scopes: scopes.iter().map(|scope| format!("{prefix}/{}", scope.value)).collect(),
            app_roles: application.app_roles.iter().filter_map(|role| role.value.clone()).collect(),
            graph_app_roles: granted.graph_app_roles.get(&application.client_id).cloned().unwrap_or_default(),
            consented: granted.consented.contains(&application.client_id),
            multi_tenant: application.sign_in_audience.is_multi_tenant(),
        });
    }

    /// Adds others. A tenant that comes again replaces itself: an import that was cut off has left it listed.
    pub(crate) fn extend(&mut self, other: Self) {
        let again: HashSet<_> = other.tenants.iter().map(|tenant| tenant.id).collect();
        self.tenants.retain(|tenant| !again.contains(&tenant.id));
        self.users.retain(|user| !again.contains(&user.tenant));
        self.applications.retain(|application| !again.contains(&application.tenant));
        self.tenants.extend(other.tenants);
        self.users.extend(other.users);
        self.applications.extend(other.applications);
    }
}

fn names(roles: &[Uuid]) -> Vec<String> {
    roles.iter().filter_map(|role| role::name(*role)).map(str::to_owned).collect()
}

/// The word for what kind of program it is, told by how people get to it.
fn kind(application: &Application) -> &'static str {
    let has = |platform| application.redirect_uris.iter().any(|uri| uri.platform == platform);
    let offers = !application.delegated_permissions.is_empty() || !application.app_roles.is_empty();
    if has(Platform::Spa) {
        "spa"
    } else if has(Platform::Web) {
        if application.sign_in_audience.is_multi_tenant() { "saas" } else { "web" }
    } else if has(Platform::Native) {
        "native"
    } else if offers || !application.identifier_uris.is_empty() {
        "api"
    } else {
        "daemon"
    }
}

fn program(program: &Program) -> Listed {
    let uri = program.identifier_uri.unwrap_or_default();
    let texts = |list: &[&str]| list.iter().map(|text| (*text).to_owned()).collect();
    Listed {
        name: program.name.into(),
        tenant: program.tenant,
        client_id: program.client_id(),
        kind: program.kind.into(),
        client_secret: program.secret.map(str::to_owned),
        certificate: program.key_pair.as_ref().map(|pair| pair.certificate.to_owned()),
        private_key: program.key_pair.as_ref().map(|pair| pair.private_key.to_owned()),
        redirect_uris: texts(program.redirect_uris),
        back_channel_logout_url: program.back_channel_logout_url.map(str::to_owned),
        identifier_uri: program.identifier_uri.map(str::to_owned),
        scopes: program.scopes.iter().map(|scope| format!("{uri}/{scope}")).collect(),
        app_roles: texts(program.app_roles),
        graph_app_roles: texts(program.graph_app_roles),
        consented: program.consented,
        multi_tenant: program.audience.is_multi_tenant(),
    }
}
