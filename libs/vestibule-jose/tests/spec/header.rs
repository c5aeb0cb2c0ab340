//! What a header may say, and what is never listened to.

use serde_json::{Value, json};
use vestibule_jose::{JsonError, JwtError};

use crate::actors::{contoso, encode, fabrikam, good_claims};

fn refusal_of(header: &[u8]) -> JwtError {
    contoso().verifier().verify(&contoso().sign_raw(header, b"{}")).unwrap_err()
}

#[test]
fn jw_06_keys_that_come_with_the_token_are_never_used() {
    let attacker = fabrikam().key.public();
    let jwk = json!({ "kty": "RSA", "kid": "contoso-1", "n": attacker.n(), "e": attacker.e() });
    let canary = "https://canary.example/keys";
    let offers = [("jwk", jwk), ("jku", json!(canary)), ("x5u", json!(canary)), ("x5c", json!(["AAAA"]))];
    for (member, value) in offers {
        let header = json!({ "alg": "RS256", "kid": "contoso-1", member: value }).to_string();
        let payload = good_claims().to_string();
        let forged = fabrikam().sign_raw(header.as_bytes(), payload.as_bytes());
        assert_eq!(contoso().verifier().verify(&forged).unwrap_err(), JwtError::Signature, "{member}");
        // The same members beside a good signature do no harm.
        contoso().verifier().verify(&contoso().sign_raw(header.as_bytes(), payload.as_bytes())).unwrap();
    }
}

#[test]
fn jw_22_a_duplicate_header_member_is_refused() {
    for header in [
        r#"{"alg":"none","alg":"RS256","kid":"contoso-1"}"#,
        r#"{"alg":"RS256","kid":"contoso-1","kid":"contoso-1"}"#,
        r#"{"alg":"RS256","kid":"contoso-1","jwk":{"n":"a","n":"b"}}"#,
        r#"{"alg":"RS256","\u0061lg":"RS256","kid":"contoso-1"}"#,
    ] {
        assert_eq!(refusal_of(header.as_bytes()), JwtError::Header(JsonError::DuplicateMember), "{header}");
    }
}

#[test]
fn jw_23_a_case_variant_is_another_member() {
    assert_eq!(refusal_of(br#"{"Alg":"RS256","kid":"contoso-1"}"#), JwtError::HeaderMember("alg"));
    let token = contoso().sign_raw(br#"{"alg":"RS256","kid":"contoso-1","KID":"x","Crit":["x"]}"#, b"{}");
    assert_eq!(contoso().verifier().verify(&token).unwrap().header_kid(), Some("contoso-1"));
}

#[test]
fn jw_24_a_header_that_is_no_json_object_is_refused() {
    for header in [&b"[]"[..], b"\"RS256\"", b"null", b"1"] {
        assert_eq!(refusal_of(header), JwtError::Header(JsonError::NotAnObject));
    }
    for header in [&b"\xef\xbb\xbf{}"[..], b"{\"alg\":\"\xff\"}", b"{}{}", b"{/**/}", b"{"] {
        assert_eq!(refusal_of(header), JwtError::Header(JsonError::Malformed));
    }
    let deep =
        format!(r#"{{"alg":"RS256","kid":"contoso-1","x":{}{}}}"#, "[".repeat(5_000), "]".repeat(5_000));
    let token = contoso().sign_raw(deep.as_bytes(), b"{}");
    let verifier = contoso().verifier().accepting_up_to(1 << 20);
    assert_eq!(verifier.verify(&token).unwrap_err(), JwtError::Header(JsonError::TooDeep));
}

#[test]
fn jw_28_members_that_change_the_meaning_are_refused_whatever_they_hold() {
    for member in ["crit", "zip", "b64"] {
        for value in [json!([]), json!(["exp"]), json!([member]), json!(true), json!("DEF"), Value::Null] {
            let header = json!({ "alg": "RS256", "kid": "contoso-1", member: value });
            let refused = refusal_of(header.to_string().as_bytes());
            assert_eq!(refused, JwtError::UnsupportedHeader(member), "{header}");
        }
    }
}

#[test]
fn jw_16_and_jw_17_typ_is_handed_on_as_sent() {
    let header = br#"{"typ":"logout+jwt","alg":"RS256","kid":"contoso-1"}"#;
    let jwt = contoso().verifier().verify(&contoso().sign_raw(header, b"{}")).unwrap();
    assert_eq!(jwt.header_typ(), Some("logout+jwt"));
    assert_eq!(refusal_of(br#"{"typ":1,"alg":"RS256","kid":"contoso-1"}"#), JwtError::HeaderMember("typ"));
}

#[test]
fn jw_26_a_jwe_is_refused() {
    let part = encode(b"x");
    let header = encode(br#"{"alg":"RSA-OAEP-256","enc":"A256GCM","cty":"JWT"}"#);
    let jwe = format!("{header}.{part}.{part}.{part}.{part}");
    assert_eq!(contoso().verifier().verify(&jwe).unwrap_err(), JwtError::NotCompact);
    let three_parts = format!("{header}.{part}.{part}");
    // One trusted key needs no name, so it is the algorithm that does not fit.
    assert_eq!(contoso().verifier().verify(&three_parts).unwrap_err(), JwtError::AlgorithmMismatch);
}
