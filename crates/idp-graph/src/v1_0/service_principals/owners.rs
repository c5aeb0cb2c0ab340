//! `/servicePrincipals/{id}/owners/$ref`

use idp_domain::directory::DirectoryObject;

use super::subject::{subject, target};
use crate::authorize::Action;
use crate::call::Call;
use crate::error::Refusal;
use crate::reply::Reply;
use crate::v1_0::applications::{add_owner, remove_owner};

pub(super) async fn add(call: &Call<'_>) -> Result<Reply, Refusal> {
    let registration = subject(call).await?;
    let allowed = call.allow(Action::ManageApplicationOwners, &target(call, &registration).await?)?;
    add_owner(call, &allowed, DirectoryObject::ServicePrincipal(registration)).await
}

pub(super) async fn remove(call: &Call<'_>) -> Result<Reply, Refusal> {
    let registration = subject(call).await?;
    let allowed = call.allow(Action::ManageApplicationOwners, &target(call, &registration).await?)?;
    remove_owner(call, &allowed, DirectoryObject::ServicePrincipal(registration)).await
}
