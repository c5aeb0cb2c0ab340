//! `POST /applications/{id}/addPassword`, `POST /applications/{id}/removePassword`

use idp_domain::applications::{Application, ClientSecret};
use idp_domain::secret::Secret;
use serde_json::{Map, Value, json};

use super::subject::{save, subject, target};
use super::update::records;
use super::{KEY_ID, NEW_PASSWORD};
use crate::authorize::{Action, Allowed};
use crate::body;
use crate::call::{Call, read_id};
use crate::error::Refusal;
use crate::operations::Takes;
use crate::reply::Reply;
use crate::schema::application::{new_secret, password_credential};

pub(super) async fn add(call: &Call<'_>) -> Result<Reply, Refusal> {
    let old = subject(call).await?;
    let allowed = call.allow(Action::ManageCredentials, &target(call, &old).await?)?;
    make(call, &allowed, &old).await
}

pub(super) async fn remove(call: &Call<'_>) -> Result<Reply, Refusal> {
    let old = subject(call).await?;
    let allowed = call.allow(Action::ManageCredentials, &target(call, &old).await?)?;
    take_away(call, &allowed, &old).await
}

/// Makes a secret. The answer is the only one that has it (GA-06).
pub(crate) async fn make(call: &Call<'_>, allowed: &Allowed, old: &Application) -> Result<Reply, Refusal> {
    // 1. What is said of it; all of it may be left out.
    let said = match &call.asked().body {
        Some(body) => arguments(body, NEW_PASSWORD)?,
        None => Map::new(),
    };
    let none = Map::new();
    let entry = said.get("passwordCredential").and_then(Value::as_object).unwrap_or(&none);
    let wanted = new_secret("passwordCredential", entry).map_err(|fault| Refusal::Members(vec![fault]))?;
    // 2. It is made.
    let made = ClientSecret::make(old.client_id, wanted, call.sealer(), call.random(), call.now());
    let (kept, secret): (_, Secret) =
        made.map_err(|error| Refusal::value("passwordCredential/endDateTime", format!("{error}.")))?;
    let mut shown = password_credential(&kept);
    let mut new = old.clone();
    new.secrets.push(kept);
    // 3. It comes true.
    let records = records(old, &new, []);
    save(call, allowed, old, new, records).await?;
    // 4. It is shown this once.
    shown["secretText"] = json!(secret.expose());
    Ok(told(call, allowed, "microsoft.graph.passwordCredential", shown))
}

/// Takes a secret away.
pub(crate) async fn take_away(
    call: &Call<'_>,
    allowed: &Allowed,
    old: &Application,
) -> Result<Reply, Refusal> {
    let said = arguments(call.body()?, KEY_ID)?;
    let id = read_id(said.get("keyId").and_then(Value::as_str).unwrap_or_default())?;
    let mut new = old.clone();
    if new.remove_secret(id).is_none() {
        return Err(Refusal::Bad {
            message: format!("No password credential found with keyId '{id}'."),
            target: Some("keyId".into()),
        });
    }
    let records = records(old, &new, []);
    save(call, allowed, old, new, records).await?;
    Ok(Reply::done(allowed))
}

/// The arguments of an action.
pub(super) fn arguments(body: &Map<String, Value>, takes: Takes) -> Result<Map<String, Value>, Refusal> {
    match takes {
        Takes::Arguments(properties) => body::arguments(body, properties),
        _ => Ok(Map::new()),
    }
}

/// A value with what it is.
pub(super) fn told(call: &Call<'_>, allowed: &Allowed, kind: &str, value: Value) -> Reply {
    let mut body = Map::new();
    body.insert("@odata.context".into(), call.context(kind));
    if let Value::Object(members) = value {
        body.extend(members);
    }
    Reply::with(allowed, body)
}
