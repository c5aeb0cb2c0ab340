//! `GET /groups`, and the lists of what a group has.

use idp_domain::directory::{ObjectKind, Relation};

use super::subject;
use crate::authorize::{Action, Allowed, Target};
use crate::call::Call;
use crate::error::Refusal;
use crate::list::{List, Source};
use crate::reply::Reply;
use crate::schema::directory_object;
use crate::schema::group::GROUP;

pub(super) async fn groups(call: &Call<'_>) -> Result<Reply, Refusal> {
    let allowed = call.allow(Action::ReadGroup, &Target::DIRECTORY)?;
    List::new(&GROUP, Source::all(ObjectKind::Group)).answer(call, &allowed).await
}

pub(super) async fn count(call: &Call<'_>) -> Result<Reply, Refusal> {
    let allowed = call.allow(Action::ReadGroup, &Target::DIRECTORY)?;
    List::new(&GROUP, Source::all(ObjectKind::Group)).answer_count(call, &allowed).await
}

/// Members or owners, all or those of one kind.
pub(super) async fn linked(
    call: &Call<'_>,
    relation: Relation,
    kind: Option<ObjectKind>,
) -> Result<Reply, Refusal> {
    let (allowed, list) = list(call, relation, kind).await?;
    list.answer(call, &allowed).await
}

pub(super) async fn count_linked(call: &Call<'_>, relation: Relation) -> Result<Reply, Refusal> {
    let (allowed, list) = list(call, relation, None).await?;
    list.answer_count(call, &allowed).await
}

pub(super) async fn transitive(call: &Call<'_>, kind: Option<ObjectKind>) -> Result<Reply, Refusal> {
    let group = subject(call).await?;
    let allowed = call.allow(Action::ReadMembers, &Target::group(&group, false))?;
    of_kind(Source::TransitiveMembers(group.id, kind), kind).answer(call, &allowed).await
}

async fn list(
    call: &Call<'_>,
    relation: Relation,
    kind: Option<ObjectKind>,
) -> Result<(Allowed, List), Refusal> {
    let group = subject(call).await?;
    let action = match relation {
        Relation::Member => Action::ReadMembers,
        _ => Action::ReadGroup,
    };
    let allowed = call.allow(action, &Target::group(&group, false))?;
    Ok((allowed, of_kind(Source::Of(relation, group.id.guid(), kind), kind)))
}

fn of_kind(source: Source, kind: Option<ObjectKind>) -> List {
    match kind {
        Some(kind) => List::new(directory_object::entity_of(kind), source),
        None => List::mixed(source),
    }
}
