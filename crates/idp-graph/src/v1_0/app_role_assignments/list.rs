//! Lists of assignments, and one.

use std::collections::HashMap;

use idp_domain::directory::ObjectKind;

use super::subject::end;
use crate::authorize::{Action, Target};
use crate::call::Call;
use crate::error::Refusal;
use crate::list::{self, List, Source};
use crate::reply::Reply;
use crate::schema::grants::APP_ROLE_ASSIGNMENT;

pub(super) async fn all(call: &Call<'_>) -> Result<Reply, Refusal> {
    let allowed = call.allow(Action::ReadGrants, &Target::any_of_kind(ObjectKind::ServicePrincipal))?;
    let end = end(call).await?;
    let all = end.assignments(call).await?;
    let set = call.asked().path.clone();
    let list = List { set, ..List::new(&APP_ROLE_ASSIGNMENT, Source::Assignments(all)) };
    list.answer(call, &allowed).await
}

pub(super) async fn one(call: &Call<'_>) -> Result<Reply, Refusal> {
    let allowed = call.allow(Action::ReadGrants, &Target::any_of_kind(ObjectKind::ServicePrincipal))?;
    let assignment = end(call).await?.assignment(call).await?;
    let members = list::assignment(call, &assignment, &mut HashMap::new()).await?;
    list::one(call, &allowed, &APP_ROLE_ASSIGNMENT, members).await
}
