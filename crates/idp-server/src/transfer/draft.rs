//! A tenant as its file has it, before anything in it is looked up.

use std::collections::{BTreeSet, HashMap};
use std::num::NonZeroUsize;
use std::sync::Arc;
use std::thread;

use idp_domain::applications::Application;
use idp_domain::changes::{Change, Changes};
use idp_domain::credentials::PasswordHash;
use idp_domain::randomness::Randomness;
use idp_domain::secret::Secret;
use serde_json::Value;
use vestibule_wire::ids::ClientId;

use super::entry::{Entry, guid_of};
use super::faults::Faults;
use super::format::{APPLICATIONS, Document, GROUPS, Members, USERS};
use super::import::{Import, Scene};
use super::organization::{self, Organization};
use super::{applications, groups, users};
use crate::development::roster::{Granted, Roster};

/// A tenant, with what refers to others still as the file has it.
#[derive(Debug)]
pub(super) struct Draft {
    pub(super) organization: Organization,
    pub(super) users: Vec<users::Read>,
    pub(super) groups: Vec<groups::Read>,
    pub(super) applications: Vec<applications::Read>,
    pub(super) service_principals: Vec<Members>,
    pub(super) permission_grants: Vec<Members>,
    pub(super) app_role_assignments: Vec<Members>,
}

impl Draft {
    /// Reads what stands for itself; none if it is not clear which tenant it is.
    pub(super) fn read<S>(document: Document, with: &Import<'_, S>, faults: &mut Faults) -> Option<Self> {
        let Document { organization, users, groups, applications, .. } = document;
        let organization =
            organization::read(Entry::new("organization".into(), organization, faults), with.now)?;
        let scene = with.scene(&organization);
        let users = each(USERS, users, faults, |entry| users::read(entry, &scene));
        let groups = each(GROUPS, groups, faults, |entry| groups::read(entry, &scene));
        let applications =
            each(APPLICATIONS, applications, faults, |entry| applications::read(entry, &scene));
        Some(Self {
            users,
            groups,
            applications,
            organization,
            service_principals: document.service_principals,
            permission_grants: document.permission_grants,
            app_role_assignments: document.app_role_assignments,
        })
    }

    /// The applications that it has service principals of, and that are not known yet.
    pub(super) fn foreign_applications(&self, known: &HashMap<ClientId, Arc<Application>>) -> Vec<ClientId> {
        let named = self.service_principals.iter().filter_map(|entry| entry.get("appId")?.as_str());
        named.filter_map(guid_of).map(ClientId::new).filter(|client| !known.contains_key(client)).collect()
    }

    /// Who is in it, for people and programs who want to try it.
    pub(super) fn tell(&self, rest: &Changes, roster: &mut Roster) {
        let tenant = &self.organization.tenant;
        roster.add_tenant(tenant);
        for read in &self.users {
            roster.add_user(&read.user, read.password.as_ref());
        }
        let granted = Granted::of(rest);
        for read in &self.applications {
            roster.add_application(&read.application, read.secret.as_ref(), &granted);
        }
    }

    /// What makes the tenant and what stands for itself in it.
    pub(super) fn changes(self, passwords: &HashMap<String, PasswordHash>) -> Changes {
        let Organization { tenant, domains } = self.organization;
        let id = tenant.id;
        let mut changes = Changes::one(Change::CreateTenant(Box::new(tenant)));
        for domain in domains {
            changes.add(Change::AddDomain { tenant: id, domain });
        }
        for users::Read { mut user, password, .. } in self.users {
            if let Some(hash) = password.and_then(|password| passwords.get(password.expose())) {
                user.password = Some(hash.clone());
            }
            changes.add(Change::CreateUser(Box::new(user)));
        }
        for read in self.groups {
            changes.add(Change::CreateGroup(Box::new(read.group)));
        }
        for read in self.applications {
            changes.add(Change::CreateApplication(Box::new(read.application)));
        }
        changes
    }
}

impl<S> Import<'_, S> {
    pub(super) fn scene<'a>(&'a self, organization: &'a Organization) -> Scene<'a> {
        Scene {
            tenant: organization.tenant.id,
            domains: &organization.domains,
            sealer: self.sealer,
            now: self.now,
            audience: self.audience,
        }
    }
}

/// Reads the objects of a section.
pub(super) fn each<T>(
    section: &str,
    entries: Vec<serde_json::Map<String, Value>>,
    faults: &mut Faults,
    mut read: impl FnMut(Entry<'_>) -> Option<T>,
) -> Vec<T> {
    let mut all = Vec::with_capacity(entries.len());
    for (index, entry) in entries.into_iter().enumerate() {
        all.extend(read(Entry::new(format!("{section}[{index}]"), entry, faults)));
    }
    all
}

/// Hashes passwords, each of them once, however many have it. Slow on purpose, so on all cores.
pub(super) fn hash_passwords<'d>(
    drafts: impl Iterator<Item = &'d Draft>,
    random: &dyn Randomness,
) -> HashMap<String, PasswordHash> {
    let passwords = drafts.flat_map(|draft| &draft.users).filter_map(|read| read.password.as_ref());
    let distinct: Vec<&str> = passwords.map(Secret::expose).collect::<BTreeSet<_>>().into_iter().collect();
    let cores = thread::available_parallelism().map_or(1, NonZeroUsize::get);
    let share = distinct.len().div_ceil(cores).max(1);
    let hash = |share: &[&str]| -> Vec<_> {
        let made = |text: &&str| ((*text).to_owned(), PasswordHash::make(&Secret::new(*text), random));
        share.iter().map(made).collect()
    };
    thread::scope(|scope| {
        let hash = &hash;
        let threads: Vec<_> = distinct.chunks(share).map(|share| scope.spawn(move || hash(share))).collect();
        threads.into_iter().filter_map(|thread| thread.join().ok()).flatten().collect()
    })
}
