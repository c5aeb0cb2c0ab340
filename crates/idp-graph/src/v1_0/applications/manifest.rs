//! `GET /applications/{id}/manifest`, `PUT /applications/{id}/manifest`: not in Microsoft Graph. The whole of an
//! application as a file, in either form.

use idp_domain::directory::ObjectKind;
use serde_json::Value;
use vestibule_wire::manifest::Form;

use super::subject::{save, subject, target};
use super::update::records;
use crate::authorize::{Action, Target};
use crate::call::Call;
use crate::error::Refusal;
use crate::manifest;
use crate::reply::Reply;

pub(super) async fn read(call: &Call<'_>) -> Result<Reply, Refusal> {
    let application = subject(call).await?;
    let allowed = call.allow(Action::ReadApplication, &Target::any_of_kind(ObjectKind::Application))?;
    let form = match call.asked().query.as_str() {
        "" | "form=graph" => Form::Graph,
        "form=legacy" => Form::Legacy,
        _ => return Err(Refusal::Unsupported("The form of a manifest is graph or legacy.".into())),
    };
    Ok(Reply::with(&allowed, manifest::write(&application, form)))
}

pub(super) async fn write(call: &Call<'_>) -> Result<Reply, Refusal> {
    let body = Value::Object(call.body()?.clone()).to_string();
    let old = subject(call).await?;
    let target = target(call, &old).await?;
    let mut allowed = call.allow(Action::UpdateApplication, &target)?;
    call.asked().if_match.holds(old.revision)?;
    let (_, new) = manifest::read(body.as_bytes(), &old, &|| call.new_id()).map_err(Refusal::Members)?;
    let credentials = (&old.secrets, &old.certificates, &old.federated_credentials)
        != (&new.secrets, &new.certificates, &new.federated_credentials);
    if credentials {
        allowed = call.allow(Action::ManageCredentials, &target)?;
    }
    if old.client_family != new.client_family {
        allowed = call.allow(Action::ManageClientFamilies, &target)?;
    }
    let records = records(&old, &new, ["manifest"]);
    save(call, &allowed, &old, new, records).await?;
    Ok(Reply::done(&allowed))
}
