//! The numbers that bound a connection. The defaults suit a server on the open internet.

use std::time::Duration;

/// How many header fields a request may have. It is hyper's own number for HTTP/1, which it checks on the stack as
/// long as nobody sets another.
pub(super) const HEADER_FIELDS: usize = 100;

/// How long, how much, and how many.
#[derive(Debug, Clone)]
pub(crate) struct Limits {
    /// Connections at a time, those in their TLS handshake included.
    pub(crate) connections: usize,
    /// For the TLS handshake.
    pub(crate) handshake: Duration,
    /// For the first request of a connection, and for the head of every one, to arrive.
    pub(crate) header_read: Duration,
    /// Bytes of a request's head: the request line and the header fields.
    pub(crate) header_bytes: u32,
    /// For a request's body to arrive, plus one second for every `body_pace` bytes that have.
    pub(crate) body_read: Duration,
    /// Bytes a second below which a body is too slow, once `body_read` is used up.
    pub(crate) body_pace: u32,
    /// Between the end of one request and the start of the next. Longer than the 60 s that proxies in front of us
    /// usually keep their side, so that it is the proxy who closes and no request meets a closed door.
    pub(crate) keep_alive: Duration,
    /// How long a connection must have been idle to make room for somebody who waits outside.
    pub(crate) idle_when_crowded: Duration,
    /// Without any request of a connection starting or ending, while some are under way.
    pub(crate) stalled: Duration,
    /// HTTP/2 streams at a time on one connection.
    pub(crate) streams: u32,
    /// For the requests under way at shutdown.
    pub(crate) drain: Duration,
    /// For the other side to take its leave once we have said ours.
    pub(crate) linger: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            connections: 10_000,
            handshake: Duration::from_secs(10),
            header_read: Duration::from_secs(10),
            header_bytes: 32 * 1024,
            body_read: Duration::from_secs(10),
            body_pace: 16 * 1024,
            keep_alive: Duration::from_secs(75),
            idle_when_crowded: Duration::from_secs(1),
            stalled: Duration::from_secs(300),
            streams: 100,
            drain: Duration::from_secs(30),
            linger: Duration::from_secs(2),
        }
    }
}
