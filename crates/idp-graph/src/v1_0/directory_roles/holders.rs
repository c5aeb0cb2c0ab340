//! Giving a role and taking it away, in one place for both ways of asking.

use idp_domain::audit::Activity;
use idp_domain::changes::Change;
use idp_domain::directory::role::{self, DirectoryRole};
use idp_domain::directory::{DirectoryObject, Indexed, ObjectKind, Seek, User};

use crate::authorize::Allowed;
use crate::call::{Call, Record};
use crate::error::Refusal;
use crate::v1_0::users::another_administrator;

/// No directory has more people with roles than are listed.
const MOST_HOLDERS: usize = 5_000;

/// Gives the role, or takes it away, as the activity says.
pub(in crate::v1_0) async fn commit(
    call: &Call<'_>,
    allowed: &Allowed,
    before: User,
    role: &DirectoryRole,
    activity: Activity,
) -> Result<(), Refusal> {
    let mut user = before.clone();
    user.directory_roles.retain(|held| *held != role.template);
    if activity == Activity::RoleAssigned {
        user.directory_roles.push(role.template);
    }
    let loses = role.template == role::GLOBAL_ADMINISTRATOR && !user.holds(role::GLOBAL_ADMINISTRATOR);
    let changes = match loses {
        true => another_administrator(call, &before).await?,
        false => idp_domain::changes::Changes::none(),
    };
    let record = Record::about(activity, "directoryRole", role.template, role.name).with(before.id.guid());
    call.commit(allowed, changes.and(Change::UpdateUser(Box::new(user))), [record]).await?;
    Ok(())
}

/// Everybody who holds a role.
pub(in crate::v1_0) async fn all(call: &Call<'_>) -> Result<Vec<User>, Refusal> {
    let templates = role::ALL.iter().map(|role| role.template.to_string()).collect();
    let seek = Seek::OneOf(Indexed::DirectoryRole, templates);
    let (mut users, mut after): (Vec<User>, _) = (Vec::new(), None);
    loop {
        let found =
            call.directory().objects(call.tenant(), ObjectKind::User, &seek, after.as_ref(), 500).await?;
        let was_last = found.len() < 500;
        after = found.last().map(|(position, _)| position.clone());
        for (_, object) in found {
            // Somebody with two roles is found twice.
            if let DirectoryObject::User(user) = object
                && !users.iter().any(|known| known.id == user.id)
            {
                users.push(user);
            }
        }
        if was_last || users.len() >= MOST_HOLDERS {
            return Ok(users);
        }
    }
}
