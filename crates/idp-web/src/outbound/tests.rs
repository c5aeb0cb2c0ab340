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

/// Where only this machine or its network leads (UI-09), in the spellings that have fooled others.
const INWARD: [&str; 25] = [
    "https://127.0.0.1:{port}/",
    "https://127.1:{port}/",
    "https://127.0.0.2:{port}/",
    "https://2130706433:{port}/",
    "https://0x7f000001:{port}/",
    "https://0177.0.0.1:{port}/",
    "https://0.0.0.0:{port}/",
    "https://localhost:{port}/",
    "https://LOCALHOST:{port}/",
    "https://\u{ff11}27.0.0.1:{port}/",
    "https://127\u{3002}0.0.1:{port}/",
    "https://[::1]:{port}/",
    "https://[::]:{port}/",
    "https://[::ffff:127.0.0.1]:{port}/",
    "https://[64:ff9b::7f00:1]:{port}/",
    "https://[2002:7f00:1::]:{port}/",
    "https://[fe80::1]:{port}/",
    "https://[fd00:ec2::254]/latest/meta-data/",
    "https://169.254.169.254/latest/meta-data/",
    "https://10.0.0.1/",
    "https://172.16.0.1/",
    "https://192.168.1.1/",
    "https://100.64.0.1/",
    "http://127.0.0.1:{port}/",
    "http://localhost:{port}/",
];

#[tokio::test]
async fn ui_09_nothing_is_told_to_what_only_this_machine_or_its_network_can_reach() {
    let (v4, v6) = ("127.0.0.1:0".parse().unwrap(), "[::1]:0".parse().unwrap());
    let canaries: Vec<_> = [v4, v6]
        .into_iter()
        .filter_map(|address: std::net::SocketAddr| std::net::TcpListener::bind(address).ok())
        .collect();
    assert!(!canaries.is_empty());
    for canary in &canaries {
        canary.set_nonblocking(true).unwrap();
        let port = canary.local_addr().unwrap().port().to_string();
        for target in INWARD {
            let address = target.replace("{port}", &port);
            let refused = outbound().post(&address, "logout_token=x".into()).await.unwrap_err();
            let expected = if address.starts_with("http:") {
                matches!(refused, NotFetched::Address)
            } else {
                matches!(refused, NotFetched::OutOfReach)
            };
            assert!(expected, "{address}: {refused}");
        }
        assert!(canary.accept().is_err(), "nobody came");
    }
}

#[tokio::test]
async fn ui_09_without_tls_nothing_but_this_machine_is_told_and_only_in_development() {
    let here = Outbound::new(Reach::and_this_machine(), b"").unwrap();
    for address in
        ["http://example.org/", "http://10.0.0.1/", "http://localhost.example.org/", "ftp://localhost/"]
    {
        let refused = here.post(address, String::new()).await.unwrap_err();
        assert!(matches!(refused, NotFetched::Address), "{address}: {refused}");
    }
    // A network that is allowed is reached over TLS.
    let allowed = Outbound::new(Reach::and(["127.0.0.0/8"]).unwrap(), b"").unwrap();
    let refused = allowed.post("http://127.0.0.1/", String::new()).await.unwrap_err();
    assert!(matches!(refused, NotFetched::Address), "{refused}");
    // Documents are fetched over TLS, whatever else is let through.
    let refused = here.get("http://localhost/").await.unwrap_err();
    assert!(matches!(refused, NotFetched::Address), "{refused}");
}
