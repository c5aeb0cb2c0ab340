//! A directory keeps somebody who can administer it.

use idp_domain::changes::{Change, Changes};
use idp_domain::directory::{DirectoryObject, Indexed, ObjectKind, Seek, User, role};

use crate::call::Call;
use crate::error::Refusal;

/// Before this user stops being an enabled Global Administrator: whether there is another, as a guard that they still are
/// when it comes true.
pub(crate) async fn another_administrator(call: &Call<'_>, user: &User) -> Result<Changes, Refusal> {
    if !(user.enabled && user.holds(role::GLOBAL_ADMINISTRATOR)) {
        return Ok(Changes::none());
    }
    let seek = Seek::OneOf(Indexed::DirectoryRole, vec![role::GLOBAL_ADMINISTRATOR.to_string()]);
    let mut after = None;
    loop {
        let found =
            call.directory().objects(call.tenant(), ObjectKind::User, &seek, after.as_ref(), 100).await?;
        let was_last = found.len() < 100;
        after = found.last().map(|(position, _)| position.clone());
        let mut others = found.into_iter().filter_map(|(_, object)| match object {
            DirectoryObject::User(other) if other.id != user.id && other.enabled => Some(other),
            _ => None,
        });
        if let Some(User { tenant, id, revision, .. }) = others.next() {
            return Ok(Changes::one(Change::UserAt { tenant, user: id, revision }));
        }
        if was_last {
            return Err(Refusal::LastAdministrator);
        }
    }
}
