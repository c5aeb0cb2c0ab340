//! `/directoryObjects`: objects by their ids, whatever they are.

use idp_domain::directory::DirectoryObject;
use serde_json::Value;
use uuid::Uuid;

use super::memberships::{GROUP_IDS, IDS, Member, OBJECT_IDS, SECURITY_ONLY};
use crate::authorize::{Action, Allowed, Target};
use crate::body;
use crate::call::{Call, kind_word, read_id};
use crate::error::{Fault, MemberFault, Refusal};
use crate::list::{self, List, Source, may_read};
use crate::odata::schema::{guids, strings};
use crate::operations::{Answers, Operation, Takes};
use crate::reply::Reply;
use crate::schema::directory_object::{self, DIRECTORY_OBJECT};

/// No request asks for more objects (section 9.3).
const MOST_IDS: usize = 1000;

const READ: &[Action] = &[Action::ReadUser, Action::ReadGroup, Action::ReadApplication];
const MEMBERSHIP: &[Action] = &[Action::ReadUserMembership, Action::ReadMembers, Action::ReadApplication];
const BY_IDS: Takes = Takes::Arguments(&[guids("ids").required(), strings("types")]);
const OBJECT: Answers = Answers::Entity(&DIRECTORY_OBJECT);
const OBJECTS: Answers = Answers::Collection(&DIRECTORY_OBJECT);

/// The operations.
#[rustfmt::skip]
pub const OPERATIONS: &[Operation] = &[
    Operation::get("/directoryObjects/{id}", "Reads an object of any kind.", READ, OBJECT, |call| Box::pin(get(call))),
    Operation::post("/directoryObjects/getByIds", "Reads up to 1,000 objects by their ids.", READ, BY_IDS, OBJECTS, |call| Box::pin(get_by_ids(call))),
    Operation::post("/directoryObjects/{id}/getMemberGroups", "Lists the ids of all groups of an object.", MEMBERSHIP, SECURITY_ONLY, OBJECT_IDS, |call| Box::pin(member_ids(call, false))),
    Operation::post("/directoryObjects/{id}/getMemberObjects", "Lists the ids of all groups and directory roles of an object.", MEMBERSHIP, SECURITY_ONLY, OBJECT_IDS, |call| Box::pin(member_ids(call, true))),
    Operation::post("/directoryObjects/{id}/checkMemberGroups", "Says which of these groups an object is in.", MEMBERSHIP, GROUP_IDS, OBJECT_IDS, |call| Box::pin(check(call, "groupIds"))),
    Operation::post("/directoryObjects/{id}/checkMemberObjects", "Says which of these groups and directory roles an object has.", MEMBERSHIP, IDS, OBJECT_IDS, |call| Box::pin(check(call, "ids"))),
];

/// The object with this id, whose kind is one that the caller may do this to.
async fn subject(call: &Call<'_>, actions: &[Action]) -> Result<DirectoryObject, Refusal> {
    let id = call.id(0)?;
    if call.caller().object() != id && !actions.iter().any(|action| call.might_beyond_themselves(*action)) {
        return Err(Refusal::Denied);
    }
    let found = call.directory().object(call.tenant(), id).await?;
    found.ok_or_else(|| Refusal::NotFound(id.to_string()))
}

fn readable(call: &Call<'_>, object: &DirectoryObject) -> Result<Allowed, Refusal> {
    match object {
        DirectoryObject::User(user) => {
            call.allow(Action::ReadUser, &Target::user(call.caller().standing(), user))
        }
        DirectoryObject::Group(group) => call.allow(Action::ReadGroup, &Target::group(group, false)),
        DirectoryObject::Application(_) | DirectoryObject::ServicePrincipal(_) => {
            call.allow(Action::ReadApplication, &Target::application(&[], false))
        }
    }
}

async fn get(call: &Call<'_>) -> Result<Reply, Refusal> {
    let object = subject(call, READ).await?;
    let allowed = readable(call, &object)?;
    let members = directory_object::render(&object, &call.caller().tenant().default_domain);
    list::one(call, &allowed, &DIRECTORY_OBJECT, members).await
}

async fn get_by_ids(call: &Call<'_>) -> Result<Reply, Refusal> {
    let Takes::Arguments(properties) = call.asked().operation.takes else { return Err(Refusal::Denied) };
    let arguments = body::arguments(call.body()?, properties)?;
    let required = || Refusal::Members(vec![MemberFault::new("ids", Fault::Required)]);
    let ids = arguments.get("ids").and_then(Value::as_array).ok_or_else(required)?;
    if ids.len() > MOST_IDS {
        return Err(Refusal::value("ids", format!("at most {MOST_IDS} objects are read at once.")));
    }
    let types: Vec<&str> = arguments
        .get("types")
        .and_then(Value::as_array)
        .into_iter()
        .flatten()
        .filter_map(Value::as_str)
        .collect();
    let allowed = any_proof(call)?;
    let mut found = Vec::new();
    let mut seen: Vec<Uuid> = Vec::new();
    for text in ids.iter().filter_map(Value::as_str) {
        let id = read_id(text)?;
        if seen.contains(&id) {
            continue;
        }
        seen.push(id);
        let Some(object) = call.directory().object(call.tenant(), id).await? else { continue };
        let wanted = types.is_empty()
            || types.iter().any(|word| {
                word.eq_ignore_ascii_case(kind_word(object.kind()))
                    || word.eq_ignore_ascii_case("directoryObject")
            });
        if wanted && may_read(call, &object) {
            found.push(directory_object::render(&object, &call.caller().tenant().default_domain));
        }
    }
    List::mixed(Source::Given(found)).answer(call, &allowed).await
}

/// Whoever may read something may ask; each object is looked at by itself.
fn any_proof(call: &Call<'_>) -> Result<Allowed, Refusal> {
    let own = call.caller().user().map(|user| Target::user(call.caller().standing(), user));
    let targets = [Some(Target::DIRECTORY), own];
    for target in targets.iter().flatten() {
        if let Some(allowed) = READ.iter().find_map(|action| call.allow(*action, target).ok()) {
            return Ok(allowed);
        }
    }
    Err(Refusal::Denied)
}

async fn member_ids(call: &Call<'_>, with_roles: bool) -> Result<Reply, Refusal> {
    let object = subject(call, MEMBERSHIP).await?;
    let allowed = membership(call, &object)?;
    member(&object).ids(call, &allowed, with_roles).await
}

async fn check(call: &Call<'_>, argument: &str) -> Result<Reply, Refusal> {
    let object = subject(call, MEMBERSHIP).await?;
    let allowed = membership(call, &object)?;
    member(&object).check(call, &allowed, argument).await
}

fn membership(call: &Call<'_>, object: &DirectoryObject) -> Result<Allowed, Refusal> {
    match object {
        DirectoryObject::User(user) => {
            call.allow(Action::ReadUserMembership, &Target::user(call.caller().standing(), user))
        }
        DirectoryObject::Group(group) => call.allow(Action::ReadMembers, &Target::group(group, false)),
        _ => readable(call, object),
    }
}

fn member(object: &DirectoryObject) -> Member<'_> {
    match object {
        DirectoryObject::User(user) => Member { id: user.id.guid(), roles: &user.directory_roles },
        other => Member { id: other.id(), roles: &[] },
    }
}
