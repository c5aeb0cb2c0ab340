//! Users.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use uuid::Uuid;
use vestibule_wire::ids::{TenantId, UserId};

use super::{External, HomeAccount, Profile, Upn};
use crate::credentials::PasswordHash;

/// How the account came to be, if by an invitation: a member of the profile.
pub const CREATION_TYPE: &str = "creationType";
/// When somebody from elsewhere was invited, or accepted: a member of the profile.
pub const EXTERNAL_STATE_CHANGED: &str = "externalUserStateChangeDateTime";

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
    /// What the account may do here: as one of the tenant's own, or as a guest.
    pub user_type: UserType,
    /// Whose account it is, if it is somebody's from elsewhere. Such an account has no password here.
    pub external: Option<External>,
    /// Template ids of the directory roles held.
    pub directory_roles: Vec<Uuid>,
    /// How the password is checked; none, and no password is right.
    pub password: Option<PasswordHash>,
    /// The password is for one sign-in only, which must set another.
    pub must_change_password: bool,
    /// Grants and sessions that began before this are dead.
    pub valid_from: Timestamp,
    /// When it was made.
    pub created_at: Timestamp,
    /// What is carried and shown, and decides nothing: job title, telephone numbers, and so on.
    pub profile: Profile,
    /// Counts changes; guards name the revision they were decided on.
    pub revision: i64,
}

/// Whether an account is at home in its tenant (`userType`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub enum UserType {
    /// At home.
    #[default]
    Member,
    /// Invited; the home is elsewhere.
    Guest,
}

impl UserType {
    /// The word in the store and in Graph.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Member => "Member",
            Self::Guest => "Guest",
        }
    }

    /// Reads the word back.
    pub fn parse(word: &str) -> Option<Self> {
        [Self::Member, Self::Guest].into_iter().find(|kind| kind.as_str() == word)
    }
}

impl User {
    /// The account of somebody who was invited, once it was accepted by whoever has this account at home.
    #[must_use]
    pub fn accepted_by(mut self, at_home: &Self, now: Timestamp) -> Self {
        self.external = Some(External::Home(HomeAccount::of(at_home)));
        self.profile.set(EXTERNAL_STATE_CHANGED, now.to_string().into());
        self
    }

    /// Whether the user holds this directory role.
    pub fn holds(&self, role: Uuid) -> bool {
        self.directory_roles.contains(&role)
    }
}
