//! The key decides the algorithm: `none`, HMAC, foreign and mixed-up signatures.

use aws_lc_rs::hmac;
use serde_json::{Value, json};
use vestibule_jose::{Algorithm, JwtError, KeyError, RsaPublicKey, TokenHeader, Verifier};

use crate::actors::{contoso, encode, fabrikam, good_claims};

fn with_alg(alg: Value) -> String {
    let header = json!({ "typ": "JWT", "alg": alg, "kid": "contoso-1" });
    contoso().sign_raw(header.to_string().as_bytes(), good_claims().to_string().as_bytes())
}

fn refusal(token: &str) -> JwtError {
    contoso().verifier().verify(token).unwrap_err()
}

#[test]
fn jw_01_every_spelling_of_none_is_refused_signed_or_not() {
    for alg in ["none", "None", "nOnE", "NONE", "", " RS256", "rs256", "RS256\u{0}"] {
        let token = with_alg(json!(alg));
        assert_eq!(refusal(&token), JwtError::AlgorithmMismatch, "{alg:?}");
        let (signing_input, _) = token.rsplit_once('.').unwrap();
        assert_eq!(refusal(&format!("{signing_input}.")), JwtError::NotCompact, "{alg:?}");
        assert_eq!(refusal(&format!("{signing_input}.AA")), JwtError::AlgorithmMismatch, "{alg:?}");
    }
}

#[test]
fn jw_01_an_alg_that_is_missing_or_no_string_is_refused() {
    for alg in [json!(null), json!(["RS256"]), json!({ "alg": "RS256" }), json!(256), json!(true)] {
        assert_eq!(refusal(&with_alg(alg)), JwtError::HeaderMember("alg"));
    }
    let missing = contoso().sign_raw(br#"{"kid":"contoso-1"}"#, b"{}");
    assert_eq!(refusal(&missing), JwtError::HeaderMember("alg"));
}

#[test]
fn jw_02_an_empty_signature_is_refused() {
    let token = contoso().sign_payload("{}");
    let (signing_input, _) = token.rsplit_once('.').unwrap();
    assert_eq!(refusal(&format!("{signing_input}.")), JwtError::NotCompact);
    assert_eq!(refusal(signing_input), JwtError::NotCompact);
}

#[test]
fn jw_03_an_rs256_public_key_cannot_be_used_as_an_hmac_secret() {
    let public = contoso().key.public();
    let base64 = base64::Engine::encode(&base64::engine::general_purpose::STANDARD, public.spki_der());
    let pem = format!("-----BEGIN PUBLIC KEY-----\n{base64}\n-----END PUBLIC KEY-----\n");
    let secrets: [&[u8]; 5] =
        [pem.as_bytes(), pem.trim_end().as_bytes(), public.spki_der(), public.modulus(), b"contoso-1"];
    for secret in secrets {
        for alg in ["HS256", "RS256"] {
            let header = json!({ "typ": "JWT", "alg": alg, "kid": "contoso-1" }).to_string();
            let input =
                format!("{}.{}", encode(header.as_bytes()), encode(good_claims().to_string().as_bytes()));
            let tag = hmac::sign(&hmac::Key::new(hmac::HMAC_SHA256, secret), input.as_bytes());
            let expected = if alg == "HS256" { JwtError::AlgorithmMismatch } else { JwtError::Signature };
            assert_eq!(refusal(&format!("{input}.{}", encode(tag.as_ref()))), expected);
        }
    }
}

#[test]
fn jw_04_an_elliptic_curve_signature_of_zeros_is_refused() {
    let header = encode(br#"{"alg":"ES256","kid":"contoso-1"}"#);
    let token = format!("{header}.{}.{}", encode(b"{}"), encode(&[0; 64]));
    assert_eq!(refusal(&token), JwtError::AlgorithmMismatch);
}

#[test]
fn an_rs256_key_refuses_ps256_and_the_reverse_even_with_a_good_signature() {
    let rs_only = contoso().verifier();
    let ps_only = Verifier::new([contoso().verifying(Algorithm::Ps256)]).unwrap();
    let rs256 = contoso().sign_raw(br#"{"alg":"RS256","kid":"contoso-1"}"#, b"{}");
    let ps256 = contoso().sign_raw_pss(br#"{"alg":"PS256","kid":"contoso-1"}"#, b"{}");

    assert_eq!(rs_only.verify(&rs256).unwrap().algorithm(), Algorithm::Rs256);
    assert_eq!(ps_only.verify(&ps256).unwrap().algorithm(), Algorithm::Ps256);
    assert_eq!(rs_only.verify(&ps256).unwrap_err(), JwtError::AlgorithmMismatch);
    assert_eq!(ps_only.verify(&rs256).unwrap_err(), JwtError::AlgorithmMismatch);

    // The header lies about the padding.
    let rs_as_ps = contoso().sign_raw(br#"{"alg":"PS256","kid":"contoso-1"}"#, b"{}");
    let ps_as_rs = contoso().sign_raw_pss(br#"{"alg":"RS256","kid":"contoso-1"}"#, b"{}");
    assert_eq!(ps_only.verify(&rs_as_ps).unwrap_err(), JwtError::Signature);
    assert_eq!(rs_only.verify(&ps_as_rs).unwrap_err(), JwtError::Signature);
}

#[test]
fn a_certificate_may_be_registered_for_both_algorithms() {
    let both = Verifier::new([contoso().verifying(Algorithm::Rs256), contoso().verifying(Algorithm::Ps256)])
        .unwrap();
    both.verify(&contoso().sign_raw(br#"{"alg":"RS256","kid":"contoso-1"}"#, b"{}")).unwrap();
    both.verify(&contoso().sign_raw_pss(br#"{"alg":"PS256","kid":"contoso-1"}"#, b"{}")).unwrap();
}

#[test]
fn jw_05_signatures_of_another_length_or_value_are_refused() {
    let token = contoso().sign_payload("{}");
    let (input, signature) = token.rsplit_once('.').unwrap();
    let signature =
        base64::Engine::decode(&base64::engine::general_purpose::URL_SAFE_NO_PAD, signature).unwrap();
    let mut padded_front = vec![0];
    padded_front.extend_from_slice(&signature);
    let mut padded_back = signature.clone();
    padded_back.push(0);
    // s + n is congruent to s; RFC 8017 §5.2.2 demands s < n.
    let modulus = contoso().key.public().modulus();
    let raised = add(&signature, modulus);
    let forgeries: [&[u8]; 9] = [
        &padded_front,
        &padded_back,
        &signature[1..],
        &signature[..255],
        &raised,
        &[0; 256],
        &[0xff; 256],
        modulus,
        &[1],
    ];
    for forgery in forgeries {
        assert_eq!(refusal(&format!("{input}.{}", encode(forgery))), JwtError::Signature);
    }
}

fn add(a: &[u8], b: &[u8]) -> Vec<u8> {
    let mut sum = vec![0; a.len() + 1];
    let mut carry = 0;
    for i in (0..a.len()).rev() {
        let digit = u16::from(a[i]) + u16::from(b[i]) + carry;
        sum[i + 1] = digit.to_be_bytes()[1];
        carry = digit >> 8;
    }
    sum[0] = carry.to_be_bytes()[1];
    if sum[0] == 0 { sum.split_off(1) } else { sum }
}

#[test]
fn jw_05_weak_public_keys_cannot_be_made() {
    let modulus = contoso().key.public().modulus();
    let f4: &[u8] = &[1, 0, 1];
    for exponent in [&[1][..], &[3], &[0xff, 0xff], &[1, 0, 0], &[2, 0, 0, 0, 1], &[1, 0, 0, 0, 0, 1]] {
        assert_eq!(RsaPublicKey::from_components(modulus, exponent), Err(KeyError::Exponent), "{exponent:?}");
    }
    for (bits, bytes) in [(1024, 128), (2040, 255), (8200, 1025), (65_536 * 8, 65_536)] {
        let other = vec![0xff; bytes];
        assert_eq!(RsaPublicKey::from_components(&other, f4), Err(KeyError::ModulusBits { found: bits }));
    }
    let mut even = modulus.to_vec();
    even[255] &= 0xfe;
    let mut zero_in_front = vec![0];
    zero_in_front.extend_from_slice(modulus);
    for bad in [&even[..], &zero_in_front, &[]] {
        assert_eq!(RsaPublicKey::from_components(bad, f4), Err(KeyError::Malformed));
    }
    assert_eq!(RsaPublicKey::from_components(modulus, &[0, 1, 0, 1]), Err(KeyError::Malformed));
}

#[test]
fn a_good_token_of_another_issuer_is_refused() {
    let token = fabrikam().key.sign(TokenHeader::KidOnly, &good_claims()).unwrap();
    assert_eq!(refusal(&token), JwtError::UnknownKey);
    let borrowed_name = fabrikam()
        .sign_raw(br#"{"typ":"JWT","alg":"RS256","kid":"contoso-1"}"#, good_claims().to_string().as_bytes());
    assert_eq!(refusal(&borrowed_name), JwtError::Signature);
}
