//! `$expand`: relations shown with an entity, as far as the caller may read them.

use idp_domain::directory::{DirectoryObject, Relation};
use serde_json::{Map, Value};
use uuid::Uuid;

use crate::authorize::{Action, Target};
use crate::call::Call;
use crate::error::Refusal;
use crate::odata::expand::Expand;
use crate::odata::render;
use crate::schema::directory_object;

/// Which way a relation is followed.
enum Way {
    Of(Relation),
    Having(Relation),
}

/// Adds the relations that were asked for.
pub(super) async fn into(
    call: &Call<'_>,
    shown: &mut Map<String, Value>,
    entity: &Map<String, Value>,
    expand: &[Expand],
) -> Result<(), Refusal> {
    let id = entity.get("id").and_then(Value::as_str).and_then(|id| id.parse::<Uuid>().ok());
    let Some(id) = id else { return Ok(()) };
    for wanted in expand {
        let Some(way) = way(wanted.navigation.name) else { continue };
        let (directory, tenant, limit) = (call.directory(), call.tenant(), u32::from(wanted.top));
        let objects = match way {
            Way::Of(relation) => directory.linked_from(tenant, relation, id, None, limit).await?,
            Way::Having(relation) => directory.linked_to(tenant, relation, id, None, limit).await?,
        };
        let mut values = Vec::new();
        for object in objects {
            if may_read(call, &object) {
                values.push(Value::Object(show(call, &object, wanted)));
            }
        }
        let value = match wanted.navigation.many {
            true => Value::Array(values),
            false => values.into_iter().next().unwrap_or(Value::Null),
        };
        shown.insert(wanted.navigation.name.to_owned(), value);
    }
    Ok(())
}

fn way(name: &str) -> Option<Way> {
    match name {
        "members" => Some(Way::Of(Relation::Member)),
        "owners" => Some(Way::Of(Relation::Owner)),
        "manager" => Some(Way::Of(Relation::Manager)),
        "memberOf" => Some(Way::Having(Relation::Member)),
        "ownedObjects" => Some(Way::Having(Relation::Owner)),
        "directReports" => Some(Way::Having(Relation::Manager)),
        _ => None,
    }
}

/// Whether the caller may read an object that something leads to.
pub(crate) fn may_read(call: &Call<'_>, object: &DirectoryObject) -> bool {
    let standing = call.caller().standing();
    match object {
        DirectoryObject::User(user) => {
            let target = Target::user(standing, user);
            call.allow(Action::ReadUser, &target).is_ok()
        }
        DirectoryObject::Group(group) => call.allow(Action::ReadGroup, &Target::group(group, false)).is_ok(),
        DirectoryObject::Application(_) | DirectoryObject::ServicePrincipal(_) => {
            call.allow(Action::ReadApplication, &Target::application(&[], false)).is_ok()
        }
    }
}

fn show(call: &Call<'_>, object: &DirectoryObject, wanted: &Expand) -> Map<String, Value> {
    let members = directory_object::render(object, &call.caller().tenant().default_domain);
    let own = directory_object::entity_of(object.kind());
    let mixed = wanted.navigation.target.name == directory_object::DIRECTORY_OBJECT.name;
    let entity = match wanted.select {
        crate::odata::options::Select::Default if mixed => own,
        _ => wanted.navigation.target,
    };
    render::project(&members, entity, &wanted.select)
}
