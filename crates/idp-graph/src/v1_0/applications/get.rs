//! `GET /applications/{id}`, `GET /applications(appId='…')`

use idp_domain::directory::ObjectKind;

use super::subject::subject;
use crate::authorize::{Action, Target};
use crate::call::Call;
use crate::error::Refusal;
use crate::list;
use crate::reply::Reply;
use crate::schema::application::{self, APPLICATION};

pub(super) async fn application(call: &Call<'_>) -> Result<Reply, Refusal> {
    let found = subject(call).await?;
    let allowed = call.allow(Action::ReadApplication, &Target::any_of_kind(ObjectKind::Application))?;
    let mut members = application::render(&found);
    // Graph: the certificates themselves are for whoever asks for them by name.
    if call.asked().query.to_ascii_lowercase().contains("keycredentials") {
        application::with_keys(&mut members, &found.certificates);
    }
    list::one(call, &allowed, &APPLICATION, members).await
}
