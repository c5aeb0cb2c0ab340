//! Three segments, each in its one spelling, and not too long.

use serde_json::json;
use vestibule_jose::{JwtError, Segment, Verifier};

use crate::actors::{contoso, encode};

fn refusal(token: &str) -> JwtError {
    contoso().verifier().verify(token).unwrap_err()
}

#[test]
fn jw_25_anything_but_three_full_segments_is_refused() {
    let good = contoso().sign_payload("{}");
    let [header, payload, signature] = <[&str; 3]>::try_from(good.split('.').collect::<Vec<_>>()).unwrap();
    let flattened = json!({ "protected": header, "payload": payload, "signature": signature }).to_string();
    for token in [
        String::new(),
        ".".into(),
        "..".into(),
        "...".into(),
        header.into(),
        format!("{header}.{payload}"),
        format!("{header}.{payload}."),
        format!(".{payload}.{signature}"),
        format!("{header}..{signature}"),
        format!("{good}."),
        format!(".{good}"),
        format!("{good}.{signature}"),
        format!("{header}.{payload}.{payload}.{signature}.{signature}.{signature}"),
        flattened,
    ] {
        assert_eq!(refusal(&token), JwtError::NotCompact, "{token}");
    }
}

#[test]
fn jw_25_only_canonical_base64url_is_read() {
    let header = encode(br#"{"alg":"RS256","kid":"contoso-1"}"#); // 44 characters, no trailing bits
    let payload = encode(br#"{"a":1}"#); // 10 characters, four trailing bits
    assert_eq!((header.len() % 4, payload.len() % 4), (0, 2));
    let trailing_bits = format!("{}R", &payload[..payload.len() - 1]);
    assert!(payload.ends_with('Q'));

    for spelling in [
        format!("{payload}=="),
        format!("{payload}="),
        format!("{payload} "),
        format!(" {payload}"),
        format!("{payload}\n"),
        format!("{payload}A+"),
        format!("{payload}A/"),
        format!("{payload}%3D"),
        format!("{payload}\u{e9}"),
        trailing_bits,
        payload[..payload.len() - 1].to_owned(),
    ] {
        // The signature covers the odd spelling itself, so that only the spelling is wrong.
        let token = contoso().sign_text(&format!("{header}.{spelling}"));
        assert_eq!(refusal(&token), JwtError::Base64(Segment::Payload), "{spelling:?}");
    }
    let token = contoso().sign_text(&format!("{header}====.{payload}"));
    assert_eq!(refusal(&token), JwtError::Base64(Segment::Header));
    let token = contoso().sign_text(&format!("{header}.{payload}"));
    assert_eq!(refusal(&format!("{token}==")), JwtError::Base64(Segment::Signature));
    assert_eq!(refusal(&format!("{token}\n")), JwtError::Base64(Segment::Signature));
    contoso().verifier().verify(&token).unwrap();
}

#[test]
fn jw_25_a_signature_has_one_spelling() {
    // 256 bytes leave four trailing bits in the last character.
    let token = contoso().sign_payload("{}");
    let alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    let (stem, last) = token.split_at(token.len() - 1);
    let accepted: Vec<char> = alphabet
        .chars()
        .filter(|last| contoso().verifier().verify(&format!("{stem}{last}")).is_ok())
        .collect();
    assert_eq!(accepted, last.chars().collect::<Vec<_>>());
}

#[test]
fn jw_27_the_size_is_bounded_before_anything_is_read() {
    let limit = Verifier::DEFAULT_MAX_TOKEN_BYTES;
    assert_eq!(limit, 16 * 1024);
    assert_eq!(refusal(&"a".repeat(limit)), JwtError::NotCompact);
    for length in [limit + 1, 1 << 20, 100 << 20] {
        assert_eq!(refusal(&".".repeat(length)), JwtError::TooLarge { limit });
    }

    let big = contoso().sign_payload(&json!({ "groups": "g".repeat(limit) }).to_string());
    assert_eq!(refusal(&big), JwtError::TooLarge { limit });
    contoso().verifier().accepting_up_to(64 * 1024).verify(&big).unwrap();
    let small = contoso().sign_payload("{}");
    let exact = contoso().verifier().accepting_up_to(small.len());
    exact.verify(&small).unwrap();
    assert!(exact.accepting_up_to(small.len() - 1).verify(&small).is_err());
}
