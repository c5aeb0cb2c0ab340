//! `GET /users/{id}`, `GET /me`

use super::{subject, target};
use crate::authorize::Action;
use crate::call::Call;
use crate::error::Refusal;
use crate::list;
use crate::reply::Reply;
use crate::schema::user::{self, BASIC, USER};

pub(super) async fn user(call: &Call<'_>) -> Result<Reply, Refusal> {
    let found = subject(call, &[Action::ReadUser, Action::ReadBasicUser]).await?;
    let target = target(call, &found);
    let mut members = user::render(&found, &call.caller().tenant().default_domain);
    let allowed = match call.allow(Action::ReadUser, &target) {
        Ok(allowed) => allowed,
        Err(_) => {
            members.retain(|name, _| BASIC.contains(&name.as_str()));
            call.allow(Action::ReadBasicUser, &target)?
        }
    };
    list::one(call, &allowed, &USER, members).await
}
