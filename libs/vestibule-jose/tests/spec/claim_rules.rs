//! Issuer, audience, time, and the types of claims.

use serde::Deserialize;
use serde_json::{Value, json};
use vestibule_jose::{Algorithm, ClaimError, JsonError, JwtError, Refused, Validation, Verifier};

use crate::actors::{AUDIENCE, ISSUER, NOW, accepted, claims_with, contoso, good_claims, orders, verified};

fn with(name: &str, value: Value) -> Result<(), Refused> {
    accepted(&claims_with(name, Some(value))).map(|_| ())
}

fn without(name: &str) -> Result<(), Refused> {
    accepted(&claims_with(name, None)).map(|_| ())
}

fn wrong_type(name: &'static str) -> Result<(), Refused> {
    Err(Refused::Claim(ClaimError::WrongType(name)))
}

fn missing(name: &'static str) -> Result<(), Refused> {
    Err(Refused::Claim(ClaimError::Missing(name)))
}

#[test]
fn a_good_token_is_accepted_and_read() {
    #[derive(Deserialize)]
    struct Wanted {
        sub: String,
        exp: i64,
    }
    let claims = accepted(&good_claims()).unwrap();
    assert_eq!((claims.expires_at(), claims.issued_at()), (NOW + 3_600, Some(NOW - 60)));
    assert_eq!(claims.subject(), Ok("alice"));
    assert_eq!(claims.jwt().header_kid(), Some("contoso-1"));
    let wanted: Wanted = claims.claims().unwrap();
    assert_eq!((wanted.sub.as_str(), wanted.exp), ("alice", NOW + 3_600));
    assert_eq!(claims.claims::<Vec<String>>().unwrap_err(), ClaimError::Shape);
    assert_eq!(claims.optional_str_claim("tid"), Ok(None));
    assert_eq!(claims.str_claim("tid"), Err(ClaimError::Missing("tid")));
    assert_eq!(claims.str_claim("exp"), Err(ClaimError::WrongType("exp")));
}

#[test]
fn debug_shows_no_claims() {
    let claims = accepted(&claims_with("preferred_username", Some(json!("alice@contoso.example")))).unwrap();
    let shown = format!("{claims:?}");
    assert!(!shown.contains("alice"), "{shown}");
}

#[test]
fn jw_11_the_issuer_matches_exactly() {
    for issuer in [
        "https://login.example/contoso/v2.0/",
        "https://login.example/Contoso/v2.0",
        "https://login.example/contoso",
        "https://sts.example/contoso/",
        "https://login.example/fabrikam/v2.0",
        "",
        " https://login.example/contoso/v2.0",
    ] {
        assert_eq!(with("iss", json!(issuer)), Err(Refused::Issuer), "{issuer:?}");
    }
    assert_eq!(without("iss"), missing("iss"));
    assert_eq!(with("iss", json!([ISSUER])), wrong_type("iss"));
    assert_eq!(with("iss", json!(null)), wrong_type("iss"));
    let empty = verified(&claims_with("iss", Some(json!(""))).to_string()).unwrap();
    assert_eq!(Validation::new("", &[AUDIENCE], NOW).check(empty).unwrap_err(), Refused::Issuer);
}

/// Claims of a token from `issuer` with that `tid`, signed with a key limited to `key_issuer`.
fn limited(key_issuer: &str, issuer: &str, tid: Option<&str>) -> Result<(), Refused> {
    let key = contoso().verifying(Algorithm::Rs256).for_issuer(key_issuer);
    let mut claims = claims_with("iss", Some(json!(issuer)));
    if let Some(tid) = tid {
        claims["tid"] = json!(tid);
    }
    let jwt = Verifier::new([key]).unwrap().verify(&contoso().sign_payload(&claims.to_string())).unwrap();
    assert_eq!(jwt.key_issuer(), Some(key_issuer));
    Validation::new(issuer, &[AUDIENCE], NOW).check(jwt).map(|_| ())
}

#[test]
fn jw_12_the_placeholder_is_no_tenant() {
    let template = "https://login.example/{tenantid}/v2.0";
    assert_eq!(limited(template, template, Some("{tenantid}")), Err(Refused::KeyIssuer));
    assert_eq!(with("iss", json!(template)), Err(Refused::Issuer));
}

#[test]
fn jw_13_issuer_and_tenant_have_to_be_the_same() {
    let template = "https://login.example/{tenantid}/v2.0";
    assert_eq!(limited(template, ISSUER, Some("contoso")), Ok(()));
    for tid in ["fabrikam", "", "contoso/v2.0", "Contoso"] {
        assert_eq!(limited(template, ISSUER, Some(tid)), Err(Refused::KeyIssuer), "{tid:?}");
    }
    assert_eq!(limited(template, "https://login.example//v2.0", Some("")), Err(Refused::KeyIssuer));
    assert_eq!(limited(template, ISSUER, None), missing("tid"));
}

#[test]
fn jw_14_a_key_signs_for_its_own_issuer_only() {
    assert_eq!(limited(ISSUER, ISSUER, None), Ok(()));
    assert_eq!(limited("https://login.example/consumers/v2.0", ISSUER, None), Err(Refused::KeyIssuer));
    assert_eq!(
        limited("https://other.example/{tenantid}/v2.0", ISSUER, Some("contoso")),
        Err(Refused::KeyIssuer)
    );
    assert_eq!(limited("", ISSUER, None), Err(Refused::KeyIssuer));
}

#[test]
fn jw_15_the_audience_is_an_exact_member() {
    for audience in ["api://order", "api://orders/", "API://orders", "pi://orders", "api://orders2", "", "*"]
    {
        assert_eq!(with("aud", json!(audience)), Err(Refused::Audience), "{audience:?}");
    }
    assert_eq!(without("aud"), missing("aud"));
    for audience in [json!(null), json!(1), json!({ "api://orders": true }), json!([]), json!([AUDIENCE, 1])]
    {
        assert_eq!(with("aud", audience), wrong_type("aud"));
    }
    assert_eq!(with("aud", json!(["api://other", AUDIENCE])), Ok(()));
    assert_eq!(with("aud", json!(["api://other"])), Err(Refused::Audience));
    assert_eq!(with("aud", json!([[AUDIENCE]])), wrong_type("aud"));
    assert_eq!(with("aud", json!(vec![AUDIENCE; 32])), Ok(()));
    assert_eq!(with("aud", json!(vec![AUDIENCE; 33])), wrong_type("aud"));

    let many = claims_with("aud", Some(json!(vec!["a"; 10_000]))).to_string();
    let jwt = contoso().verifier().accepting_up_to(1 << 20).verify(&contoso().sign_payload(&many)).unwrap();
    assert_eq!(orders().check(jwt).map(|_| ()), wrong_type("aud"));
}

#[test]
fn jw_15_with_no_expected_audience_nothing_is_accepted() {
    let check = |audiences: &[&str], claims: Value| {
        Validation::new(ISSUER, audiences, NOW).check(verified(&claims.to_string()).unwrap()).map(|_| ())
    };
    assert_eq!(check(&[], good_claims()), Err(Refused::Audience));
    assert_eq!(check(&[""], claims_with("aud", Some(json!("")))), Err(Refused::Audience));
    assert_eq!(check(&["other", AUDIENCE], good_claims()), Ok(()));
}

#[test]
fn jw_18_exp_is_required_and_a_whole_number_of_seconds() {
    assert_eq!(without("exp"), missing("exp"));
    for exp in [
        json!(null),
        json!("2000000000"),
        json!(-1),
        json!(2_000_000_000.5),
        json!(2_000_000_000.0),
        json!(i64::MAX),
        json!(9_223_372_036_854_775_808_u64),
        json!(u64::MAX),
        json!(253_402_300_800_i64),
        json!([NOW + 60]),
        json!(true),
        json!(1e300),
    ] {
        assert_eq!(with("exp", exp.clone()), wrong_type("exp"), "{exp}");
    }
    assert_eq!(with("exp", json!(253_402_300_799_i64)), Ok(()));
    for text in ["1e400", "NaN", "-", "0x7fffffff", "+1", "Infinity"] {
        let payload = good_claims().to_string().replace(&(NOW + 3_600).to_string(), text);
        assert_eq!(verified(&payload).unwrap_err(), JwtError::Claims(JsonError::Malformed), "{text}");
    }
    let exponent = good_claims().to_string().replace(&(NOW + 3_600).to_string(), "2e9");
    assert_eq!(orders().check(verified(&exponent).unwrap()).map(|_| ()), wrong_type("exp"));
}

#[test]
fn jw_18_a_token_expires_when_exp_and_leeway_have_passed() {
    let at = |exp: i64, leeway: u32| {
        let jwt = verified(&claims_with("exp", Some(json!(exp))).to_string()).unwrap();
        orders().leeway_seconds(leeway).check(jwt).map(|_| ())
    };
    assert_eq!(at(NOW + 1, 0), Ok(()));
    assert_eq!(at(NOW, 0), Err(Refused::Expired));
    assert_eq!(at(NOW - 299, 300), Ok(()));
    assert_eq!(at(NOW - 300, 300), Err(Refused::Expired));
    assert_eq!(at(0, 300), Err(Refused::Expired));
}

#[test]
fn jw_19_nbf_and_iat_in_the_future_are_refused_beyond_the_leeway() {
    for (name, refused) in [("nbf", Refused::NotYetValid), ("iat", Refused::IssuedInTheFuture)] {
        let at = |time: i64, leeway: u32| {
            let jwt = verified(&claims_with(name, Some(json!(time))).to_string()).unwrap();
            orders().leeway_seconds(leeway).check(jwt).map(|_| ())
        };
        assert_eq!(at(NOW + 300, 300), Ok(()), "{name}");
        assert_eq!(at(NOW + 301, 300), Err(refused), "{name}");
        assert_eq!(at(NOW, 0), Ok(()), "{name}");
        assert_eq!(at(NOW + 1, 0), Err(refused), "{name}");
        for bad in [json!("0"), json!(null), json!(1.5), json!(-1), json!(u64::MAX), json!([])] {
            assert_eq!(with(name, bad), wrong_type(name));
        }
    }
}

#[test]
fn jw_19_nbf_may_be_absent_and_iat_only_where_it_is_said() {
    assert_eq!(without("nbf"), Ok(()));
    assert_eq!(without("iat"), missing("iat"));
    let check = |validation: Validation<'_>, claims: Value| {
        validation.check(verified(&claims.to_string()).unwrap()).map(|claims| claims.issued_at())
    };
    assert_eq!(check(orders().issued_at_optional(), claims_with("iat", None)), Ok(None));
    let future = claims_with("iat", Some(json!(NOW + 301)));
    assert_eq!(check(orders().issued_at_optional(), future), Err(Refused::IssuedInTheFuture));
    let bounded = orders().issued_at_optional().max_lifetime_seconds(60);
    assert_eq!(check(bounded, claims_with("iat", None)), Err(Refused::Claim(ClaimError::Missing("iat"))));
}

#[test]
fn jw_20_a_lifetime_may_be_bounded() {
    let lives = |seconds: i64| {
        let claims = claims_with("exp", Some(json!(NOW - 60 + seconds)));
        orders().max_lifetime_seconds(86_400).check(verified(&claims.to_string()).unwrap()).map(|_| ())
    };
    assert_eq!(lives(86_400), Ok(()));
    assert_eq!(lives(86_401), Err(Refused::Lifetime));
    assert_eq!(lives(10 * 365 * 86_400), Err(Refused::Lifetime));
}

#[test]
fn jw_21_a_subject_is_short_plain_text() {
    let subject =
        |value: Option<Value>| accepted(&claims_with("sub", value)).unwrap().subject().map(str::to_owned);
    assert_eq!(subject(None), Err(ClaimError::Missing("sub")));
    let long = "s".repeat(256);
    for bad in
        [json!(""), json!(long), json!("a\u{0}b"), json!("a\nb"), json!("\u{85}"), json!(1), json!(null)]
    {
        assert_eq!(subject(Some(bad)), Err(ClaimError::WrongType("sub")));
    }
    assert_eq!(subject(Some(json!("s".repeat(255)))), Ok("s".repeat(255)));
}

#[test]
fn jw_22_a_duplicate_claim_is_refused_at_every_level() {
    for payload in [
        r#"{"aud":"a","aud":"b"}"#,
        r#"{"aud":"a","\u0061ud":"a"}"#,
        r#"{"a":{"b":{"c":1,"c":1}}}"#,
        r#"{"a":[{"b":1,"b":2}]}"#,
    ] {
        assert_eq!(verified(payload).unwrap_err(), JwtError::Claims(JsonError::DuplicateMember), "{payload}");
    }
}

#[test]
fn jw_23_case_variants_of_claims_are_ignored() {
    let mut claims = good_claims();
    claims["Iss"] = json!("https://evil.example");
    claims["AUD"] = json!("api://other");
    claims["EXP"] = json!(0);
    assert!(accepted(&claims).is_ok());
    let mut renamed = claims_with("aud", None);
    renamed["Aud"] = json!(AUDIENCE);
    assert_eq!(accepted(&renamed).map(|_| ()), missing("aud"));
}

#[test]
fn jw_24_a_payload_that_is_no_strict_json_object_is_refused() {
    for (payload, why) in [
        (&b"[]"[..], JsonError::NotAnObject),
        (b"\"text\"", JsonError::NotAnObject),
        (b"{\"sub\":\"\xc3\x28\"}", JsonError::Malformed),
        (b"\xef\xbb\xbf{}", JsonError::Malformed),
        (b"{} {}", JsonError::Malformed),
        (b"{} //", JsonError::Malformed),
        (b"{\"a\":NaN}", JsonError::Malformed),
    ] {
        let token = contoso().sign_raw(br#"{"alg":"RS256","kid":"contoso-1"}"#, payload);
        assert_eq!(contoso().verifier().verify(&token).unwrap_err(), JwtError::Claims(why));
    }
    let deep = format!(r#"{{"a":{}{}}}"#, "[".repeat(10_000), "]".repeat(10_000));
    let token = contoso().sign_payload(&deep);
    let verifier = contoso().verifier().accepting_up_to(1 << 20);
    assert_eq!(verifier.verify(&token).unwrap_err(), JwtError::Claims(JsonError::TooDeep));
}

#[test]
fn jw_34_no_clock_can_make_the_arithmetic_overflow() {
    for now in [i64::MIN, i64::MIN + 1, -1, 0, i64::MAX - 1, i64::MAX] {
        for leeway in [0, 300, u32::MAX] {
            let jwt = verified(&good_claims().to_string()).unwrap();
            let verdict = Validation::new(ISSUER, &[AUDIENCE], now).leeway_seconds(leeway).check(jwt);
            // Far from the token's own time no leeway of ours reaches, except the absurd one around 1970.
            assert_eq!(verdict.is_ok(), leeway == u32::MAX && now.unsigned_abs() <= 1, "{now} {leeway}");
        }
    }
}
