//! `DELETE /applications/{id}`

use idp_domain::audit::Activity;
use idp_domain::changes::{Change, Changes};
use idp_domain::directory::DirectoryObject;

use super::subject::{subject, target};
use crate::authorize::Action;
use crate::call::{Call, Record};
use crate::error::Refusal;
use crate::reply::Reply;

pub(super) async fn application(call: &Call<'_>) -> Result<Reply, Refusal> {
    let application = subject(call).await?;
    let allowed = call.allow(Action::DeleteApplication, &target(call, &application).await?)?;
    call.asked().if_match.holds(application.revision)?;
    let at = call.now();
    let mut records = Vec::new();
    let mut changes = Changes::none();
    // Entra: its service principal at home goes with it.
    if let Some(registration) = call.applications().registration(call.tenant(), application.client_id).await?
    {
        let client = application.client_id;
        changes.add(Change::RevokeFamiliesOf { tenant: call.tenant(), client, user: None });
        let object = DirectoryObject::ServicePrincipal(registration);
        records.push(Record::of(Activity::ObjectDeleted, &object));
        changes.add(Change::DeleteObject { object: Box::new(object), at });
    }
    let object = DirectoryObject::Application(application);
    records.push(Record::of(Activity::ObjectDeleted, &object));
    changes.add(Change::DeleteObject { object: Box::new(object), at });
    call.commit(&allowed, changes, records).await?;
    Ok(Reply::done(&allowed))
}
