//! Lists of service principals, and of what belongs to one or it belongs to.

use idp_domain::applications::Registration;
use idp_domain::directory::{ObjectKind, Relation};

use super::subject::subject;
use crate::authorize::{Action, Allowed, Target};
use crate::call::Call;
use crate::error::Refusal;
use crate::list::{List, Source};
use crate::reply::Reply;
use crate::schema::service_principal::SERVICE_PRINCIPAL;
use crate::v1_0::memberships::{Member, What};

pub(super) async fn principals(call: &Call<'_>) -> Result<Reply, Refusal> {
    let allowed = call.allow(Action::ReadApplication, &Target::DIRECTORY)?;
    List::new(&SERVICE_PRINCIPAL, Source::all(ObjectKind::ServicePrincipal)).answer(call, &allowed).await
}

pub(super) async fn count(call: &Call<'_>) -> Result<Reply, Refusal> {
    let allowed = call.allow(Action::ReadApplication, &Target::DIRECTORY)?;
    List::new(&SERVICE_PRINCIPAL, Source::all(ObjectKind::ServicePrincipal))
        .answer_count(call, &allowed)
        .await
}

pub(super) async fn linked_from(call: &Call<'_>, relation: Relation) -> Result<Reply, Refusal> {
    let (allowed, found) = readable(call).await?;
    List::mixed(Source::Of(relation, found.principal.id.guid(), None)).answer(call, &allowed).await
}

pub(super) async fn linked_to(call: &Call<'_>, relation: Relation) -> Result<Reply, Refusal> {
    let (allowed, found) = readable(call).await?;
    List::mixed(Source::Having(relation, found.principal.id.guid(), None)).answer(call, &allowed).await
}

pub(super) async fn transitive(call: &Call<'_>) -> Result<Reply, Refusal> {
    let (allowed, found) = readable(call).await?;
    member(&found).transitive(call, What::Everything).await?.answer(call, &allowed).await
}

pub(super) async fn ids(call: &Call<'_>) -> Result<Reply, Refusal> {
    let (allowed, found) = readable(call).await?;
    member(&found).ids(call, &allowed, false).await
}

pub(super) async fn check(call: &Call<'_>, argument: &'static str) -> Result<Reply, Refusal> {
    let (allowed, found) = readable(call).await?;
    member(&found).check(call, &allowed, argument).await
}

async fn readable(call: &Call<'_>) -> Result<(Allowed, Registration), Refusal> {
    let found = subject(call).await?;
    let allowed = call.allow(Action::ReadApplication, &Target::any_of_kind(ObjectKind::ServicePrincipal))?;
    Ok((allowed, found))
}

/// No application holds a directory role.
fn member(found: &Registration) -> Member<'_> {
    Member { id: found.principal.id.guid(), roles: &[] }
}
