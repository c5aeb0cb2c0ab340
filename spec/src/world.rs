//! The clock and the dice of the tests.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use aws_lc_rs::digest::{SHA256, digest};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

/// Seconds since 1970-01-01T00:00:00Z.
#[allow(clippy::disallowed_methods, reason = "here is where the tests get their time from")]
pub fn now() -> i64 {
    i64::try_from(SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_secs()).unwrap()
}

/// Random bytes.
#[allow(clippy::disallowed_methods, reason = "here is where the tests get their randomness from")]
pub fn random<const N: usize>() -> [u8; N] {
    let mut bytes = [0; N];
    getrandom::fill(&mut bytes).unwrap();
    bytes
}

/// A random text of 43 letters, digits, `-` and `_`.
pub fn random_text() -> String {
    URL_SAFE_NO_PAD.encode(random::<32>())
}

/// A random GUID (RFC 9562 §5.4).
pub fn random_guid() -> String {
    let mut b = random::<16>();
    b[6] = b[6] & 0x0f | 0x40;
    b[8] = b[8] & 0x3f | 0x80;
    let hex: String = b.iter().map(|byte| format!("{byte:02x}")).collect();
    format!("{}-{}-{}-{}-{}", &hex[..8], &hex[8..12], &hex[12..16], &hex[16..20], &hex[20..])
}

/// The text with another letter in this place.
pub fn altered(text: &str, at: usize) -> String {
    let other = if &text[at..=at] == "A" { "B" } else { "A" };
    format!("{}{other}{}", &text[..at], &text[at + 1..])
}

/// A proof key: a verifier and its challenge (RFC 7636 §4).
#[derive(Debug, Clone)]
pub struct Pkce {
    /// What the token request presents.
    pub verifier: String,
    /// What the authorize request sends, by the method `S256`.
    pub challenge: String,
}

impl Pkce {
    /// A fresh one.
    pub fn new() -> Self {
        Self::of(&random_text())
    }

    /// The one with this verifier.
    pub fn of(verifier: &str) -> Self {
        let challenge = URL_SAFE_NO_PAD.encode(digest(&SHA256, verifier.as_bytes()));
        Self { verifier: verifier.to_owned(), challenge }
    }
}

impl Default for Pkce {
    fn default() -> Self {
        Self::new()
    }
}

/// Tries until something is there, for at most so long.
pub async fn within<T>(patience: Duration, what: &str, mut look: impl FnMut() -> Option<T>) -> T {
    let tries = patience.as_millis() / 20;
    for _ in 0..tries {
        if let Some(found) = look() {
            return found;
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    panic!("{what} did not happen within {patience:?}");
}
