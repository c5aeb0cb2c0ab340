//! What refers to others: service principals, members, owners, managers, grants, app roles.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use idp_domain::applications::Application;
use idp_domain::changes::{Change, Changes};
use idp_domain::directory::{Link, ObjectKind, Relation};
use uuid::Uuid;
use vestibule_wire::ids::{ClientId, TenantId};

use super::assignments::Assignments;
use super::draft::{Draft, each};
use super::entry::Entry;
use super::faults::Faults;
use super::format::{ASSIGNMENTS, GRANTS, Members, SERVICE_PRINCIPALS};
use super::grants::Grants;
use super::import::{Import, Known, Tenancy};
use super::names::Names;
use super::service_principals;

/// What a link may lead to.
const USER: &[ObjectKind] = &[ObjectKind::User];
const OWNERS: &[ObjectKind] = &[ObjectKind::User, ObjectKind::ServicePrincipal];
const MEMBERS: &[ObjectKind] = &[ObjectKind::User, ObjectKind::Group, ObjectKind::ServicePrincipal];
/// A group that roles can be assigned to has no groups as members, whose owners would come by the role.
const MEMBERS_WITH_ROLES: &[ObjectKind] = &[ObjectKind::User, ObjectKind::ServicePrincipal];

/// Looks everything up, and says what comes true after the objects themselves.
pub(super) fn settle<S>(
    draft: &mut Draft,
    known: &HashMap<ClientId, Arc<Application>>,
    with: &Import<'_, S>,
    faults: &mut Faults,
) -> Changes {
    let principals = principals(draft, known, with, faults);
    let mut tenancy = Tenancy {
        tenant: draft.organization.tenant.id,
        now: with.now,
        names: names(draft, &principals, faults),
        applications: HashMap::new(),
    };
    for read in &principals {
        let Some(application) = known.get(&read.registration.principal.client_id) else { continue };
        tenancy.applications.insert(read.registration.principal.id.guid(), application.as_ref());
    }
    only_one_has(draft, faults);
    let mut links = Changes::none();
    link_people(draft, &tenancy, &mut links, faults);
    for read in &principals {
        let from = (read.registration.principal.id.guid(), ObjectKind::ServicePrincipal);
        owners(&read.at, from, &read.owners, &tenancy, &mut links, faults);
    }
    let (mut grants, mut assignments) = (Grants::default(), Assignments::default());
    let granted = each(GRANTS, std::mem::take(&mut draft.permission_grants), faults, |entry| {
        grants.read(entry, &tenancy).map(Change::GrantPermissions)
    });
    let assigned = each(ASSIGNMENTS, std::mem::take(&mut draft.app_role_assignments), faults, |entry| {
        assignments.read(entry, &tenancy).map(Change::AssignAppRole)
    });
    let registered =
        principals.into_iter().map(|read| Change::CreateServicePrincipal(Box::new(read.registration)));
    let changes: Changes = registered.collect();
    changes.with(links).with(granted.into_iter().chain(assigned).collect())
}

/// The service principals of the file, and those that come by themselves: of its applications, and of Microsoft Graph.
fn principals<S>(
    draft: &mut Draft,
    known: &HashMap<ClientId, Arc<Application>>,
    with: &Import<'_, S>,
    faults: &mut Faults,
) -> Vec<service_principals::Read> {
    let entries: Vec<Members> = std::mem::take(&mut draft.service_principals);
    let scene = with.scene(&draft.organization);
    let known = Known::new(known, &draft.applications);
    let mut all =
        each(SERVICE_PRINCIPALS, entries, faults, |entry| service_principals::read(entry, &scene, &known));
    let listed: HashSet<_> = all.iter().map(|read| read.registration.client_id()).collect();
    for read in &draft.applications {
        let client = read.application.client_id;
        match (known.by_id(client), listed.contains(&client)) {
            (Some(application), false) if read.principal => {
                all.push(service_principals::by_itself(read.at.clone(), application, &scene));
            }
            (_, true) if !read.principal => {
                faults.add(
                    format_args!("{}.servicePrincipal", read.at),
                    "it is in servicePrincipals all the same",
                );
            }
            _ => {}
        }
    }
    if let (Some(graph), false) =
        (known.by_id(ClientId::MICROSOFT_GRAPH), listed.contains(&ClientId::MICROSOFT_GRAPH))
    {
        all.push(service_principals::by_itself(SERVICE_PRINCIPALS.to_owned(), graph, &scene));
    }
    all
}

/// Everything by what it is called. Ids, user names and client ids are each one object's.
fn names(draft: &Draft, principals: &[service_principals::Read], faults: &mut Faults) -> Names {
    let mut names = Names::default();
    let mut told = |at: &str, member: &str, outcome: Result<(), String>| {
        if let Err(why) = outcome {
            faults.add(format_args!("{at}.{member}"), why);
        }
    };
    for read in &draft.users {
        let id = read.user.id.guid();
        let named = names.add_user(read.user.upn.as_str(), id);
        // Where the name is another's, so is the id that follows from it.
        match named {
            Ok(()) => told(&read.at, "id", names.add(id, ObjectKind::User)),
            Err(why) => told(&read.at, "userPrincipalName", Err(why)),
        }
    }
    for read in &draft.groups {
        let id = read.group.id.guid();
        told(&read.at, "id", names.add(id, ObjectKind::Group));
        names.add_name(&read.group.display_name, id, ObjectKind::Group);
    }
    for read in &draft.applications {
        told(&read.at, "id", names.add(read.application.id.guid(), ObjectKind::Application));
    }
    for read in principals {
        let id = read.registration.principal.id.guid();
        match names.add_app_id(read.registration.client_id().guid(), id) {
            Ok(()) => told(&read.at, "id", names.add(id, ObjectKind::ServicePrincipal)),
            Err(why) => told(&read.at, "appId", Err(why)),
        }
        names.add_name(&read.registration.application.display_name, id, ObjectKind::ServicePrincipal);
    }
    names
}

/// Application ID URIs are each one application's.
fn only_one_has(draft: &Draft, faults: &mut Faults) {
    let mut taken = HashSet::new();
    for read in &draft.applications {
        for (index, uri) in read.application.identifier_uris.iter().enumerate() {
            if !taken.insert(uri.to_lowercase()) {
                let at = format_args!("{}.identifierUris[{index}]", read.at);
                faults.add(at, format_args!("another application has {uri} as well"));
            }
        }
    }
}

fn link_people(draft: &mut Draft, tenancy: &Tenancy<'_>, links: &mut Changes, faults: &mut Faults) {
    for read in &draft.users {
        let manager = read.manager.as_slice();
        let from = (read.user.id.guid(), ObjectKind::User);
        link(&read.at, "manager", from, Relation::Manager, (manager, USER), tenancy, links, faults);
    }
    for read in &mut draft.groups {
        let from = (read.group.id.guid(), ObjectKind::Group);
        let kinds = if read.group.assignable_to_role { MEMBERS_WITH_ROLES } else { MEMBERS };
        let members = std::mem::take(&mut read.members);
        link(&read.at, "members", from, Relation::Member, (&members, kinds), tenancy, links, faults);
        owners(&read.at, from, &read.owners, tenancy, links, faults);
    }
    for read in &draft.applications {
        let from = (read.application.id.guid(), ObjectKind::Application);
        owners(&read.at, from, &read.owners, tenancy, links, faults);
    }
}

fn owners(
    at: &str,
    from: (Uuid, ObjectKind),
    texts: &[String],
    tenancy: &Tenancy<'_>,
    links: &mut Changes,
    faults: &mut Faults,
) {
    link(at, "owners", from, Relation::Owner, (texts, OWNERS), tenancy, links, faults);
}

/// Links an object to others, each of which is there, is of a kind that may be linked, and is linked once.
#[expect(clippy::too_many_arguments, reason = "what is linked to what, and where it stands")]
fn link(
    at: &str,
    member: &str,
    (from, from_kind): (Uuid, ObjectKind),
    relation: Relation,
    (texts, kinds): (&[String], &[ObjectKind]),
    tenancy: &Tenancy<'_>,
    links: &mut Changes,
    faults: &mut Faults,
) {
    let tenant: TenantId = tenancy.tenant;
    let mut seen = HashSet::with_capacity(texts.len());
    for (index, text) in texts.iter().enumerate() {
        let place = || if member == "manager" { member.to_owned() } else { format!("{member}[{index}]") };
        match tenancy.names.find(text) {
            Ok((to, _)) if to == from => faults.add(format_args!("{at}.{}", place()), "that is itself"),
            Ok((to, to_kind)) if kinds.contains(&to_kind) => {
                if !seen.insert(to) {
                    faults.add(format_args!("{at}.{}", place()), format_args!("'{text}' is there twice"));
                }
                links.add(Change::AddLink(Link { tenant, relation, from, from_kind, to, to_kind }));
            }
            _ => {
                let entry = &mut Entry::new(at.to_owned(), Members::new(), faults);
                tenancy.find(entry, &place(), text, kinds);
            }
        }
    }
}
