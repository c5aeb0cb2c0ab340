//! From changes to steps: which statements make each change come true.

use idp_domain::changes::{Change as C, Changes, Over};
use idp_domain::directory::ObjectKind;
use uuid::Uuid;
use vestibule_wire::ids::TenantId;

use crate::step::Step;
use crate::{
    applications, audit, deleted, devices, grants, groups, keys, links, lockouts, permissions, principals,
    tenants, users,
};

/// The steps of a change, unless it cannot be written as a document.
pub(crate) type Planned = Result<Vec<Step>, serde_json::Error>;

/// The steps of the changes, in their order.
pub(crate) fn steps(changes: &Changes) -> Planned {
    let mut steps = Vec::new();
    for change in changes.iter() {
        steps.extend(of(change)?);
    }
    Ok(steps)
}

/// Most changes are one statement; the others return theirs.
#[rustfmt::skip]
fn of(change: &C) -> Planned {
    Ok(vec![match change {
        C::TenantAt { tenant, revision } => tenants::at_revision(*tenant, *revision),
        C::UserAt { tenant, user, revision } => users::at_revision(*tenant, *user, *revision),
        C::PrincipalAt { tenant, principal, revision } => principals::at_revision(*tenant, *principal, *revision),
        C::ApplicationAt { client, revision } => return Ok(applications::at_revision(*client, *revision).into_iter().collect()),
        C::FamilyLive { tenant, family } => grants::family_live(*tenant, *family),
        C::SessionLive { tenant, session } => grants::session_live(*tenant, *session),
        C::ObjectExists { tenant, kind, id } => exists(*tenant, *kind, *id),
        C::Forget { over, at_most } => return Ok(forget(*over, *at_most)),
        // Single use, families, sessions.
        C::Spend(mark) => grants::spend(mark),
        C::AskDevice(request) => devices::ask(request),
        C::AnswerDevice { request, state } => devices::answer(*request, state)?,
        C::RedeemDevice { request } => devices::redeem(*request),
        C::StartFamily(family) => grants::start_family(family)?,
        C::RotateFamily { tenant, family, from } => grants::rotate_family(*tenant, *family, *from),
        C::MoveFamily { tenant, family, to } => grants::move_family(*tenant, *family, *to),
        C::RevokeFamily { tenant, family } => return Ok(grants::revoke_family(*tenant, *family)),
        C::RevokeFamiliesOf { tenant, client, user } => grants::revoke_families(*tenant, *client, *user),
        C::StartSession(session) => grants::start_session(session)?,
        C::TouchSession { tenant, session, at } => grants::touch_session(*tenant, *session, *at),
        C::PersistSession { tenant, session } => grants::persist_session(*tenant, *session),
        C::MoveBrowser { from, to } => grants::move_browser(*from, *to),
        C::EndSession { tenant, session } => grants::end_session(*tenant, *session),
        // Accounts.
        C::SetLockout { key, expected, next } => lockouts::set(*key, *expected, next),
        C::ClearLockouts { tenant, user } => lockouts::clear(*tenant, *user),
        C::SetPassword { tenant, user, revision, password, at } => users::set_password(*tenant, *user, *revision, password, *at),
        C::RequireNewPassword { tenant, user, revision, required } => users::require_new_password(*tenant, *user, *revision, *required),
        C::SetUserEnabled { tenant, user, enabled } => users::set_enabled(*tenant, *user, *enabled),
        C::RevokeUserGrants { tenant, user, valid_from } => users::revoke_grants(*tenant, *user, *valid_from),
        C::SetPrincipalEnabled { tenant, principal, enabled } => principals::set_enabled(*tenant, *principal, *enabled),
        // The directory.
        C::CreateTenant(tenant) => tenants::create(tenant),
        C::UpdateTenant(tenant) => tenants::update(tenant),
        C::AddDomain { tenant, domain } => tenants::add_domain(*tenant, domain),
        C::CreateUser(user) => return users::create(user),
        C::UpdateUser(user) => return users::update(user),
        C::CreateGroup(group) => return groups::create(group),
        C::UpdateGroup(group) => return groups::update(group),
        C::CreateApplication(application) => return applications::create(application),
        C::UpdateApplication(application) => return applications::update(application),
        C::CreateServicePrincipal(registration) => return principals::create(registration),
        C::UpdateServicePrincipal(registration) => return principals::update(registration),
        C::DeleteObject { object, at } => return deleted::delete(object, *at),
        C::RestoreObject(object) => return deleted::restore(object),
        C::PurgeObject { tenant, kind, id } => return Ok(deleted::purge(*tenant, *kind, *id)),
        C::AddLink(link) => return Ok(links::add(link)),
        C::RemoveLink(link) => links::remove(link),
        // What was granted, keys and the record.
        C::AssignAppRole(assignment) => permissions::assign_role(assignment),
        C::RemoveAppRole { tenant, principal, resource, app_role } => permissions::remove_role(*tenant, *principal, *resource, *app_role),
        C::GrantPermissions(grant) => permissions::grant(grant)?,
        C::WithdrawPermissions { tenant, client, resource } => permissions::withdraw(*tenant, *client, *resource),
        C::WithdrawGrant { tenant, client, resource, principal } => permissions::withdraw_grant(*tenant, *client, *resource, *principal),
        C::AddSigningKey(key) => keys::add(key),
        C::RecordAudit(event) => audit::record(event)?,
    }])
}

fn forget(over: Over, at_most: u32) -> Vec<Step> {
    match over {
        Over::SpentMarks(before) => vec![grants::forget_spent(before, at_most)],
        Over::Devices(before) => vec![devices::forget(before, at_most)],
        Over::Families(before) => vec![grants::forget_families(before, at_most)],
        Over::Sessions { persistent, others } => grants::forget_sessions(persistent, others, at_most),
    }
}

fn exists(tenant: TenantId, kind: ObjectKind, id: Uuid) -> Step {
    match kind {
        ObjectKind::User => users::exists(tenant, id),
        ObjectKind::Group => groups::exists(tenant, id),
        ObjectKind::Application => applications::exists(tenant, id),
        ObjectKind::ServicePrincipal => principals::exists(tenant, id),
    }
}
