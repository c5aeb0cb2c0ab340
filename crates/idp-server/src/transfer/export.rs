//! A tenant out of a store. What is deleted, and what refers to it, is left out; so are sessions, grants of tokens and
//! the audit log.

use std::collections::{HashMap, HashSet};
use std::future::Future;
use std::sync::Arc;

use idp_domain::applications::{Application, Registration};
use idp_domain::directory::{DirectoryObject, Group, ObjectKind, Relation, Seek, User};
use idp_domain::sealed::Sealer;
use idp_domain::store::{Store, Unavailable};
use idp_domain::tenant::Tenant;
use uuid::Uuid;
use vestibule_wire::ids::TenantId;

use super::format::{Document, Members};
use super::names::Called;
use super::{applications, assignments, grants, groups, organization, service_principals, users};

/// How many objects are read at a time.
const PAGE: u32 = 1000;

/// What becomes of passwords and client secrets.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Secrets<'a> {
    /// They are left out.
    Omitted,
    /// They are sealed, for stores under the same master key.
    Sealed(&'a Sealer),
}

/// The objects of a tenant, each kind in the order of the file.
#[derive(Default)]
struct Objects {
    users: Vec<User>,
    groups: Vec<Group>,
    applications: Vec<Arc<Application>>,
    principals: Vec<Registration>,
    called: Called,
}

/// Reads a tenant. `told` hears how many objects of which kind have been written.
pub(crate) async fn export<S: Store>(
    store: &S,
    tenant: &Tenant,
    secrets: Secrets<'_>,
    told: &mut (dyn FnMut(&str, usize) + Send),
) -> Result<Document, Unavailable> {
    let sealer = match secrets {
        Secrets::Omitted => None,
        Secrets::Sealed(sealer) => Some(sealer),
    };
    let reader = Reader { store, tenant: tenant.id };
    let mut domains = store.domains(tenant.id).await?;
    // The default one first, as in the file.
    domains.sort_by_key(|domain| *domain != tenant.default_domain);
    let objects = reader.objects(told).await?;
    let mut file = Document { organization: organization::write(tenant, &domains), ..Document::default() };
    for user in &objects.users {
        let manager = reader.linked(Relation::Manager, user.id.guid(), &objects.called).await?;
        file.users.push(users::write(user, manager.first().map(String::as_str), sealer));
    }
    told("users", file.users.len());
    for group in &objects.groups {
        let id = group.id.guid();
        let members = reader.linked(Relation::Member, id, &objects.called).await?;
        let owners = reader.linked(Relation::Owner, id, &objects.called).await?;
        file.groups.push(groups::write(group, &members, &owners));
    }
    told("groups", file.groups.len());
    let present: HashSet<_> = objects.principals.iter().map(Registration::client_id).collect();
    for application in &objects.applications {
        let owners = reader.linked(Relation::Owner, application.id.guid(), &objects.called).await?;
        let principal = present.contains(&application.client_id);
        file.applications.push(applications::write(application, &domains, &owners, principal, sealer));
    }
    for registration in &objects.principals {
        let id = registration.principal.id.guid();
        let owners = reader.linked(Relation::Owner, id, &objects.called).await?;
        file.service_principals.push(service_principals::write(registration, &owners));
    }
    file.permission_grants = reader.grants(&objects).await?;
    file.app_role_assignments = reader.assignments(&objects).await?;
    Ok(file)
}

struct Reader<'s, S> {
    store: &'s S,
    tenant: TenantId,
}

impl<S: Store> Reader<'_, S> {
    async fn objects(&self, told: &mut (dyn FnMut(&str, usize) + Send)) -> Result<Objects, Unavailable> {
        let mut all = Objects::default();
        for kind in ObjectKind::ALL {
            let mut after = None;
            loop {
                let page = self.store.objects(self.tenant, kind, &Seek::All, after.as_ref(), PAGE).await?;
                let last = page.len() < PAGE as usize;
                after = page.last().map(|(position, _)| position.clone()).or(after);
                for (_, object) in page {
                    all.add(object);
                }
                told("reading users", all.users.len());
                if last {
                    break;
                }
            }
        }
        all.sort();
        Ok(all)
    }

    /// What an object is linked to, as the file calls it.
    async fn linked(
        &self,
        relation: Relation,
        from: Uuid,
        called: &Called,
    ) -> Result<Vec<String>, Unavailable> {
        let page = |after: Option<Uuid>| self.store.linked_from(self.tenant, relation, from, after, PAGE);
        let linked = pages(page, DirectoryObject::id).await?;
        let mut names: Vec<_> =
            linked.iter().filter_map(|object| called.name(object.id()).map(str::to_owned)).collect();
        names.sort_unstable();
        Ok(names)
    }

    async fn grants(&self, objects: &Objects) -> Result<Vec<Members>, Unavailable> {
        let offered: HashMap<_, Vec<String>> = (objects.principals.iter())
            .map(|Registration { principal, application }| {
                let values = application.delegated_permissions.iter().map(|scope| scope.value.clone());
                (principal.id, values.collect())
            })
            .collect();
        let page = |after: Option<idp_domain::consent::PermissionGrant>| async move {
            self.store.all_permission_grants(self.tenant, None, after.as_ref(), PAGE).await
        };
        let all = pages(page, Clone::clone).await?;
        let write = |grant| grants::write(grant, offered.get(&grant.resource)?, &objects.called);
        Ok(in_order(all.iter().filter_map(write).collect(), &["clientId", "resourceId", "principalId"]))
    }

    async fn assignments(&self, objects: &Objects) -> Result<Vec<Members>, Unavailable> {
        let mut all = Vec::new();
        for Registration { principal, application } in &objects.principals {
            let assigned = self.store.assignments_on(self.tenant, principal.id).await?;
            all.extend(
                assigned.iter().filter_map(|one| assignments::write(one, application, &objects.called)),
            );
        }
        Ok(in_order(all, &["principalId", "resourceId", "appRoleId"]))
    }
}

impl Objects {
    fn add(&mut self, object: DirectoryObject) {
        match object {
            DirectoryObject::User(user) => {
                self.called.add_user(user.id.guid(), user.upn.as_str());
                self.users.push(user);
            }
            DirectoryObject::Group(group) => {
                self.called.add_named(group.id.guid(), &group.display_name);
                self.groups.push(group);
            }
            DirectoryObject::Application(application) => self.applications.push(application),
            DirectoryObject::ServicePrincipal(registration) => {
                let id = registration.principal.id.guid();
                self.called.add_named(id, &registration.application.display_name);
                self.principals.push(registration);
            }
        }
    }

    fn sort(&mut self) {
        self.users.sort_by(|a, b| a.upn.cmp(&b.upn));
        self.groups.sort_by(|a, b| (&a.display_name, a.id).cmp(&(&b.display_name, b.id)));
        self.applications.sort_by(|a, b| (&a.display_name, a.id).cmp(&(&b.display_name, b.id)));
        self.principals.sort_by(|a, b| {
            (&a.application.display_name, a.principal.id).cmp(&(&b.application.display_name, b.principal.id))
        });
    }
}

/// Sorted by these members.
fn in_order(mut list: Vec<Members>, by: &[&str]) -> Vec<Members> {
    list.sort_by_cached_key(|entry| {
        let text =
            |name: &&str| entry.get(*name).and_then(|value| value.as_str()).unwrap_or_default().to_owned();
        by.iter().map(text).collect::<Vec<_>>()
    });
    list
}

/// All pages of a list.
async fn pages<T, A, F>(page: impl Fn(Option<A>) -> F, place: impl Fn(&T) -> A) -> Result<Vec<T>, Unavailable>
where
    F: Future<Output = Result<Vec<T>, Unavailable>>,
{
    let mut all: Vec<T> = Vec::new();
    loop {
        let more = page(all.last().map(&place)).await?;
        let last = more.len() < PAGE as usize;
        all.extend(more);
        if last {
            return Ok(all);
        }
    }
}
