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

    /// From when on a sign-in counts, if all until now are to be void. When one was is known to the second, so what began in
    /// this second began before.
    pub fn void_until(now: Timestamp) -> Timestamp {
        Timestamp::from_second(now.as_second().saturating_add(1)).unwrap_or(Timestamp::MAX)
    }

    /// When what the user proves now counts as proved: in the second of a revocation, which it came after, in the next one.
    pub fn proves_at(&self, now: Timestamp) -> Timestamp {
        if self.valid_from == Self::void_until(now) { self.valid_from } else { now }
    }

    /// Whether the user holds this directory role.
    pub fn holds(&self, role: Uuid) -> bool {
        self.directory_roles.contains(&role)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(millisecond: i64) -> Timestamp {
        Timestamp::from_millisecond(millisecond).unwrap()
    }

    #[test]
    fn rt_08_what_was_proved_before_a_revocation_is_void_and_what_comes_after_it_counts() {
        let upn = Upn::parse("alice@contoso.test").unwrap();
        let mut alice = User {
            tenant: TenantId::from_u128(1),
            id: UserId::from_u128(2),
            upn,
            display_name: String::new(),
            given_name: None,
            surname: None,
            mail: None,
            enabled: true,
            user_type: UserType::Member,
            external: None,
            directory_roles: Vec::new(),
            password: None,
            must_change_password: false,
            valid_from: at(0),
            created_at: at(0),
            profile: Profile::default(),
            revision: 0,
        };
        let now = at(5_400);
        assert_eq!(alice.proves_at(now), now);
        let proved = alice.proves_at(at(5_100));
        alice.valid_from = User::void_until(now);
        assert!(proved < alice.valid_from, "in the same second, before");
        assert!(alice.proves_at(at(5_900)) >= alice.valid_from, "in the same second, after");
        assert_eq!(alice.proves_at(at(6_000)), at(6_000));
        // A clock that went back makes nothing good that was void.
        assert_eq!(alice.proves_at(at(3_000)), at(3_000));
    }
}
