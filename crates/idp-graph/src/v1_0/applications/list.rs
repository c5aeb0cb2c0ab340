//! `GET /applications`, `GET /applications/$count`, `GET /applications/{id}/owners`

use idp_domain::directory::{ObjectKind, Relation};

use super::subject::{subject, target};
use crate::authorize::{Action, Target};
use crate::call::Call;
use crate::error::Refusal;
use crate::list::{List, Source};
use crate::reply::Reply;
use crate::schema::application::APPLICATION;

pub(super) async fn applications(call: &Call<'_>) -> Result<Reply, Refusal> {
    let allowed = call.allow(Action::ReadApplication, &Target::DIRECTORY)?;
    List::new(&APPLICATION, Source::all(ObjectKind::Application)).answer(call, &allowed).await
}

pub(super) async fn count(call: &Call<'_>) -> Result<Reply, Refusal> {
    let allowed = call.allow(Action::ReadApplication, &Target::DIRECTORY)?;
    List::new(&APPLICATION, Source::all(ObjectKind::Application)).answer_count(call, &allowed).await
}

pub(super) async fn owners(call: &Call<'_>) -> Result<Reply, Refusal> {
    let application = subject(call).await?;
    let allowed = call.allow(Action::ReadApplication, &target(call, &application).await?)?;
    List::mixed(Source::Of(Relation::Owner, application.id.guid(), None)).answer(call, &allowed).await
}
