//! `GET /groups/{id}`

use super::subject;
use crate::authorize::{Action, Target};
use crate::call::Call;
use crate::error::Refusal;
use crate::list;
use crate::reply::Reply;
use crate::schema::group::{self, GROUP};

pub(super) async fn group(call: &Call<'_>) -> Result<Reply, Refusal> {
    let found = subject(call).await?;
    let allowed = call.allow(Action::ReadGroup, &Target::group(&found, false))?;
    list::one(call, &allowed, &GROUP, group::render(&found)).await
}
