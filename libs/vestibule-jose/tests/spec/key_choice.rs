//! How a header names its key.

use serde_json::{Value, json};
use vestibule_jose::{Algorithm, JwtError, KeyId, Verifier, VerifierError, VerifyingKey};

use crate::actors::{contoso, fabrikam};

fn named(kid: Value) -> String {
    contoso().sign_raw(json!({ "alg": "RS256", "kid": kid }).to_string().as_bytes(), b"{}")
}

#[test]
fn jw_07_a_kid_is_looked_up_as_a_plain_string() {
    let verifier = contoso().verifier().accepting_up_to(4 << 20);
    for kid in [
        "../../../../dev/null",
        "contoso-1\u{0}",
        "contoso-1 ",
        "CONTOSO-1",
        "contoso\u{2010}1",
        "' OR 1=1 --",
        "https://canary.example/contoso-1",
        "*",
        "",
    ] {
        assert_eq!(verifier.verify(&named(json!(kid))).unwrap_err(), JwtError::UnknownKey, "{kid:?}");
    }
    assert_eq!(verifier.verify(&named(json!("k".repeat(1 << 20)))).unwrap_err(), JwtError::UnknownKey);
    for kid in [json!(1), json!(null), json!(["contoso-1"]), json!({ "kid": "contoso-1" })] {
        assert_eq!(verifier.verify(&named(kid)).unwrap_err(), JwtError::HeaderMember("kid"));
    }
    assert_eq!(verifier.verify(&named(json!("contoso-1"))).unwrap().header_kid(), Some("contoso-1"));
}

#[test]
fn jw_07_a_missing_kid_is_accepted_with_exactly_one_key() {
    let token = contoso().sign_raw(br#"{"alg":"RS256"}"#, b"{}");
    assert_eq!(contoso().verifier().verify(&token).unwrap().header_kid(), None);

    let two = Verifier::new([contoso().verifying(Algorithm::Rs256), fabrikam().verifying(Algorithm::Rs256)])
        .unwrap();
    assert_eq!(two.verify(&token).unwrap_err(), JwtError::NoKeyNamed);
    two.verify(&named(json!("contoso-1"))).unwrap();

    let none = Verifier::new([]).unwrap();
    assert_eq!(none.verify(&token).unwrap_err(), JwtError::NoKeyNamed);
    assert_eq!(none.verify(&named(json!("contoso-1"))).unwrap_err(), JwtError::UnknownKey);
}

#[test]
fn a_named_token_does_not_fall_back_to_a_key_without_a_name() {
    let nameless = VerifyingKey::new(Algorithm::Rs256, None, contoso().key.public()).unwrap();
    let verifier = Verifier::new([nameless]).unwrap();
    assert_eq!(verifier.verify(&named(json!("contoso-1"))).unwrap_err(), JwtError::UnknownKey);
}

#[test]
fn a_client_assertion_names_its_certificate_by_either_thumbprint() {
    // The crate reads no certificate: these bytes hold the key, as a certificate would.
    let certificate = [b"certificate of contoso: ", contoso().key.public().spki_der()].concat();
    let registered =
        |algorithm| VerifyingKey::of_certificate(algorithm, contoso().key.public(), &certificate).unwrap();
    let verifier = Verifier::new([
        registered(Algorithm::Rs256),
        registered(Algorithm::Ps256),
        fabrikam().verifying(Algorithm::Rs256),
    ])
    .unwrap();
    let x5t = KeyId::from_certificate_der(&certificate);
    let x5t_s256 = vestibule_jose::X5tS256::from_certificate_der(&certificate);

    let sha1 = json!({ "alg": "RS256", "x5t": x5t.as_str() }).to_string();
    verifier.verify(&contoso().sign_raw(sha1.as_bytes(), b"{}")).unwrap();
    let sha256 = json!({ "alg": "PS256", "x5t#S256": x5t_s256.as_str() }).to_string();
    verifier.verify(&contoso().sign_raw_pss(sha256.as_bytes(), b"{}")).unwrap();
    let unknown = json!({ "alg": "RS256", "x5t": "another" }).to_string();
    assert_eq!(
        verifier.verify(&contoso().sign_raw(unknown.as_bytes(), b"{}")).unwrap_err(),
        JwtError::UnknownKey
    );
    // A `kid` outranks thumbprints; there is no second try.
    let both = json!({ "alg": "RS256", "kid": "fabrikam-1", "x5t": x5t.as_str() }).to_string();
    assert_eq!(
        verifier.verify(&contoso().sign_raw(both.as_bytes(), b"{}")).unwrap_err(),
        JwtError::Signature
    );
}

#[test]
fn jw_09_a_set_of_keys_is_bounded_and_unambiguous() {
    let key = contoso().verifying(Algorithm::Rs256);
    assert_eq!(Verifier::new([key.clone(), key.clone()]).unwrap_err(), VerifierError::DuplicateKeyId);

    let numbered = |count: usize| {
        (0..count).map(|i| {
            let kid = KeyId::new(&format!("k{i}")).unwrap();
            VerifyingKey::new(Algorithm::Rs256, Some(kid), contoso().key.public()).unwrap()
        })
    };
    assert!(Verifier::new(numbered(Verifier::MAX_KEYS)).is_ok());
    assert_eq!(Verifier::new(numbered(Verifier::MAX_KEYS + 1)).unwrap_err(), VerifierError::TooManyKeys);
}

#[test]
fn jw_07_key_identifiers_are_bounded_text() {
    assert!(KeyId::new(&"k".repeat(256)).is_ok());
    for bad in ["", "k\0", "k\n", "\u{7f}", &"k".repeat(257)] {
        assert!(KeyId::new(bad).is_err(), "{bad:?}");
    }
}
