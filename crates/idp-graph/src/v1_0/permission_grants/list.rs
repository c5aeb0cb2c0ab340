//! Lists of grants: all, those of a client, those of a person; and one.

use vestibule_wire::ids::UserId;

use super::subject::{allow, subject};
use crate::authorize::Action;
use crate::call::{Call, read_id};
use crate::error::Refusal;
use crate::list::{self, List, Source};
use crate::path::Key;
use crate::reply::Reply;
use crate::schema::grants::{self, PERMISSION_GRANT};
use crate::v1_0::service_principals;

pub(super) async fn all(call: &Call<'_>) -> Result<Reply, Refusal> {
    let allowed = allow(call, Action::ReadGrants)?;
    let source = Source::Grants { client: None, principal: None };
    List::new(&PERMISSION_GRANT, source).answer(call, &allowed).await
}

pub(super) async fn of_client(call: &Call<'_>) -> Result<Reply, Refusal> {
    let allowed = allow(call, Action::ReadGrants)?;
    let client = service_principals::subject(call).await?.principal.id;
    let source = Source::Grants { client: Some(client), principal: None };
    List::new(&PERMISSION_GRANT, source).answer(call, &allowed).await
}

pub(super) async fn of_user(call: &Call<'_>) -> Result<Reply, Refusal> {
    let allowed = allow(call, Action::ReadGrants)?;
    let user = match call.asked().operation.path.starts_with("/me") {
        true => call.caller().user().map(|user| user.id).ok_or(Refusal::NobodyIsMe)?,
        false => user(call).await?,
    };
    let source = Source::Grants { client: None, principal: Some(user) };
    List::new(&PERMISSION_GRANT, source).answer(call, &allowed).await
}

/// The person that the path means, by id or name.
async fn user(call: &Call<'_>) -> Result<UserId, Refusal> {
    let text = match call.key(0)? {
        Key::Id(text) | Key::By(_, text) => text,
    };
    let found = match (read_id(text), idp_domain::directory::Upn::parse(text)) {
        (Ok(id), _) => call.users().user(call.tenant(), UserId::new(id)).await?,
        (_, Ok(upn)) => call.users().user_by_upn(call.tenant(), &upn).await?,
        _ => None,
    };
    found.map(|user| user.id).ok_or_else(|| Refusal::NotFound(text.clone()))
}

pub(super) async fn one(call: &Call<'_>) -> Result<Reply, Refusal> {
    let allowed = allow(call, Action::ReadGrants)?;
    let grant = subject(call).await?;
    list::one(call, &allowed, &PERMISSION_GRANT, grants::grant(&grant)).await
}
