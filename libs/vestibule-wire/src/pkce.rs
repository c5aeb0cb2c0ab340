//! Proof Key for Code Exchange (RFC 7636), as text: the shapes of challenge and verifier. Hashing is done elsewhere.

use serde::{Deserialize, Serialize};

/// A `code_challenge` with the method `S256`: 43 base64url characters (RFC 7636 §4.2).
///
/// The method `plain` cannot be expressed: it proves nothing to whoever saw the authorization request.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct CodeChallenge(String);

/// A `code_verifier`: 43 to 128 unreserved characters (RFC 7636 §4.1).
#[derive(Clone)]
pub struct CodeVerifier(String);

/// The text has the wrong length or alphabet.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct MalformedPkce;

impl CodeChallenge {
    /// Reads a challenge. SHA-256 in base64url without padding always has 43 characters.
    pub fn parse(text: &str) -> Result<Self, MalformedPkce> {
        let well_formed =
            text.len() == 43 && text.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_');
        if well_formed { Ok(Self(text.to_owned())) } else { Err(MalformedPkce) }
    }

    /// The challenge as sent.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl CodeVerifier {
    /// Reads a verifier.
    pub fn parse(text: &str) -> Result<Self, MalformedPkce> {
        let well_formed = (43..=128).contains(&text.len())
            && text.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'.' | b'_' | b'~'));
        if well_formed { Ok(Self(text.to_owned())) } else { Err(MalformedPkce) }
    }

    /// The verifier as sent, to be hashed.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl std::fmt::Debug for CodeVerifier {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("CodeVerifier(…)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn az_44_a_challenge_has_43_base64url_characters() {
        // RFC 7636 appendix B.
        assert!(CodeChallenge::parse("E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM").is_ok());
        for text in [
            "",
            "short",
            &"a".repeat(42),
            &"a".repeat(44),
            &"a".repeat(129),
            "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw+cM",
        ] {
            assert_eq!(CodeChallenge::parse(text), Err(MalformedPkce), "{text}");
        }
    }

    #[test]
    fn cd_09_a_verifier_has_43_to_128_unreserved_characters() {
        assert!(CodeVerifier::parse("dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk").is_ok());
        for text in [&"a".repeat(42), &"a".repeat(129), &"é".repeat(43), &"a".repeat(256 * 1024)] {
            assert!(CodeVerifier::parse(text).is_err());
        }
    }
}
