//! What a user belongs to, and what a user owns.

use idp_domain::directory::{Relation, User};

use super::{subject, target};
use crate::authorize::{Action, Allowed};
use crate::call::Call;
use crate::error::Refusal;
use crate::list::{List, Source};
use crate::reply::Reply;
use crate::v1_0::memberships::{Member, What};

pub(super) async fn direct(call: &Call<'_>, what: What) -> Result<Reply, Refusal> {
    let (allowed, user) = readable(call).await?;
    member(&user).direct(what).answer(call, &allowed).await
}

pub(super) async fn transitive(call: &Call<'_>, what: What) -> Result<Reply, Refusal> {
    let (allowed, user) = readable(call).await?;
    member(&user).transitive(call, what).await?.answer(call, &allowed).await
}

pub(super) async fn group_ids(call: &Call<'_>) -> Result<Reply, Refusal> {
    let (allowed, user) = readable(call).await?;
    member(&user).ids(call, &allowed, false).await
}

pub(super) async fn object_ids(call: &Call<'_>) -> Result<Reply, Refusal> {
    let (allowed, user) = readable(call).await?;
    member(&user).ids(call, &allowed, true).await
}

pub(super) async fn check_groups(call: &Call<'_>) -> Result<Reply, Refusal> {
    let (allowed, user) = readable(call).await?;
    member(&user).check(call, &allowed, "groupIds").await
}

pub(super) async fn check_objects(call: &Call<'_>) -> Result<Reply, Refusal> {
    let (allowed, user) = readable(call).await?;
    member(&user).check(call, &allowed, "ids").await
}

pub(super) async fn owned(call: &Call<'_>) -> Result<Reply, Refusal> {
    let user = subject(call, &[Action::ReadUser]).await?;
    let allowed = call.allow(Action::ReadUser, &target(call, &user))?;
    List::mixed(Source::Having(Relation::Owner, user.id.guid(), None)).answer(call, &allowed).await
}

async fn readable(call: &Call<'_>) -> Result<(Allowed, User), Refusal> {
    let user = subject(call, &[Action::ReadUserMembership]).await?;
    let allowed = call.allow(Action::ReadUserMembership, &target(call, &user))?;
    Ok((allowed, user))
}

fn member(user: &User) -> Member<'_> {
    Member { id: user.id.guid(), roles: &user.directory_roles }
}
