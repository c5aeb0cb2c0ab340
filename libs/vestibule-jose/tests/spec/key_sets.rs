//! What is taken from somebody else's key set.

use serde_json::{Value, json};
use vestibule_jose::{Algorithm, JsonError, Jwks, JwksError, JwtError, TokenHeader};

use crate::actors::{contoso, encode, fabrikam, good_claims};

fn entry(kid: &str) -> Value {
    let key = contoso().key.public();
    json!({ "kty": "RSA", "use": "sig", "kid": kid, "n": key.n(), "e": key.e() })
}

fn entry_with(member: &str, value: Value) -> Value {
    let mut entry = entry("bad");
    entry[member] = value;
    entry
}

fn kids(entries: &[Value]) -> Vec<String> {
    let jwks = Jwks::parse(json!({ "keys": entries }).to_string().as_bytes()).unwrap();
    jwks.keys.iter().map(|jwk| jwk.kid().map_or("-", |kid| kid.as_str()).to_owned()).collect()
}

#[test]
fn jw_09_unusable_keys_are_dropped_and_the_others_stay() {
    let unusable = [
        json!(null),
        json!("RSA"),
        json!([]),
        json!({}),
        json!({ "kty": "oct", "kid": "bad", "k": "c2VjcmV0" }),
        json!({ "kty": "EC", "kid": "bad", "crv": "P-256", "x": "AA", "y": "AA" }),
        json!({ "kty": "RSA", "kid": "bad" }),
        entry_with("kty", json!("rsa")),
        entry_with("kty", json!(null)),
        entry_with("use", json!("enc")),
        entry_with("use", json!(["sig"])),
        entry_with("key_ops", json!(["encrypt"])),
        entry_with("key_ops", json!([])),
        entry_with("key_ops", json!("verify")),
        entry_with("alg", json!("HS256")),
        entry_with("alg", json!("none")),
        entry_with("alg", json!("RSA-OAEP")),
        entry_with("alg", json!(256)),
        entry_with("d", json!("AQAB")),
        entry_with("p", json!(null)),
        entry_with("oth", json!([])),
        entry_with("k", json!("c2VjcmV0")),
        entry_with("kid", json!(7)),
        entry_with("kid", json!("")),
        entry_with("kid", json!("k".repeat(257))),
        entry_with("issuer", json!(["a"])),
        entry_with("e", json!("AQ")),
        entry_with("e", json!("Aw")),
        entry_with("e", json!("AQAA")),
        entry_with("e", json!("AAEAAQ")),
        entry_with("e", json!(65_537)),
        entry_with("n", json!("not base64")),
        entry_with("n", json!(encode(&[0xff; 128]))),
        entry_with("n", json!(encode(&[0xff; 1025]))),
        entry_with("n", json!(encode(&vec![0xff; 64 * 1024]))),
    ];
    for bad in &unusable {
        assert_eq!(kids(&[entry("a"), bad.clone(), entry("b")]), ["a", "b"], "{bad:.200}");
    }
}

#[test]
fn jw_09_different_keys_under_one_kid_are_all_dropped() {
    let other = fabrikam().key.public();
    let clash = json!({ "kty": "RSA", "kid": "twice", "n": other.n(), "e": other.e() });
    assert_eq!(kids(&[entry("twice"), entry("good"), clash.clone()]), ["good"]);
    assert_eq!(kids(&[clash.clone(), entry("twice"), clash]), [""; 0]);
    assert_eq!(kids(&[entry("same"), entry("same")]), ["same"]);
    // A key that is dropped anyway cannot take another one with it.
    let encryption = entry_with("use", json!("enc"));
    let mut same_name = encryption.clone();
    same_name["kid"] = json!("good");
    assert_eq!(kids(&[entry("good"), same_name]), ["good"]);
}

#[test]
fn optional_members_may_be_absent() {
    let mut bare = entry("x");
    let members = bare.as_object_mut().unwrap();
    members.remove("use");
    members.remove("kid");
    assert_eq!(kids(&[bare]), ["-"]);
    let mut liberal = entry("x");
    liberal["key_ops"] = json!(["sign", "verify"]);
    liberal["x5c"] = json!({ "not": "an array" });
    liberal["unknown"] = json!({ "member": [1] });
    assert_eq!(kids(&[liberal]), ["x"]);
}

#[test]
fn the_alg_of_a_key_is_its_algorithm() {
    let mut ps256 = entry("ps");
    ps256["alg"] = json!("PS256");
    let jwks = Jwks::parse(json!({ "keys": [ps256, entry("rs")] }).to_string().as_bytes()).unwrap();
    let algorithms: Vec<_> = jwks.keys.iter().map(|jwk| jwk.verifying_key().unwrap().algorithm()).collect();
    assert_eq!(algorithms, [Algorithm::Ps256, Algorithm::Rs256]);
}

#[test]
fn a_key_set_verifies_and_its_issuers_are_kept() {
    let mut ours = entry("contoso-1");
    ours["issuer"] = json!("https://login.example/{tenantid}/v2.0");
    let jwks = Jwks::parse(json!({ "keys": [ours, entry("other")] }).to_string().as_bytes()).unwrap();
    let token = contoso().key.sign(TokenHeader::KidOnly, &good_claims()).unwrap();
    let jwt = jwks.verifier().unwrap().verify(&token).unwrap();
    assert_eq!(jwt.key_issuer(), Some("https://login.example/{tenantid}/v2.0"));

    let foreign = fabrikam().key.sign(TokenHeader::KidOnly, &good_claims()).unwrap();
    assert_eq!(jwks.verifier().unwrap().verify(&foreign).unwrap_err(), JwtError::UnknownKey);
}

#[test]
fn jw_09_and_jw_10_a_document_that_is_no_key_set_is_refused() {
    for (document, why) in [
        ("", JwksError::Json(JsonError::Malformed)),
        ("<html></html>", JwksError::Json(JsonError::Malformed)),
        ("[]", JwksError::Json(JsonError::NotAnObject)),
        (r#"{"keys":[],"keys":[]}"#, JwksError::Json(JsonError::DuplicateMember)),
        (r#"{"keys":[{"kid":"a","kid":"b"}]}"#, JwksError::Json(JsonError::DuplicateMember)),
        ("{}", JwksError::NoKeys),
        (r#"{"keys":{}}"#, JwksError::NoKeys),
        (r#"{"keys":null}"#, JwksError::NoKeys),
    ] {
        assert_eq!(Jwks::parse(document.as_bytes()), Err(why), "{document}");
    }
    let many = json!({ "keys": vec![json!({}); Jwks::MAX_KEYS + 1] }).to_string();
    assert_eq!(Jwks::parse(many.as_bytes()), Err(JwksError::TooManyKeys));
    assert_eq!(Jwks::parse(&vec![b' '; Jwks::MAX_BYTES + 1]), Err(JwksError::TooLarge));
}
