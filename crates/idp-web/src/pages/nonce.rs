//! The number that lets our own script run and nobody else's.

use std::fmt;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

/// 128 bits, used for one answer: once in its `Content-Security-Policy`, once on its script (CSP3 §2.3.1).
///
/// The bits are made by the caller, who owns randomness. The text is base64, so it can neither leave its attribute nor
/// end its directive.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Nonce(String);

impl Nonce {
    /// A nonce from 16 fresh random bytes.
    pub fn from_bytes(bytes: [u8; 16]) -> Self {
        Self(STANDARD.encode(bytes))
    }

    /// The base64 text, 24 characters.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Nonce {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}
