//! Ways of signing in that an organisation may forbid, since they are what phishing is made of: a program that is given the
//! password, and a device that is not the one somebody signs in on (Entra: Conditional Access on authentication flows).
//!
//! [`FlowPolicy::decide`] is the one decision. It is asked before a grant looks at anything, and again through [`Admitted`],
//! without which nothing is granted on behalf of a person: a sign-in stays what it was, so that it is asked at each refresh and
//! at each hop (RO-02, DC-10, RT-10).

use vestibule_wire::ids::UserId;

use crate::directory::User;
use crate::sessions::{ClientKind, Facts, SignedIn};
use crate::tenant::Tenant;

/// A way of signing in that can be forbidden.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Flow {
    /// A program was given the password (RFC 6749 §4.3).
    Password,
    /// The sign-in was done on another device (RFC 8628).
    DeviceCode,
}

/// Who may sign in that way.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum FlowSwitch {
    /// Everybody.
    Allowed,
    /// Everybody but those who have a directory role.
    BlockedForRoles,
    /// Nobody.
    Blocked,
}

/// Where an organisation stands. Unless it says so, nobody gives a password to a program, and nobody who administers signs in
/// for another device.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct FlowPolicy {
    /// For [`Flow::Password`].
    pub password_grant: FlowSwitch,
    /// For [`Flow::DeviceCode`].
    pub device_code: FlowSwitch,
}

/// The organisation forbids it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FlowBlocked {
    /// What it forbids.
    pub flow: Flow,
    /// To whom, if that is known already.
    pub user: Option<UserId>,
}

/// Proof that the organisation lets a person have tokens in the way they signed in. Made by [`Admitted::check`] alone.
#[derive(Debug)]
pub struct Admitted(SignedIn);

impl Flow {
    /// The one that a sign-in came by.
    pub const fn of(facts: &Facts) -> Option<Self> {
        match facts.client {
            _ if facts.carried_over => Some(Self::DeviceCode),
            ClientKind::Other => Some(Self::Password),
            ClientKind::Browser => None,
        }
    }
}

impl FlowSwitch {
    /// All positions.
    pub const ALL: [Self; 3] = [Self::Allowed, Self::BlockedForRoles, Self::Blocked];

    /// The word in the store, in files and in Graph.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Allowed => "allowed",
            Self::BlockedForRoles => "blockedForRoles",
            Self::Blocked => "blocked",
        }
    }

    /// Reads the word back.
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|switch| switch.as_str() == word)
    }
}

impl Default for FlowPolicy {
    fn default() -> Self {
        Self { password_grant: FlowSwitch::Blocked, device_code: FlowSwitch::BlockedForRoles }
    }
}

impl FlowPolicy {
    /// Nothing is forbidden.
    pub const ALLOWED: Self = Self { password_grant: FlowSwitch::Allowed, device_code: FlowSwitch::Allowed };

    /// Whether somebody may sign in this way; as long as it is not known who, whether anybody may.
    pub fn decide(self, flow: Flow, user: Option<&User>) -> Result<(), FlowBlocked> {
        let switch = match flow {
            Flow::Password => self.password_grant,
            Flow::DeviceCode => self.device_code,
        };
        let blocked = match switch {
            FlowSwitch::Allowed => false,
            FlowSwitch::BlockedForRoles => user.is_some_and(|user| !user.directory_roles.is_empty()),
            FlowSwitch::Blocked => true,
        };
        if blocked { Err(FlowBlocked { flow, user: user.map(|user| user.id) }) } else { Ok(()) }
    }
}

impl Admitted {
    /// Asks the policy of the tenant that the tokens are to be of; and of a guest that of the tenant where they signed in,
    /// which would otherwise be got round by going elsewhere.
    pub fn check(tenant: &Tenant, signed_in: SignedIn) -> Result<Self, FlowBlocked> {
        if let Some(flow) = Flow::of(signed_in.facts()) {
            let user = signed_in.user();
            tenant.flows.decide(flow, Some(user))?;
            if let Some(home) = signed_in.account().home() {
                let at_home = home.tenant.flows.decide(flow, Some(&home.user));
                at_home.map_err(|blocked| FlowBlocked { user: Some(user.id), ..blocked })?;
            }
        }
        Ok(Self(signed_in))
    }

    /// Who, and how they signed in.
    pub const fn signed_in(&self) -> &SignedIn {
        &self.0
    }

    pub(crate) fn into_signed_in(self) -> SignedIn {
        self.0
    }
}
