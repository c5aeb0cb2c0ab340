//! `PATCH /applications/{id}`

use idp_domain::applications::Application;
use idp_domain::audit::Activity;
use idp_domain::directory::DirectoryObject;

use super::subject::{save, subject, target};
use crate::authorize::Action;
use crate::body::{self, Moment};
use crate::call::{Call, Record};
use crate::error::Refusal;
use crate::reply::Reply;
use crate::schema::application::{self, APPLICATION, Source};

/// Members that are credentials, which have a right of their own.
const CREDENTIALS: &[&str] = &["keyCredentials", "passwordCredentials"];

pub(super) async fn application(call: &Call<'_>) -> Result<Reply, Refusal> {
    // 1. What is said, whole.
    let members = body::members(call.body()?, &APPLICATION, Moment::Changing, &[])?;
    // 2. Who may? Credentials need a right of their own (GA-05).
    let old = subject(call).await?;
    let target = target(call, &old).await?;
    let (credentials, rest): (Vec<&str>, Vec<&str>) =
        members.set.keys().map(String::as_str).partition(|name| CREDENTIALS.contains(name));
    let mut allowed = call.allow(action_of(&credentials), &target)?;
    if !rest.is_empty() {
        allowed = call.allow(Action::UpdateApplication, &target)?;
    }
    call.asked().if_match.holds(old.revision)?;
    if members.set.is_empty() {
        return Ok(Reply::done(&allowed));
    }
    // 3. It becomes what was said.
    let mut new = (*old).clone();
    application::apply(&mut new, &members.set, Source::Request).map_err(Refusal::Members)?;
    application::take_credentials(&mut new, &members.set, false, &|| call.new_id())
        .map_err(Refusal::Members)?;
    // 4. It comes true.
    if old.client_family != new.client_family {
        allowed = call.allow(Action::ManageClientFamilies, &target)?;
    }
    let records = records(&old, &new, rest);
    save(call, &allowed, &old, new, records).await?;
    Ok(Reply::done(&allowed))
}

const fn action_of(credentials: &[&str]) -> Action {
    if credentials.is_empty() { Action::UpdateApplication } else { Action::ManageCredentials }
}

/// What happened: to the application, and to its credentials.
pub(super) fn records<'n>(
    old: &Application,
    new: &Application,
    changed: impl IntoIterator<Item = &'n str>,
) -> Vec<Record> {
    let object = DirectoryObject::Application(old.clone().into());
    let mut records = Vec::new();
    let mut changed = changed.into_iter().peekable();
    if changed.peek().is_some() {
        records.push(Record::of(Activity::ObjectUpdated, &object).changing(changed));
    }
    let ids = |application: &Application| -> Vec<_> {
        let secrets = application.secrets.iter().map(|secret| (secret.id, "passwordCredentials"));
        let keys = application.certificates.iter().map(|key| (key.id, "keyCredentials"));
        let federated = application.federated_credentials.iter();
        let federated = federated.map(|credential| (credential.id, "federatedIdentityCredentials"));
        secrets.chain(keys).chain(federated).collect()
    };
    let (before, after) = (ids(old), ids(new));
    for (id, member) in after.iter().filter(|credential| !before.contains(credential)) {
        records.push(Record::of(Activity::CredentialAdded, &object).with(*id).changing([*member]));
    }
    for (id, member) in before.iter().filter(|credential| !after.contains(credential)) {
        records.push(Record::of(Activity::CredentialRemoved, &object).with(*id).changing([*member]));
    }
    // A credential has another name, or another end.
    if records.is_empty() {
        records.push(Record::of(Activity::ObjectUpdated, &object).changing(["credentials"]));
    }
    records
}
