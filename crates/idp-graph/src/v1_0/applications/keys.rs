//! `POST /applications/{id}/addKey`, `POST /applications/{id}/removeKey`: an application changes its own certificates, and
//! proves that it holds one of them. Whoever administers it changes `keyCredentials` by PATCH.

use idp_domain::applications::{Application, KeyPossession};
use serde_json::{Map, Value};
use vestibule_wire::graph_error::GraphErrorCode as Code;

use super::passwords::{arguments, told};
use super::subject::{save, subject, target};
use super::update::records;
use crate::authorize::Action;
use crate::call::{Call, read_id};
use crate::error::Refusal;
use crate::odata::schema::{any, complex, guid, string};
use crate::operations::Takes;
use crate::reply::Reply;
use crate::schema::application::{KEY_CREDENTIAL, certificate, key_credential};

/// What `addKey` takes. `passwordCredential` is for private keys, of which nobody here wants to hear.
pub(crate) const KEY_ARGUMENTS: Takes = Takes::Arguments(&[
    complex("keyCredential", KEY_CREDENTIAL).required(),
    any("passwordCredential"),
    string("proof").required(),
]);
/// What `removeKey` takes.
pub(crate) const REMOVED_KEY: Takes =
    Takes::Arguments(&[guid("keyId").required(), string("proof").required()]);

pub(super) async fn add(call: &Call<'_>) -> Result<Reply, Refusal> {
    let old = subject(call).await?;
    let allowed = call.allow(Action::ManageCredentials, &target(call, &old).await?)?;
    let said = arguments(call.body()?, KEY_ARGUMENTS)?;
    proved(call, &old, &said)?;
    let none = Map::new();
    let entry = said.get("keyCredential").and_then(Value::as_object).unwrap_or(&none);
    let key = certificate("keyCredential", entry, &|| call.new_id());
    let key = key.map_err(|fault| Refusal::Members(vec![fault]))?;
    let shown = key_credential(&key);
    let mut new = (*old).clone();
    new.certificates.push(key);
    let records = records(&old, &new, []);
    save(call, &allowed, &old, new, records).await?;
    Ok(told(call, &allowed, "microsoft.graph.keyCredential", shown))
}

pub(super) async fn remove(call: &Call<'_>) -> Result<Reply, Refusal> {
    let old = subject(call).await?;
    let allowed = call.allow(Action::ManageCredentials, &target(call, &old).await?)?;
    let said = arguments(call.body()?, REMOVED_KEY)?;
    proved(call, &old, &said)?;
    let id = read_id(said.get("keyId").and_then(Value::as_str).unwrap_or_default())?;
    let mut new = (*old).clone();
    if new.remove_certificate(id).is_none() {
        return Err(Refusal::Bad {
            message: format!("No key credential found with keyId '{id}'."),
            target: Some("keyId".into()),
        });
    }
    let records = records(&old, &new, []);
    save(call, &allowed, &old, new, records).await?;
    Ok(Reply::done(&allowed))
}

fn proved(
    call: &Call<'_>,
    application: &Application,
    said: &Map<String, Value>,
) -> Result<KeyPossession, Refusal> {
    let proof = said.get("proof").and_then(Value::as_str).unwrap_or_default();
    KeyPossession::prove(application, proof, call.now()).map_err(|why| {
        let message = format!("The proof of possession is not valid: {why}.");
        Refusal::ruled_member(Code::AuthorizationRequestDenied, "proof", message)
    })
}
