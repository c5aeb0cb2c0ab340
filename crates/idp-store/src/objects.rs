//! Lists of objects and searches: runs through an index, cut into pages.
//!
//! A page is one query, unless it met keys that lead to nothing new: a second tag of an object that was found by its
//! first, a key that was cut off, a service principal whose application is gone. Then the run goes on.

use std::sync::Arc;

use idp_domain::applications::{Application, Registration, ServicePrincipal};
use idp_domain::directory::{
    DirectoryObject, Group, Indexed, MAX_KEY, ObjectKind, Position, Seek, User, fold, lower,
};
use idp_domain::store::Unavailable;
use uuid::Uuid;
use vestibule_wire::ids::{ClientId, TenantId};

use crate::engine::{Columns, Damaged};
use crate::step::{Value, values};
use crate::texts::{columns, texts};
use crate::{SqlStore, applications, groups, principals, users};

/// The end of a query that begins with the keys, from the first to the last or from the last to the first.
macro_rules! run {
    (up) => {
        "k.tenant_id = $1 AND k.kind = $2 AND k.property = $3 AND (k.value, k.object_id) > ($4, $5) \
         AND k.value < $6 ORDER BY k.value, k.object_id LIMIT $7"
    };
    (down) => {
        "k.tenant_id = $1 AND k.kind = $2 AND k.property = $3 AND (k.value, k.object_id) < ($4, $5) \
         ORDER BY k.value DESC, k.object_id DESC LIMIT $6"
    };
}

/// Objects by their keys. `CROSS` settles for SQLite what others see by themselves: the keys come first.
macro_rules! found {
    (user $way:tt) => {
        concat!("SELECT k.value, k.object_id, ", columns!(user), " FROM object_keys k CROSS JOIN users u \
            WHERE u.tenant_id = k.tenant_id AND u.id = k.object_id AND ", run!($way))
    };
    (group $way:tt) => {
        concat!("SELECT k.value, k.object_id, ", columns!(group), " FROM object_keys k CROSS JOIN groups g \
            WHERE g.tenant_id = k.tenant_id AND g.id = k.object_id AND ", run!($way))
    };
    (application $way:tt) => {
        concat!("SELECT k.value, k.object_id, ", columns!(application), " FROM object_keys k \
            CROSS JOIN applications a WHERE a.tenant_id = k.tenant_id AND a.id = k.object_id AND ", run!($way))
    };
    (principal $way:tt) => {
        concat!("SELECT k.value, k.object_id, ", columns!(principal), ", ", columns!(application), " \
            FROM object_keys k CROSS JOIN service_principals p LEFT JOIN applications a ON a.client_id = p.client_id \
            WHERE p.tenant_id = k.tenant_id AND p.id = k.object_id AND ", run!($way))
    };
}

texts! {
    USERS = concat!("SELECT u.id, ", columns!(user), " FROM users u \
        WHERE u.tenant_id = $1 AND u.id > $2 ORDER BY u.id LIMIT $3");
    GROUPS = concat!("SELECT g.id, ", columns!(group), " FROM groups g \
        WHERE g.tenant_id = $1 AND g.id > $2 ORDER BY g.id LIMIT $3");
    APPLICATIONS = concat!("SELECT a.id, ", columns!(application), " FROM applications a \
        WHERE a.tenant_id = $1 AND a.id > $2 ORDER BY a.id LIMIT $3");
    PRINCIPALS = concat!("SELECT p.id, ", columns!(principal), ", ", columns!(application), " \
        FROM service_principals p LEFT JOIN applications a ON a.client_id = p.client_id \
        WHERE p.tenant_id = $1 AND p.id > $2 ORDER BY p.id LIMIT $3");
    USERS_UP = found!(user up);
    USERS_DOWN = found!(user down);
    GROUPS_UP = found!(group up);
    GROUPS_DOWN = found!(group down);
    APPLICATIONS_UP = found!(application up);
    APPLICATIONS_DOWN = found!(application down);
    PRINCIPALS_UP = found!(principal up);
    PRINCIPALS_DOWN = found!(principal down);

    USER_COUNT = "SELECT count(*) FROM users WHERE tenant_id = $1";
    GROUP_COUNT = "SELECT count(*) FROM groups WHERE tenant_id = $1";
    APPLICATION_COUNT = "SELECT count(*) FROM applications WHERE tenant_id = $1";
    PRINCIPAL_COUNT = "SELECT count(*) FROM service_principals p \
        LEFT JOIN applications a ON a.client_id = p.client_id \
        WHERE p.tenant_id = $1 AND (a.client_id IS NOT NULL OR p.client_id = $2)";
    KIND = "SELECT CAST(1 AS BIGINT) FROM users WHERE tenant_id = $1 AND id = $2 \
        UNION ALL SELECT CAST(2 AS BIGINT) FROM groups WHERE tenant_id = $1 AND id = $2 \
        UNION ALL SELECT CAST(3 AS BIGINT) FROM applications WHERE tenant_id = $1 AND id = $2 \
        UNION ALL SELECT CAST(4 AS BIGINT) FROM service_principals WHERE tenant_id = $1 AND id = $2";
}

/// What a row holds of an object.
pub(crate) enum Found {
    /// A key or a link that leads to nothing.
    Nothing,
    User(Box<User>),
    Group(Group),
    Application(Box<Application>),
    /// With its application, if that is in the store.
    Principal(Box<(ServicePrincipal, Option<Application>)>),
}

impl Found {
    pub(crate) fn user(row: &mut Columns<'_>) -> Result<Self, Damaged> {
        Ok(Self::User(Box::new(users::user(row)?)))
    }

    pub(crate) fn group(row: &mut Columns<'_>) -> Result<Self, Damaged> {
        Ok(Self::Group(groups::group(row)?))
    }

    fn application(row: &mut Columns<'_>) -> Result<Self, Damaged> {
        Ok(Self::Application(Box::new(applications::application(row)?)))
    }

    pub(crate) fn maybe_application(row: &mut Columns<'_>) -> Result<Self, Damaged> {
        let document: Option<Application> = row.maybe_json()?;
        let revision = row.maybe_int()?.unwrap_or_default();
        Ok(document.map_or(Self::Nothing, |document| {
            Self::Application(Box::new(Application { revision, ..document }))
        }))
    }

    pub(crate) fn principal(row: &mut Columns<'_>) -> Result<Self, Damaged> {
        Ok(Self::Principal(Box::new(principals::with_application(row)?)))
    }
}

/// The texts that list one kind of object, and how their rows are read.
struct Listing {
    by_id: &'static str,
    up: &'static str,
    down: &'static str,
    read: fn(&mut Columns<'_>) -> Result<Found, Damaged>,
}

const fn listing(kind: ObjectKind) -> Listing {
    match kind {
        ObjectKind::User => Listing { by_id: USERS, up: USERS_UP, down: USERS_DOWN, read: Found::user },
        ObjectKind::Group => Listing { by_id: GROUPS, up: GROUPS_UP, down: GROUPS_DOWN, read: Found::group },
        ObjectKind::Application => Listing {
            by_id: APPLICATIONS,
            up: APPLICATIONS_UP,
            down: APPLICATIONS_DOWN,
            read: Found::application,
        },
        ObjectKind::ServicePrincipal => {
            Listing { by_id: PRINCIPALS, up: PRINCIPALS_UP, down: PRINCIPALS_DOWN, read: Found::principal }
        }
    }
}

/// A place in an index. No bytes come before all others.
#[derive(Clone, Default)]
struct Place {
    key: Vec<u8>,
    id: Vec<u8>,
}

/// A run through an index.
enum Run {
    ById,
    /// Up to a key that is not reached.
    Up {
        property: Indexed,
        end: Vec<u8>,
    },
    Down {
        property: Indexed,
    },
}

/// Comes after every text in UTF-8.
const END: [u8; 1] = [0xff];

impl SqlStore {
    /// Which kind the object with this id is.
    pub(crate) async fn kind_of(
        &self,
        tenant: TenantId,
        id: Uuid,
    ) -> Result<Option<ObjectKind>, Unavailable> {
        self.engine.first(KIND, &[tenant.into(), id.into()], |row| row.kind()).await
    }

    pub(crate) async fn count_of(&self, tenant: TenantId, kind: ObjectKind) -> Result<i64, Unavailable> {
        let (sql, params) = match kind {
            ObjectKind::User => (USER_COUNT, values![tenant]),
            ObjectKind::Group => (GROUP_COUNT, values![tenant]),
            ObjectKind::Application => (APPLICATION_COUNT, values![tenant]),
            ObjectKind::ServicePrincipal => (PRINCIPAL_COUNT, values![tenant, ClientId::MICROSOFT_GRAPH]),
        };
        Ok(self.engine.first(sql, &params, |row| row.int()).await?.unwrap_or_default())
    }

    pub(crate) async fn seek(
        &self,
        tenant: TenantId,
        kind: ObjectKind,
        seek: &Seek,
        after: Option<&Position>,
        limit: u32,
    ) -> Result<Vec<(Position, DirectoryObject)>, Unavailable> {
        let of = (tenant, kind, seek);
        let begin = |first: &[u8]| match after {
            Some(last) => Place { key: last.key.clone().into_bytes(), id: last.id.as_bytes().to_vec() },
            None => Place { key: first.to_vec(), id: Vec::new() },
        };
        match seek {
            Seek::All => self.run(of, &Run::ById, begin(&[]), limit).await,
            Seek::Ordered { by, descending: false } => {
                self.run(of, &Run::Up { property: *by, end: END.to_vec() }, begin(&[]), limit).await
            }
            Seek::Ordered { by, descending: true } => {
                self.run(of, &Run::Down { property: *by }, begin(&END), limit).await
            }
            Seek::StartsWith(by, beginning) => {
                let first = fold(beginning).into_bytes();
                let run = Run::Up { property: *by, end: beyond(&first) };
                self.run(of, &run, begin(&first), limit).await
            }
            Seek::OneOf(by, values) => {
                let mut keys: Vec<_> = values.iter().map(|value| fold(value)).collect();
                keys.sort_unstable();
                keys.dedup();
                self.one_of(of, *by, keys, after, limit).await
            }
        }
    }

    /// One run for each of the keys, in their order.
    async fn one_of(
        &self,
        of: (TenantId, ObjectKind, &Seek),
        property: Indexed,
        keys: Vec<String>,
        after: Option<&Position>,
        limit: u32,
    ) -> Result<Vec<(Position, DirectoryObject)>, Unavailable> {
        let mut page = Vec::new();
        for key in keys {
            let id = match after {
                Some(last) if last.key > key => continue,
                Some(last) if last.key == key => last.id.as_bytes().to_vec(),
                _ => Vec::new(),
            };
            let left = limit.saturating_sub(u32::try_from(page.len()).unwrap_or(u32::MAX));
            let key = key.into_bytes();
            let run = Run::Up { property, end: [key.as_slice(), &[0]].concat() };
            page.extend(self.run(of, &run, Place { key, id }, left).await?);
        }
        Ok(page)
    }

    /// What comes after a place, until the page is full or the run has ended.
    async fn run(
        &self,
        (tenant, kind, seek): (TenantId, ObjectKind, &Seek),
        run: &Run,
        mut after: Place,
        limit: u32,
    ) -> Result<Vec<(Position, DirectoryObject)>, Unavailable> {
        let limit = usize::try_from(limit).unwrap_or(usize::MAX);
        let listing = listing(kind);
        let by_id = matches!(run, Run::ById);
        let mut page = Vec::new();
        while page.len() < limit {
            let wanted = limit - page.len();
            let (sql, params) = run.query(&listing, tenant, kind, &after, wanted);
            let read = |row: &mut Columns<'_>| {
                let key = if by_id { Vec::new() } else { row.bytes()? };
                Ok((Place { key, id: row.bytes()? }, (listing.read)(row)?))
            };
            let rows = self.engine.all(sql, &params, read).await?;
            let ended = rows.len() < wanted;
            for (place, found) in rows {
                if let Some(object) = self.whole(found)
                    && let Some(position) = position(&place)
                    && is_new(seek, &position.key, &object)
                {
                    page.push((position, object));
                }
                after = place;
            }
            if ended {
                break;
            }
        }
        Ok(page)
    }

    /// A service principal is nothing without its application.
    pub(crate) fn whole(&self, found: Found) -> Option<DirectoryObject> {
        Some(match found {
            Found::Nothing => return None,
            Found::User(user) => DirectoryObject::User(*user),
            Found::Group(group) => DirectoryObject::Group(group),
            Found::Application(application) => DirectoryObject::Application(Arc::from(application)),
            Found::Principal(both) => {
                let (principal, application) = *both;
                let application = match application {
                    Some(application) => Arc::new(application),
                    None if principal.client_id == ClientId::MICROSOFT_GRAPH => {
                        self.documents.microsoft_graph()
                    }
                    None => return None,
                };
                DirectoryObject::ServicePrincipal(Registration { principal, application })
            }
        })
    }
}

impl Run {
    fn query(
        &self,
        listing: &Listing,
        tenant: TenantId,
        kind: ObjectKind,
        after: &Place,
        limit: usize,
    ) -> (&'static str, Vec<Value<'static>>) {
        let limit = i64::try_from(limit).unwrap_or(i64::MAX);
        let Place { key, id } = after.clone();
        match self {
            Self::ById => (listing.by_id, values![tenant, id, limit]),
            Self::Up { property, end } => {
                let params = values![tenant, kind.number(), property.number(), key, id, end.clone(), limit];
                (listing.up, params)
            }
            Self::Down { property } => {
                (listing.down, values![tenant, kind.number(), property.number(), key, id, limit])
            }
        }
    }
}

fn position(place: &Place) -> Option<Position> {
    let key = String::from_utf8(place.key.clone()).ok()?;
    Some(Position { key, id: Uuid::from_slice(&place.id).ok()? })
}

/// The first key that does not begin like this. A byte of UTF-8 is never the highest there is.
fn beyond(beginning: &[u8]) -> Vec<u8> {
    let mut end = beginning.to_vec();
    match end.last_mut() {
        Some(last) => *last = last.saturating_add(1),
        None => end.extend(END),
    }
    end
}

/// Whether the object is what is sought, and was not found by another of its keys before this one.
fn is_new(seek: &Seek, key: &str, object: &DirectoryObject) -> bool {
    let (property, descending) = match seek {
        Seek::All => return true,
        Seek::OneOf(property, _) | Seek::StartsWith(property, _) => (*property, false),
        Seek::Ordered { by, descending } => (*by, *descending),
    };
    let is_sought = |value: &str| match seek {
        Seek::OneOf(_, values) => values.iter().any(|sought| lower(sought) == value),
        Seek::StartsWith(_, beginning) => value.starts_with(&lower(beginning)),
        Seek::All | Seek::Ordered { .. } => true,
    };
    let sought: Vec<_> = object.values_of(property).filter(|value| is_sought(value)).collect();
    let was_before = |value: &String| match fold(value).as_str().cmp(key) {
        std::cmp::Ordering::Less => !descending,
        std::cmp::Ordering::Greater => descending,
        std::cmp::Ordering::Equal => false,
    };
    let is_cut_off = key.chars().count() >= MAX_KEY;
    (!sought.is_empty() || !is_cut_off) && !sought.iter().any(was_before)
}
