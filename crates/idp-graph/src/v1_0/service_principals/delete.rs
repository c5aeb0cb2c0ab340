//! `DELETE /servicePrincipals/{id}`: what people consented to is withdrawn with it.

use idp_domain::audit::Activity;
use idp_domain::changes::{Change, Changes};
use idp_domain::directory::DirectoryObject;

use super::subject::{is_part_of_the_program, subject, target};
use crate::authorize::Action;
use crate::call::{Call, Record};
use crate::error::Refusal;
use crate::reply::Reply;

pub(super) async fn principal(call: &Call<'_>) -> Result<Reply, Refusal> {
    let registration = subject(call).await?;
    let allowed = call.allow(Action::DeleteApplication, &target(call, &registration).await?)?;
    call.asked().if_match.holds(registration.principal.revision)?;
    is_part_of_the_program(&registration)?;
    let client = registration.client_id();
    // CN-07: when it is brought back, nothing that was issued before is good again.
    let revoked = Change::RevokeFamiliesOf { tenant: call.tenant(), client, user: None };
    let object = DirectoryObject::ServicePrincipal(registration);
    let record = Record::of(Activity::ObjectDeleted, &object);
    let deleted = Change::DeleteObject { object: Box::new(object), at: call.now() };
    call.commit(&allowed, Changes::one(revoked).and(deleted), [record]).await?;
    Ok(Reply::done(&allowed))
}
