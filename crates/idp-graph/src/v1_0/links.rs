//! Links between objects: how they are named in bodies, made and taken away.

use idp_domain::changes::{Change, Changes, Conflict};
use idp_domain::directory::{DirectoryObject, Link, ObjectKind, Relation};
use uuid::Uuid;

use crate::body::referenced_id;
use crate::call::Call;
use crate::error::{Fault, MemberFault, Refusal};

/// No request links more objects at once (section 9.1).
const MOST_BOUND: usize = 20;

/// The object that a body of `{"@odata.id": …}` names.
pub(super) async fn referenced(call: &Call<'_>) -> Result<DirectoryObject, Refusal> {
    let address = call.body()?.get("@odata.id").and_then(serde_json::Value::as_str);
    let missing = || Refusal::Members(vec![MemberFault::new("@odata.id", Fault::Required)]);
    found(call, address.ok_or_else(missing)?).await
}

/// The object at an address.
pub(super) async fn found(call: &Call<'_>, address: &str) -> Result<DirectoryObject, Refusal> {
    let invalid = || Refusal::Bad {
        message: format!("Invalid URL format specified in @odata.id: '{}'.", shortened(address)),
        target: Some("@odata.id".into()),
    };
    let id = referenced_id(address).ok_or_else(invalid)?;
    let object = call.directory().object(call.tenant(), id).await?;
    object.ok_or_else(|| Refusal::NotFound(id.to_string()))
}

/// The objects that `name@odata.bind` names.
pub(super) async fn bound(
    call: &Call<'_>,
    name: &str,
    addresses: &[String],
) -> Result<Vec<DirectoryObject>, Refusal> {
    if addresses.len() > MOST_BOUND {
        return Err(Refusal::Bad {
            message: format!("A request links at most {MOST_BOUND} objects by '{name}'."),
            target: Some(format!("{name}@odata.bind")),
        });
    }
    let mut objects: Vec<DirectoryObject> = Vec::new();
    for address in addresses {
        let object = found(call, address).await?;
        if !objects.iter().any(|known| known.id() == object.id()) {
            objects.push(object);
        }
    }
    Ok(objects)
}

/// A link that comes true if both ends are there.
pub(super) fn add(
    call: &Call<'_>,
    relation: Relation,
    from: (ObjectKind, Uuid),
    to: &DirectoryObject,
) -> Changes {
    let tenant = call.tenant();
    let link = Link { tenant, relation, from: from.1, from_kind: from.0, to: to.id(), to_kind: to.kind() };
    Changes::one(Change::ObjectExists { tenant, kind: from.0, id: from.1 })
        .and(Change::ObjectExists { tenant, kind: to.kind(), id: to.id() })
        .and(Change::AddLink(link))
}

/// A link that is no longer there.
pub(super) fn remove(
    call: &Call<'_>,
    relation: Relation,
    from: (ObjectKind, Uuid),
    to: (ObjectKind, Uuid),
) -> Changes {
    let tenant = call.tenant();
    let link = Link { tenant, relation, from: from.1, from_kind: from.0, to: to.1, to_kind: to.0 };
    Changes::one(Change::RemoveLink(link))
}

/// What it means when a link cannot be made.
pub(super) fn already(property: &'static str) -> impl FnOnce(Conflict) -> Option<Refusal> {
    move |conflict| (conflict == Conflict::AlreadyExists).then_some(Refusal::AlreadyLinked(property))
}

/// What it means when a link cannot be taken away.
pub(super) fn not_there(id: Uuid) -> impl FnOnce(Conflict) -> Option<Refusal> {
    move |conflict| (conflict == Conflict::NotThere).then(|| Refusal::NotFound(id.to_string()))
}

fn shortened(text: &str) -> String {
    text.chars().filter(|c| !c.is_control()).take(100).collect()
}
