//! What people call it.

use super::{Findings, Rule};
use crate::applications::Application;

/// The longest name, in characters (Graph; the portal stops at 120).
const MAX: usize = 256;

pub(super) fn check(new: &Application, found: &mut Findings) {
    let name = &new.display_name;
    if name.trim().is_empty() {
        found.add("displayName", Rule::Length, "it is empty");
    } else if name.chars().count() > MAX {
        found.add("displayName", Rule::Length, format!("it is longer than {MAX} characters"));
    }
    if name.chars().any(char::is_control) {
        found.add("displayName", Rule::Form, "it contains control characters");
    }
}
