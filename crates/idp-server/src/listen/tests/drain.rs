//! How the server stops.

use super::*;

/// A client with a request of a second under way.
async fn with_slow_request(
    server: &Server,
    client: reqwest::ClientBuilder,
) -> JoinHandle<Result<u16, reqwest::Error>> {
    let client = client.build().unwrap();
    let url = server.url("/slow");
    let request = tokio::spawn(async move {
        let response = client.get(url).send().await?;
        let status = response.status().as_u16();
        response.text().await.map(|_| status)
    });
    tokio::time::sleep(Duration::from_millis(300)).await;
    request
}

#[tokio::test]
async fn a_request_under_way_at_shutdown_is_answered_while_new_connections_are_refused() {
    for http1 in [true, false] {
        let server = Server::start(Limits::default()).await;
        let client = if http1 { server.client().http1_only() } else { server.client() };
        let request = with_slow_request(&server, client).await;

        server.shutdown.request();
        tokio::time::sleep(Duration::from_millis(100)).await;
        let late = TcpStream::connect(server.addr).await;
        assert_eq!(late.unwrap_err().kind(), std::io::ErrorKind::ConnectionRefused);
        assert!(!request.is_finished());

        assert_eq!(within(request).await.unwrap().unwrap(), 200);
        assert_eq!(server.stop().await, Drained { connections_cut: 0, requests_cut: 0 });
    }
}

#[tokio::test]
async fn what_outlasts_the_drain_is_cut_and_counted() {
    for http1 in [true, false] {
        let server = Server::start(Limits { drain: Duration::from_millis(200), ..Limits::default() }).await;
        let client = if http1 { server.client().http1_only() } else { server.client() };
        let request = with_slow_request(&server, client).await;
        assert_eq!(server.stop().await, Drained { connections_cut: 1, requests_cut: 1 });
        assert!(within(request).await.unwrap().is_err());
    }
}

#[tokio::test]
async fn a_hurried_shutdown_waits_for_nobody() {
    let server = Server::start(Limits::default()).await;
    let request = with_slow_request(&server, server.client()).await;
    server.shutdown.hurry();
    let drained = tokio::time::timeout(Duration::from_millis(400), server.served).await.unwrap().unwrap();
    assert_eq!(drained.requests_cut, 1);
    assert!(within(request).await.unwrap().is_err());
}

#[tokio::test]
async fn idle_connections_do_not_hold_up_the_drain() {
    let server = Server::start(Limits::default()).await;
    // A client that is idle, one that never asked, and one that never even shook hands.
    let client = server.client().build().unwrap();
    assert_eq!(client.get(server.url("/hello")).send().await.unwrap().status(), 200);
    let _silent_h1 = server.tls(b"http/1.1").await;
    let _silent_h2 = server.tls(b"h2").await;
    let _mute = TcpStream::connect(server.addr).await.unwrap();
    tokio::time::sleep(Duration::from_millis(50)).await;

    server.shutdown.request();
    let drained = tokio::time::timeout(Duration::from_secs(5), server.served).await.unwrap().unwrap();
    assert_eq!(drained, Drained { connections_cut: 0, requests_cut: 0 });
}
