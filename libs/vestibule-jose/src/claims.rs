//! Reading claims with their types.
//!
//! Owns the difference between a claim that is absent and one of the wrong type: the second is always an error, so
//! that `"nbf":"tomorrow"` is not an absent `nbf`. Names are case-sensitive. Owns no rule about values; see
//! [`Validation`](crate::Validation).

use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

use crate::strict_json::{self, JsonError};

/// Why a claim cannot be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ClaimError {
    /// Not there.
    #[error("the claim {0} is missing")]
    Missing(&'static str),
    /// There, but of another JSON type, or a number out of range.
    #[error("the claim {0} has the wrong type")]
    WrongType(&'static str),
    /// The claims do not fit the type they were to be read as.
    #[error("the claims do not have the expected shape")]
    Shape,
}

/// 9999-12-31T23:59:59Z in seconds since 1970-01-01T00:00:00Z.
pub(crate) const LAST_NUMERIC_DATE: i64 = 253_402_300_799;

/// The most members that an `aud` array may have.
const MAX_AUDIENCES: usize = 32;

/// The payload of a JWT whose signature was checked.
pub(crate) struct Claims(Map<String, Value>);

impl Claims {
    pub(crate) fn parse(payload: &[u8]) -> Result<Self, JsonError> {
        strict_json::parse_object(payload).map(Self)
    }

    pub(crate) fn read<T: DeserializeOwned>(&self) -> Result<T, ClaimError> {
        T::deserialize(&self.0).map_err(|_| ClaimError::Shape)
    }

    pub(crate) fn str(&self, name: &'static str) -> Result<&str, ClaimError> {
        self.optional_str(name)?.ok_or(ClaimError::Missing(name))
    }

    pub(crate) fn optional_str(&self, name: &'static str) -> Result<Option<&str>, ClaimError> {
        match self.0.get(name) {
            None => Ok(None),
            Some(Value::String(text)) => Ok(Some(text)),
            Some(_) => Err(ClaimError::WrongType(name)),
        }
    }

    /// A NumericDate (RFC 7519 §2) in whole seconds since 1970-01-01T00:00:00Z, from 0 to the end of the year 9999.
    ///
    /// The RFC permits fractions; no issuer we know sends them, and Entra does not.
    pub(crate) fn optional_date(&self, name: &'static str) -> Result<Option<i64>, ClaimError> {
        match self.0.get(name).map(Value::as_i64) {
            None => Ok(None),
            Some(Some(seconds @ 0..=LAST_NUMERIC_DATE)) => Ok(Some(seconds)),
            Some(_) => Err(ClaimError::WrongType(name)),
        }
    }

    /// `aud` (RFC 7519 §4.1.3): a string, or an array of 1 to 32 strings.
    pub(crate) fn audiences(&self) -> Result<Vec<&str>, ClaimError> {
        match self.0.get("aud") {
            None => Err(ClaimError::Missing("aud")),
            Some(Value::String(audience)) => Ok(vec![audience]),
            Some(Value::Array(audiences)) if (1..=MAX_AUDIENCES).contains(&audiences.len()) => audiences
                .iter()
                .map(|audience| audience.as_str().ok_or(ClaimError::WrongType("aud")))
                .collect(),
            Some(_) => Err(ClaimError::WrongType("aud")),
        }
    }
}
