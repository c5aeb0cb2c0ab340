//! `GET /servicePrincipals/{id}`, `GET /servicePrincipals(appId='…')`

use idp_domain::directory::ObjectKind;

use super::subject::subject;
use crate::authorize::{Action, Target};
use crate::call::Call;
use crate::error::Refusal;
use crate::list;
use crate::reply::Reply;
use crate::schema::service_principal::{self, SERVICE_PRINCIPAL};

pub(super) async fn principal(call: &Call<'_>) -> Result<Reply, Refusal> {
    let found = subject(call).await?;
    let allowed = call.allow(Action::ReadApplication, &Target::any_of_kind(ObjectKind::ServicePrincipal))?;
    list::one(call, &allowed, &SERVICE_PRINCIPAL, service_principal::render(&found)).await
}
