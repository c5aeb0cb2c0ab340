//! `at_hash` and `c_hash`.

use vestibule_jose::Algorithm::{Ps256, Rs256};
use vestibule_jose::hash::{HashError, check, half_hash};

/// OpenID Connect Core 1.0 §A.4 and §A.6: a code and an access token with their hashes.
const CODE: (&str, &str) =
    ("Qcb0Orv1zh30vL1MPRsbm-diHiMwcLyZvn1arpZv-Jxf_11jnpEX3Tgfvk", "LDktKdoQak3Pk0cnXxCltA");
const ACCESS_TOKEN: (&str, &str) = ("jHkWEdUXMU1BwAsC4vtUsZwnNvTIxEl0z9K3vx5KF0Y", "77QmUPtjPfzWtF2AnpK9RQ");

#[test]
fn the_examples_of_openid_connect_core_come_out() {
    for (value, hash) in [CODE, ACCESS_TOKEN] {
        assert_eq!(half_hash(Rs256, value), hash);
        assert_eq!(half_hash(Ps256, value), hash);
        assert_eq!(check(Rs256, value, Some(hash)).unwrap().value(), value);
    }
}

#[test]
fn jw_29_a_missing_or_wrong_hash_fails() {
    let (code, hash) = CODE;
    assert_eq!(check(Rs256, code, None).unwrap_err(), HashError::Missing);
    let padded = format!("{hash}==");
    for wrong in ["", &hash[..21], &padded, ACCESS_TOKEN.1, &hash.to_lowercase()] {
        assert_eq!(check(Rs256, code, Some(wrong)).unwrap_err(), HashError::Mismatch, "{wrong:?}");
    }
}
