//! `GET /applications/{id}`, `GET /applications(appId='…')`

use super::subject::{subject, target};
use crate::authorize::Action;
use crate::call::Call;
use crate::error::Refusal;
use crate::list;
use crate::reply::Reply;
use crate::schema::application::{self, APPLICATION};

pub(super) async fn application(call: &Call<'_>) -> Result<Reply, Refusal> {
    let found = subject(call).await?;
    let allowed = call.allow(Action::ReadApplication, &target(call, &found).await?)?;
    let mut members = application::render(&found);
    // Graph: the certificates themselves are for whoever asks for them by name.
    if call.asked().query.to_ascii_lowercase().contains("keycredentials") {
        application::with_keys(&mut members, &found.certificates);
    }
    list::one(call, &allowed, &APPLICATION, members).await
}
