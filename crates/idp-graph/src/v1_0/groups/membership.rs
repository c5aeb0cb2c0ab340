//! What a group is in.

use idp_domain::directory::Group;

use super::subject;
use crate::authorize::{Action, Allowed, Target};
use crate::call::Call;
use crate::error::Refusal;
use crate::reply::Reply;
use crate::v1_0::memberships::{Member, What};

pub(super) async fn direct(call: &Call<'_>) -> Result<Reply, Refusal> {
    let (allowed, group) = readable(call).await?;
    member(&group).direct(What::Everything).answer(call, &allowed).await
}

pub(super) async fn transitive(call: &Call<'_>) -> Result<Reply, Refusal> {
    let (allowed, group) = readable(call).await?;
    member(&group).transitive(call, What::Everything).await?.answer(call, &allowed).await
}

pub(super) async fn ids(call: &Call<'_>) -> Result<Reply, Refusal> {
    let (allowed, group) = readable(call).await?;
    member(&group).ids(call, &allowed, true).await
}

pub(super) async fn check(call: &Call<'_>, argument: &str) -> Result<Reply, Refusal> {
    let (allowed, group) = readable(call).await?;
    member(&group).check(call, &allowed, argument).await
}

async fn readable(call: &Call<'_>) -> Result<(Allowed, Group), Refusal> {
    let group = subject(call).await?;
    let allowed = call.allow(Action::ReadMembers, &Target::group(&group, false))?;
    Ok((allowed, group))
}

fn member(group: &Group) -> Member<'static> {
    Member { id: group.id.guid(), roles: &[] }
}
