//! Accounts of people from elsewhere: invited into a tenant, and signing in with the account they have at home.
//!
//! A guest is a user of the tenant they are a guest of, with an object id of its own, and proves nothing there: who they are
//! is proved at home, and whatever is wrong with the account at home is wrong with the guest.

use jiff::Timestamp;
use vestibule_wire::ids::{TenantId, UserId};

use super::{Upn, User};
use crate::tenant::Tenant;

/// What `identities` calls an account of another tenant (`issuer`): what kind of directory it is in, and not which.
pub const EXTERNAL_AZURE_AD: &str = "ExternalAzureAD";

/// Whose account one is that belongs to somebody from elsewhere.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum External {
    /// Of whoever has this name at home: they were invited and have not come yet (`PendingAcceptance`).
    Invited(Upn),
    /// Of this account of another tenant, which accepted (`Accepted`).
    Home(HomeAccount),
}

/// An account, by where it is at home.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct HomeAccount {
    /// The tenant.
    pub tenant: TenantId,
    /// The object id there.
    pub user: UserId,
}

impl HomeAccount {
    /// Where a user is at home who is nobody's guest.
    pub const fn of(user: &User) -> Self {
        Self { tenant: user.tenant, user: user.id }
    }
}

impl External {
    /// One text for each, by which a tenant finds it: `invited:bob@fabrikam.test`, `home:{tenant}/{user}`.
    pub fn key(&self) -> String {
        match self {
            Self::Invited(name) => format!("invited:{name}"),
            Self::Home(HomeAccount { tenant, user }) => format!("home:{tenant}/{user}"),
        }
    }

    /// Reads the text back.
    pub fn from_key(key: &str) -> Option<Self> {
        match key.split_once(':')? {
            ("invited", name) => Upn::parse(name).ok().map(Self::Invited),
            ("home", ids) => {
                let (tenant, user) = ids.split_once('/')?;
                Some(Self::Home(HomeAccount { tenant: tenant.parse().ok()?, user: user.parse().ok()? }))
            }
            _ => None,
        }
    }

    /// The account at home, if it is known.
    pub const fn home(&self) -> Option<HomeAccount> {
        match self {
            Self::Invited(_) => None,
            Self::Home(home) => Some(*home),
        }
    }
}

/// A user together with the account they are at home with, if that is another: what a sign-in is checked against.
#[derive(Debug, Clone)]
pub struct Account {
    user: User,
    home: Option<Box<Home>>,
}

/// The account of a guest at home.
#[derive(Debug, Clone)]
pub struct Home {
    /// The user there.
    pub user: User,
    /// The tenant.
    pub tenant: Tenant,
}

impl Account {
    /// A user of their own tenant. None if it is somebody's from elsewhere, who is not without their home.
    pub fn at_home(user: User) -> Option<Self> {
        user.external.is_none().then_some(Self { user, home: None })
    }

    /// A guest, with the account that accepted. None if that is another, or is a guest's itself.
    pub fn guest(user: User, home: Home) -> Option<Self> {
        let accepted = user.external.as_ref()?.home()?;
        let is_theirs = accepted == HomeAccount::of(&home.user)
            && home.tenant.id == home.user.tenant
            && home.user.external.is_none();
        is_theirs.then(|| Self { user, home: Some(Box::new(home)) })
    }

    /// The user in the tenant in question.
    pub const fn user(&self) -> &User {
        &self.user
    }

    /// The same, and nothing else.
    pub fn into_user(self) -> User {
        self.user
    }

    /// The account at home of a guest.
    pub fn home(&self) -> Option<&Home> {
        self.home.as_deref()
    }

    /// The user where they are at home: where they prove who they are, and their sessions are.
    pub fn user_at_home(&self) -> &User {
        self.home().map_or(&self.user, |home| &home.user)
    }

    /// Whether what was issued for this person at that time still stands: nothing happened since to the account, here or at
    /// home, that voids it (JW-33).
    pub fn honours(&self, issued_at: Timestamp) -> bool {
        let stands = |user: &User| user.enabled && user.valid_from <= issued_at;
        let of_home = |home: &Home| home.tenant.enabled && stands(&home.user);
        stands(&self.user) && self.home().is_none_or(of_home)
    }

    /// Whether the mail address is the name that a guest has at home, whose domain is that tenant's own.
    pub fn is_name_at_home(&self, mail: &str) -> bool {
        self.home().is_some_and(|home| home.user.upn.as_str().eq_ignore_ascii_case(mail))
    }

    /// Where that is.
    pub fn home_account(&self) -> HomeAccount {
        HomeAccount::of(self.user_at_home())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_read_back_as_they_were_written() {
        let home = HomeAccount { tenant: TenantId::from_u128(1), user: UserId::from_u128(2) };
        for external in [External::Invited(Upn::parse("bob@fabrikam.test").unwrap()), External::Home(home)] {
            assert_eq!(External::from_key(&external.key()), Some(external));
        }
        for key in ["", "home:", "invited:nobody", "home:1/2", "other:bob@fabrikam.test"] {
            assert_eq!(External::from_key(key), None, "{key}");
        }
    }
}
