//! A step: one statement with its parameters and what is expected of it. Committing is a list of steps, all or none.

use std::borrow::Cow;

use idp_domain::changes::Conflict;
use idp_domain::tokens::FamilyId;
use jiff::Timestamp;
use uuid::Uuid;
use vestibule_wire::ids::{
    ApplicationId, ClientId, CorrelationId, GroupId, ServicePrincipalId, SessionId, TenantId, UserId,
};

/// One statement of a commit.
pub(crate) struct Step {
    /// The text, the same on every engine.
    pub(crate) sql: &'static str,
    /// `$1`, `$2`, …
    pub(crate) params: Vec<Value<'static>>,
    /// What must be true of its outcome.
    pub(crate) expect: Expect,
}

/// What must be true of a step's outcome, and the conflict to name when it is not.
#[derive(Clone, Copy)]
pub(crate) enum Expect {
    /// A guard: a query that finds a row.
    Found(Conflict),
    /// A query that finds nothing. Nothing can be locked, so it stands beside a write that only one of two can make.
    Absent(Conflict),
    /// A write that changes a row.
    OneRow(Conflict),
    /// A write that may find nothing to change.
    AnyRows,
}

impl Step {
    pub(crate) const fn guard(sql: &'static str, conflict: Conflict, params: Vec<Value<'static>>) -> Self {
        Self { sql, params, expect: Expect::Found(conflict) }
    }

    pub(crate) const fn absent(sql: &'static str, conflict: Conflict, params: Vec<Value<'static>>) -> Self {
        Self { sql, params, expect: Expect::Absent(conflict) }
    }

    pub(crate) const fn one(sql: &'static str, conflict: Conflict, params: Vec<Value<'static>>) -> Self {
        Self { sql, params, expect: Expect::OneRow(conflict) }
    }

    pub(crate) const fn any(sql: &'static str, params: Vec<Value<'static>>) -> Self {
        Self { sql, params, expect: Expect::AnyRows }
    }

    pub(crate) const fn is_guard(&self) -> bool {
        matches!(self.expect, Expect::Found(_) | Expect::Absent(_))
    }
}

/// A parameter. Identifiers and hashes lie inside it, so that most queries allocate nothing.
#[derive(Clone)]
pub(crate) enum Value<'a> {
    Null,
    Int(i64),
    Id([u8; 16]),
    Hash([u8; 32]),
    Text(Cow<'a, str>),
    Bytes(Cow<'a, [u8]>),
}

/// Values are secrets as likely as not: they never show.
impl std::fmt::Debug for Value<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Value(…)")
    }
}

/// The parameters of a step.
macro_rules! values {
    ($($value:expr),* $(,)?) => {
        vec![$($crate::step::Value::from($value)),*]
    };
}
pub(crate) use values;

macro_rules! ids {
    ($($id:ident)+) => {$(
        impl From<$id> for Value<'_> {
            fn from(id: $id) -> Self {
                Self::Id(*id.as_bytes())
            }
        }
    )+};
}

ids! { TenantId ClientId ApplicationId ServicePrincipalId UserId GroupId SessionId CorrelationId FamilyId Uuid }

impl From<i64> for Value<'_> {
    fn from(number: i64) -> Self {
        Self::Int(number)
    }
}

impl From<u32> for Value<'_> {
    fn from(number: u32) -> Self {
        Self::Int(i64::from(number))
    }
}

impl From<bool> for Value<'_> {
    fn from(truth: bool) -> Self {
        Self::Int(i64::from(truth))
    }
}

impl From<Timestamp> for Value<'_> {
    fn from(time: Timestamp) -> Self {
        Self::Int(time.as_second())
    }
}

impl From<[u8; 16]> for Value<'_> {
    fn from(id: [u8; 16]) -> Self {
        Self::Id(id)
    }
}

impl From<[u8; 32]> for Value<'_> {
    fn from(hash: [u8; 32]) -> Self {
        Self::Hash(hash)
    }
}

impl From<Vec<u8>> for Value<'_> {
    fn from(bytes: Vec<u8>) -> Self {
        Self::Bytes(Cow::Owned(bytes))
    }
}

impl From<String> for Value<'_> {
    fn from(text: String) -> Self {
        Self::Text(Cow::Owned(text))
    }
}

impl<'a> From<&'a str> for Value<'a> {
    fn from(text: &'a str) -> Self {
        Self::Text(Cow::Borrowed(text))
    }
}

impl<'a, T: Into<Value<'a>>> From<Option<T>> for Value<'a> {
    fn from(value: Option<T>) -> Self {
        value.map_or(Self::Null, Into::into)
    }
}
