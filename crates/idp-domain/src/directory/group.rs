//! Groups, which may hold users, service principals and other groups.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use vestibule_wire::ids::{GroupId, TenantId};

use super::Profile;

/// A group.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Group {
    /// The directory.
    pub tenant: TenantId,
    /// The object id: a value of `groups`.
    pub id: GroupId,
    /// Shown to people.
    pub display_name: String,
    /// The part before the `@` of its mail address.
    pub mail_nickname: String,
    /// Whether it is a distribution list.
    pub mail_enabled: bool,
    /// Whether it is a security group.
    pub security_enabled: bool,
    /// Whether directory roles can be given to it. Decided when it is made, for good.
    pub assignable_to_role: bool,
    /// When it was made.
    pub created_at: Timestamp,
    /// What is carried and decides nothing: description, group types, and so on.
    pub profile: Profile,
    /// Counts changes.
    pub revision: i64,
}

/// A group that somebody belongs to, directly or through other groups, with what a token needs to know of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TransitiveGroup {
    /// The group.
    pub id: GroupId,
    /// Whether it is a security group.
    pub security_enabled: bool,
    /// Whether the member is in it directly.
    pub direct: bool,
}
