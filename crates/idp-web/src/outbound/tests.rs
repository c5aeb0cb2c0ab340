//! What the client refuses to fetch. What it does fetch is seen from outside (`spec`).

use super::*;

fn outbound() -> Outbound {
    Outbound::new(Reach::default(), b"").unwrap()
}

#[tokio::test]
async fn tp_15_what_is_not_a_plain_https_address_is_not_fetched() {
    let outbound = outbound();
    for address in [
        "http://example.org/",
        "file:///etc/passwd",
        "ftp://example.org/",
        "https://user@example.org/",
        "https://:p@example.org/",
        "x",
        "",
        "//example.org",
    ] {
        let refused = outbound.get(address).await.unwrap_err();
        assert!(matches!(refused, NotFetched::Address), "{address}: {refused}");
    }
}

#[tokio::test]
async fn tp_15_an_address_on_this_machine_is_out_of_reach_however_it_is_spelled() {
    let outbound = outbound();
    for host in [
        "127.0.0.1",
        "127.1",
        "2130706433",
        "0x7f.0.0.1",
        "0177.0.0.1",
        "0",
        "[::1]",
        "[::ffff:127.0.0.1]",
        "[::ffff:7f00:1]",
        "[64:ff9b::7f00:1]",
        "169.254.169.254",
        "10.0.0.1",
        "localhost",
    ] {
        for port in ["", ":8443", ":22"] {
            let refused = outbound.get(&format!("https://{host}{port}/")).await.unwrap_err();
            assert!(matches!(refused, NotFetched::OutOfReach), "{host}{port}: {refused}");
        }
    }
}

#[tokio::test]
async fn tp_15_nobody_is_connected_to_before_the_address_was_looked_at() {
    let canary = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    canary.set_nonblocking(true).unwrap();
    let port = canary.local_addr().unwrap().port();
    for host in ["127.0.0.1", "localhost"] {
        outbound().get(&format!("https://{host}:{port}/")).await.unwrap_err();
    }
    assert!(canary.accept().is_err(), "nobody came");
}
