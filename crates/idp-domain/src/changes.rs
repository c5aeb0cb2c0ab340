//! Changes: what a decision wants to come true, as guarded writes named for what they mean.
//!
//! Each carries the expectation it was decided on. They are committed together: if one expectation fails, nothing is
//! written and the caller gets the [`Conflict`] of the first that failed.

use aws_lc_rs::digest::{SHA256, digest};
use jiff::Timestamp;
use uuid::Uuid;
use vestibule_wire::ids::{ClientId, ServicePrincipalId, SessionId, TenantId, UserId};

use crate::applications::AppRoleAssignment;
use crate::applications::{Application, Registration};
use crate::audit::AuditEvent;
use crate::consent::PermissionGrant;
use crate::credentials::{Lockout, LockoutKey, PasswordHash};
use crate::device::{DeviceKey, DeviceRequest, DeviceState};
use crate::directory::{DirectoryObject, Group, Link, ObjectKind, User};
use crate::keys::StoredKey;
use crate::sealed::{Hour, Month};
use crate::sessions::Session;
use crate::tenant::Tenant;
use crate::tokens::{Family, FamilyId};

/// What must come true at once, or not at all.
#[derive(Debug, Clone, Default)]
#[must_use = "changes come true only when they are committed"]
pub struct Changes(Vec<Change>);

/// What nobody needs any more.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Over {
    /// Spent marks with a slot before this one.
    SpentMarks(Hour),
    /// Requests of devices with a slot before this one.
    Devices(Hour),
    /// Families with a slot before this one.
    Families(Month),
    /// Sessions that were last used at these times or before: those of people who chose to stay signed in, and the others.
    Sessions { persistent: Timestamp, others: Timestamp },
}

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

    // What is over.
    /// So many of these are forgotten at most, of each kind.
    Forget { over: Over, at_most: u32 },

    // Single use.
    /// Nobody has spent this before.
    Spend(SpentMark),

    // Device codes.
    /// A device asks, under codes that no other request has.
    AskDevice(Box<DeviceRequest>),
    /// The request, which nobody has answered, is approved or declined.
    AnswerDevice { request: DeviceKey, state: Box<DeviceState> },
    /// The request, which was approved, is redeemed.
    RedeemDevice { request: DeviceKey },

    // Families.
    /// A family begins.
    StartFamily(Box<Family>),
    /// The family is live and at this generation; it moves to the next.
    RotateFamily { tenant: TenantId, family: FamilyId, from: i64 },
    /// The family, if there is one, is in this slot from now on, unless it is in a later one: it is in use.
    MoveFamily { tenant: TenantId, family: FamilyId, to: Month },
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
    /// The user, at this revision, must set another password at the next sign-in, or need not.
    RequireNewPassword { tenant: TenantId, user: UserId, revision: i64, required: bool },
    /// The user is enabled or disabled.
    SetUserEnabled { tenant: TenantId, user: UserId, enabled: bool },
    /// Grants and sessions of the user that began before this are dead.
    RevokeUserGrants { tenant: TenantId, user: UserId, valid_from: Timestamp },
    /// The service principal is enabled or disabled.
    SetPrincipalEnabled { tenant: TenantId, principal: ServicePrincipalId, enabled: bool },

    // Tenants.
    /// A tenant that did not exist.
    CreateTenant(Box<Tenant>),
    /// The tenant, at the revision it carries, becomes what is given, at the following one.
    UpdateTenant(Box<Tenant>),
    /// A domain that no tenant had.
    AddDomain { tenant: TenantId, domain: String },

    // Objects of the directory. Those that are made must not exist, by their id or by a name that only one may have; those
    // that are changed are at the revision they carry, and become what is given, at the following one.
    /// A user whose id and name did not exist.
    CreateUser(Box<User>),
    /// The user becomes this. What has changes of its own stays as it is: the password, and since when grants are valid.
    UpdateUser(Box<User>),
    /// A group whose id did not exist.
    CreateGroup(Box<Group>),
    /// The group becomes this.
    UpdateGroup(Box<Group>),
    /// An application whose client id did not exist, and whose Application ID URIs are no other's of its tenant.
    CreateApplication(Box<Application>),
    /// The application becomes this, and its service principals go by its Application ID URIs of now.
    UpdateApplication(Box<Application>),
    /// A service principal, under its names: its client id and its Application ID URIs. In another tenant than the
    /// application's own, a name that is taken there stays with who has it.
    CreateServicePrincipal(Box<Registration>),
    /// The service principal becomes this.
    UpdateServicePrincipal(Box<Registration>),
    /// The object, at the revision it carries, is deleted and kept aside. Its names are free: those of a user, and of an
    /// application everywhere; its links and what was granted to it stay for when it is back.
    DeleteObject { object: Box<DirectoryObject>, at: Timestamp },
    /// The deleted object, at the revision it carries, is back at the one after it, with its names, unless somebody else
    /// has one now where only one may.
    RestoreObject(Box<DirectoryObject>),
    /// The deleted object is gone for good, with what linked to it and what was granted to it and on it.
    PurgeObject { tenant: TenantId, kind: ObjectKind, id: Uuid },
    /// The object exists and was not deleted.
    ObjectExists { tenant: TenantId, kind: ObjectKind, id: Uuid },
    /// A link that was not there.
    AddLink(Link),
    /// The link, which was there, is gone.
    RemoveLink(Link),

    // What was granted.
    /// A principal has an app role of a resource; it may have had it before.
    AssignAppRole(AppRoleAssignment),
    /// The assignment, which was there, is gone.
    RemoveAppRole { tenant: TenantId, principal: Uuid, resource: ServicePrincipalId, app_role: Uuid },
    /// Permissions are granted, in place of those granted before to the same three.
    GrantPermissions(PermissionGrant),
    /// The permissions granted to a client on a resource are withdrawn, from everybody.
    WithdrawPermissions { tenant: TenantId, client: ServicePrincipalId, resource: ServicePrincipalId },
    /// The grant to these three, which was there, is gone.
    WithdrawGrant {
        tenant: TenantId,
        client: ServicePrincipalId,
        resource: ServicePrincipalId,
        principal: Option<UserId>,
    },
    /// The families of a client, of one user or of all, are dead.
    RevokeFamiliesOf { tenant: TenantId, client: ClientId, user: Option<UserId> },

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
    /// A client assertion, in the strict position.
    ClientAssertion,
    /// A refresh token, by one of the other members of its family of applications, in the strict position.
    SharedRefreshToken,
}

impl SpentKind {
    /// The number in the store.
    pub const fn number(self) -> i64 {
        match self {
            Self::AuthorizationCode => 1,
            Self::SignIn => 2,
            Self::ClientAssertion => 3,
            Self::SharedRefreshToken => 4,
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
    /// This was spent before.
    #[error("it was used before ({0:?})")]
    AlreadySpent(SpentKind),
    /// A device's request is not as it was: it was answered, or redeemed, or does not exist.
    #[error("the device's request was answered or redeemed meanwhile")]
    DeviceMoved,
    /// It exists already.
    #[error("it exists already")]
    AlreadyExists,
    /// The object changed, or does not exist.
    #[error("the object changed meanwhile")]
    ObjectChanged,
    /// What was to be taken away is not there.
    #[error("it does not exist")]
    NotThere,
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
