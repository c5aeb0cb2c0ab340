//! `PATCH /servicePrincipals/{id}`

use idp_domain::audit::Activity;
use idp_domain::changes::{Change, Changes};
use idp_domain::directory::DirectoryObject;

use super::subject::{is_part_of_the_program, subject, target};
use crate::authorize::Action;
use crate::body::{self, Moment};
use crate::call::{Call, Record};
use crate::error::Refusal;
use crate::reply::Reply;
use crate::schema::service_principal::{self, SERVICE_PRINCIPAL};

pub(super) async fn principal(call: &Call<'_>) -> Result<Reply, Refusal> {
    let set = body::members(call.body()?, &SERVICE_PRINCIPAL, Moment::Changing, &[])?.set;
    let before = subject(call).await?;
    let allowed = call.allow(Action::UpdateApplication, &target(call, &before).await?)?;
    call.asked().if_match.holds(before.principal.revision)?;
    if set.is_empty() {
        return Ok(Reply::done(&allowed));
    }
    let mut after = before.clone();
    service_principal::apply(&mut after, &set).map_err(Refusal::Members)?;
    if !after.principal.enabled || after.principal.assignment_required {
        is_part_of_the_program(&after)?;
    }
    let object = DirectoryObject::ServicePrincipal(before);
    let record = Record::of(Activity::ObjectUpdated, &object).changing(set.keys().map(String::as_str));
    call.commit(&allowed, Changes::one(Change::UpdateServicePrincipal(Box::new(after))), [record]).await?;
    Ok(Reply::done(&allowed))
}
