//! What a caller has that the table asks for.

use idp_domain::directory::UserType;
use uuid::Uuid;
use vestibule_wire::ids::UserId;

use super::Holder;

/// The roles and permissions of a caller.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Standing {
    /// An application on behalf of a person.
    Person {
        /// The person.
        user: UserId,
        /// At home here, or invited.
        user_type: UserType,
        /// The directory roles they hold now.
        roles: Vec<Uuid>,
        /// The delegated permissions of the token.
        scopes: Vec<String>,
    },
    /// An application alone.
    Application {
        /// The app roles of the token.
        permissions: Vec<String>,
    },
}

impl Standing {
    /// Whether this user is the caller.
    pub fn is(&self, id: UserId) -> bool {
        matches!(self, Self::Person { user, .. } if *user == id)
    }

    /// Whether the caller is such a holder, given whether it owns the target.
    pub(super) fn has(&self, holder: Holder, owned: bool) -> bool {
        match (self, holder) {
            (Self::Person { roles, .. }, Holder::Role(role)) => roles.contains(&role),
            (Self::Person { user_type, .. }, Holder::Member) => *user_type == UserType::Member,
            (Self::Person { user_type, .. }, Holder::Guest) => *user_type == UserType::Guest,
            (Self::Person { user_type, .. }, Holder::Owner) => owned && *user_type == UserType::Member,
            (Self::Person { scopes, .. }, Holder::Scope(value)) => scopes.iter().any(|scope| scope == value),
            (Self::Application { permissions }, Holder::Application(value)) => {
                permissions.iter().any(|permission| permission == value)
            }
            (Self::Application { permissions }, Holder::OwningApplication(value)) => {
                owned && permissions.iter().any(|permission| permission == value)
            }
            _ => false,
        }
    }
}
