//! What holds for every answer, and for bytes that are no request.

use std::time::Duration;

use http::Method;
use spec::cast::{API_DEFAULT, contoso, daemon};
use spec::client::{Client, client, token_path};
use spec::raw::{Raw, exchange};
use spec::server::Server;

const DISCOVERY: &str = "/common/v2.0/.well-known/openid-configuration";

/// A request by hand.
fn head(line: &str, headers: &str) -> String {
    format!("{line}\r\nHost: localhost\r\nConnection: close\r\n{headers}\r\n")
}

#[tokio::test]
async fn tp_17_every_answer_carries_the_security_headers() {
    let client = client();
    for path in [
        "/",
        "/nothing/here",
        DISCOVERY,
        "/common/discovery/v2.0/keys",
        "/nowhere.test/discovery/v2.0/keys",
        "/contoso.test/oauth2/v2.0/token",
        "/%ff",
        "/common/userrealm/%ff",
        "/favicon.ico",
        "/robots.txt",
    ] {
        client.get(path).await.is_hardened();
    }
    client.token(&contoso(), &daemon().for_itself(API_DEFAULT)).await.is_hardened();
    client.request(Method::OPTIONS, &token_path("common")).send().await.is_hardened();
    client.request(Method::DELETE, DISCOVERY).send().await.is_hardened();
}

#[tokio::test]
async fn tp_02_a_server_with_a_name_of_its_own_is_reached_by_https_for_two_years() {
    let server = Server::called("idp.vestibule.test");
    let client = Client::of(&server);
    for path in ["/", "/nothing", DISCOVERY, "/common/oauth2/v2.0/token"] {
        client.get(path).await.is_hardened();
    }
    let json = client.get(DISCOVERY).await.json();
    assert!(json.str("token_endpoint").starts_with("https://idp.vestibule.test:"));
}

#[tokio::test]
async fn tp_17_what_no_router_has_seen_carries_them_too() {
    let server = Server::shared();
    let request = format!(
        "GET {DISCOVERY} HTTP/1.1\r\nHost: localhost\r\nHost: evil.example\r\nConnection: close\r\n\r\n"
    );
    let answer = exchange(server, request).await;
    assert_eq!(answer.status(), 400, "{}", answer.text);
    for header in ["x-content-type-options", "referrer-policy", "x-frame-options", "content-security-policy"]
    {
        assert!(answer.header(header).is_some(), "{header} in {}", answer.text);
    }
}

#[tokio::test]
async fn tp_16_nothing_is_readable_across_origins_unless_it_says_so() {
    let client = client();
    for path in ["/", "/nothing/here", "/error?code=50058"] {
        let answer = client.request(Method::GET, path).header("origin", "https://evil.example").send().await;
        answer.is_for_its_own_origin();
    }
}

#[tokio::test]
async fn az_55_a_request_that_two_readers_could_read_differently_is_refused() {
    let server = Server::shared();
    let line = "POST /contoso.test/oauth2/v2.0/token HTTP/1.1";
    let smuggled = "GET /common/discovery/v2.0/keys HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";
    for (what, request) in [
        (
            "both lengths",
            format!(
                "{line}\r\nHost: localhost\r\nContent-Length: 6\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n{smuggled}"
            ),
        ),
        (
            "two lengths",
            format!("{line}\r\nHost: localhost\r\nContent-Length: 0\r\nContent-Length: 5\r\n\r\n{smuggled}"),
        ),
        ("a signed length", format!("{line}\r\nHost: localhost\r\nContent-Length: +0\r\n\r\n{smuggled}")),
        (
            "an unknown transfer encoding",
            format!("{line}\r\nHost: localhost\r\nTransfer-Encoding: xchunked\r\n\r\n{smuggled}"),
        ),
        (
            "chunked, but not last",
            format!(
                "{line}\r\nHost: localhost\r\nTransfer-Encoding: chunked, identity\r\n\r\n0\r\n\r\n{smuggled}"
            ),
        ),
        (
            "a space before the colon",
            format!("{line}\r\nHost: localhost\r\nContent-Length : 0\r\n\r\n{smuggled}"),
        ),
        (
            "a folded header",
            format!("{line}\r\nHost: localhost\r\nX-Folded: a\r\n b\r\nContent-Length: 0\r\n\r\n{smuggled}"),
        ),
        (
            "NUL in a header",
            format!("{line}\r\nHost: localhost\r\nX-Nul: a\0b\r\nContent-Length: 0\r\n\r\n{smuggled}"),
        ),
        (
            "a chunk size that is none",
            format!(
                "{line}\r\nHost: localhost\r\nContent-Type: application/x-www-form-urlencoded\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n\r\n{smuggled}"
            ),
        ),
        (
            "a chunk size beyond 64 bits",
            format!(
                "{line}\r\nHost: localhost\r\nContent-Type: application/x-www-form-urlencoded\r\nTransfer-Encoding: chunked\r\n\r\n10000000000000000\r\n\r\n{smuggled}"
            ),
        ),
    ] {
        let answer = exchange(server, request).await;
        assert!(
            !answer.text.contains("\"keys\""),
            "{what}: the smuggled request was answered: {}",
            answer.text
        );
        assert!(answer.statuses.iter().all(|status| (400..500).contains(status)), "{what}: {}", answer.text);
    }
}

#[tokio::test]
async fn az_21_bytes_that_are_no_http_get_no_answer_that_looks_like_one() {
    let server = Server::shared();
    for request in [
        &b"\0\0\0\0\r\n\r\n"[..],
        b"GET\r\n\r\n",
        b"GET / HTTP/9.9\r\n\r\n",
        b"GET /\xff\xfe HTTP/1.1\r\nHost: localhost\r\n\r\n",
        b"get / HTTP/1.1 extra\r\nHost: localhost\r\n\r\n",
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",
    ] {
        let mut raw = Raw::connect(server).await;
        raw.send(request).await;
        let answer = raw.read(Duration::from_millis(500)).await;
        assert!(
            answer.statuses.iter().all(|status| (400..500).contains(status) || *status == 505),
            "{}",
            answer.text
        );
    }
}

#[tokio::test]
async fn tp_05_a_head_beyond_32_kib_or_100_fields_is_refused() {
    let server = Server::shared();
    let line = format!("GET {DISCOVERY} HTTP/1.1");
    let many: String = (0..1000).map(|n| format!("X-{n}: 1\r\n")).collect();
    for headers in [
        format!("X-Big: {}\r\n", "x".repeat(64 * 1024)),
        format!("Cookie: {}\r\n", "x=y; ".repeat(13_000)),
        many,
    ] {
        let answer = exchange(server, head(&line, &headers)).await;
        assert!(answer.statuses.iter().all(|status| *status == 431), "{}", answer.text);
    }
}

#[tokio::test]
async fn tp_06_a_path_is_decoded_once_and_bounded() {
    let server = Server::shared();
    for path in [
        format!("/{}/v2.0/.well-known/openid-configuration", "a".repeat(60 * 1024)),
        format!("{DISCOVERY}?{}", "x".repeat(60 * 1024)),
    ] {
        let answer = exchange(server, head(&format!("GET {path} HTTP/1.1"), "")).await;
        assert!(answer.statuses.iter().all(|status| [400, 414, 431].contains(status)), "{}", answer.text);
    }
    for path in [
        "/contoso.test%2Fv2.0/.well-known/openid-configuration",
        "/contoso%252etest/v2.0/.well-known/openid-configuration",
        "/common/../contoso.test/v2.0/.well-known/openid-configuration",
        "/common/%2e%2e/contoso.test/v2.0/.well-known/openid-configuration",
        "/contoso.test\\v2.0/.well-known/openid-configuration",
        "/%c0%ae%c0%ae/v2.0/.well-known/openid-configuration",
        "/contoso.test;x=y/v2.0/.well-known/openid-configuration",
        "/./contoso.test/v2.0/.well-known/openid-configuration",
    ] {
        let answer = exchange(server, head(&format!("GET {path} HTTP/1.1"), "")).await;
        assert!([400, 404].contains(&answer.status()), "{path}: {}", answer.text);
    }
}

#[tokio::test]
async fn an_absolute_address_in_the_request_line_changes_nothing() {
    let answer =
        exchange(Server::shared(), head(&format!("GET https://evil.example{DISCOVERY} HTTP/1.1"), "")).await;
    assert!(!answer.text.contains("evil"), "{}", answer.text);
}

#[tokio::test]
async fn tp_02_plain_http_is_not_spoken() {
    use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
    let mut tcp = tokio::net::TcpStream::connect(Server::shared().address()).await.unwrap();
    tcp.write_all(format!("GET {DISCOVERY} HTTP/1.1\r\nHost: localhost\r\n\r\n").as_bytes()).await.unwrap();
    let mut text = Vec::new();
    let _ = tokio::time::timeout(Duration::from_secs(5), tcp.read_to_end(&mut text)).await;
    assert!(!String::from_utf8_lossy(&text).contains("issuer"));
}

#[tokio::test]
async fn tp_01_old_versions_of_tls_are_refused() {
    use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
    // A ClientHello of TLS 1.0 with one cipher suite of its time.
    let mut hello = vec![0x16, 3, 1, 0, 45, 1, 0, 0, 41, 3, 1];
    hello.extend([7; 32]);
    hello.extend([0, 0, 2, 0, 0x2f, 1, 0]);
    let mut tcp = tokio::net::TcpStream::connect(Server::shared().address()).await.unwrap();
    tcp.write_all(&hello).await.unwrap();
    let mut answer = Vec::new();
    let _ = tokio::time::timeout(Duration::from_secs(5), tcp.read_to_end(&mut answer)).await;
    // An alert, or nothing; never a ServerHello (0x16).
    assert!(answer.first().is_none_or(|kind| *kind == 0x15), "{answer:?}");
}

#[tokio::test]
async fn tp_04_a_slow_head_is_cut_off() {
    let mut raw = Raw::connect(Server::shared()).await;
    let began = std::time::Instant::now();
    raw.send("GET /").await;
    let answer = raw.read(Duration::from_secs(14)).await;
    assert!(began.elapsed() < Duration::from_secs(13), "it took {:?}: {}", began.elapsed(), answer.text);
}

#[tokio::test]
async fn tp_07_languages_beyond_number_are_of_no_consequence() {
    let client = client();
    for language in ["de", "xx-YY;q=0.5, *", &"a-b,".repeat(2000), "\"", ";;;q=q=q", "de;q=1e999"] {
        client.request(Method::GET, DISCOVERY).header("accept-language", language).send().await.is(200);
    }
}
