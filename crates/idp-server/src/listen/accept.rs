//! The door: waits for a place under the cap, then for a connection on any of the listeners. It never gives up.

use std::future::poll_fn;
use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::task::Poll;
use std::time::Duration;

use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{OwnedSemaphorePermit, Semaphore, watch};

use super::Notice;

/// After an error of `accept` that will not go away at once, such as having no file descriptors left.
const BACK_OFF: Duration = Duration::from_millis(50);

/// How often idle connections are asked to make room while somebody waits.
const ASK_FOR_ROOM: Duration = Duration::from_secs(1);

/// Somebody who came in.
pub(super) struct Arrival {
    pub(super) stream: TcpStream,
    pub(super) addr: SocketAddr,
    /// Given back when the connection ends.
    pub(super) place: OwnedSemaphorePermit,
}

/// All listeners behind one cap.
pub(super) struct Door {
    listeners: Vec<TcpListener>,
    places: Arc<Semaphore>,
    /// The listener to look at first, so that a busy one does not starve the others.
    turn: usize,
}

impl Door {
    pub(super) fn new(listeners: Vec<TcpListener>, connections: usize) -> Self {
        let places = Arc::new(Semaphore::new(connections.clamp(1, Semaphore::MAX_PERMITS)));
        Self { listeners, places, turn: 0 }
    }

    /// The next connection. Whoever finds the house full waits in the kernel's queue.
    pub(super) async fn next(&mut self, notices: &watch::Sender<Notice>) -> Arrival {
        let place = self.place(notices).await;
        loop {
            match self.accept().await {
                Ok((stream, addr)) => {
                    // Answers are written whole: waiting to fill a segment only delays them.
                    if let Err(error) = stream.set_nodelay(true) {
                        tracing::debug!(%error, "TCP_NODELAY was refused");
                    }
                    return Arrival { stream, addr, place };
                }
                Err(error) if is_about_one_connection(&error) => {}
                Err(error) => {
                    metrics::counter!("vestibule_accept_errors_total").increment(1);
                    tracing::warn!(%error, "cannot accept a connection; trying again in 50 ms");
                    tokio::time::sleep(BACK_OFF).await;
                }
            }
        }
    }

    /// A place under the cap.
    async fn place(&self, notices: &watch::Sender<Notice>) -> OwnedSemaphorePermit {
        loop {
            if let Ok(place) = Arc::clone(&self.places).try_acquire_owned() {
                return place;
            }
            metrics::counter!("vestibule_connections_full_total").increment(1);
            notices.send_modify(|notice| notice.crowded = notice.crowded.wrapping_add(1));
            let waited = tokio::time::timeout(ASK_FOR_ROOM, Arc::clone(&self.places).acquire_owned()).await;
            if let Ok(Ok(place)) = waited {
                return place;
            }
        }
    }

    async fn accept(&mut self) -> io::Result<(TcpStream, SocketAddr)> {
        let Self { listeners, turn, .. } = self;
        poll_fn(|cx| {
            for offset in 0..listeners.len() {
                let index = (*turn + offset) % listeners.len();
                if let Poll::Ready(outcome) = listeners[index].poll_accept(cx) {
                    *turn = (index + 1) % listeners.len();
                    return Poll::Ready(outcome);
                }
            }
            Poll::Pending
        })
        .await
    }
}

/// The connection died in the queue: the next one may be fine.
fn is_about_one_connection(error: &io::Error) -> bool {
    use io::ErrorKind::{ConnectionAborted, ConnectionRefused, ConnectionReset};
    matches!(error.kind(), ConnectionAborted | ConnectionRefused | ConnectionReset)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn running_out_of_file_descriptors_is_not_about_one_connection() {
        const EMFILE: i32 = 24;
        assert!(!is_about_one_connection(&io::Error::from_raw_os_error(EMFILE)));
        assert!(is_about_one_connection(&io::Error::from(io::ErrorKind::ConnectionAborted)));
    }
}
