//! Who belongs to what: links between objects of one directory.

use uuid::Uuid;
use vestibule_wire::ids::TenantId;

use super::ObjectKind;

/// What a link means, read from the object that has it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Relation {
    /// A group has a member.
    Member,
    /// A group, an application or a service principal has an owner.
    Owner,
    /// A user has a manager.
    Manager,
}

impl Relation {
    /// Every relation.
    pub const ALL: [Self; 3] = [Self::Member, Self::Owner, Self::Manager];

    /// The number in the store.
    pub const fn number(self) -> i64 {
        match self {
            Self::Member => 1,
            Self::Owner => 2,
            Self::Manager => 3,
        }
    }
}

/// One link.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Link {
    /// The directory.
    pub tenant: TenantId,
    /// What it means.
    pub relation: Relation,
    /// The object that has it: the group, the owned object, the user with a manager.
    pub from: Uuid,
    /// What kind of object that is.
    pub from_kind: ObjectKind,
    /// The object it has: the member, the owner, the manager.
    pub to: Uuid,
    /// What kind of object that is.
    pub to_kind: ObjectKind,
}
