//! What a protocol wants consented to, and what is read to find out whether it was.

use idp_domain::applications::{Registration, ServicePrincipal};
use idp_domain::consent::{self, Assessment, Manner, Matter, Party};
use idp_domain::directory::User;
use idp_domain::store::Unavailable;
use idp_web::resources;
use idp_web::state::App;
use serde::{Deserialize, Serialize};
use vestibule_wire::ids::{ClientId, TenantId};
use vestibule_wire::scope::{Permission, ResourceName, ScopeRequest};

/// What a protocol wants consented to before it goes on.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct ConsentWish {
    /// The permissions, as a `scope` parameter.
    pub scope: String,
    /// Whether to ask in any case, and for whom.
    pub manner: Manner,
}

/// Whether what is wished was consented to. What cannot be consented to at all counts as settled: the protocol finds out
/// for itself, and has the words for it.
pub async fn is_settled(
    app: &App,
    user: &User,
    client: ClientId,
    wish: &ConsentWish,
) -> Result<bool, Unavailable> {
    let assessed = assess(app, user, client, wish).await?;
    Ok(matches!(assessed, None | Some((_, Assessment::Settled))))
}

/// Whether a user may use an application: it is for everybody, or they were assigned to it, or a group that they are in.
pub async fn may_use(app: &App, principal: &ServicePrincipal, user: &User) -> Result<bool, Unavailable> {
    if !principal.assignment_required {
        return Ok(true);
    }
    let roles = app.store.assigned_roles_of_user(user.tenant, user.id, principal.id).await?;
    Ok(!roles.is_empty())
}

/// Reads the matter and assesses it; none if there is nothing that could be consented to.
pub(crate) async fn assess(
    app: &App,
    user: &User,
    client: ClientId,
    wish: &ConsentWish,
) -> Result<Option<(Matter, Assessment)>, Unavailable> {
    let Ok(asked) = ScopeRequest::parse(&wish.scope) else { return Ok(None) };
    let Some(matter) = read(app, user, client, &asked, wish.manner).await? else { return Ok(None) };
    // Whoever may not use the application is not asked about their own use of it; the protocol says so.
    if wish.manner != Manner::Organisation
        && let Some(principal) = matter.party(client).and_then(|party| party.principal.as_ref())
        && !may_use(app, principal, user).await?
    {
        return Ok(None);
    }
    match consent::assess(&matter, &asked, wish.manner) {
        Ok(assessment) => Ok(Some((matter, assessment))),
        Err(why) => {
            tracing::debug!(?why, "there is nothing to consent to");
            Ok(None)
        }
    }
}

async fn read(
    app: &App,
    user: &User,
    client: ClientId,
    asked: &ScopeRequest,
    manner: Manner,
) -> Result<Option<Matter>, Unavailable> {
    let Some(tenant) = app.store.tenant(user.tenant).await? else { return Ok(None) };
    let mut reading = Reading { app, tenant: tenant.id, parties: Vec::new(), named: Vec::new() };
    if !reading.add(client).await? {
        return Ok(None);
    }
    reading.add(ClientId::MICROSOFT_GRAPH).await?;
    // What the registration lists matters only to those who ask for all of it.
    let by_registration = manner == Manner::Organisation
        || asked.permissions.iter().any(|scope| scope.permission == Permission::Default);
    if by_registration {
        reading.add_required(client).await?;
    }
    for name in asked.resources() {
        reading.add_named(name, client).await?;
    }
    if by_registration {
        let known: Vec<_> = reading.that_know(client).collect();
        for resource in known {
            reading.add_required(resource).await?;
        }
    }
    let Reading { parties, named, .. } = reading;
    let (mut grants, mut assigned) = (Vec::new(), Vec::new());
    for principal in parties.iter().filter_map(|party| party.principal.as_ref()) {
        grants.extend(app.store.permission_grants(user.tenant, principal.id, user.id).await?);
        if manner == Manner::Organisation {
            assigned.extend(app.store.assignments_of(user.tenant, principal.id.guid()).await?);
        }
    }
    Ok(Some(Matter { tenant, user: user.clone(), client, parties, named, grants, assigned }))
}

/// A matter as it is read.
struct Reading<'a> {
    app: &'a App,
    tenant: TenantId,
    parties: Vec<Party>,
    named: Vec<(ResourceName, ClientId)>,
}

impl Reading<'_> {
    /// Adds an application; false if there is none with this id.
    async fn add(&mut self, client: ClientId) -> Result<bool, Unavailable> {
        if self.parties.iter().any(|party| party.application.client_id == client) {
            return Ok(true);
        }
        if let Some(registration) = self.app.store.registration(self.tenant, client).await? {
            self.parties.push(here(registration));
            return Ok(true);
        }
        let Some(application) = self.app.store.application(client).await? else { return Ok(false) };
        self.parties.push(Party { application, principal: None });
        Ok(true)
    }

    async fn add_required(&mut self, client: ClientId) -> Result<(), Unavailable> {
        let party = self.parties.iter().find(|party| party.application.client_id == client);
        let Some(application) = party.map(|party| party.application.clone()) else { return Ok(()) };
        for required in &application.required_resource_access {
            self.add(required.resource_app_id).await?;
        }
        Ok(())
    }

    /// Adds the resource of a name: as it goes by in this tenant, or, if it is not there yet, one that the client's
    /// registration lists.
    async fn add_named(&mut self, name: &ResourceName, client: ClientId) -> Result<(), Unavailable> {
        if let Some(registration) = resources::find(self.app, self.tenant, name).await? {
            let id = registration.client_id();
            self.add(id).await?;
            self.named.push((name.clone(), id));
            return Ok(());
        }
        self.add_required(client).await?;
        let ResourceName::Named(text) = name else { return Ok(()) };
        let by_name = |party: &&Party| {
            let application = &party.application;
            application.identifier_uris.contains(text) || application.client_id.to_string() == *text
        };
        if let Some(party) = self.parties.iter().find(by_name) {
            self.named.push((name.clone(), party.application.client_id));
        }
        Ok(())
    }

    /// The resources that name the client among those they know.
    fn that_know(&self, client: ClientId) -> impl Iterator<Item = ClientId> {
        let know = move |party: &&Party| party.application.known_clients.contains(&client);
        self.parties.iter().filter(know).map(|party| party.application.client_id)
    }
}

fn here(registration: Registration) -> Party {
    Party { application: registration.application, principal: Some(registration.principal) }
}
