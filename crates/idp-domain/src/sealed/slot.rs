//! Slots of time. A sealed value names the slot of the row it belongs to, so that what has expired can be emptied
//! a table at a time instead of row by row.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// A month of 30 days, counted from 1970: the slot of token families.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Month(u16);

/// An hour, counted from 1970: the slot of spent marks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Hour(u32);

impl Month {
    /// The month this time falls in.
    pub fn of(time: Timestamp) -> Self {
        Self(u16::try_from(time.as_second().max(0) / (30 * 86_400)).unwrap_or(u16::MAX))
    }

    /// So many months before.
    #[must_use]
    pub const fn earlier(self, months: u16) -> Self {
        Self(self.0.saturating_sub(months))
    }

    /// The month with this number.
    pub const fn from_number(number: u16) -> Self {
        Self(number)
    }

    /// Its number.
    pub const fn number(self) -> u16 {
        self.0
    }
}

impl Hour {
    /// The hour this time falls in.
    pub fn of(time: Timestamp) -> Self {
        Self(u32::try_from(time.as_second().max(0) / 3600).unwrap_or(u32::MAX))
    }

    /// Its number.
    pub const fn number(self) -> u32 {
        self.0
    }
}
