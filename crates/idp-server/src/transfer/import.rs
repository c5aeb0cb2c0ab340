//! Files into a store: everything is looked at before anything is written.
//!
//! ```text
//! 1. each file for itself    the tenant, its users, groups and applications        [`Draft`]
//! 2. what is there           tenants, domains and applications of the store
//! 3. what refers to others   service principals, members, owners, grants, roles    [`Tenancy`]
//! 4. passwords               hashed, each once, when nothing is wrong
//! ```

use std::collections::HashMap;
use std::sync::Arc;

use idp_domain::applications::{Application, microsoft_graph};
use idp_domain::audit::{Activity, AuditEvent};
use idp_domain::changes::{Change, Changes};
use idp_domain::directory::ObjectKind;
use idp_domain::randomness::Randomness;
use idp_domain::sealed::Sealer;
use idp_domain::store::{Store, Unavailable};
use idp_domain::tenant::Tenant;
use jiff::Timestamp;
use uuid::Uuid;
use vestibule_wire::ids::{ClientId, TenantId};

use super::applications;
use super::draft::Draft;
use super::entry::Entry;
use super::faults::{Faults, Refused};
use super::format::Document;
use super::names::{Found, Names};
use super::settle::settle;
use crate::development::roster::Roster;
use crate::development::{cast, seed};

/// Who will get to what is imported.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Audience {
    /// Whoever is on this machine, for development.
    Developers,
    /// Whoever can reach the server.
    Everybody,
}

/// Nothing was imported.
#[derive(Debug, thiserror::Error)]
pub(crate) enum ImportError {
    #[error("{0}")]
    Refused(Refused),
    #[error("{0}")]
    Unavailable(#[from] Unavailable),
}

/// What makes a store have the tenants of the files.
#[derive(Debug)]
pub(crate) struct Imported {
    pub(crate) changes: Changes,
    /// Who is who in them.
    pub(crate) roster: Roster,
}

/// What all objects of a file are read with.
pub(super) struct Scene<'a> {
    pub(super) tenant: TenantId,
    pub(super) domains: &'a [String],
    pub(super) sealer: &'a Sealer,
    pub(super) now: Timestamp,
    pub(super) audience: Audience,
}

/// The applications that there are.
pub(super) struct Known<'a> {
    by_id: &'a HashMap<ClientId, Arc<Application>>,
    /// Those of the file itself and Microsoft Graph, whatever the case; none if several have the name.
    by_name: HashMap<String, Option<Arc<Application>>>,
}

impl<'a> Known<'a> {
    pub(super) fn new(by_id: &'a HashMap<ClientId, Arc<Application>>, own: &[applications::Read]) -> Self {
        let mut by_name = HashMap::new();
        let graph = by_id.get(&ClientId::MICROSOFT_GRAPH);
        let own = own.iter().filter_map(|read| by_id.get(&read.application.client_id));
        for application in own.chain(graph) {
            let entry = by_name.entry(application.display_name.to_lowercase());
            entry.and_modify(|named| *named = None).or_insert_with(|| Some(Arc::clone(application)));
        }
        Self { by_id, by_name }
    }

    pub(super) fn by_id(&self, id: ClientId) -> Option<&Arc<Application>> {
        self.by_id.get(&id)
    }

    pub(super) fn called(&self, name: &str) -> Result<&Arc<Application>, String> {
        match self.by_name.get(&name.to_lowercase()) {
            Some(Some(application)) => Ok(application),
            Some(None) => Err(format!("more than one application is called '{name}'; say appId")),
            None => Err(format!("no application in the file is called '{name}'; say appId")),
        }
    }
}

/// The objects of one tenant, by everything they can be called.
pub(super) struct Tenancy<'a> {
    pub(super) tenant: TenantId,
    pub(super) now: Timestamp,
    pub(super) names: Names,
    /// By the ids of their service principals.
    pub(super) applications: HashMap<Uuid, &'a Application>,
}

impl Tenancy<'_> {
    /// What a member of an entry refers to, if it is one of these.
    pub(super) fn find(
        &self,
        entry: &mut Entry<'_>,
        member: &str,
        text: &str,
        kinds: &[ObjectKind],
    ) -> Option<Found> {
        match self.names.find(text) {
            Ok(found) if kinds.contains(&found.1) => Some(found),
            Ok((_, kind)) => {
                entry.fault(member, format_args!("'{text}' is {}, which it cannot be", article(kind)));
                None
            }
            Err(why) => {
                entry.fault(member, why);
                None
            }
        }
    }

    pub(super) fn application_of(&self, principal: Uuid) -> Option<&Application> {
        self.applications.get(&principal).copied()
    }
}

const fn article(kind: ObjectKind) -> &'static str {
    match kind {
        ObjectKind::User => "a user",
        ObjectKind::Group => "a group",
        ObjectKind::Application => "an application",
        ObjectKind::ServicePrincipal => "a service principal",
    }
}

/// Files with what they are called in complaints, the store they are for, and the world.
pub(crate) struct Import<'a, S> {
    pub(crate) store: &'a S,
    pub(crate) sealer: &'a Sealer,
    pub(crate) audience: Audience,
    pub(crate) now: Timestamp,
    pub(crate) random: &'a dyn Randomness,
}

/// Says what makes the store have the tenants of these files, unless something is wrong with any of them.
pub(crate) async fn import<S: Store>(
    with: &Import<'_, S>,
    files: Vec<(String, Document)>,
) -> Result<Imported, ImportError> {
    let mut drafts = Vec::with_capacity(files.len());
    let mut all = Faults::default();
    for (name, document) in files {
        let mut faults = Faults::default();
        let draft = Draft::read(document, with, &mut faults);
        drafts.push((name, faults, draft));
    }
    let mut known = HashMap::from([(ClientId::MICROSOFT_GRAPH, Arc::new(microsoft_graph()))]);
    let mut tenants = Vec::new();
    for (_, faults, draft) in &mut drafts {
        let Some(draft) = draft else { continue };
        against_the_store(with, draft, &mut tenants, &mut known, faults).await?;
    }
    let mut settled = Vec::new();
    for (name, mut faults, draft) in drafts {
        if let Some(mut draft) = draft {
            for client in draft.foreign_applications(&known) {
                if let Some(application) = with.store.application(client).await? {
                    known.insert(client, application);
                }
            }
            let changes = settle(&mut draft, &known, with, &mut faults);
            settled.push((draft, changes));
        }
        all.within(&name, faults);
    }
    all.refuse_if_any().map_err(ImportError::Refused)?;

    let mut imported = Imported { changes: Changes::none(), roster: Roster::default() };
    if with.store.tenant(TenantId::CONSUMERS).await?.is_none() {
        imported.changes.add(Change::CreateTenant(Box::new(Tenant::of_personal_accounts())));
    }
    let passwords = super::draft::hash_passwords(settled.iter().map(|(draft, _)| draft), with.random);
    for (draft, rest) in settled {
        draft.tell(&rest, &mut imported.roster);
        let tenant = draft.organization.tenant.id;
        let event = AuditEvent::new(Activity::TenantCreated, tenant, with.now, with.random);
        imported.changes =
            imported.changes.with(draft.changes(&passwords)).with(rest).and(Change::RecordAudit(event));
    }
    Ok(imported)
}

/// Whether the store, and the files before, leave room for what is new.
async fn against_the_store<S: Store>(
    with: &Import<'_, S>,
    draft: &Draft,
    tenants: &mut Vec<(TenantId, Vec<String>)>,
    known: &mut HashMap<ClientId, Arc<Application>>,
    faults: &mut Faults,
) -> Result<(), Unavailable> {
    let tenant = &draft.organization.tenant;
    let published = [cast::CONTOSO, cast::FABRIKAM].contains(&tenant.id);
    let reserved = [TenantId::CONSUMERS, microsoft_graph().tenant, seed::MARK];
    if reserved.contains(&tenant.id) || (with.audience == Audience::Everybody && published) {
        let why = "it is the id of a tenant that every installation has, or of one that `vestibule dev` publishes; leave it out, or say another";
        faults.add("organization.id", why);
    } else if with.store.tenant(tenant.id).await?.is_some() {
        let why = "the store has this tenant already, and import never changes one that is there. Import into another store, or give the tenant another id and other domains";
        faults.add("organization.id", why);
    } else if tenants.iter().any(|(other, _)| *other == tenant.id) {
        faults.add("organization.id", "another file has this tenant as well");
    }
    for (index, domain) in draft.organization.domains.iter().enumerate() {
        let elsewhere = tenants.iter().any(|(_, domains)| domains.contains(domain));
        if elsewhere || with.store.tenant_of_domain(domain).await?.is_some() {
            let why = format_args!("another tenant has {domain}; a domain is one tenant's");
            faults.add(format_args!("organization.domains[{index}]"), why);
        }
    }
    tenants.push((tenant.id, draft.organization.domains.clone()));
    for read in &draft.applications {
        let client = read.application.client_id;
        if known.contains_key(&client) || with.store.application(client).await?.is_some() {
            let why = format_args!("another application has the client id {client}; it is one application's");
            faults.add(format_args!("{}.appId", read.at), why);
        }
        // What is there stays what it is.
        known.entry(client).or_insert_with(|| Arc::new(read.application.clone()));
    }
    Ok(())
}
