//! The token endpoint (RFC 6749 §3.2): its methods, bodies, headers and the form of its errors, whatever the grant.

use std::time::{Duration, Instant};

use http::Method;
use spec::cast::{API_DEFAULT, contoso, daemon};
use spec::client::{client, token_path};
use spec::form::Form;
use spec::raw::Raw;
use spec::server::Server;
use spec::world::random_guid;
use vestibule_wire::aadsts::Aadsts;

const FORM: &str = "application/x-www-form-urlencoded";

fn good() -> Form {
    daemon().for_itself(API_DEFAULT)
}

#[tokio::test]
async fn cd_17_grant_types_are_named_exactly() {
    let client = client();
    for grant in [
        "Client_Credentials",
        "implicit",
        "none",
        "client_credentials ",
        "urn:ietf:params:oauth:grant-type:client_credentials",
        "token",
        "client-credentials",
        "<b>",
        "x\r\ny",
    ] {
        let refusal = client
            .token(&contoso(), &good().with("grant_type", grant))
            .await
            .refused(Aadsts::GrantTypeUnsupported);
        assert_eq!(refusal.json.str("error"), "unsupported_grant_type");
    }
    for form in [good().without("grant_type"), good().with("grant_type", ""), Form::new()] {
        let refusal = client.token(&contoso(), &form).await.refused(Aadsts::ParameterMissing);
        assert!(refusal.message.contains("'grant_type'"), "{}", refusal.message);
    }
}

#[tokio::test]
async fn ob_09_grants_that_are_not_offered_are_refused_whatever_comes_with_them() {
    let client = client();
    for grant in [
        "urn:ietf:params:oauth:grant-type:saml1_1-bearer",
        "urn:ietf:params:oauth:grant-type:saml2-bearer",
        "urn:ietf:params:oauth:grant-type:token-exchange",
    ] {
        let person = spec::cast::alice();
        // A valid credential and scope beside it never become another grant.
        let form =
            good().with("grant_type", grant).with("username", &person.upn).with("password", &person.password);
        client.token(&contoso(), &form).await.refused(Aadsts::GrantTypeUnsupported);
    }
}

#[tokio::test]
async fn cd_17_a_parameter_twice_is_refused_whichever_it_is() {
    let client = client();
    let every = good().with("client_info", "1").with("claims", "{}").with("unknown", "x");
    for (name, value) in every.pairs() {
        for second in [value, "another"] {
            let refusal = client
                .token(&contoso(), &every.clone().and(name, second))
                .await
                .refused(Aadsts::ParameterRepeated);
            assert!(refusal.message.contains(&format!("'{name}'")), "{}", refusal.message);
        }
    }
}

#[tokio::test]
async fn cd_18_the_endpoint_takes_post_and_nothing_else() {
    let client = client();
    let path = format!("{}?{}", token_path(&contoso().id), good().encode());
    for method in [
        Method::GET,
        Method::PUT,
        Method::DELETE,
        Method::PATCH,
        Method::TRACE,
        Method::from_bytes(b"PROPFIND").unwrap(),
    ] {
        let answer = client.request(method.clone(), &path).send().await;
        let refusal = answer.refused(Aadsts::MethodNotAllowed);
        assert!(answer.header("allow").unwrap().contains("POST"), "{:?}", answer.headers);
        assert!(refusal.message.contains(&format!("Received a {method} request")), "{}", refusal.message);
    }
    let head = client.request(Method::HEAD, &path).send().await;
    assert_eq!((head.status.as_u16(), head.body.len()), (405, 0));
}

#[tokio::test]
async fn a_wrong_method_is_answered_in_entras_words() {
    let refusal = client().get(&token_path("common")).await.refused(Aadsts::MethodNotAllowed);
    assert_eq!(
        refusal.message,
        "AADSTS900561: The endpoint only accepts POST requests. Received a GET request."
    );
}

#[tokio::test]
async fn cd_19_only_utf_8_forms_are_read() {
    let client = client();
    let path = token_path(&contoso().id);
    for kind in [
        "application/x-www-form-urlencoded; charset=utf-8",
        "application/x-www-form-urlencoded;charset=UTF-8",
        "Application/X-WWW-Form-Urlencoded",
    ] {
        client.request(Method::POST, &path).body(kind, good().encode()).send().await.tokens();
    }
    for kind in [
        "application/x-www-form-urlencoded; charset=utf-16",
        "application/json",
        "text/plain",
        "multipart/form-data; boundary=x",
        "application/xml",
        "application/x-www-form-urlencoded2",
        "",
    ] {
        let answer = client.request(Method::POST, &path).body(kind, good().encode()).send().await;
        let refusal = answer.refused(Aadsts::ParameterMissing);
        assert!(refusal.message.contains("'grant_type'"), "{kind}: {}", refusal.message);
    }
    let json = format!(
        r#"{{"grant_type":"client_credentials","client_id":"{}","client_secret":"{}"}}"#,
        daemon().client_id,
        daemon().secret()
    );
    let answer = client.request(Method::POST, &path).body("application/json", json).send().await;
    answer.refused(Aadsts::ParameterMissing);
    let untyped = client.request(Method::POST, &path).send().await;
    untyped.refused(Aadsts::ParameterMissing);
}

#[tokio::test]
async fn jw_41_a_compressed_body_is_not_read() {
    let client = client();
    for encoding in ["gzip", "br", "deflate", "identity"] {
        let request =
            client.request(Method::POST, &token_path(&contoso().id)).header("content-encoding", encoding);
        request.body(FORM, good().encode()).send().await.refused(Aadsts::ParameterMissing);
    }
}

#[tokio::test]
async fn cd_20_a_body_of_64_kib_is_the_largest() {
    let (client, path) = (client(), token_path(&contoso().id));
    let fill = |size: usize| {
        let mut body = good().encode();
        while body.len() < size {
            body += &format!("&p{}={}", body.len(), "x".repeat((size - body.len()).min(10_000)));
        }
        body
    };
    client.request(Method::POST, &path).body(FORM, fill(60 * 1024)).send().await.tokens();
    let answer = client.request(Method::POST, &path).body(FORM, fill(64 * 1024 + 1)).send().await;
    assert_eq!(answer.is_a_refusal().json.str("error"), "invalid_request");
    // Of a longer one the server does not wait for the end, so the client may not live to hear the answer.
    for size in [1024 * 1024, 8 * 1024 * 1024] {
        let mut raw = Raw::connect(Server::shared()).await;
        let began = Instant::now();
        let head = format!(
            "POST {path} HTTP/1.1\r\nHost: localhost\r\nContent-Type: {FORM}\r\nContent-Length: {size}\r\n\r\n"
        );
        raw.send(head).await;
        raw.send(fill(size)).await;
        let answer = raw.read(Duration::from_secs(2)).await;
        assert!(answer.statuses.iter().all(|status| [400, 413].contains(status)), "{}", answer.text);
        assert!(began.elapsed() < Duration::from_secs(8));
    }
}

#[tokio::test]
async fn cd_20_an_endless_chunked_body_is_cut_off() {
    let server = Server::shared();
    let mut raw = Raw::connect(server).await;
    let path = token_path("contoso.test");
    raw.send(format!("POST {path} HTTP/1.1\r\nHost: localhost\r\nContent-Type: {FORM}\r\nTransfer-Encoding: chunked\r\n\r\n")).await;
    let chunk = format!("4000\r\n{}\r\n", "x".repeat(0x4000));
    for _ in 0..64 {
        if !raw.send(&chunk).await {
            break;
        }
    }
    let answer = raw.read(Duration::from_secs(3)).await;
    assert!(answer.statuses.first().is_none_or(|status| [400, 413].contains(status)), "{}", answer.text);
    client().token(&contoso(), &good()).await.tokens();
}

#[tokio::test]
async fn cd_20_an_empty_body_has_no_grant_type() {
    client().token(&contoso(), &Form::new()).await.refused(Aadsts::ParameterMissing);
}

#[tokio::test]
async fn cd_21_what_is_not_a_form_is_refused_quickly() {
    let client = client();
    let path = token_path(&contoso().id);
    let fields: String = (0..10_000).map(|n| format!("p{n}=1&")).collect();
    let key = format!("{}=1", "k".repeat(60_000));
    let value = format!("{}&claims={}", good().encode(), "v".repeat(20_000));
    let bodies: [&[u8]; 9] = [
        b"grant_type=%",
        b"grant_type=%2",
        b"grant_type=%zz",
        b"grant_type=%00",
        b"grant_type=a\0b",
        b"grant_type=\xff\xfe",
        fields.as_bytes(),
        key.as_bytes(),
        value.as_bytes(),
    ];
    for body in bodies {
        let began = Instant::now();
        let answer = client.request(Method::POST, &path).body(FORM, body.to_vec()).send().await;
        answer.refused(Aadsts::RequestMalformed);
        assert!(began.elapsed() < Duration::from_secs(2));
    }
    // Odd, and legal.
    let body = format!("&&{}&&=&lonely&=x", good().encode());
    let answer = client.request(Method::POST, &path).body(FORM, body).send().await;
    assert!(answer.status == 200 || answer.status == 400, "{}", answer.shown());
}

#[tokio::test]
async fn cd_22_answers_good_and_bad_are_not_stored() {
    let client = client();
    client.token(&contoso(), &good()).await.tokens();
    client
        .token(&contoso(), &good().with("client_secret", "wrong-secret-that-nobody-has"))
        .await
        .is_a_refusal();
    let cached = client.token(&contoso(), &good()).await;
    assert_eq!(cached.header("cache-control"), Some("no-store, no-cache"));
    assert_eq!((cached.header("etag"), cached.header("last-modified")), (None, None));
}

#[tokio::test]
async fn cd_23_hostile_values_do_not_leave_the_characters_of_rfc_6749() {
    let client = client();
    for hostile in [
        "\"><script>alert(1)</script>",
        "a\r\nSet-Cookie: x=y",
        "back\\slash \"quote\"",
        "{app}",
        "\u{2028}\u{202e}",
        "$(id)",
        "%s%n%x",
        "\u{1b}[31m",
    ] {
        for form in [
            good().with("grant_type", hostile),
            good().with("scope", format!("{hostile}/.default")),
            good().with("client_id", hostile),
            good().and(hostile, "1").and(hostile, "2"),
        ] {
            let answer = client.token(&contoso(), &form).await;
            answer.is_a_refusal();
            assert!(!answer.text().contains("\\r\\nSet-Cookie"), "{}", answer.shown());
        }
    }
}

#[tokio::test]
async fn cd_28_correlation_ids_are_echoed_when_they_are_guids_and_asked_back() {
    let client = client();
    let id = random_guid();
    let request = client
        .token_request(&contoso().id, &good())
        .header("client-request-id", &id)
        .header("return-client-request-id", "true");
    let answer = request.send().await;
    answer.tokens();
    assert_eq!(answer.header("client-request-id"), Some(&*id));
    let bad = good().with("scope", "x");
    // The oracle of refusals compares header, body and request.
    for (sent, back) in [
        (id.as_str(), "true"),
        (&id.to_uppercase(), "true"),
        (&id, "false"),
        (&id, "TRUE"),
        ("not-a-guid", "true"),
        ("<script>", "true"),
        (&"x".repeat(5000), "true"),
    ] {
        let request = client
            .token_request(&contoso().id, &bad)
            .header("client-request-id", sent)
            .header("return-client-request-id", back);
        let answer = request.send().await;
        answer.is_a_refusal();
        assert!(
            answer
                .header("client-request-id")
                .is_none_or(|echo| echo.eq_ignore_ascii_case(&id) || spec::refusal::is_guid(echo)),
            "{:?}",
            answer.headers
        );
    }
}

#[tokio::test]
async fn cd_28_a_correlation_id_may_stand_in_the_query() {
    let client = client();
    let id = random_guid();
    let path = format!("{}?client-request-id={id}", token_path(&contoso().id));
    let answer = client.request(Method::POST, &path).form(&good().with("scope", "x")).send().await;
    assert_eq!(answer.is_a_refusal().json.str("correlation_id"), id);
}

#[tokio::test]
async fn cd_28_hostile_telemetry_is_ignored() {
    let client = client();
    let long = "9".repeat(8000);
    for value in ["5|0,0,,,|,", "\"'><script>", "%0d%0aX: y", &long] {
        let mut request = client
            .token_request(&contoso().id, &good().with("client_info", value).with("x-client-sku", value));
        for header in [
            "x-client-sku",
            "x-client-ver",
            "x-client-os",
            "x-client-current-telemetry",
            "x-client-last-telemetry",
            "x-anchormailbox",
            "x-ms-lib-capability",
        ] {
            request = request.header(header, if value.len() > 4000 { "9" } else { value });
        }
        request.send().await.tokens();
    }
}

#[tokio::test]
async fn az_49_the_directory_of_the_path_decides() {
    let client = client();
    client.token_at("nowhere.test", &good()).await.refused(Aadsts::TenantNotFound);
    client.token_at("11111111-1111-4111-8111-111111111111", &good()).await.refused(Aadsts::TenantNotFound);
    for segment in [
        "contoso",
        "-a.test",
        "a..b",
        "a%00b.test",
        "contoso.test%20",
        "contoso.test%0a",
        "ä.test",
        "*",
        "contoso.test%2f..%2ffabrikam.test",
    ] {
        client.token_at(segment, &good()).await.refused(Aadsts::TenantMalformed);
    }
}

#[tokio::test]
async fn a_resource_parameter_belongs_to_the_other_version() {
    let answer = client().token(&contoso(), &good().with("resource", "api://contoso-api")).await;
    answer.refused(Aadsts::ResourceParameterUnsupported);
}

#[tokio::test]
async fn error_bodies_are_entras() {
    let client = client();
    let unknown = daemon().for_itself(API_DEFAULT).with("client_id", "11111111-1111-4111-8111-111111111111");
    for (name, form) in [
        ("parameter_missing", Form::new()),
        ("grant_type_unsupported", good().with("grant_type", "implicit")),
        ("application_not_found", unknown),
        ("scope_not_default", good().with("scope", "User.Read")),
        ("resource_not_found", good().with("scope", "api://nowhere/.default")),
    ] {
        let refusal = client.token(&contoso(), &form).await.is_a_refusal();
        insta::assert_json_snapshot!(name, refusal.snapshot(client.origin()));
    }
}

#[tokio::test]
async fn cd_13_what_was_never_issued_is_no_grant() {
    let client = client();
    let long = "A".repeat(15_000);
    for junk in ["x", "0.A", "....", "eyJhbGciOiJub25lIn0.e30.", "' OR 1=1", &long, "%", "ä"] {
        let refusal =
            client.token(&contoso(), &spec::cast::web().redeems(junk)).await.refused(Aadsts::GrantInvalid);
        assert!(refusal.message.contains("'code'"), "{}", refusal.message);
        let refusal =
            client.token(&contoso(), &spec::cast::web().refreshes(junk)).await.refused(Aadsts::GrantInvalid);
        assert!(refusal.message.contains("'refresh_token'"), "{}", refusal.message);
    }
}
