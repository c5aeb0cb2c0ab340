//! Changes: what a decision wants to come true, as guarded writes named for what they mean.
//!
//! Each carries the expectation it was decided on. They are committed together: if one expectation fails, nothing is
//! written and the caller gets the [`Conflict`] of the first that failed.

use aws_lc_rs::digest::{SHA256, digest};
use jiff::Timestamp;
use uuid::Uuid;
use vestibule_wire::ids::{ClientId, ServicePrincipalId, SessionId, TenantId, UserId};

use crate::applications::{Application, ServicePrincipal};
use crate::audit::AuditEvent;
use crate::consent::PermissionGrant;
use crate::credentials::{Lockout, LockoutKey, PasswordHash};
use crate::directory::User;
use crate::keys::StoredKey;
use crate::sealed::Hour;
use crate::sessions::Session;
use crate::tenant::Tenant;
use crate::tokens::{Family, FamilyId};

/// What must come true at once, or not at all.
#[derive(Debug, Clone, Default)]
#[must_use = "changes come true only when they are committed"]
pub struct Changes(Vec<Change>);

/// One guarded write, or a guard alone.
#[derive(Debug, Clone)]
pub enum Change {
    // Guards: nothing is written, something is still as it was.
    /// The tenant is at this revision.
    TenantAt { tenant: TenantId, revision: i64 },
    /// The user is at this revision.
    UserAt { tenant: TenantId, user: UserId, revision: i64 },
    /// The service principal is at this revision.
    PrincipalAt { tenant: TenantId, principal: ServicePrincipalId, revision: i64 },
    /// The application is at this revision.
    ApplicationAt { client: ClientId, revision: i64 },
    /// The family exists and is not revoked.
    FamilyLive { tenant: TenantId, family: FamilyId },
    /// The session has not been ended.
    SessionLive { tenant: TenantId, session: SessionId },

    // Single use.
    /// Nobody has spent this before.
    Spend(SpentMark),

    // Families.
    /// A family begins.
    StartFamily(Box<Family>),
    /// The family is live and at this generation; it moves to the next.
    RotateFamily { tenant: TenantId, family: FamilyId, from: i64 },
    /// The family is dead from now on, if there is one.
    RevokeFamily { tenant: TenantId, family: FamilyId },

    // Sessions.
    /// A session begins.
    StartSession(Box<Session>),
    /// The session was used.
    TouchSession { tenant: TenantId, session: SessionId, at: Timestamp },
    /// The person chose to stay signed in.
    PersistSession { tenant: TenantId, session: SessionId },
    /// The browser's sessions go on under another cookie.
    MoveBrowser { from: [u8; 32], to: [u8; 32] },
    /// The session is over, if there is one.
    EndSession { tenant: TenantId, session: SessionId },

    // Accounts.
    /// The lockout counter is at `expected` (0: none yet) and becomes `next`, at the following revision.
    SetLockout { key: LockoutKey, expected: i64, next: Lockout },
    /// The counters of this user, familiar and not, are forgotten.
    ClearLockouts { tenant: TenantId, user: UserId },
    /// The user, at this revision, has another password and need not change it; grants begun before `at` are dead.
    SetPassword { tenant: TenantId, user: UserId, revision: i64, password: PasswordHash, at: Timestamp },
    /// The user is enabled or disabled.
    SetUserEnabled { tenant: TenantId, user: UserId, enabled: bool },
    /// Grants and sessions of the user that began before this are dead.
    RevokeUserGrants { tenant: TenantId, user: UserId, valid_from: Timestamp },
    /// The service principal is enabled or disabled.
    SetPrincipalEnabled { tenant: TenantId, principal: ServicePrincipalId, enabled: bool },

    // The directory.
    /// A tenant that did not exist.
    CreateTenant(Box<Tenant>),
    /// A domain that no tenant had.
    AddDomain { tenant: TenantId, domain: String },
    /// A user whose id and name did not exist.
    CreateUser(Box<User>),
    /// An application whose client id did not exist.
    CreateApplication(Box<Application>),
    /// A service principal, with the names under which it is asked for: its client id and its Application ID URIs.
    CreateServicePrincipal { principal: ServicePrincipal, names: Vec<String> },
    /// A principal has an app role of a resource.
    AssignAppRole { tenant: TenantId, principal: Uuid, resource: ServicePrincipalId, app_role: Uuid },
    /// Permissions are granted, in place of those granted before to the same three.
    GrantPermissions(PermissionGrant),
    /// The permissions granted to a client on a resource are withdrawn.
    WithdrawPermissions { tenant: TenantId, client: ServicePrincipalId, resource: ServicePrincipalId },

    // Keys and the record.
    /// A signing key.
    AddSigningKey(StoredKey),
    /// An audit event.
    RecordAudit(AuditEvent),
}

/// The row whose insertion is a single use.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SpentMark {
    /// What was spent.
    pub kind: SpentKind,
    /// A hash of what identifies it.
    pub hash: [u8; 32],
    /// The slot of the row: the hour after which it protects nothing.
    pub until: Hour,
}

/// What can be spent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum SpentKind {
    /// An authorization code.
    AuthorizationCode,
    /// A step of a sign-in.
    SignIn,
}

impl SpentKind {
    /// The number in the store.
    pub const fn number(self) -> i64 {
        match self {
            Self::AuthorizationCode => 1,
            Self::SignIn => 2,
        }
    }
}

impl SpentMark {
    /// The mark of a thing that would expire by itself at `expires`.
    pub fn new(kind: SpentKind, id: &[u8], expires: Timestamp) -> Self {
        let mut hash = [0; 32];
        hash.copy_from_slice(digest(&SHA256, id).as_ref());
        Self { kind, hash, until: Hour::of(expires) }
    }
}

/// Which expectation did not hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Conflict {
    /// The tenant changed.
    #[error("the tenant changed meanwhile")]
    TenantChanged,
    /// The user changed.
    #[error("the user changed meanwhile")]
    UserChanged,
    /// The client or the resource changed.
    #[error("the application changed meanwhile")]
    ApplicationChanged,
    /// The family was revoked, moved on, or does not exist.
    #[error("the token family was revoked or used meanwhile")]
    FamilyMoved,
    /// The session was ended.
    #[error("the session was ended meanwhile")]
    SessionEnded,
    /// The lockout counter moved.
    #[error("another attempt was counted meanwhile")]
    LockoutMoved,
    /// It was spent before.
    #[error("it was used before")]
    AlreadySpent,
    /// It exists already.
    #[error("it exists already")]
    AlreadyExists,
}

impl Changes {
    /// Nothing.
    pub const fn none() -> Self {
        Self(Vec::new())
    }

    /// One change.
    pub fn one(change: Change) -> Self {
        Self(vec![change])
    }

    /// Adds a change.
    pub fn add(&mut self, change: Change) {
        self.0.push(change);
    }

    /// Adds a change.
    pub fn and(mut self, change: Change) -> Self {
        self.0.push(change);
        self
    }

    /// Adds what another decision wants.
    pub fn with(mut self, other: Self) -> Self {
        self.0.extend(other.0);
        self
    }

    /// Whether there is nothing to do.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The changes, in order.
    pub fn iter(&self) -> impl Iterator<Item = &Change> {
        self.0.iter()
    }
}

impl FromIterator<Change> for Changes {
    fn from_iter<I: IntoIterator<Item = Change>>(changes: I) -> Self {
        Self(changes.into_iter().collect())
    }
}
