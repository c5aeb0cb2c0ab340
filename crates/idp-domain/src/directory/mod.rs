//! Users of a tenant, and the names they sign in with.

mod upn;

use jiff::Timestamp;
use uuid::Uuid;
use vestibule_wire::ids::{TenantId, UserId};

pub use upn::{MalformedUpn, Upn};

use crate::credentials::PasswordHash;

/// A person's account in one tenant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct User {
    /// The directory.
    pub tenant: TenantId,
    /// The object id, the `oid` of the user's tokens.
    pub id: UserId,
    /// The name the person signs in with.
    pub upn: Upn,
    /// Shown to people; the `name` claim.
    pub display_name: String,
    /// First name.
    pub given_name: Option<String>,
    /// Last name.
    pub surname: Option<String>,
    /// Mail address.
    pub mail: Option<String>,
    /// A disabled user gets nothing.
    pub enabled: bool,
    /// Template ids of the directory roles held.
    pub directory_roles: Vec<Uuid>,
    /// How the password is checked; none, and no password is right.
    pub password: Option<PasswordHash>,
    /// The password is for one sign-in only, which must set another.
    pub must_change_password: bool,
    /// Grants and sessions that began before this are dead.
    pub valid_from: Timestamp,
    /// Counts changes; guards name the revision they were decided on.
    pub revision: i64,
}

/// Template ids of built-in directory roles.
pub mod role {
    use uuid::Uuid;

    /// Global Administrator.
    pub const GLOBAL_ADMINISTRATOR: Uuid = Uuid::from_u128(0x62e90394_69f5_4237_9190_012177145e10);

    /// The name people know a role by.
    pub fn name(role: Uuid) -> Option<&'static str> {
        (role == GLOBAL_ADMINISTRATOR).then_some("Global Administrator")
    }
}
