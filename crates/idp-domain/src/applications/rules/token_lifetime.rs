//! How long tokens for it may live.

use std::ops::RangeInclusive;

use super::{Findings, Rule};
use crate::applications::Application;

/// Seconds: ten minutes to a day, as token lifetime policies of Entra allow.
pub const TOKEN_LIFETIME: RangeInclusive<u32> = 600..=86_400;

pub(super) fn check(new: &Application, found: &mut Findings) {
    if new.token_lifetime.is_some_and(|seconds| !TOKEN_LIFETIME.contains(&seconds)) {
        let reason = format!("it is from {} to {} seconds", TOKEN_LIFETIME.start(), TOKEN_LIFETIME.end());
        found.add("tokenLifetime", Rule::Range, reason);
    }
}
