//! Tenants: directories with their verified domains, and which of them a request means.

use jiff::Timestamp;
use vestibule_wire::authority::Authority;
use vestibule_wire::ids::TenantId;

use crate::policies::FlowPolicy;

/// A directory.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tenant {
    /// Its id, the `tid` of its tokens.
    pub id: TenantId,
    /// The organisation's name, shown to people.
    pub display_name: String,
    /// The domain its user names get unless told otherwise.
    pub default_domain: String,
    /// A disabled tenant issues nothing.
    pub enabled: bool,
    /// Where this tenant stands on each departure from the specifications.
    pub compat: CompatProfile,
    /// What its users may consent to by themselves.
    pub user_consent: UserConsent,
    /// Which ways of signing in it lets programs use.
    pub flows: FlowPolicy,
    /// How many seconds access tokens live, when that is settled for the tenant.
    pub token_lifetime: Option<u32>,
    /// When it was made.
    pub created_at: Timestamp,
    /// Counts changes; guards name the revision they were decided on.
    pub revision: i64,
}

impl Tenant {
    /// The tenant of personal accounts, which `consumers` names. It is there from the start; who has an account in it is
    /// another matter.
    pub fn of_personal_accounts() -> Self {
        Self {
            id: TenantId::CONSUMERS,
            display_name: "Personal accounts".into(),
            default_domain: "personal.invalid".into(),
            enabled: true,
            compat: CompatProfile::Entra,
            user_consent: UserConsent::default(),
            flows: FlowPolicy::default(),
            token_lifetime: None,
            created_at: Timestamp::UNIX_EPOCH,
            revision: 0,
        }
    }
}

/// Where Entra departs from the specifications, a tenant takes one of two positions.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum CompatProfile {
    /// As Entra does: a used refresh token stays valid until it expires, and a client assertion may be presented again until
    /// it does (MSAL Python presents one for nine of its ten minutes).
    #[default]
    Entra,
    /// As RFC 9700 §4.14 asks: a refresh token is used once, and using it again ends its family. As RFC 7523 §3 (7) allows:
    /// a client assertion is presented once.
    Strict,
}

impl CompatProfile {
    /// The word in the store.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Entra => "entra",
            Self::Strict => "strict",
        }
    }

    /// Reads the word back.
    pub fn parse(word: &str) -> Option<Self> {
        [Self::Entra, Self::Strict].into_iter().find(|profile| profile.as_str() == word)
    }
}

/// What users may consent to by themselves, without an administrator (`authorizationPolicy`, permission grant policies).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum UserConsent {
    /// Any permission that is not for administrators, to any application
    /// (`ManagePermissionGrantsForSelf.microsoft-user-default-legacy`).
    Any,
    /// The same to applications of their own organisation or of a verified publisher; to others only what tells who
    /// signed in (`ManagePermissionGrantsForSelf.microsoft-user-default-low`).
    #[default]
    LowRisk,
    /// Nothing.
    Nothing,
}

impl UserConsent {
    /// The word in the store.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Any => "any",
            Self::LowRisk => "low_risk",
            Self::Nothing => "nothing",
        }
    }

    /// Reads the word back.
    pub fn parse(word: &str) -> Option<Self> {
        [Self::Any, Self::LowRisk, Self::Nothing].into_iter().find(|policy| policy.as_str() == word)
    }
}

/// Which directory a request means.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Directory {
    /// One tenant.
    One(Tenant),
    /// The account decides: `common` or `organizations`.
    OfTheAccount(Alias),
}

/// An alias under which the account decides the tenant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Alias {
    /// `common`
    Common,
    /// `organizations`
    Organizations,
}

impl Alias {
    /// The authority it stands for.
    pub const fn authority(self) -> Authority {
        match self {
            Self::Common => Authority::Common,
            Self::Organizations => Authority::Organizations,
        }
    }
}

impl Directory {
    /// The tenant, when the request names one.
    pub const fn tenant(&self) -> Option<&Tenant> {
        match self {
            Self::One(tenant) => Some(tenant),
            Self::OfTheAccount(_) => None,
        }
    }

    /// The authority in the form that documents and links use: the GUID, or the alias as asked.
    pub fn authority(&self) -> Authority {
        match self {
            Self::One(tenant) if tenant.id == TenantId::CONSUMERS => Authority::Consumers,
            Self::One(tenant) => Authority::Tenant(tenant.id),
            Self::OfTheAccount(alias) => alias.authority(),
        }
    }
}
