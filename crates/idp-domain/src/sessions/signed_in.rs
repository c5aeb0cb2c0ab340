//! The proof that a person is signed in: made from a live session or a live family, with the user as they are now.

use jiff::Timestamp;
use vestibule_wire::ids::SessionId;

use super::{Facts, Session};
use crate::directory::{Account, User};
use crate::tokens::Family;

/// Proof that this user is signed in. Its constructors are the only ones there are, and both check the user.
#[derive(Debug, Clone)]
pub struct SignedIn {
    account: Account,
    session: SessionId,
    facts: Facts,
}

/// Why a session or a family signs nobody in any more.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SignInRefusal {
    /// The session expired, or the family was revoked.
    Ended,
    /// The user is disabled.
    UserDisabled,
    /// The user's sessions and grants were revoked after this one began.
    Revoked {
        /// When it began.
        began: Timestamp,
        /// Since when grants are valid.
        valid_from: Timestamp,
    },
    /// The user must set another password first.
    PasswordChangeDue,
}

impl SignedIn {
    /// By a session of the browser, which is where the person is at home.
    pub fn by_session(session: &Session, account: Account, now: Timestamp) -> Result<Self, SignInRefusal> {
        if !session.is_live(now) {
            return Err(SignInRefusal::Ended);
        }
        let user = account.user();
        let same = session.tenant == user.tenant && session.user == user.id;
        Self::check(same, account, session.id, session.facts.clone())
    }

    /// By a family of refresh tokens.
    pub fn by_family(family: &Family, account: Account) -> Result<Self, SignInRefusal> {
        if family.revoked {
            return Err(SignInRefusal::Ended);
        }
        let user = account.user();
        let same = family.tenant == user.tenant && family.user == user.id;
        Self::check(same, account, family.session, family.facts.clone())
    }

    /// By a password that was right a moment ago, given to a program: there is no session behind it.
    pub fn by_password(facts: Facts, session: SessionId, account: Account) -> Result<Self, SignInRefusal> {
        Self::check(true, account, session, facts)
    }

    /// By the facts of a sign-in, come back with what was made of it: a code, a device's request, an access token.
    pub(crate) fn by_facts(
        facts: Facts,
        session: SessionId,
        account: Account,
    ) -> Result<Self, SignInRefusal> {
        Self::check(true, account, session, facts)
    }

    /// The same person in another tenant, as the account they have there.
    pub fn elsewhere(self, account: Account) -> Result<Self, SignInRefusal> {
        let same = self.account.home_account() == account.home_account();
        Self::check(same, account, self.session, self.facts)
    }

    /// Whatever is wrong with the account, here or at home.
    fn check(
        same_user: bool,
        account: Account,
        session: SessionId,
        facts: Facts,
    ) -> Result<Self, SignInRefusal> {
        if !same_user {
            return Err(SignInRefusal::Ended);
        }
        if account.home().is_some_and(|home| !home.tenant.enabled) {
            return Err(SignInRefusal::UserDisabled);
        }
        Self::may_sign_in(account.user(), &facts)?;
        Self::may_sign_in(account.user_at_home(), &facts)?;
        Ok(Self { account, session, facts })
    }

    fn may_sign_in(user: &User, facts: &Facts) -> Result<(), SignInRefusal> {
        if !user.enabled {
            return Err(SignInRefusal::UserDisabled);
        }
        let began = facts.authenticated_at();
        if began < user.valid_from {
            return Err(SignInRefusal::Revoked { began, valid_from: user.valid_from });
        }
        if user.must_change_password {
            return Err(SignInRefusal::PasswordChangeDue);
        }
        Ok(())
    }

    /// The user, as of now.
    pub const fn user(&self) -> &User {
        self.account.user()
    }

    /// The user with the account they are at home with.
    pub const fn account(&self) -> &Account {
        &self.account
    }

    /// The user where the session is.
    pub fn at_home(&self) -> &User {
        self.account.user_at_home()
    }

    /// The session the sign-in belongs to; its tenant is that of [`SignedIn::at_home`].
    pub const fn session(&self) -> SessionId {
        self.session
    }

    /// How the person signed in.
    pub const fn facts(&self) -> &Facts {
        &self.facts
    }
}
