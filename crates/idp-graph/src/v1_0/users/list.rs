//! `GET /users`, `GET /users/$count`

use idp_domain::directory::ObjectKind;

use crate::authorize::{Action, Allowed, Target};
use crate::call::Call;
use crate::error::Refusal;
use crate::list::{List, Source};
use crate::reply::Reply;
use crate::schema::user::USER;

pub(super) async fn users(call: &Call<'_>) -> Result<Reply, Refusal> {
    let (allowed, list) = readable(call)?;
    list.answer(call, &allowed).await
}

pub(super) async fn count(call: &Call<'_>) -> Result<Reply, Refusal> {
    let (allowed, list) = readable(call)?;
    list.answer_count(call, &allowed).await
}

/// All profiles, or basic ones.
fn readable(call: &Call<'_>) -> Result<(Allowed, List), Refusal> {
    let list = List::new(&USER, Source::all(ObjectKind::User));
    match call.allow(Action::ReadUser, &Target::DIRECTORY) {
        Ok(allowed) => Ok((allowed, list)),
        Err(_) => Ok((call.allow(Action::ReadBasicUser, &Target::DIRECTORY)?, list.basic(true))),
    }
}
