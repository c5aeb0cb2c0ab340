//! Opening the sockets to listen on.

use std::io;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};

use tokio::net::TcpListener;

/// How often another free port is tried when the one that IPv4 was given is taken on IPv6.
const ATTEMPTS: usize = 16;

/// A socket could not be opened. The sentence says what to do.
#[derive(Debug, thiserror::Error)]
#[error("cannot listen on {address}: {source}. {}", advice(source))]
pub(crate) struct BindError {
    pub(crate) address: SocketAddr,
    pub(crate) source: io::Error,
}

fn advice(error: &io::Error) -> &'static str {
    match error.kind() {
        io::ErrorKind::AddrInUse => "Another program listens there: stop it, or choose another port.",
        io::ErrorKind::PermissionDenied => {
            "Ports below 1024 need a privilege: choose a higher one, or grant the program CAP_NET_BIND_SERVICE."
        }
        io::ErrorKind::AddrNotAvailable => "This machine has no such address: choose one that it has.",
        _ => "Choose another address.",
    }
}

/// Listens on all of `addresses`. Those with port 0 get one free port between them.
pub(crate) async fn bind(addresses: &[SocketAddr]) -> Result<Vec<TcpListener>, BindError> {
    bind_all(addresses, |_| false).await
}

/// Listens on `127.0.0.1` and `[::1]`, both of which `localhost` may mean, with the same port (0: a free one).
/// A machine without IPv6 does without.
pub(crate) async fn bind_loopback(port: u16) -> Result<Vec<TcpListener>, BindError> {
    let addresses = [IpAddr::V4(Ipv4Addr::LOCALHOST), IpAddr::V6(Ipv6Addr::LOCALHOST)]
        .map(|address| SocketAddr::new(address, port));
    bind_all(&addresses, |error| error.address.is_ipv6() && error.source.kind() != io::ErrorKind::AddrInUse)
        .await
}

async fn bind_all(
    addresses: &[SocketAddr],
    dispensable: impl Fn(&BindError) -> bool,
) -> Result<Vec<TcpListener>, BindError> {
    let mut attempt = 1;
    loop {
        match bind_once(addresses, &dispensable).await {
            // Only a port that the kernel chose for another address can be bettered by choosing again.
            Err(error)
                if attempt < ATTEMPTS
                    && error.source.kind() == io::ErrorKind::AddrInUse
                    && addresses.iter().any(|address| address.port() == 0)
                    && !addresses.contains(&error.address) =>
            {
                attempt += 1;
            }
            outcome => return outcome,
        }
    }
}

async fn bind_once(
    addresses: &[SocketAddr],
    dispensable: impl Fn(&BindError) -> bool,
) -> Result<Vec<TcpListener>, BindError> {
    let mut listeners = Vec::with_capacity(addresses.len());
    let mut chosen = 0;
    for &address in addresses {
        let mut address = address;
        let free = address.port() == 0;
        if free {
            address.set_port(chosen);
        }
        match TcpListener::bind(address).await.map_err(|source| BindError { address, source }) {
            Ok(listener) => {
                if free {
                    chosen = listener.local_addr().map_err(|source| BindError { address, source })?.port();
                }
                listeners.push(listener);
            }
            Err(error) if dispensable(&error) => tracing::debug!(%error, "going without"),
            Err(error) => return Err(error),
        }
    }
    Ok(listeners)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn both_loopback_addresses_share_a_free_port() {
        let listeners = bind_loopback(0).await.unwrap();
        let addresses: Vec<_> = listeners.iter().map(|listener| listener.local_addr().unwrap()).collect();
        assert!(addresses.iter().all(|address| address.port() == addresses[0].port()), "{addresses:?}");
        assert_ne!(addresses[0].port(), 0);
    }

    #[tokio::test]
    async fn a_taken_port_is_reported_with_what_to_do() {
        let taken = bind_loopback(0).await.unwrap();
        let port = taken[0].local_addr().unwrap().port();
        let error = bind_loopback(port).await.unwrap_err().to_string();
        assert!(error.contains(&format!("127.0.0.1:{port}")), "{error}");
        assert!(error.contains("choose another port"), "{error}");
    }
}
