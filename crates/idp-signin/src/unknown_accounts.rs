//! Guesses at accounts that do not exist. They are counted like those at accounts that do, so that being locked out does
//! not tell which is which (LG-01); here in memory, bounded, because an anonymous visitor stores nothing.

use std::collections::HashMap;
use std::sync::{LazyLock, Mutex, PoisonError};

use idp_domain::credentials::{Attempt, Lockout};
use jiff::Timestamp;

/// More names than this are not remembered: the counters of all are forgotten then, as if time had passed.
const REMEMBERED: usize = 10_000;

static COUNTERS: LazyLock<Mutex<HashMap<[u8; 32], Lockout>>> = LazyLock::new(Mutex::default);

/// Counts a guess at a name that is nobody's, known by its keyed hash.
pub(crate) fn attempt(name: [u8; 32], tried: &[u8; 32], now: Timestamp) -> Attempt {
    let mut counters = COUNTERS.lock().unwrap_or_else(PoisonError::into_inner);
    let attempt = counters.get(&name).cloned().unwrap_or_default().attempt(tried, now);
    if let Attempt::Counted(next) = &attempt {
        if counters.len() >= REMEMBERED && !counters.contains_key(&name) {
            counters.clear();
        }
        counters.insert(name, next.clone());
    }
    attempt
}
