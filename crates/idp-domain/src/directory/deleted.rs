//! Deleted objects, which can be brought back for a while.

use jiff::{SignedDuration, Timestamp};

use super::DirectoryObject;

/// How long a deleted object is kept: 30 days, as Entra does.
pub const DELETED_KEPT: SignedDuration = SignedDuration::from_hours(30 * 24);

/// An object as it was when it was deleted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeletedObject {
    /// The object.
    pub object: DirectoryObject,
    /// When it was deleted.
    pub deleted_at: Timestamp,
}
