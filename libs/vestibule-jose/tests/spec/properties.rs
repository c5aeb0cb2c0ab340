//! What holds for every token.

use proptest::collection::{btree_map, vec};
use proptest::prelude::*;
use serde_json::{Map, Value};
use vestibule_jose::strict_json::parse_object;
use vestibule_jose::{Jwks, KeyId, RsaPublicKey, SigningKey, TokenHeader, Validation};

use crate::actors::{AUDIENCE, ISSUER, NOW, claims_with, contoso, good_claims, verified};

fn json() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<u64>().prop_map(Value::from),
        any::<String>().prop_map(Value::from),
    ];
    leaf.prop_recursive(4, 32, 6, |inner| {
        prop_oneof![
            vec(inner.clone(), 0..6).prop_map(Value::from),
            btree_map(any::<String>(), inner, 0..6)
                .prop_map(|members| Value::Object(members.into_iter().collect())),
        ]
    })
}

fn claims() -> impl Strategy<Value = Map<String, Value>> {
    btree_map(any::<String>(), json(), 0..8).prop_map(|members| members.into_iter().collect())
}

/// Moments near each other, near the edges of what a date can be, and anywhere.
fn time() -> impl Strategy<Value = i64> {
    prop_oneof![
        4 => NOW - 900..NOW + 900,
        1 => -900_i64..900,
        1 => 253_402_300_000_i64..253_402_301_000,
        1 => i64::MAX - 900..=i64::MAX,
        1 => any::<i64>(),
    ]
}

proptest! {
    #[test]
    fn what_is_signed_verifies_to_the_same_claims(claims in claims(), v1 in any::<bool>()) {
        let header = if v1 { TokenHeader::KidAndX5t } else { TokenHeader::KidOnly };
        let token = contoso().key.sign(header, &claims).unwrap();
        let jwt = contoso().verifier().accepting_up_to(1 << 20).verify(&token).unwrap();
        prop_assert_eq!(jwt.claims::<Map<String, Value>>().unwrap(), claims);
        prop_assert_eq!(jwt.header_kid(), Some("contoso-1"));
    }

    #[test]
    fn a_token_with_any_one_character_changed_is_refused(at in any::<prop::sample::Index>(), to in 0_u8..128) {
        let token = contoso().sign_payload(&good_claims().to_string());
        let mut bytes = token.clone().into_bytes();
        let at = at.index(bytes.len());
        prop_assume!(bytes[at] != to);
        bytes[at] = to;
        prop_assert!(contoso().verifier().verify(std::str::from_utf8(&bytes).unwrap()).is_err());
    }

    #[test]
    fn a_token_cut_short_or_made_longer_is_refused(at in any::<prop::sample::Index>(), more in "[ -~]{1,40}") {
        let token = contoso().sign_payload(&good_claims().to_string());
        let at = at.index(token.len());
        let (head, tail) = token.split_at(at);
        for other in [head.to_owned(), tail[1..].to_owned(), format!("{head}{more}{tail}"), format!("{token}{more}")] {
            prop_assert!(contoso().verifier().verify(&other).is_err(), "{}", other);
        }
    }

    #[test]
    fn no_text_makes_the_verifier_panic(
        text in any::<String>(),
        segments in vec("[A-Za-z0-9_-]{0,60}", 0..6),
        header in vec(any::<u8>(), 0..60),
    ) {
        let verifier = contoso().verifier();
        prop_assert!(verifier.verify(&text).is_err());
        prop_assert!(verifier.verify(&segments.join(".")).is_err());
        let token = contoso().sign_raw(&header, b"{}");
        prop_assert!(verifier.verify(&token).is_err());
    }

    #[test]
    fn no_signed_payload_makes_the_rules_panic(payload in vec(any::<u8>(), 0..120), claims in claims(), now in any::<i64>()) {
        let token = contoso().sign_raw(br#"{"alg":"RS256","kid":"contoso-1"}"#, &payload);
        let _ = contoso().verifier().verify(&token);
        let jwt = contoso().verifier().accepting_up_to(1 << 20).verify(&contoso().key.sign(TokenHeader::KidOnly, &claims).unwrap());
        prop_assert!(Validation::new(ISSUER, &[AUDIENCE], now).check(jwt.unwrap()).is_err());
    }

    #[test]
    fn jw_18_a_token_is_good_only_between_its_times(
        exp in time(),
        now in time(),
        leeway in prop_oneof![0_u32..600, any::<u32>()],
    ) {
        let mut claims = claims_with("exp", Some(exp.into()));
        claims["iat"] = 0.into();
        claims["nbf"] = 0.into();
        let jwt = verified(&claims.to_string()).unwrap();
        let good = Validation::new(ISSUER, &[AUDIENCE], now).leeway_seconds(leeway).check(jwt).is_ok();
        let (exp, now, leeway) = (i128::from(exp), i128::from(now), i128::from(leeway));
        let expected = (0..=253_402_300_799).contains(&exp) && now < exp + leeway && now + leeway >= 0;
        prop_assert_eq!(good, expected);
    }

    #[test]
    fn no_document_or_key_makes_a_reader_panic(bytes in vec(any::<u8>(), 0..200), text in any::<String>()) {
        let _ = parse_object(&bytes);
        let _ = parse_object(text.as_bytes());
        let _ = Jwks::parse(&bytes);
        let _ = Jwks::parse(text.as_bytes());
        let _ = KeyId::new(&text);
        prop_assert!(RsaPublicKey::from_spki_der(&bytes).is_err());
        prop_assert!(RsaPublicKey::from_pkcs1_der(&bytes).is_err());
        prop_assert!(RsaPublicKey::from_jwk_members(&text, &text).is_err());
        prop_assert!(SigningKey::from_pkcs8(&bytes, KeyId::new("k").unwrap()).is_err());
    }

    #[test]
    fn strict_json_agrees_with_serde_json_on_what_it_accepts(value in claims()) {
        let text = serde_json::to_vec(&value).unwrap();
        prop_assert_eq!(parse_object(&text), Ok(value));
    }
}
