//! The audit record: who did what to what, written in the same commit as the thing itself. Never a secret.

use std::net::IpAddr;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use uuid::Uuid;
use vestibule_wire::ids::{ClientId, CorrelationId, TenantId, UserId};

use crate::randomness::Randomness;

/// One thing that happened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AuditEvent {
    /// Random.
    pub id: [u8; 16],
    /// Where.
    pub tenant: TenantId,
    /// When.
    pub at: Timestamp,
    /// What.
    pub activity: Activity,
    /// The person it concerns.
    pub user: Option<UserId>,
    /// The application it concerns.
    pub client: Option<ClientId>,
    /// From which address.
    pub address: Option<IpAddr>,
    /// The client's request.
    pub correlation_id: Option<CorrelationId>,
    /// What was done to, when something was done to an object. Then `user` and `client` are who did it.
    pub target: Option<Target>,
}

/// The object that something was done to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Target {
    /// What kind of object, in Graph's word.
    pub kind: String,
    /// Its id.
    pub id: Uuid,
    /// What it was called.
    pub name: String,
    /// The other object, when two were linked or parted: the member, the owner, the resource.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub other: Option<Uuid>,
    /// The names of the members that changed; never their values.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub changed: Vec<String>,
}

macro_rules! activities {
    ($($(#[doc = $doc:literal])+ $name:ident $word:literal;)+) => {
        /// What can happen.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        pub enum Activity {
            $($(#[doc = $doc])+ $name,)+
        }

        impl Activity {
            /// Everything that can happen.
            pub const ALL: &[Self] = &[$(Self::$name),+];

            /// The word in the store.
            pub const fn as_str(self) -> &'static str {
                match self {
                    $(Self::$name => $word,)+
                }
            }
        }
    };
}

activities! {
    /// A person signed in.
    SignIn "sign_in";
    /// A password was wrong.
    SignInFailed "sign_in_failed";
    /// An account was locked.
    AccountLocked "account_locked";
    /// The organisation forbids the way in which somebody was to sign in.
    FlowBlocked "flow_blocked";
    /// A person signed out.
    SignOut "sign_out";
    /// An application was told that a session ended which it was used with.
    SignOutTold "sign_out_told";
    /// An application was to be told so, and was not.
    SignOutNotTold "sign_out_not_told";
    /// A person set another password.
    PasswordChanged "password_changed";
    /// A code was redeemed.
    CodeRedeemed "code_redeemed";
    /// A code was redeemed again; its family was revoked.
    CodeReplayed "code_replayed";
    /// A person approved what another device asked for.
    DeviceApproved "device_approved";
    /// A person declined what another device asked for.
    DeviceDeclined "device_declined";
    /// A device got the tokens that a person had approved.
    DeviceRedeemed "device_redeemed";
    /// Somebody from elsewhere accepted to be a guest.
    InvitationAccepted "invitation_accepted";
    /// Another client than its owner presented a code or a refresh token.
    GrantMisused "grant_misused";
    /// Too many wrong secrets of an application came from one address; for a while no more were looked at.
    SecretsGuessed "secrets_guessed";
    /// Too many wrong passwords came from one address, or from everywhere; for a while no more were looked at.
    PasswordsSprayed "passwords_sprayed";
    /// A client assertion was presented again in strict mode.
    AssertionReplayed "assertion_replayed";
    /// A refresh token was used again in strict mode; its family was revoked.
    RefreshTokenReused "refresh_token_reused";
    /// A refresh token of one member of a family of applications began the sign-in of another.
    RefreshTokenShared "refresh_token_shared";
    /// An API began to act on behalf of a person, and may go on without them.
    ActedOnBehalf "acted_on_behalf";
    /// A tenant was made.
    TenantCreated "tenant_created";
    /// A tenant was changed.
    TenantUpdated "tenant_updated";
    /// A domain was added to a tenant.
    DomainAdded "domain_added";
    /// A domain was taken from a tenant.
    DomainRemoved "domain_removed";
    /// An object was made.
    ObjectAdded "object_added";
    /// An object was changed.
    ObjectUpdated "object_updated";
    /// An object was deleted, and can be brought back.
    ObjectDeleted "object_deleted";
    /// A deleted object was brought back.
    ObjectRestored "object_restored";
    /// A deleted object was deleted for good.
    ObjectPurged "object_purged";
    /// A member was added to a group.
    MemberAdded "member_added";
    /// A member was taken from a group.
    MemberRemoved "member_removed";
    /// An owner was added to an object.
    OwnerAdded "owner_added";
    /// An owner was taken from an object.
    OwnerRemoved "owner_removed";
    /// A directory role was given.
    RoleAssigned "role_assigned";
    /// A directory role was taken.
    RoleRemoved "role_removed";
    /// A credential was added to an application.
    CredentialAdded "credential_added";
    /// A credential was taken from an application.
    CredentialRemoved "credential_removed";
    /// An administrator set a person's password.
    PasswordReset "password_reset";
    /// The sessions and grants of a person were revoked.
    SessionsRevoked "sessions_revoked";
    /// An app role was assigned.
    AppRoleAssigned "app_role_assigned";
    /// An app role was taken away.
    AppRoleRemoved "app_role_removed";
    /// Permissions were consented to.
    ConsentGranted "consent_granted";
    /// Consent was refused.
    ConsentRefused "consent_refused";
    /// Consent was withdrawn.
    ConsentWithdrawn "consent_withdrawn";
}

impl AuditEvent {
    /// An event with nothing but what, where and when.
    pub fn new(activity: Activity, tenant: TenantId, at: Timestamp, random: &dyn Randomness) -> Self {
        Self {
            id: random.bytes(),
            tenant,
            at,
            activity,
            user: None,
            client: None,
            address: None,
            correlation_id: None,
            target: None,
        }
    }
}
