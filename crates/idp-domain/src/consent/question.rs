//! Whether a person is asked, what, and what comes of the answer.

use std::collections::BTreeMap;

use aws_lc_rs::digest::{Context, SHA256};
use jiff::Timestamp;
use vestibule_wire::ids::{ClientId, ServicePrincipalId};
use vestibule_wire::scope::ScopeRequest;

use super::matter::Matter;
use super::wanted::{Collection, Manner, Unanswerable, Wanted, WantedPermission};
use super::{PermissionGrant, low_risk};
use crate::applications::{AppRoleAssignment, Registration, ServicePrincipal};
use crate::audit::{Activity, AuditEvent, Target};
use crate::changes::{Change, Changes};
use crate::directory::{ObjectKind, User, role};
use crate::randomness::Randomness;
use crate::tenant::UserConsent;

/// Whether a person has to be asked.
#[derive(Debug, Clone)]
pub enum Assessment {
    /// No: what is wanted was granted.
    Settled,
    /// Yes, and this person may answer.
    Ask(Question),
    /// Yes, and only an administrator may answer.
    AdministratorNeeded(Question),
}

/// What is asked.
#[derive(Debug, Clone)]
pub struct Question {
    /// The permissions, in the order asked.
    pub wanted: Vec<Wanted>,
    /// For whom the answer can be.
    pub beneficiary: Beneficiary,
}

/// For whom consent can be given.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Beneficiary {
    /// The person alone.
    Person,
    /// The person, or everybody if they say so.
    PersonOrEverybody,
    /// Everybody.
    Everybody,
}

/// Decides whether a person has to be asked.
pub fn assess(matter: &Matter, asked: &ScopeRequest, manner: Manner) -> Result<Assessment, Unanswerable> {
    let wanted = Collection::of(matter, asked, manner)?.wanted;
    // What comes along with every consent is no reason to ask for one.
    let missing = |wanted: &&Wanted| !wanted.granted && !wanted.customary;
    let client_is_here = matter.party(matter.client).is_some_and(|client| client.principal.is_some());
    if manner == Manner::Missing && client_is_here && !wanted.iter().any(|wanted| missing(&wanted)) {
        return Ok(Assessment::Settled);
    }
    let administrator = wanted.iter().all(|wanted| may_grant_to_all(&matter.user, wanted));
    let question = |beneficiary| Question { wanted: wanted.clone(), beneficiary };
    Ok(match manner {
        Manner::Organisation if administrator => Assessment::Ask(question(Beneficiary::Everybody)),
        Manner::Organisation => Assessment::AdministratorNeeded(question(Beneficiary::Everybody)),
        _ if administrator => Assessment::Ask(question(Beneficiary::PersonOrEverybody)),
        _ if wanted.iter().filter(missing).all(|wanted| may_grant_to_self(matter, wanted))
            // To let an application into the tenant is consent too, if it wants nothing more than to be there.
            && (client_is_here || matter.tenant.user_consent != UserConsent::Nothing) =>
        {
            Assessment::Ask(question(Beneficiary::Person))
        }
        _ => Assessment::AdministratorNeeded(question(Beneficiary::Person)),
    })
}

/// Whether somebody may grant a permission to everybody. App roles of Microsoft Graph are power over the directory itself:
/// those who administer applications may not hand it out (Entra: Application Administrator, "except for app roles of
/// Microsoft Graph").
fn may_grant_to_all(user: &User, wanted: &Wanted) -> bool {
    let over_the_directory = matches!(wanted.permission, WantedPermission::Application(_))
        && wanted.resource == ClientId::MICROSOFT_GRAPH;
    let all = [role::GLOBAL_ADMINISTRATOR, role::PRIVILEGED_ROLE_ADMINISTRATOR];
    let applications = [role::APPLICATION_ADMINISTRATOR, role::CLOUD_APPLICATION_ADMINISTRATOR];
    user.enabled
        && (all.into_iter().any(|role| user.holds(role))
            || !over_the_directory && applications.into_iter().any(|role| user.holds(role)))
}

/// Whether a plain user may grant a permission for themselves: it is meant for users, the tenant lets them, and nobody has
/// to be assigned to the client first (§5.6: then users cannot consent).
fn may_grant_to_self(matter: &Matter, wanted: &Wanted) -> bool {
    let Some(client) = matter.party(wanted.client) else { return false };
    let assignment_required =
        client.principal.as_ref().is_some_and(|principal| principal.assignment_required);
    if wanted.permission.is_for_administrators() || assignment_required {
        return false;
    }
    match matter.tenant.user_consent {
        UserConsent::Any => true,
        UserConsent::Nothing => false,
        UserConsent::LowRisk => {
            client.application.tenant == matter.tenant.id
                || client.application.has_verified_publisher()
                || low_risk(wanted.resource, wanted.permission.value())
        }
    }
}

impl Question {
    /// What the question says, in 32 bytes: an answer is to the question that was shown and to no other (CN-03).
    pub fn digest(&self) -> [u8; 32] {
        let mut context = Context::new(&SHA256);
        context.update(&[self.beneficiary as u8]);
        for wanted in &self.wanted {
            context.update(wanted.client.as_bytes());
            context.update(wanted.resource.as_bytes());
            context.update(wanted.permission.id().as_bytes());
            context.update(wanted.permission.value().as_bytes());
            context.update(&[0, u8::from(wanted.permission.is_for_administrators())]);
        }
        let mut digest = [0; 32];
        digest.copy_from_slice(context.finish().as_ref());
        digest
    }

    /// What comes true when the person accepts: the applications that are not in the tenant yet come in, and have what they
    /// want. `everybody` counts only where the answer may be for everybody.
    ///
    /// It holds only if tenant, person and applications are as they were when it was decided: an administrator who was
    /// one when the page was shown, and an application that offered this permission.
    pub fn accept(
        &self,
        matter: &Matter,
        everybody: bool,
        now: Timestamp,
        random: &dyn Randomness,
        event: &AuditEvent,
    ) -> Changes {
        let principal = match self.beneficiary {
            Beneficiary::Everybody => None,
            Beneficiary::PersonOrEverybody if everybody => None,
            Beneficiary::PersonOrEverybody | Beneficiary::Person => Some(matter.user.id),
        };
        let mut acceptance = Acceptance { matter, changes: guards(matter, self), here: BTreeMap::new() };
        for client in self.involved() {
            acceptance.bring_in(client, now, random);
        }
        let mut together: BTreeMap<(ClientId, ClientId), Vec<&Wanted>> = BTreeMap::new();
        // What somebody was granted through everybody stays so: in a grant of their own it would outlive that one.
        for wanted in self.wanted.iter().filter(|wanted| principal.is_none() || !wanted.granted) {
            together.entry((wanted.client, wanted.resource)).or_default().push(wanted);
        }
        for ((client, resource), wanted) in together {
            let Some((client, resource)) = acceptance.both(client, resource) else { continue };
            let scopes = delegated(&wanted);
            if !scopes.is_empty() {
                let before = matter.grants.iter().find(|grant| {
                    (grant.client, grant.resource, grant.principal) == (client, resource, principal)
                });
                let grant = PermissionGrant {
                    tenant: matter.tenant.id,
                    client,
                    resource,
                    principal,
                    scopes: united(before, scopes),
                };
                acceptance.changes.add(Change::GrantPermissions(grant));
            }
            for role in roles(&wanted) {
                acceptance.changes.add(Change::AssignAppRole(AppRoleAssignment {
                    tenant: matter.tenant.id,
                    principal: client.guid(),
                    principal_kind: ObjectKind::ServicePrincipal,
                    resource,
                    app_role: role,
                    created_at: now,
                }));
            }
        }
        acceptance.record(self, event)
    }

    /// The applications that have to be in the tenant for it.
    fn involved(&self) -> Vec<ClientId> {
        let mut involved: Vec<_> =
            self.wanted.iter().flat_map(|wanted| [wanted.client, wanted.resource]).collect();
        involved.sort();
        involved.dedup();
        involved
    }
}

/// What is being accepted, as it is put together.
struct Acceptance<'a> {
    matter: &'a Matter,
    changes: Changes,
    here: BTreeMap<ClientId, ServicePrincipalId>,
}

impl Acceptance<'_> {
    fn bring_in(&mut self, client: ClientId, now: Timestamp, random: &dyn Randomness) {
        let Some(party) = self.matter.party(client) else { return };
        let id = match &party.principal {
            Some(principal) => principal.id,
            None => {
                let id = ServicePrincipalId::from_random(random.bytes());
                let principal = ServicePrincipal::new(self.matter.tenant.id, id, client, now);
                let application = party.application.clone();
                let registration = Registration { principal, application };
                self.changes.add(Change::CreateServicePrincipal(Box::new(registration)));
                id
            }
        };
        self.here.insert(client, id);
    }

    fn both(&self, client: ClientId, resource: ClientId) -> Option<(ServicePrincipalId, ServicePrincipalId)> {
        Some((*self.here.get(&client)?, *self.here.get(&resource)?))
    }

    fn record(self, question: &Question, event: &AuditEvent) -> Changes {
        let name = self.matter.party(self.matter.client).map(|party| party.application.display_name.clone());
        let target = self.here.get(&self.matter.client).map(|id| Target {
            kind: "servicePrincipal".into(),
            id: id.guid(),
            name: name.unwrap_or_default(),
            other: None,
            changed: question.wanted.iter().map(|wanted| wanted.permission.value().to_owned()).collect(),
        });
        let event = AuditEvent { activity: Activity::ConsentGranted, target, ..event.clone() };
        self.changes.and(Change::RecordAudit(event))
    }
}

fn guards(matter: &Matter, question: &Question) -> Changes {
    let Matter { tenant, user, .. } = matter;
    let mut guards = Changes::one(Change::TenantAt { tenant: tenant.id, revision: tenant.revision });
    guards.add(Change::UserAt { tenant: user.tenant, user: user.id, revision: user.revision });
    for party in question.involved().into_iter().filter_map(|client| matter.party(client)) {
        let application = &party.application;
        guards.add(Change::ApplicationAt { client: application.client_id, revision: application.revision });
        if let Some(principal) = &party.principal {
            guards.add(Change::PrincipalAt {
                tenant: principal.tenant,
                principal: principal.id,
                revision: principal.revision,
            });
        }
    }
    guards
}

fn delegated(wanted: &[&Wanted]) -> Vec<String> {
    let value = |wanted: &&Wanted| match &wanted.permission {
        WantedPermission::Delegated(permission) => Some(permission.value.clone()),
        WantedPermission::Application(_) => None,
    };
    wanted.iter().filter_map(value).collect()
}

fn roles(wanted: &[&Wanted]) -> Vec<uuid::Uuid> {
    let role = |wanted: &&Wanted| match &wanted.permission {
        WantedPermission::Application(role) => Some(role.id),
        WantedPermission::Delegated(_) => None,
    };
    wanted.iter().filter_map(role).collect()
}

/// What was granted before stays granted.
fn united(before: Option<&PermissionGrant>, scopes: Vec<String>) -> Vec<String> {
    let mut all: Vec<String> = before.map(|grant| grant.scopes.clone()).unwrap_or_default();
    for scope in scopes {
        if !all.contains(&scope) {
            all.push(scope);
        }
    }
    all
}
