//! Every secret of the run: what was issued, typed or presented. A log, a table or an error may hold none of them.

use std::collections::BTreeSet;
use std::sync::{Mutex, PoisonError};

/// Shorter texts occur by chance.
const SHORTEST: usize = 12;

static SEEN: Mutex<BTreeSet<String>> = Mutex::new(BTreeSet::new());

/// The names under which secrets travel, in requests and answers.
const NAMES: [&str; 16] = [
    "access_token",
    "assertion",
    "client_assertion",
    "client_secret",
    "code",
    "code_verifier",
    "ctx",
    "device_code",
    "id_token",
    "id_token_hint",
    "passwd",
    "password",
    "refresh_token",
    "login_hint_claim",
    "logout_token",
    "canary",
];

/// Whether what travels under this name is secret.
pub fn is_secret(name: &str) -> bool {
    NAMES.contains(&name)
}

/// Remembers a secret.
pub fn record(secret: &str) {
    if secret.len() >= SHORTEST {
        SEEN.lock().unwrap_or_else(PoisonError::into_inner).insert(secret.to_owned());
    }
}

/// Every secret so far.
pub fn all() -> Vec<String> {
    SEEN.lock().unwrap_or_else(PoisonError::into_inner).iter().cloned().collect()
}

/// The secrets that occur in a text, each shortened so that the report does not spread them.
pub fn found_in(text: &[u8]) -> Vec<String> {
    let text = String::from_utf8_lossy(text);
    all().iter().filter(|secret| text.contains(secret.as_str())).map(|secret| shortened(secret)).collect()
}

fn shortened(secret: &str) -> String {
    let head: String = secret.chars().take(6).collect();
    format!("{head}… ({} characters)", secret.len())
}
