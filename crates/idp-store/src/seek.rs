//! Lists and searches: runs through an index, cut into pages.
//!
//! A page is one query, unless it met keys that lead to nothing new: a second tag of an object that was found by its
//! first, a key that was cut off, a service principal whose application is gone. Then the run goes on.

use idp_domain::directory::{DirectoryObject, Indexed, MAX_KEY, ObjectKind, Position, Seek, fold, lower};
use idp_domain::store::Unavailable;
use uuid::Uuid;
use vestibule_wire::ids::TenantId;

use crate::SqlStore;
use crate::engine::Columns;
use crate::objects::{Listing, listing};
use crate::step::{Value, values};

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
