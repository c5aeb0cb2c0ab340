//! Client assertions (RFC 7523 §2.2): a program proves who it is with a key of its own. Spelled as sloppily as real
//! libraries spell them, and believed as strictly as anything.

use std::time::{Duration, Instant};

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE, URL_SAFE_NO_PAD};
use serde_json::{Value, json};
use spec::answer::Answer;
use spec::assertion::{Assertion, JWT_BEARER, Signer, certificate_of, encode};
use spec::cast::{
    API_DEFAULT, Application, GRAPH, alice, certificate_daemon, contoso, daemon, fabrikam, native, web,
};
use spec::client::{Client, client, token_path};
use spec::server::Server;
use spec::tokens::Jwt;
use spec::world::now;
use vestibule_wire::aadsts::{Aadsts, OAuthError};

fn endpoint(client: &Client) -> String {
    format!("{}{}", client.origin(), token_path(&contoso().id))
}

fn assertion(client: &Client) -> Assertion {
    Assertion::of(&certificate_daemon(), &endpoint(client))
}

fn signer() -> Signer {
    Signer::of(&certificate_daemon())
}

async fn present(client: &Client, assertion: &str) -> Answer {
    client.token(&contoso(), &certificate_daemon().asserts(assertion, API_DEFAULT)).await
}

/// RFC 7521 §4.2.1: `invalid_client`, whatever is wrong with it.
#[track_caller]
fn invalid_client(answer: &Answer, code: Aadsts) {
    answer.refused_as(code, OAuthError::InvalidClient);
    assert_eq!(answer.status, 401);
}

#[tokio::test]
async fn a_daemon_proves_itself_with_its_certificate_by_ps256_and_by_rs256() {
    let client = client();
    let pss = assertion(&client).ps256(&signer());
    let pkcs1 = assertion(&client).headed("alg", "RS256").rs256(&signer());
    for text in [pss, pkcs1] {
        let tokens = present(&client, &text).await.tokens();
        let claims = Jwt::verified(&client, &contoso(), tokens.access()).await.claims;
        assert_eq!(claims.str("azp"), certificate_daemon().client_id);
        assert_eq!(claims.str("azpacr"), "2");
        assert_eq!(claims.strings("roles"), ["Tasks.Read.All"]);
    }
    let form = certificate_daemon()
        .asserts(&assertion(&client).ps256(&signer()), "https://graph.microsoft.com/.default");
    let tokens = client.token(&contoso(), &form).await.tokens();
    let claims = Jwt::read(tokens.access()).claims;
    assert_eq!((claims.str("appidacr"), claims.str("appid")), ("2", &*certificate_daemon().client_id));
    assert!(claims.str("aud").contains("graph.microsoft.com") || claims.str("aud") == GRAPH);
}

#[tokio::test]
async fn the_client_id_may_be_left_out_beside_an_assertion() {
    let client = client();
    let form = |text: &str| certificate_daemon().asserts(text, API_DEFAULT).without("client_id");
    client.token(&contoso(), &form(&assertion(&client).ps256(&signer()))).await.tokens();
    // Nobody can tell whose this is.
    let foreign = assertion(&client).claiming("iss", "https://issuer.example").ps256(&signer());
    client.token(&contoso(), &form(&foreign)).await.refused(Aadsts::ParameterMissing);
}

#[tokio::test]
async fn every_spelling_that_libraries_are_known_to_use_is_read() {
    let client = client();
    let certificate = certificate_of(&certificate_daemon());
    let sha1 = aws_lc_rs::digest::digest(&aws_lc_rs::digest::SHA1_FOR_LEGACY_USE_ONLY, &certificate);
    let sha256 = aws_lc_rs::digest::digest(&aws_lc_rs::digest::SHA256, &certificate);
    let hex: String = sha1.as_ref().iter().map(|byte| format!("{byte:02X}")).collect();
    let bare = assertion(&client).beheaded("x5t#S256");
    for assertion in [
        // MSAL Python: padding, fractions, line breaks in the chain, no nbf.
        bare.clone()
            .headed("x5t#S256", URL_SAFE.encode(sha256))
            .headed("x5c", json!([STANDARD.encode(&certificate) + "\n"]))
            .claiming("exp", json!(now() as f64 + 600.25))
            .claiming("iat", json!(now() as f64 + 0.25))
            .without("nbf"),
        // MSAL Go and MSAL Java: standard base64.
        bare.clone().headed("x5t#S256", STANDARD.encode(sha256)),
        bare.clone().headed("x5t", STANDARD.encode(sha1)),
        // MSAL.NET: times as text, the chain as text.
        bare.clone()
            .headed("x5c", STANDARD.encode(&certificate))
            .headed("x5t#S256", URL_SAFE_NO_PAD.encode(sha256))
            .claiming("exp", (now() + 600).to_string())
            .claiming("nbf", now().to_string()),
        // MSAL Node, and what ADAL and passport send.
        bare.clone().headed("x5t", URL_SAFE_NO_PAD.encode(sha1)).claiming("iat", now()),
        bare.clone().headed("kid", hex).beheaded("typ").without("nbf").without("jti"),
    ] {
        present(&client, &assertion.ps256(&signer())).await.tokens();
    }
    // azure-identity, asynchronous: padded segments.
    let padded = |value: &Value| URL_SAFE.encode(value.to_string());
    let Assertion { header, claims } = assertion(&client);
    for pad in ["", " ", "  "] {
        let mut claims = claims.clone();
        claims["pad"] = json!(pad);
        let text = signer().ps256(&format!("{}.{}", padded(&header), padded(&claims)));
        present(&client, &format!("{text}==")).await.tokens();
    }
}

#[tokio::test]
async fn ca_04_a_public_client_must_not_present_an_assertion() {
    let client = client();
    let text = Assertion::of(&certificate_daemon(), &endpoint(&client))
        .claiming("iss", native().client_id)
        .claiming("sub", native().client_id)
        .ps256(&signer());
    let answer = client.token(&contoso(), &native().asserts(&text, API_DEFAULT)).await;
    invalid_client(&answer, Aadsts::PublicClientWithCredential);
}

#[tokio::test]
async fn ca_06_an_assertion_beside_a_secret_or_a_header_is_refused() {
    let client = client();
    let text = assertion(&client).ps256(&signer());
    let form = certificate_daemon().asserts(&text, API_DEFAULT);
    let both = form.clone().with("client_secret", daemon().secret());
    client.token(&contoso(), &both).await.refused(Aadsts::RequestMalformed);
    let request = client.token_request(&contoso().id, &form);
    let request = request.basic(&certificate_daemon().client_id, daemon().secret());
    request.send().await.refused(Aadsts::RequestMalformed);
}

#[tokio::test]
async fn ca_10_ca_11_only_rs256_and_ps256_are_taken_and_only_as_they_are() {
    let client = client();
    for alg in ["none", "None", "HS256", "RS512", "PS512", "ES256", "RSA1_5", "rs256", ""] {
        let input = assertion(&client).headed("alg", alg).input();
        let hmac = aws_lc_rs::hmac::Key::new(
            aws_lc_rs::hmac::HMAC_SHA256,
            certificate_daemon().certificate.unwrap().as_bytes(),
        );
        let mac = URL_SAFE_NO_PAD.encode(aws_lc_rs::hmac::sign(&hmac, input.as_bytes()));
        for text in [format!("{input}."), format!("{input}.{mac}"), signer().rs256(&input)] {
            invalid_client(&present(&client, &text).await, Aadsts::AssertionNotProved);
        }
    }
    // The right key, the wrong padding.
    let crossed =
        [assertion(&client).rs256(&signer()), assertion(&client).headed("alg", "RS256").ps256(&signer())];
    for text in crossed {
        invalid_client(&present(&client, &text).await, Aadsts::AssertionNotProved);
    }
    let unnamed = assertion(&client).beheaded("alg").rs256(&signer());
    invalid_client(&present(&client, &unnamed).await, Aadsts::TokenInvalid);
}

#[tokio::test]
async fn ca_12_a_key_counts_for_the_application_that_has_it_and_by_its_name() {
    let client = client();
    // The daemon has no certificate; this one's key is nobody's there.
    for program in [daemon(), web()] {
        let text = assertion(&client)
            .claiming("iss", program.client_id.clone())
            .claiming("sub", program.client_id.clone())
            .ps256(&signer());
        let answer = client.token(&contoso(), &program.asserts(&text, API_DEFAULT)).await;
        invalid_client(&answer, Aadsts::AssertionNotProved);
    }
    let refusal =
        present(&client, &assertion(&client).headed("x5t#S256", "A".repeat(43)).ps256(&signer())).await;
    let refusal = refusal.refused(Aadsts::AssertionNotProved);
    assert!(refusal.message.contains("The key was not found.") && refusal.message.contains(&"0".repeat(64)));
    for text in [
        assertion(&client).beheaded("x5t#S256").ps256(&signer()),
        assertion(&client).beheaded("x5t#S256").headed("kid", "../../etc/passwd").ps256(&signer()),
        assertion(&client).headed("x5t#S256", "?").ps256(&signer()),
    ] {
        invalid_client(&present(&client, &text).await, Aadsts::AssertionNotProved);
    }
    let numeric = assertion(&client).headed("x5t#S256", 7).ps256(&signer());
    invalid_client(&present(&client, &numeric).await, Aadsts::TokenInvalid);
}

#[tokio::test]
async fn ca_13_a_key_that_comes_with_the_assertion_is_neither_trusted_nor_fetched() {
    let client = client();
    let canary = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    canary.set_nonblocking(true).unwrap();
    let address = format!("https://{}/keys", canary.local_addr().unwrap());
    let mallory = rcgen::KeyPair::generate_for(&rcgen::PKCS_RSA_SHA256).unwrap();
    let key = Signer::new(&mallory.serialize_pem());
    let certificate = rcgen::CertificateParams::default().self_signed(&mallory).unwrap();
    let text = assertion(&client)
        .headed("jku", address.clone())
        .headed("x5u", address)
        .headed("x5c", json!([STANDARD.encode(certificate.der())]))
        .headed("jwk", json!({ "kty": "RSA", "n": "AQAB", "e": "AQAB" }));
    let answer = present(&client, &text.ps256(&key)).await;
    let refusal = answer.refused(Aadsts::AssertionNotProved);
    assert!(refusal.message.contains("signature value did not match"), "{}", refusal.message);
    present(&client, &text.ps256(&signer())).await.tokens();
    assert!(canary.accept().is_err(), "nobody came");
}

/// Entra can take any certificate of a chain by its subject and issuer. Here a certificate counts by itself alone, whoever
/// signed it and whatever names it has.
#[tokio::test]
async fn ca_14_a_chain_of_another_authority_with_the_right_names_proves_nothing() {
    let client = client();
    let named = || {
        let mut params = rcgen::CertificateParams::default();
        params.distinguished_name = rcgen::DistinguishedName::new();
        params.distinguished_name.push(rcgen::DnType::CommonName, "Contoso Certificate Daemon");
        params
    };
    let pair = || rcgen::KeyPair::generate_for(&rcgen::PKCS_RSA_SHA256).unwrap();
    let (mut of_authority, authority_key, leaf_key) = (named(), pair(), pair());
    of_authority.is_ca = rcgen::IsCa::Ca(rcgen::BasicConstraints::Unconstrained);
    let root = of_authority.self_signed(&authority_key).unwrap();
    let authority = rcgen::Issuer::new(of_authority, authority_key);
    let leaf = named().signed_by(&leaf_key, &authority).unwrap();
    let thumbprint = aws_lc_rs::digest::digest(&aws_lc_rs::digest::SHA256, leaf.der());
    let forged =
        assertion(&client).headed("x5c", json!([STANDARD.encode(leaf.der()), STANDARD.encode(root.der())]));
    let key = Signer::new(&leaf_key.serialize_pem());
    // Under its own name, under that of the certificate that is registered, and under none.
    for text in [
        forged.clone().headed("x5t#S256", URL_SAFE_NO_PAD.encode(thumbprint)),
        forged.clone(),
        forged.clone().beheaded("x5t#S256"),
    ] {
        let answer = present(&client, &text.ps256(&key)).await;
        assert_eq!(answer.is_a_refusal().json.str("error"), "invalid_client", "{}", answer.shown());
    }
    // The right key is taken beside any chain: nobody looks at it.
    present(&client, &forged.ps256(&signer())).await.tokens();
}

#[tokio::test]
async fn ca_16_issuer_and_subject_are_the_client() {
    let client = client();
    let other = daemon().client_id;
    let refused = async |assertion: Assertion, code| {
        invalid_client(&present(&client, &assertion.ps256(&signer())).await, code);
    };
    refused(assertion(&client).claiming("iss", other.clone()), Aadsts::ClientIdMismatch).await;
    refused(assertion(&client).claiming("sub", other), Aadsts::AssertionSubjectWrong).await;
    refused(assertion(&client).claiming("sub", ""), Aadsts::AssertionSubjectWrong).await;
    refused(assertion(&client).without("sub"), Aadsts::TokenInvalid).await;
    refused(assertion(&client).without("iss"), Aadsts::TokenInvalid).await;
    refused(
        assertion(&client).claiming("iss", json!([certificate_daemon().client_id])),
        Aadsts::TokenInvalid,
    )
    .await;
    let form = certificate_daemon().asserts(&assertion(&client).ps256(&signer()), API_DEFAULT);
    let answer = client.token(&contoso(), &form.with("client_id", daemon().client_id)).await;
    invalid_client(&answer, Aadsts::ClientIdMismatch);
}

#[tokio::test]
async fn ca_17_the_audience_is_this_tenant_in_one_string() {
    let client = client();
    let origin = client.origin();
    let (contoso, fabrikam) = (contoso(), fabrikam());
    for tenant in [&contoso.id, &contoso.domain, &contoso.domain.to_uppercase()] {
        for end in ["/oauth2/v2.0/token", "/oauth2/token", "/v2.0", "/", "", "/oauth2/v2.0/token/"] {
            let text = assertion(&client).claiming("aud", format!("{origin}/{tenant}{end}")).ps256(&signer());
            present(&client, &text).await.tokens();
        }
    }
    for audience in [
        format!("{origin}/{}/oauth2/v2.0/token", fabrikam.id),
        format!("{origin}/{}/v2.0", fabrikam.domain),
        format!("{origin}/common/oauth2/v2.0/token"),
        format!("https://login.microsoftonline.com/{}/oauth2/v2.0/token", contoso.id),
        endpoint(&client).replace("https://", "http://"),
        format!("{}.evil.example/{}/v2.0", origin, contoso.id),
        format!("{}?x=", endpoint(&client)),
        format!("{origin}/{{tenantid}}/v2.0"),
        origin.to_owned(),
        contoso.id.clone(),
        String::new(),
    ] {
        let text = assertion(&client).claiming("aud", audience).ps256(&signer());
        invalid_client(&present(&client, &text).await, Aadsts::AssertionAudienceWrong);
    }
    for list in
        [json!([endpoint(&client)]), json!([endpoint(&client), "https://elsewhere.example"]), json!([])]
    {
        let text = assertion(&client).claiming("aud", list).ps256(&signer());
        invalid_client(&present(&client, &text).await, Aadsts::TokenInvalid);
    }
    let none = assertion(&client).without("aud").ps256(&signer());
    invalid_client(&present(&client, &none).await, Aadsts::TokenInvalid);
}

#[tokio::test]
async fn ca_18_ca_19_an_assertion_is_good_in_its_time_only() {
    let client = client();
    for (name, value) in [
        ("exp", now() - 301),
        ("exp", now() + 86_400 + 60),
        ("exp", 0),
        ("nbf", now() + 400),
        ("iat", now() + 400),
    ] {
        let text = assertion(&client).claiming(name, value).ps256(&signer());
        let answer = present(&client, &text).await;
        invalid_client(&answer, Aadsts::AssertionOutOfTime);
    }
    let old =
        present(&client, &assertion(&client).without("nbf").claiming("exp", 1_000).ps256(&signer())).await;
    let message = old.refused(Aadsts::AssertionOutOfTime).message;
    assert!(message.contains("1970-01-01T00:00:00") && message.contains("1970-01-01T00:16:40"), "{message}");
    for value in [json!(null), json!("soon"), json!(-1), json!("-5"), json!(1e300), json!([now() + 600])] {
        for name in ["exp", "nbf", "iat"] {
            let text = assertion(&client).claiming(name, value.clone()).ps256(&signer());
            invalid_client(&present(&client, &text).await, Aadsts::TokenInvalid);
        }
    }
    let endless = assertion(&client).claims.to_string().replace("\"exp\":", "\"exp\":1e400,\"x\":");
    let text =
        signer().ps256(&format!("{}.{}", encode(&assertion(&client).header.to_string()), encode(&endless)));
    invalid_client(&present(&client, &text).await, Aadsts::TokenInvalid);
    invalid_client(
        &present(&client, &assertion(&client).without("exp").ps256(&signer())).await,
        Aadsts::TokenInvalid,
    );
    // Clocks differ.
    for (name, value) in [("exp", now() - 240), ("nbf", now() + 240), ("iat", now() + 240)] {
        present(&client, &assertion(&client).claiming(name, value).ps256(&signer())).await.tokens();
    }
}

#[tokio::test]
async fn ca_20_in_entras_manner_an_assertion_may_be_presented_again_until_it_expires() {
    let client = client();
    let text = assertion(&client).ps256(&signer());
    for _ in 0..3 {
        present(&client, &text).await.tokens();
    }
}

#[tokio::test]
async fn ca_21_no_token_of_this_server_is_an_assertion() {
    let client = client();
    let person = crate::flows::tokens_of(&alice(), web(), crate::flows::USUAL).await;
    let own = present(&client, &assertion(&client).ps256(&signer())).await.tokens();
    for token in [person.access(), person.json.str("id_token"), own.access()] {
        let answer = present(&client, token).await;
        assert_eq!(answer.is_a_refusal().json.str("error"), "invalid_client");
    }
    for typ in ["at+jwt", "logout+jwt", "dpop+jwt"] {
        let text = assertion(&client).headed("typ", typ).ps256(&signer());
        invalid_client(&present(&client, &text).await, Aadsts::AssertionNotProved);
    }
}

#[tokio::test]
async fn ca_22_what_is_no_jwt_is_refused_quickly() {
    let client = client();
    let good = assertion(&client).ps256(&signer());
    let segments: Vec<&str> = good.split('.').collect();
    let [header, payload, signature] = segments[..] else { panic!() };
    let signed = |payload: &str| signer().ps256(&format!("{header}.{}", encode(payload)));
    let claims = assertion(&client).claims.to_string();
    let began = Instant::now();
    for text in [
        "x".to_owned(),
        "..".to_owned(),
        ".".repeat(10_000),
        format!("{header}.{payload}"),
        format!("{good}.{signature}"),
        format!("{header}.{payload}====.{signature}"),
        format!("{header}.{payload}.{signature}="),
        format!("{header}.{payload} .{signature}"),
        format!("{header}.{payload}.{}+", &signature[1..]),
        signed(&claims.replacen('{', "{\"iss\":\"x\",", 1)),
        signed(&format!("\u{feff}{claims}")),
        signed(&format!("{claims}{{}}")),
        signed(&format!("{{\"a\":{}{}}}", "[".repeat(2_000), "]".repeat(2_000))),
        signed("[]"),
        signed("null"),
    ] {
        invalid_client(&present(&client, &text).await, Aadsts::TokenInvalid);
    }
    for bytes in [16_300, 40_000] {
        let huge = assertion(&client).claiming("pad", "x".repeat(bytes)).ps256(&signer());
        let answer = present(&client, &huge).await;
        assert!(answer.status.is_client_error(), "{}", answer.shown());
    }
    assert!(began.elapsed() < Duration::from_secs(10));
}

#[tokio::test]
async fn ca_23_ca_24_a_header_that_changes_the_meaning_is_refused() {
    let client = client();
    for (name, value) in
        [("crit", json!(["exp"])), ("crit", json!(["x"])), ("b64", json!(false)), ("zip", json!("DEF"))]
    {
        let text = assertion(&client).headed(name, value).ps256(&signer());
        invalid_client(&present(&client, &text).await, Aadsts::TokenInvalid);
    }
    let header = encode(r#"{"alg":"RSA-OAEP","enc":"A256GCM","zip":"DEF"}"#);
    let jwe = format!("{header}.{}.{}.{}.{}", encode("key"), encode("iv"), encode("text"), encode("tag"));
    invalid_client(&present(&client, &jwe).await, Aadsts::TokenInvalid);
}

#[tokio::test]
async fn ca_25_the_kind_of_assertion_must_be_named_rightly() {
    let client = client();
    let form = certificate_daemon().asserts(&assertion(&client).ps256(&signer()), API_DEFAULT);
    for kind in ["urn:ietf:params:oauth:client-assertion-type:saml2-bearer", "jwt-bearer", "URN:IETF"] {
        let answer = client.token(&contoso(), &form.clone().with("client_assertion_type", kind)).await;
        let refusal = answer.refused(Aadsts::ParameterInvalid);
        assert!(refusal.message.contains("'client_assertion_type'"), "{}", refusal.message);
    }
    for (form, name) in [
        (form.clone().without("client_assertion_type"), "'client_assertion_type'"),
        (form.clone().with("client_assertion_type", ""), "'client_assertion_type'"),
        (form.clone().without("client_assertion"), "'client_assertion'"),
        (form.clone().with("client_assertion", ""), "'client_assertion'"),
        (form.with("client_assertion", "").with("client_assertion_type", ""), "'client_assertion_type'"),
    ] {
        let refusal = client.token(&contoso(), &form).await.refused(Aadsts::ParameterMissing);
        assert_eq!(refusal.json.str("error"), "invalid_request");
        assert!(refusal.message.contains(name), "{}", refusal.message);
    }
    let twice = certificate_daemon().asserts(&assertion(&client).ps256(&signer()), API_DEFAULT);
    let twice = twice.and("client_assertion_type", JWT_BEARER);
    client.token(&contoso(), &twice).await.refused(Aadsts::ParameterRepeated);
}

#[tokio::test]
async fn a_program_with_a_certificate_has_no_secret_to_guess() {
    let client = client();
    let form = certificate_daemon().for_itself(API_DEFAULT).with("client_secret", daemon().secret());
    invalid_client(&client.token(&contoso(), &form).await, Aadsts::InvalidClientSecret);
}

#[tokio::test]
async fn ca_20_in_a_strict_tenant_an_assertion_is_taken_once_and_its_certificate_may_come_from_a_file() {
    let key = STANDARD.encode(certificate_of(&certificate_daemon()));
    let tenant = json!({
        "format": "vestibule-tenant/1",
        "organization": { "displayName": "Acme", "domains": ["acme.test"], "refreshTokens": "strict" },
        "applications": [{
            "displayName": "Acme Robot",
            "keyCredentials": [{ "type": "AsymmetricX509Cert", "usage": "Verify", "key": key }],
        }],
    });
    let file = tempfile::Builder::new().suffix(".json").tempfile().unwrap();
    std::fs::write(file.path(), tenant.to_string()).unwrap();
    let server = Server::with(&["--seed", file.path().to_str().unwrap()]);
    let client = Client::of(&server);
    let robot = server.dev().applications.iter().find(|program| program.name == "Acme Robot").unwrap();
    let daemon = certificate_daemon();
    let robot = Application {
        certificate: daemon.certificate.clone(),
        private_key: daemon.private_key.clone(),
        ..robot.clone()
    };
    let audience = format!("{}{}", client.origin(), token_path("acme.test"));
    let text = Assertion::of(&robot, &audience).ps256(&signer());
    let form = robot.asserts(&text, "https://graph.microsoft.com/.default");
    client.token_at("acme.test", &form).await.tokens();
    let again = client.token_at("acme.test", &form).await;
    invalid_client(&again, Aadsts::AssertionNotProved);
    assert!(again.text().contains("The assertion was presented before."));
}
