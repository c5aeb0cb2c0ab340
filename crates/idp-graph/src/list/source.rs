//! Where the objects of a list are: all of a kind, those that are linked to something, or a few that are at hand.

use idp_domain::applications::AppRoleAssignment;
use idp_domain::audit::Activity;
use idp_domain::directory::{DeletedObject, DirectoryObject, Indexed, ObjectKind, Position, Relation, Seek};
use serde_json::{Map, Value};
use uuid::Uuid;
use vestibule_wire::ids::{GroupId, ServicePrincipalId, UserId};

use super::{expand, records};
use crate::call::Call;
use crate::error::Refusal;
use crate::odata::error::QueryError;
use crate::odata::options::QueryOptions;
use crate::odata::page_token::After;
use crate::odata::seek::Seek as Best;
use crate::schema::{directory_object, texts};

/// Where to look.
#[derive(Debug, Clone)]
pub enum Source {
    /// All objects of a kind, by the index that serves the query best.
    All(ObjectKind, Seek),
    /// What an object has by a relation; all of it, or what is of one kind.
    Of(Relation, Uuid, Option<ObjectKind>),
    /// What has an object by a relation; all of it, or what is of one kind.
    Having(Relation, Uuid, Option<ObjectKind>),
    /// The members of a group, direct or not; all of them, or those of one kind.
    TransitiveMembers(GroupId, Option<ObjectKind>),
    /// Deleted objects of a kind.
    Deleted(ObjectKind),
    /// The people who hold a directory role.
    Holding(Uuid),
    /// Those of a kind with these ids, in the order of their ids.
    ByIds(ObjectKind, Vec<Uuid>),
    /// Rendered already, in this order.
    Given(Vec<Map<String, Value>>),
    /// Delegated permissions that were granted: to one client or to all, for one person alone or for whomever.
    Grants { client: Option<ServicePrincipalId>, principal: Option<UserId> },
    /// App roles that were assigned, in this order.
    Assignments(Vec<AppRoleAssignment>),
    /// What happened, of these kinds, the latest first.
    Audit(Vec<Activity>),
    /// These groups, in the order of their ids.
    Groups(Vec<Uuid>),
    /// Some that are rendered already, and then another source.
    Before(Vec<Map<String, Value>>, Box<Source>),
}

/// An object of a source.
#[derive(Debug)]
pub struct Item {
    /// Where it stands.
    pub position: After,
    /// All its properties; none if it is not of the kind that is listed.
    pub object: Option<Map<String, Value>>,
}

impl Source {
    /// All objects of a kind.
    pub const fn all(kind: ObjectKind) -> Self {
        Self::All(kind, Seek::All)
    }

    /// Chooses the index that serves the query best.
    pub(super) fn seek(&mut self, options: &QueryOptions) -> Result<(), QueryError> {
        match self {
            // What was chosen before stays.
            Self::All(kind, seek) if *seek == Seek::All => match by_ids(options) {
                Some(ids) => *self = Self::ByIds(*kind, ids),
                None => *seek = best(*kind, options)?,
            },
            Self::Grants { client: client @ None, .. } if options.order_by.is_none() => {
                *client = records::client_of(options);
            }
            _ => {
                if let Some(order) = options.order_by {
                    return Err(QueryError::SortUnsupported { property: order.property.to_owned() });
                }
            }
        }
        Ok(())
    }

    /// How many there are, where the store knows without reading them.
    pub(super) async fn count(&self, call: &Call<'_>) -> Result<Option<u64>, Refusal> {
        Ok(match self {
            Self::All(kind, Seek::All | Seek::Ordered { .. }) => {
                u64::try_from(call.directory().count(call.tenant(), *kind).await?).ok()
            }
            Self::Given(objects) => u64::try_from(objects.len()).ok(),
            Self::Assignments(all) => u64::try_from(all.len()).ok(),
            _ => None,
        })
    }

    /// The next objects. Fewer than `limit` are the last.
    pub(super) async fn read(
        &self,
        call: &Call<'_>,
        after: Option<&After>,
        limit: u32,
    ) -> Result<Vec<Item>, Refusal> {
        let (directory, tenant) = (call.directory(), call.tenant());
        // What is no object has places of its own.
        let id = match self {
            Self::Grants { .. } | Self::Audit(_) => None,
            _ => after.map(after_id).transpose()?,
        };
        Ok(match self {
            Self::All(kind, seek) => {
                let found = found(call, *kind, seek, after, limit).await?;
                found.into_iter().map(|(at, object)| at_place(at, of_its_kind(call, &object))).collect()
            }
            Self::Holding(role) => {
                let seek = Seek::OneOf(Indexed::DirectoryRole, vec![role.to_string()]);
                let found = found(call, ObjectKind::User, &seek, after, limit).await?;
                found.into_iter().map(|(at, object)| at_place(at, told(call, &object))).collect()
            }
            Self::Of(relation, from, kind) => {
                items(call, directory.linked_from(tenant, *relation, *from, id, limit).await?, *kind)
            }
            Self::Having(relation, to, kind) => {
                items(call, directory.linked_to(tenant, *relation, *to, id, limit).await?, *kind)
            }
            Self::TransitiveMembers(group, kind) => {
                items(call, directory.transitive_members(tenant, *group, id, limit).await?, *kind)
            }
            Self::Deleted(kind) => {
                let found = directory.deleted_objects(tenant, *kind, id, limit).await?;
                found.iter().map(|deleted| of_deleted(call, deleted)).collect()
            }
            Self::Grants { client, principal } => {
                records::grants(call, *client, *principal, after, limit).await?
            }
            Self::Assignments(all) => records::assignments(call, all, after, limit).await?,
            Self::Audit(activities) => records::events(call, activities, after, limit).await?,
            Self::Given(objects) => given(objects, after, limit)?,
            Self::ByIds(kind, ids) => by_id(call, *kind, rest(ids, id, limit)).await?,
            Self::Groups(ids) => groups(call, rest(ids, id, limit)).await?,
            Self::Before(objects, then) => {
                let among_given = after.is_none_or(is_place);
                let mut items = if among_given { given(objects, after, limit)? } else { Vec::new() };
                let room = limit - u32::try_from(items.len()).unwrap_or(limit);
                if room > 0 {
                    let after = after.filter(|_| !among_given);
                    items.extend(Box::pin(then.read(call, after, room)).await?);
                }
                items
            }
        })
    }
}

async fn found(
    call: &Call<'_>,
    kind: ObjectKind,
    seek: &Seek,
    after: Option<&After>,
    limit: u32,
) -> Result<Vec<(Position, DirectoryObject)>, Refusal> {
    let after = after.map(position).transpose()?;
    Ok(call.directory().objects(call.tenant(), kind, seek, after.as_ref(), limit).await?)
}

/// The ids that come next.
fn rest(ids: &[Uuid], after: Option<Uuid>, limit: u32) -> impl Iterator<Item = Uuid> {
    ids.iter().copied().filter(move |id| after.is_none_or(|after| *id > after)).take(limit as usize)
}

async fn by_id(
    call: &Call<'_>,
    kind: ObjectKind,
    ids: impl Iterator<Item = Uuid>,
) -> Result<Vec<Item>, Refusal> {
    let mut items = Vec::new();
    for id in ids {
        let found = call.directory().object(call.tenant(), id).await?.filter(|found| found.kind() == kind);
        items.push(Item { position: at(id), object: found.map(|object| of_its_kind(call, &object)) });
    }
    Ok(items)
}

async fn groups(call: &Call<'_>, ids: impl Iterator<Item = Uuid>) -> Result<Vec<Item>, Refusal> {
    let mut items = Vec::new();
    for id in ids {
        let found = call.directory().group(call.tenant(), GroupId::new(id)).await?;
        let object = found.map(|group| told(call, &DirectoryObject::Group(group)));
        items.push(Item { position: at(id), object });
    }
    Ok(items)
}

fn items(call: &Call<'_>, objects: Vec<DirectoryObject>, kind: Option<ObjectKind>) -> Vec<Item> {
    let item = |object: DirectoryObject| {
        let wanted = kind.is_none_or(|kind| kind == object.kind());
        Item { position: at(object.id()), object: wanted.then(|| told(call, &object)) }
    };
    objects.into_iter().map(item).collect()
}

fn of_deleted(call: &Call<'_>, deleted: &DeletedObject) -> Item {
    let mut members = of_its_kind(call, &deleted.object);
    members.insert("deletedDateTime".into(), texts::time(deleted.deleted_at));
    Item { position: at(deleted.object.id()), object: Some(members) }
}

/// An object that stands in the order of an index.
fn at_place(at: Position, members: Map<String, Value>) -> Item {
    Item { position: After { key: Some(at.key), id: at.id.to_string() }, object: Some(members) }
}

/// The ids that a filter names, where it names any: nothing is more selective.
fn by_ids(options: &QueryOptions) -> Option<Vec<Uuid>> {
    let filter = options.filter.as_ref().filter(|_| options.order_by.is_none())?;
    let ids = match Best::find(filter, &["id"]) {
        Best::Equals { value, .. } => vec![value],
        Best::OneOf { values, .. } => values,
        Best::StartsWith { .. } | Best::Any => return None,
    };
    let mut ids: Vec<Uuid> = ids.iter().map(|id| id.parse().ok()).collect::<Option<_>>()?;
    ids.sort_unstable();
    Some(ids)
}

fn best(kind: ObjectKind, options: &QueryOptions) -> Result<Seek, QueryError> {
    let indexed = Indexed::of(kind);
    let named = |name: &str| indexed.iter().copied().find(|index| index.property() == Some(name));
    if let Some(order) = options.order_by {
        let unsupported = || QueryError::SortUnsupported { property: order.property.to_owned() };
        let by = named(order.property).ok_or_else(unsupported)?;
        return Ok(Seek::Ordered { by, descending: order.descending });
    }
    let Some(filter) = &options.filter else { return Ok(Seek::All) };
    // Names that only one object has come first.
    let mut names: Vec<&str> = indexed.iter().filter_map(|index| index.property()).collect();
    names.sort_by_key(|name| {
        !matches!(*name, "userPrincipalName" | "appId" | "mail" | "servicePrincipalNames")
    });
    Ok(match Best::find(filter, &names) {
        Best::Equals { property, value } => {
            named(&property).map_or(Seek::All, |index| Seek::OneOf(index, vec![value]))
        }
        Best::OneOf { property, values } => {
            named(&property).map_or(Seek::All, |index| Seek::OneOf(index, values))
        }
        Best::StartsWith { property, prefix } => {
            named(&property).map_or(Seek::All, |index| Seek::StartsWith(index, prefix))
        }
        Best::Any => Seek::All,
    })
}

/// Graph: of what the caller may not read, a list tells the id and the kind.
fn told(call: &Call<'_>, object: &DirectoryObject) -> Map<String, Value> {
    let mut members = directory_object::render(object, &call.caller().tenant().default_domain);
    if !expand::may_read(call, object) {
        members.retain(|name, _| name == "@odata.type" || name == "id");
    }
    members
}

/// In a list of one kind, nothing says what kind it is.
fn of_its_kind(call: &Call<'_>, object: &DirectoryObject) -> Map<String, Value> {
    let mut members = directory_object::render(object, &call.caller().tenant().default_domain);
    members.remove("@odata.type");
    members
}

fn at(id: Uuid) -> After {
    After { key: None, id: id.to_string() }
}

/// What is at hand is numbered.
fn given(objects: &[Map<String, Value>], after: Option<&After>, limit: u32) -> Result<Vec<Item>, QueryError> {
    let from = match after {
        None => 0,
        Some(after) => after.id.parse::<usize>().map_err(|_| QueryError::ExpiredPageToken)?.saturating_add(1),
    };
    let items = objects.iter().enumerate().skip(from).take(limit as usize);
    let item = |(place, members): (usize, &Map<String, Value>)| Item {
        position: After { key: None, id: place.to_string() },
        object: Some(members.clone()),
    };
    Ok(items.map(item).collect())
}

fn is_place(after: &After) -> bool {
    after.id.parse::<usize>().is_ok()
}

/// A token of ours says nothing else; one that does is none.
fn after_id(after: &After) -> Result<Uuid, QueryError> {
    if is_place(after) {
        return Ok(Uuid::nil());
    }
    after.id.parse().map_err(|_| QueryError::ExpiredPageToken)
}

fn position(after: &After) -> Result<Position, QueryError> {
    Ok(Position { key: after.key.clone().unwrap_or_default(), id: after_id(after)? })
}
