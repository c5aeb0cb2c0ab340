//! The audit record: who did what to what, written in the same commit as the thing itself. Never a secret.

use std::net::IpAddr;

use jiff::Timestamp;
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
}

/// What can happen.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Activity {
    /// A person signed in.
    SignIn,
    /// A password was wrong.
    SignInFailed,
    /// An account was locked.
    AccountLocked,
    /// A person signed out.
    SignOut,
    /// A person set another password.
    PasswordChanged,
    /// A code was redeemed.
    CodeRedeemed,
    /// A code was redeemed again; its family was revoked.
    CodeReplayed,
    /// Another client than its owner presented a code or a refresh token.
    GrantMisused,
    /// A refresh token was used again in strict mode; its family was revoked.
    RefreshTokenReused,
    /// A tenant was made.
    TenantCreated,
}

impl Activity {
    /// The word in the store.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::SignIn => "sign_in",
            Self::SignInFailed => "sign_in_failed",
            Self::AccountLocked => "account_locked",
            Self::SignOut => "sign_out",
            Self::PasswordChanged => "password_changed",
            Self::CodeRedeemed => "code_redeemed",
            Self::CodeReplayed => "code_replayed",
            Self::GrantMisused => "grant_misused",
            Self::RefreshTokenReused => "refresh_token_reused",
            Self::TenantCreated => "tenant_created",
        }
    }
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
        }
    }
}
