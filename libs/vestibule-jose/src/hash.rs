//! `at_hash` and `c_hash`: what ties an access token or a code to the ID token beside it.
//!
//! Owns the computation and the check (OpenID Connect Core 1.0 §3.1.3.6, §3.3.2.11). Owns no rule about when a hash
//! has to be there; whoever calls the check requires it.

use aws_lc_rs::constant_time::verify_slices_are_equal;
use aws_lc_rs::digest::{SHA256, digest};

use crate::algorithm::Algorithm;
use crate::base64url;

/// Why a token or code is not the one that the ID token speaks of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum HashError {
    /// The ID token has no such hash.
    #[error("the hash claim is missing")]
    Missing,
    /// The hash is of something else.
    #[error("the hash claim does not match")]
    Mismatch,
}

/// The value of `at_hash` or `c_hash`: base64url of the left half of the hash of the ASCII `value`.
///
/// The hash is that of the ID token's own algorithm: SHA-256 for every [`Algorithm`] there is, so 16 bytes in 22
/// characters.
///
/// ```
/// use vestibule_jose::{Algorithm, hash::half_hash};
///
/// // The example of OpenID Connect Core 1.0 §A.3.
/// let access_token = "jHkWEdUXMU1BwAsC4vtUsZwnNvTIxEl0z9K3vx5KF0Y";
/// assert_eq!(half_hash(Algorithm::Rs256, access_token), "77QmUPtjPfzWtF2AnpK9RQ");
/// ```
#[must_use]
pub fn half_hash(algorithm: Algorithm, value: &str) -> String {
    let hash = match algorithm {
        Algorithm::Rs256 | Algorithm::Ps256 => digest(&SHA256, value.as_bytes()),
    };
    let (left, _) = hash.as_ref().split_at(hash.as_ref().len() / 2);
    base64url::encode(left)
}

/// A token or code that an ID token's hash was found to speak of. Only [`check`] makes one.
#[derive(Debug)]
pub struct Bound<'value>(&'value str);

impl<'value> Bound<'value> {
    /// The token or code.
    #[must_use]
    pub fn value(&self) -> &'value str {
        self.0
    }
}

/// Checks `value` against the hash claim of an ID token that was signed with `algorithm`. An absent claim fails.
///
/// # Errors
/// [`HashError`].
///
/// ```
/// use vestibule_jose::{Algorithm, hash::{HashError, check}};
///
/// assert_eq!(check(Algorithm::Rs256, "code", None).unwrap_err(), HashError::Missing);
/// ```
pub fn check<'value>(
    algorithm: Algorithm,
    value: &'value str,
    claim: Option<&str>,
) -> Result<Bound<'value>, HashError> {
    let claim = claim.ok_or(HashError::Missing)?;
    verify_slices_are_equal(half_hash(algorithm, value).as_bytes(), claim.as_bytes())
        .map(|()| Bound(value))
        .map_err(|_| HashError::Mismatch)
}
