//! Client assertions: as sloppy as real clients write them, and no sloppier.

use std::sync::OnceLock;

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE, URL_SAFE_NO_PAD};
use serde_json::{Value, json};
use vestibule_jose::client_assertion::{
    AssertionAudience, CertificateKey, ClientAssertion, MalformedAssertion, NotVerified,
};
use vestibule_jose::{ClaimError, JsonError, JwtError, KeyError, Segment};

use crate::actors::{Issuer, NOW, contoso, encode, fabrikam};

/// Not a certificate, but it holds the key, which is all that is looked at.
fn certificate_of(issuer: &Issuer) -> Vec<u8> {
    [b"certificate of ", issuer.key.public().spki_der()].concat()
}

fn key_of(issuer: &Issuer) -> CertificateKey {
    CertificateKey::new(issuer.key.public(), &certificate_of(issuer)).unwrap()
}

fn contosos() -> &'static CertificateKey {
    static KEY: OnceLock<CertificateKey> = OnceLock::new();
    KEY.get_or_init(|| key_of(contoso()))
}

fn sha1(der: &[u8]) -> Vec<u8> {
    let digest = aws_lc_rs::digest::digest(&aws_lc_rs::digest::SHA1_FOR_LEGACY_USE_ONLY, der);
    digest.as_ref().to_vec()
}

fn sha256(der: &[u8]) -> Vec<u8> {
    aws_lc_rs::digest::digest(&aws_lc_rs::digest::SHA256, der).as_ref().to_vec()
}

fn header() -> Value {
    json!({ "alg": "RS256", "typ": "JWT", "x5t": encode(&sha1(&certificate_of(contoso()))) })
}

fn claims() -> Value {
    json!({ "iss": "client", "sub": "client", "aud": "https://login.example/t", "jti": "1", "nbf": NOW, "exp": NOW + 600 })
}

fn with(mut object: Value, name: &str, value: Value) -> Value {
    object[name] = value;
    object
}

fn without(mut object: Value, name: &str) -> Value {
    object.as_object_mut().unwrap().remove(name);
    object
}

fn signed(header: &Value, claims: &Value) -> String {
    contoso().sign_raw(header.to_string().as_bytes(), claims.to_string().as_bytes())
}

fn verdict(text: &str) -> Result<(), NotVerified> {
    contosos().verify(&ClientAssertion::read(text).unwrap()).map(|_| ())
}

#[test]
fn a_certificate_may_sign_with_rs256_and_with_ps256() {
    assert_eq!(verdict(&signed(&header(), &claims())), Ok(()));
    let header = with(header(), "alg", json!("PS256"));
    let pss = contoso().sign_raw_pss(header.to_string().as_bytes(), claims().to_string().as_bytes());
    assert_eq!(verdict(&pss), Ok(()));
}

#[test]
fn what_an_assertion_says_is_read_with_its_types() {
    let text = signed(&header(), &with(claims(), "iat", json!(NOW)));
    let assertion = ClientAssertion::read(&text).unwrap();
    let verified = contosos().verify(&assertion).unwrap();
    let said = verified.claims();
    assert_eq!((said.issuer.as_str(), said.subject.as_str()), ("client", "client"));
    assert_eq!(said.audience, AssertionAudience::One("https://login.example/t".into()));
    assert_eq!((said.expires_at, said.not_before, said.issued_at), (NOW + 600, Some(NOW), Some(NOW)));
    assert_eq!(said.id.as_deref(), Some("1"));
    assert!(text.starts_with(verified.signing_input()));
    let list = ClientAssertion::read(&signed(&header(), &with(claims(), "aud", json!(["a"])))).unwrap();
    assert_eq!(
        list.claimed().audience,
        AssertionAudience::List(vec!["a".into()]),
        "told apart from a string"
    );
}

#[test]
fn the_header_of_every_known_library_names_its_key() {
    let certificate = certificate_of(contoso());
    let (sha1, sha256) = (sha1(&certificate), sha256(&certificate));
    let hex: String = sha1.iter().map(|byte| format!("{byte:02X}")).collect();
    let bare = without(header(), "x5t");
    let x5c = json!(["MIIC\nAAAA\n", "MIID"]);
    for header in [
        // MSAL Python with a thumbprint, and azure-identity.
        with(with(bare.clone(), "x5t", json!(URL_SAFE.encode(&sha1))), "x5c", x5c),
        // MSAL Python with a certificate.
        with(bare.clone(), "x5t#S256", json!(URL_SAFE.encode(&sha256))),
        // MSAL Go and MSAL Java: standard base64.
        with(bare.clone(), "x5t#S256", json!(STANDARD.encode(&sha256))),
        with(bare.clone(), "x5t", json!(STANDARD.encode(&sha1))),
        // MSAL Node.
        with(bare.clone(), "x5t#S256", json!(URL_SAFE_NO_PAD.encode(&sha256))),
        // MSAL.NET: one string where a list is due.
        with(with(bare.clone(), "x5t", json!(URL_SAFE_NO_PAD.encode(&sha1))), "x5c", json!("MIIC")),
        // Older programs.
        with(bare.clone(), "kid", json!(hex)),
        with(bare.clone(), "kid", json!(hex.to_lowercase())),
        with(bare.clone(), "kid", json!(URL_SAFE_NO_PAD.encode(&sha1))),
        without(header(), "typ"),
        with(header(), "typ", json!("jwt")),
    ] {
        assert_eq!(verdict(&signed(&header, &claims())), Ok(()), "{header}");
    }
}

#[test]
fn the_dates_of_every_known_library_are_read() {
    for (name, value) in [
        ("exp", json!(NOW as f64 + 600.5)),
        ("iat", json!(NOW as f64 + 0.25)),
        ("exp", json!((NOW + 600).to_string())),
        ("nbf", json!(NOW.to_string())),
    ] {
        let text = signed(&header(), &with(claims(), name, value));
        let assertion = ClientAssertion::read(&text).unwrap();
        assert_eq!((assertion.claimed().expires_at, assertion.claimed().not_before), (NOW + 600, Some(NOW)));
    }
    ClientAssertion::read(&signed(&header(), &without(claims(), "nbf"))).unwrap();
    ClientAssertion::read(&signed(&header(), &without(claims(), "jti"))).unwrap();
}

#[test]
fn segments_may_be_padded_and_the_padding_is_signed_with_them() {
    let padded = |value: &Value| URL_SAFE.encode(value.to_string());
    // Lengths that need padding, whatever the claims are.
    for blanks in 0..3 {
        let claims = with(claims(), "pad", json!(" ".repeat(blanks)));
        let text = contoso().sign_text(&format!("{}.{}", padded(&header()), padded(&claims)));
        assert_eq!(verdict(&text), Ok(()));
        assert_eq!(verdict(&format!("{text}==")), Ok(()), "256 bytes end in two");
        assert!(matches!(ClientAssertion::read(&format!("{text}=")), Err(MalformedAssertion::Jwt(_))));
        if text.contains("=.") {
            let stripped = text.replace('=', "");
            assert_eq!(verdict(&stripped), Err(NotVerified::Signature), "it was signed with the padding");
        }
    }
}

#[test]
fn ca_10_an_algorithm_that_is_not_rs256_or_ps256_is_refused() {
    let input = |alg: &str| {
        format!(
            "{}.{}",
            encode(with(header(), "alg", json!(alg)).to_string().as_bytes()),
            encode(claims().to_string().as_bytes())
        )
    };
    for alg in ["none", "None", "NONE", "HS256", "RS384", "RS512", "PS384", "ES256", "rs256", "RSA1_5", ""] {
        assert_eq!(verdict(&contoso().sign_text(&input(alg))), Err(NotVerified::Algorithm), "{alg}");
        assert_eq!(verdict(&format!("{}.", input(alg))), Err(NotVerified::Algorithm), "{alg}, unsigned");
    }
    assert_eq!(verdict(&format!("{}.", input("RS256"))), Err(NotVerified::Signature));
    for alg in [json!(null), json!(["RS256"]), json!(256)] {
        let text = signed(&with(header(), "alg", alg), &claims());
        assert_eq!(read_error(&text), JwtError::HeaderMember("alg").into());
    }
}

#[test]
fn ca_11_the_signature_is_checked_by_the_algorithm_of_the_header_and_no_other() {
    let pss = with(header(), "alg", json!("PS256")).to_string();
    let payload = claims().to_string();
    assert_eq!(verdict(&contoso().sign_raw(pss.as_bytes(), payload.as_bytes())), Err(NotVerified::Signature));
    let pkcs1 = header().to_string();
    assert_eq!(
        verdict(&contoso().sign_raw_pss(pkcs1.as_bytes(), payload.as_bytes())),
        Err(NotVerified::Signature)
    );
}

#[test]
fn ca_12_a_key_is_found_by_its_name_and_never_by_trying() {
    let stranger = key_of(fabrikam());
    let text = signed(&header(), &claims());
    let assertion = ClientAssertion::read(&text).unwrap();
    assert!(contosos().is_named_by(&assertion) && !stranger.is_named_by(&assertion));
    assert_eq!(stranger.verify(&assertion).unwrap_err(), NotVerified::OtherKey);
    assert_eq!(verdict(&signed(&without(header(), "x5t"), &claims())), Err(NotVerified::OtherKey));
    // Fabrikam's signature under Contoso's name.
    let forged = fabrikam().sign_raw(header().to_string().as_bytes(), claims().to_string().as_bytes());
    assert_eq!(verdict(&forged), Err(NotVerified::Signature));
    assert_eq!(
        CertificateKey::new(contoso().key.public(), &certificate_of(fabrikam())).unwrap_err(),
        KeyError::OtherCertificate
    );
}

#[test]
fn ca_13_keys_that_come_with_an_assertion_are_not_looked_at() {
    let foreign = json!({ "kty": "RSA", "n": fabrikam().key.public().n(), "e": "AQAB" });
    let mut header = header();
    for (name, value) in [
        ("jwk", foreign),
        ("jku", json!("https://keys.example/")),
        ("x5u", json!("https://keys.example/")),
        ("x5c", json!([STANDARD.encode(certificate_of(fabrikam()))])),
    ] {
        header[name] = value;
    }
    let forged = fabrikam().sign_raw(header.to_string().as_bytes(), claims().to_string().as_bytes());
    assert_eq!(verdict(&forged), Err(NotVerified::Signature));
    assert_eq!(verdict(&signed(&header, &claims())), Ok(()));
}

fn read_error(text: &str) -> MalformedAssertion {
    ClientAssertion::read(text).unwrap_err()
}

#[test]
fn ca_18_a_date_of_the_wrong_kind_is_refused() {
    for value in [json!(null), json!("soon"), json!(-1), json!("-1"), json!([1]), json!(1e300), json!(true)] {
        for name in ["exp", "nbf", "iat"] {
            let text = signed(&header(), &with(claims(), name, value.clone()));
            let expected = match name {
                "exp" => ClaimError::WrongType("exp"),
                "nbf" => ClaimError::WrongType("nbf"),
                _ => ClaimError::WrongType("iat"),
            };
            assert_eq!(read_error(&text), expected.into(), "{name}: {value}");
        }
    }
    assert_eq!(read_error(&signed(&header(), &without(claims(), "exp"))), ClaimError::Missing("exp").into());
    let overflow = claims().to_string().replace(&(NOW + 600).to_string(), "1e400");
    let text = contoso().sign_raw(header().to_string().as_bytes(), overflow.as_bytes());
    assert_eq!(read_error(&text), JwtError::Claims(JsonError::Malformed).into());
}

#[test]
fn ca_21_another_kind_of_token_is_no_assertion() {
    for typ in ["at+jwt", "logout+jwt", "JOSE", "dpop+jwt", ""] {
        let text = signed(&with(header(), "typ", json!(typ)), &claims());
        assert_eq!(verdict(&text), Err(NotVerified::Type), "{typ}");
    }
}

#[test]
fn ca_22_what_is_no_compact_jws_of_two_objects_is_refused() {
    let good = signed(&header(), &claims());
    let segments: Vec<&str> = good.split('.').collect();
    for text in ["", ".", "..", "a.b", "a.b.c.d", "....", &good[..segments[0].len()]] {
        assert!(matches!(read_error(text), MalformedAssertion::Jwt(_)), "{text}");
    }
    let twice = claims().to_string().replacen('{', r#"{"iss":"other","#, 1);
    let deep = format!(r#"{{"iss":{}1{}}}"#, "[".repeat(10_000), "]".repeat(10_000));
    for (payload, fault) in [
        (twice.as_bytes(), JsonError::DuplicateMember),
        (&deep.as_bytes()[..10_000], JsonError::TooDeep),
        (b"\xef\xbb\xbf{}", JsonError::Malformed),
        (b"[]", JsonError::NotAnObject),
    ] {
        let text = contoso().sign_raw(header().to_string().as_bytes(), payload);
        assert_eq!(read_error(&text), JwtError::Claims(fault).into());
    }
    let huge = signed(&header(), &with(claims(), "pad", json!("x".repeat(1 << 20))));
    assert_eq!(read_error(&huge), JwtError::TooLarge { limit: ClientAssertion::MAX_BYTES }.into());
    for (at, segment) in [(0, Segment::Header), (1, Segment::Payload), (2, Segment::Signature)] {
        for spoil in ["=", "====", " ", "\n", "+", "/"] {
            let mut spoilt: Vec<String> = segments.iter().map(|&segment| segment.to_owned()).collect();
            spoilt[at] = format!("{}{spoil}", spoilt[at].trim_end_matches('='));
            let read = ClientAssertion::read(&spoilt.join("."));
            // One sign of padding may be what is due.
            if spoil != "=" {
                assert_eq!(read.unwrap_err(), JwtError::Base64(segment).into(), "{spoil:?}");
            }
        }
    }
}

#[test]
fn ca_23_ca_24_a_header_that_changes_the_meaning_is_refused() {
    for (name, value) in
        [("crit", json!(["exp"])), ("crit", json!([])), ("b64", json!(false)), ("zip", json!("DEF"))]
    {
        let text = signed(&with(header(), name, value), &claims());
        let expected = match name {
            "crit" => JwtError::UnsupportedHeader("crit"),
            "b64" => JwtError::UnsupportedHeader("b64"),
            _ => JwtError::UnsupportedHeader("zip"),
        };
        assert_eq!(read_error(&text), expected.into());
    }
    let jwe = ["eyJhbGciOiJSU0EtT0FFUCIsImVuYyI6IkEyNTZHQ00ifQ", "a2V5", "aXY", "dGV4dA", "dGFn"].join(".");
    assert_eq!(read_error(&jwe), JwtError::NotCompact.into());
}

#[test]
fn claims_that_say_whose_assertion_it_is_must_be_there_and_be_text() {
    for name in ["iss", "sub"] {
        for value in [json!(null), json!(7), json!(["client"])] {
            let text = signed(&header(), &with(claims(), name, value));
            assert!(matches!(read_error(&text), MalformedAssertion::Claim(ClaimError::WrongType(_))));
        }
        let text = signed(&header(), &without(claims(), name));
        assert!(matches!(read_error(&text), MalformedAssertion::Claim(ClaimError::Missing(_))));
    }
    for value in [json!(7), json!(null), json!({}), json!(["a", 7])] {
        let text = signed(&header(), &with(claims(), "aud", value));
        assert_eq!(read_error(&text), ClaimError::WrongType("aud").into());
    }
    assert_eq!(read_error(&signed(&header(), &without(claims(), "aud"))), ClaimError::Missing("aud").into());
}

#[test]
fn debug_output_shows_nothing_of_an_assertion() {
    let assertion = ClientAssertion::read(&signed(&header(), &claims())).unwrap();
    assert_eq!(format!("{assertion:?}"), "ClientAssertion { .. }");
}
