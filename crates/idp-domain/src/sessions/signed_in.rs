//! The proof that a person is signed in: made from a live session or a live family, with the user as they are now.

use jiff::Timestamp;
use vestibule_wire::ids::SessionId;

use super::{Facts, Session};
use crate::directory::User;
use crate::tokens::Family;

/// Proof that this user is signed in. Its constructors are the only ones there are, and both check the user.
#[derive(Debug, Clone)]
pub struct SignedIn {
    user: User,
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
    /// By a session of the browser.
    pub fn by_session(session: &Session, user: User, now: Timestamp) -> Result<Self, SignInRefusal> {
        if !session.is_live(now) {
            return Err(SignInRefusal::Ended);
        }
        Self::check(
            session.tenant == user.tenant && session.user == user.id,
            user,
            session.id,
            session.facts.clone(),
        )
    }

    /// By a family of refresh tokens.
    pub fn by_family(family: &Family, user: User) -> Result<Self, SignInRefusal> {
        if family.revoked {
            return Err(SignInRefusal::Ended);
        }
        Self::check(
            family.tenant == user.tenant && family.user == user.id,
            user,
            family.session,
            family.facts.clone(),
        )
    }

    /// By a password that was right a moment ago, given to a program: there is no session behind it.
    pub fn by_password(facts: Facts, session: SessionId, user: User) -> Result<Self, SignInRefusal> {
        Self::check(true, user, session, facts)
    }

    /// By the facts of a sign-in, come back with what was made of it: a code, a device's request, an access token.
    pub(crate) fn by_facts(facts: Facts, session: SessionId, user: User) -> Result<Self, SignInRefusal> {
        Self::check(true, user, session, facts)
    }

    fn check(same_user: bool, user: User, session: SessionId, facts: Facts) -> Result<Self, SignInRefusal> {
        if !same_user {
            return Err(SignInRefusal::Ended);
        }
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
        Ok(Self { user, session, facts })
    }

    /// The user, as of now.
    pub const fn user(&self) -> &User {
        &self.user
    }

    /// The session the sign-in belongs to.
    pub const fn session(&self) -> SessionId {
        self.session
    }

    /// How the person signed in.
    pub const fn facts(&self) -> &Facts {
        &self.facts
    }
}
