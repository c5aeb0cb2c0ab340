//! The clock, which comes in through the door, so that expiry, lockout and rollover run on a moved clock in tests.

use jiff::Timestamp;

/// Tells the time.
pub trait Clock: Send + Sync {
    /// Now, by the wall clock, in UTC.
    fn now(&self) -> Timestamp;
}
