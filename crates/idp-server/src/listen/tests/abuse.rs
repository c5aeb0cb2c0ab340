//! What clients do that mean no good.

use std::time::Instant;

use http::Version;
use tokio::io::{AsyncReadExt, AsyncWriteExt};

use super::*;

/// Everything the server says until it closes.
async fn read_all(stream: &mut TlsStream<TcpStream>) -> String {
    let mut answer = Vec::new();
    // A connection that is cut ends without close_notify.
    let _ = within(stream.read_to_end(&mut answer)).await;
    String::from_utf8_lossy(&answer).into_owned()
}

/// The answer to `request`, on a connection of its own.
async fn raw(server: &Server, request: &str) -> String {
    let mut stream = server.tls(b"http/1.1").await;
    stream.write_all(request.as_bytes()).await.unwrap();
    read_all(&mut stream).await
}

#[tokio::test]
async fn tp_04_slow_headers_are_cut_after_the_header_timeout() {
    let limits = Limits { header_read: Duration::from_millis(400), ..Limits::default() };
    let server = Server::start(limits).await;
    let mut stream = server.tls(b"http/1.1").await;
    let began = Instant::now();
    stream.write_all(b"GET /hello HTTP/1.1\r\n").await.unwrap();
    // A byte now and then does not buy more time.
    while began.elapsed() < Duration::from_secs(5) && stream.write_all(b"x").await.is_ok() {
        let mut byte = [0];
        let closed = tokio::time::timeout(Duration::from_millis(50), stream.read(&mut byte)).await;
        if closed.is_ok() {
            break;
        }
    }
    assert!(began.elapsed() < Duration::from_secs(2), "{:?}", began.elapsed());
    assert!(began.elapsed() >= Duration::from_millis(300), "{:?}", began.elapsed());
}

#[tokio::test]
async fn tp_04_slow_headers_of_a_second_request_are_cut_as_soon() {
    let limits = Limits { header_read: Duration::from_millis(400), ..Limits::default() };
    let server = Server::start(limits).await;
    let mut stream = server.tls(b"http/1.1").await;
    stream.write_all(b"GET /hello HTTP/1.1\r\nhost: localhost\r\n\r\n").await.unwrap();
    let mut buffer = [0; 1024];
    assert!(within(stream.read(&mut buffer)).await.unwrap() > 0);
    // Quiet for longer than the header timeout: between two requests that is allowed.
    tokio::time::sleep(Duration::from_millis(700)).await;
    let began = Instant::now();
    stream.write_all(b"GET /hello HTTP/1.1\r\n").await.unwrap();
    assert_eq!(read_all(&mut stream).await, "");
    assert!(began.elapsed() < Duration::from_secs(2), "{:?}", began.elapsed());
}

#[tokio::test]
async fn tp_04_connections_that_never_ask_are_cut() {
    let limits = Limits {
        header_read: Duration::from_millis(200),
        handshake: Duration::from_millis(200),
        ..Limits::default()
    };
    let server = Server::start(limits).await;
    let began = Instant::now();
    assert_eq!(read_all(&mut server.tls(b"http/1.1").await).await, "");
    // The settings frame comes, for the server speaks first; then the connection ends.
    read_all(&mut server.tls(b"h2").await).await;
    let mut mute = TcpStream::connect(server.addr).await.unwrap();
    let _ = within(mute.read_to_end(&mut Vec::new())).await;
    assert!(began.elapsed() < Duration::from_secs(3), "{:?}", began.elapsed());
}

#[tokio::test]
async fn tp_04_idle_connections_are_closed() {
    let limits = Limits { keep_alive: Duration::from_millis(200), ..Limits::default() };
    let server = Server::start(limits).await;
    let mut stream = server.tls(b"http/1.1").await;
    stream.write_all(b"GET /hello HTTP/1.1\r\nhost: localhost\r\n\r\n").await.unwrap();
    assert!(read_all(&mut stream).await.ends_with("hello"));

    // A pooled HTTP/2 connection is told so, and the client opens another.
    let client = server.client().build().unwrap();
    for _ in 0..2 {
        let response = client.get(server.url("/hello")).send().await.unwrap();
        assert_eq!((response.status().as_u16(), response.version()), (200, Version::HTTP_2));
        tokio::time::sleep(Duration::from_millis(400)).await;
    }
}

#[tokio::test]
async fn cd_20_a_body_that_trickles_in_is_given_up_on() {
    let limits = Limits { body_read: Duration::from_millis(300), ..Limits::default() };
    let server = Server::start(limits).await;
    let mut stream = server.tls(b"http/1.1").await;
    stream
        .write_all(b"POST /echo HTTP/1.1\r\nhost: localhost\r\ncontent-length: 100000\r\n\r\na")
        .await
        .unwrap();
    let began = Instant::now();
    let mut buffer = [0; 1024];
    let answer = loop {
        let _ = stream.write_all(b"a").await;
        let read = tokio::time::timeout(Duration::from_millis(50), stream.read(&mut buffer)).await;
        if let Ok(length) = read {
            break String::from_utf8_lossy(&buffer[..length.unwrap()]).into_owned();
        }
        assert!(began.elapsed() < Duration::from_secs(5));
    };
    assert!(answer.starts_with("HTTP/1.1 400"), "{answer}");
}

#[tokio::test]
async fn a_body_that_comes_briskly_is_taken_however_long_it_is() {
    let limits = Limits { body_read: Duration::from_millis(300), ..Limits::default() };
    let server = Server::start(limits).await;
    for client in [server.client().http1_only(), server.client()] {
        let body = vec![b'a'; 1_000_000];
        let request = client.build().unwrap().post(server.url("/echo")).body(body);
        assert_eq!(request.send().await.unwrap().bytes().await.unwrap().len(), 1_000_000);
    }
}

#[tokio::test]
async fn tp_05_too_large_a_head_is_431() {
    let server = Server::start(Limits::default()).await;
    for client in [server.client().http1_only(), server.client()] {
        let client = client.build().unwrap();
        let large = client.get(server.url("/hello")).header("cookie", "c".repeat(64 * 1024));
        assert_eq!(large.send().await.unwrap().status(), 431);
        assert_eq!(client.get(server.url("/hello")).send().await.unwrap().status(), 200);
    }
}

#[tokio::test]
async fn tp_05_too_many_headers_are_431() {
    let server = Server::start(Limits::default()).await;
    for client in [server.client().http1_only(), server.client()] {
        let client = client.build().unwrap();
        for (count, status) in [(90, 200), (150, 431), (1_000, 431)] {
            let mut request = client.get(server.url("/hello"));
            for number in 0..count {
                request = request.header(format!("x-{number}"), "1");
            }
            assert_eq!(request.send().await.unwrap().status(), status, "{count}");
        }
    }
}

#[tokio::test]
async fn tp_06_an_endless_request_line_is_refused() {
    let server = Server::start(Limits::default()).await;
    let request = format!("GET /{} HTTP/1.1\r\nhost: localhost\r\n\r\n", "a".repeat(64 * 1024));
    let answer = raw(&server, &request).await;
    assert!(answer.starts_with("HTTP/1.1 4"), "{answer}");
}

#[tokio::test]
async fn tp_10_a_panic_is_500_for_that_request_only() {
    let server = Server::start(Limits::default()).await;
    for client in [server.client().http1_only(), server.client()] {
        let client = client.build().unwrap();
        // On HTTP/2 the two share a connection.
        let neighbour = tokio::spawn(client.get(server.url("/slow")).send());
        tokio::time::sleep(Duration::from_millis(100)).await;
        let response = client.get(server.url("/panic")).send().await.unwrap();
        assert_eq!(response.status(), 500);
        assert_eq!(response.headers()["x-content-type-options"], "nosniff");
        assert_eq!(response.headers()["cache-control"], "no-store");
        assert!(!response.text().await.unwrap().contains("on purpose"));
        assert_eq!(client.get(server.url("/hello")).send().await.unwrap().status(), 200);
        assert_eq!(neighbour.await.unwrap().unwrap().status(), 200);
    }
}

#[tokio::test]
async fn az_55_a_request_with_two_lengths_smuggles_nothing() {
    let server = Server::start(Limits::default()).await;
    let smuggled = "GET /peer HTTP/1.1\r\nhost: localhost\r\n\r\n";
    for lengths in
        ["content-length: 5\r\ntransfer-encoding: chunked", "transfer-encoding: chunked\r\ncontent-length: 5"]
    {
        let answer = raw(
            &server,
            &format!("POST /echo HTTP/1.1\r\nhost: localhost\r\n{lengths}\r\n\r\n0\r\n\r\n{smuggled}"),
        )
        .await;
        // RFC 9112 §6.1: Transfer-Encoding alone counts, and the connection is closed after the answer.
        assert_eq!(answer.matches("HTTP/1.1 ").count(), 1, "{answer}");
        assert!(answer.to_ascii_lowercase().contains("connection: close"), "{answer}");
    }
}

#[tokio::test]
async fn az_55_what_proxies_may_read_differently_is_refused() {
    let server = Server::start(Limits::default()).await;
    for (what, head) in [
        ("differing lengths", "content-length: 5\r\ncontent-length: 6\r\n"),
        ("a signed length", "content-length: +5\r\n"),
        ("a list of lengths", "content-length: 5, 5\r\n"),
        ("chunked not last", "transfer-encoding: chunked, identity\r\n"),
        ("an unknown coding", "transfer-encoding: xchunked\r\n"),
        ("a folded header", "x-folded: a\r\n b\r\n"),
        ("a space before the colon", "content-length : 5\r\n"),
        ("a bare CR", "x-a: b\rcontent-length: 5\r\n"),
        ("a NUL", "x-a: \0\r\n"),
    ] {
        let answer =
            raw(&server, &format!("POST /echo HTTP/1.1\r\nhost: localhost\r\n{head}\r\nhello")).await;
        assert!(answer.starts_with("HTTP/1.1 400"), "{what}: {answer}");
        assert_eq!(answer.matches("HTTP/1.1 ").count(), 1, "{what}: {answer}");
    }
    let old = "POST /echo HTTP/1.0\r\nhost: localhost\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n";
    assert!(raw(&server, old).await.starts_with("HTTP/1.1 400"), "chunked in HTTP/1.0");
}

#[tokio::test]
async fn az_55_a_request_has_exactly_one_host() {
    let server = Server::start(Limits::default()).await;
    for (hosts, status) in [("", 400), ("host: a\r\n", 200), ("host: a\r\nhost: b\r\n", 400)] {
        let answer = raw(&server, &format!("GET /hello HTTP/1.1\r\n{hosts}connection: close\r\n\r\n")).await;
        assert!(answer.starts_with(&format!("HTTP/1.1 {status}")), "{hosts}: {answer}");
    }
    let answer = raw(&server, "GET /hello HTTP/1.0\r\n\r\n").await;
    assert!(answer.starts_with("HTTP/1.0 200"), "HTTP/1.0 knows no Host: {answer}");
}

#[tokio::test]
async fn az_55_http_2_without_alpn_is_no_way_in() {
    let server = Server::start(Limits::default()).await;
    let answer = raw(&server, "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n").await;
    assert!(!answer.contains(" 200 "), "{answer}");
}

#[tokio::test]
async fn tp_04_beyond_the_cap_connections_wait_until_one_leaves() {
    let limits = Limits { connections: 2, keep_alive: Duration::from_secs(60), ..Limits::default() };
    let server = Server::start(limits).await;
    let (first, _second) = (server.tls(b"http/1.1").await, server.tls(b"http/1.1").await);
    let third = server.tls(b"http/1.1");
    let mut third = std::pin::pin!(third);
    assert!(tokio::time::timeout(Duration::from_millis(300), third.as_mut()).await.is_err());
    drop(first);
    let mut third = within(third).await;
    third.write_all(b"GET /hello HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n").await.unwrap();
    assert!(read_all(&mut third).await.ends_with("hello"));
}

#[tokio::test]
async fn tp_04_idle_connections_make_room_when_the_house_is_full() {
    let limits = Limits {
        connections: 1,
        keep_alive: Duration::from_secs(60),
        idle_when_crowded: Duration::from_millis(100),
        ..Limits::default()
    };
    let server = Server::start(limits).await;
    for client in [server.client().http1_only(), server.client()] {
        let idle = client.build().unwrap();
        assert_eq!(idle.get(server.url("/hello")).send().await.unwrap().status(), 200);
        tokio::time::sleep(Duration::from_millis(200)).await;
        let next = server.client().build().unwrap();
        assert_eq!(within(next.get(server.url("/hello")).send()).await.unwrap().status(), 200);
        tokio::time::sleep(Duration::from_millis(200)).await;
    }
}

/// An HTTP/2 frame (RFC 9113 §4.1).
fn frame(kind: u8, flags: u8, stream: u32, payload: &[u8]) -> Vec<u8> {
    let length = u32::try_from(payload.len()).unwrap().to_be_bytes();
    let mut frame = vec![length[1], length[2], length[3], kind, flags];
    frame.extend(stream.to_be_bytes());
    frame.extend(payload);
    frame
}

#[tokio::test]
async fn tp_03_rapid_resets_end_the_connection() {
    const HEADERS: u8 = 1;
    const RST_STREAM: u8 = 3;
    const SETTINGS: u8 = 4;
    const GOAWAY: u8 = 7;
    const ENHANCE_YOUR_CALM: u8 = 11;
    const END_STREAM_AND_HEADERS: u8 = 0x5;
    // :method GET, :scheme https, :path /, from HPACK's static table (RFC 7541 appendix A); no authority.
    const GET: [u8; 3] = [0x82, 0x87, 0x84];

    let server = Server::start(Limits::default()).await;
    let mut stream = server.tls(b"h2").await;
    let mut flood = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".to_vec();
    flood.extend(frame(SETTINGS, 0, 0, &[]));
    for number in 0..10_000 {
        flood.extend(frame(HEADERS, END_STREAM_AND_HEADERS, 2 * number + 1, &GET));
        flood.extend(frame(RST_STREAM, 0, 2 * number + 1, &8_u32.to_be_bytes()));
    }
    // Refused along the way or read to the end: in either case the connection is over.
    let _ = within(stream.write_all(&flood)).await;
    let mut answer = Vec::new();
    let _ = within(stream.read_to_end(&mut answer)).await;
    let goaway = answer.windows(9).position(|head| head[3..] == [GOAWAY, 0, 0, 0, 0, 0]);
    let goaway = goaway.expect("no GOAWAY");
    assert_eq!(answer[goaway + 9 + 7], ENHANCE_YOUR_CALM);

    let response = server.client().build().unwrap().get(server.url("/hello")).send().await.unwrap();
    assert_eq!(response.status(), 200);
}
