//! From changes to steps: which statements make each change come true.

use idp_domain::changes::{Change, Changes};

use crate::step::Step;
use crate::{applications, audit, grants, keys, lockouts, permissions, tenants, users};

/// The steps of the changes, in their order.
pub(crate) fn steps(changes: &Changes) -> Result<Vec<Step>, serde_json::Error> {
    let mut steps = Vec::new();
    for change in changes.iter() {
        add(&mut steps, change)?;
    }
    Ok(steps)
}

#[rustfmt::skip]
fn add(steps: &mut Vec<Step>, change: &Change) -> Result<(), serde_json::Error> {
    use Change as C;
    steps.push(match change {
        // Guards.
        C::TenantAt { tenant, revision } => tenants::at_revision(*tenant, *revision),
        C::UserAt { tenant, user, revision } => users::at_revision(*tenant, *user, *revision),
        C::PrincipalAt { tenant, principal, revision } => applications::principal_at_revision(*tenant, *principal, *revision),
        C::ApplicationAt { client, revision } => {
            steps.extend(applications::at_revision(*client, *revision));
            return Ok(());
        }
        C::FamilyLive { tenant, family } => grants::family_live(*tenant, *family),
        C::SessionLive { tenant, session } => grants::session_live(*tenant, *session),

        // Single use, families, sessions.
        C::Spend(mark) => grants::spend(mark),
        C::StartFamily(family) => grants::start_family(family)?,
        C::RotateFamily { tenant, family, from } => grants::rotate_family(*tenant, *family, *from),
        C::RevokeFamily { tenant, family } => grants::revoke_family(*tenant, *family),
        C::StartSession(session) => grants::start_session(session)?,
        C::TouchSession { tenant, session, at } => grants::touch_session(*tenant, *session, *at),
        C::PersistSession { tenant, session } => grants::persist_session(*tenant, *session),
        C::MoveBrowser { from, to } => grants::move_browser(*from, *to),
        C::EndSession { tenant, session } => grants::end_session(*tenant, *session),

        // Accounts.
        C::SetLockout { key, expected, next } => lockouts::set(*key, *expected, next),
        C::ClearLockouts { tenant, user } => lockouts::clear(*tenant, *user),
        C::SetPassword { tenant, user, revision, password, at } => users::set_password(*tenant, *user, *revision, password, *at),
        C::SetUserEnabled { tenant, user, enabled } => users::set_enabled(*tenant, *user, *enabled),
        C::RevokeUserGrants { tenant, user, valid_from } => users::revoke_grants(*tenant, *user, *valid_from),
        C::SetPrincipalEnabled { tenant, principal, enabled } => applications::set_principal_enabled(*tenant, *principal, *enabled),

        // The directory.
        C::CreateTenant(tenant) => tenants::create(tenant),
        C::AddDomain { tenant, domain } => tenants::add_domain(*tenant, domain),
        C::CreateUser(user) => users::create(user)?,
        C::CreateApplication(application) => applications::create(application)?,
        C::CreateServicePrincipal { principal, names } => {
            steps.push(applications::create_principal(principal));
            steps.extend(names.iter().map(|name| applications::name_principal(principal, name)));
            return Ok(());
        }
        C::AssignAppRole { tenant, principal, resource, app_role } => permissions::assign_role(*tenant, *principal, *resource, *app_role),
        C::GrantPermissions(grant) => permissions::grant(grant)?,
        C::WithdrawPermissions { tenant, client, resource } => permissions::withdraw(*tenant, *client, *resource),

        // Keys and the record.
        C::AddSigningKey(key) => keys::add(key),
        C::RecordAudit(event) => audit::record(event),
    });
    Ok(())
}
