//! Asking the server to stop: politely, then not.

use std::io;
use std::sync::Arc;

use tokio::sync::watch;

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Wish {
    KeepServing,
    FinishAndStop,
    StopNow,
}

/// The wish that the server stop. Clones share it; once expressed it stays.
#[derive(Debug, Clone)]
pub(crate) struct Shutdown(Arc<watch::Sender<Wish>>);

impl Shutdown {
    pub(crate) fn new() -> Self {
        Self(Arc::new(watch::Sender::new(Wish::KeepServing)))
    }

    /// Asks to finish what is under way and stop.
    pub(crate) fn request(&self) {
        self.wish(Wish::FinishAndStop);
    }

    /// Asks to stop without waiting for what is under way.
    pub(crate) fn hurry(&self) {
        self.wish(Wish::StopNow);
    }

    fn wish(&self, wish: Wish) {
        self.0.send_modify(|before| *before = wish.max(*before));
    }

    /// Waits for [`Self::request`] or [`Self::hurry`].
    pub(crate) async fn requested(&self) {
        self.reached(Wish::FinishAndStop).await;
    }

    /// Waits for [`Self::hurry`].
    pub(crate) async fn hurried(&self) {
        self.reached(Wish::StopNow).await;
    }

    async fn reached(&self, wish: Wish) {
        // The sender is in `self`, so that it cannot be gone.
        let _ = self.0.subscribe().wait_for(|now| *now >= wish).await;
    }

    /// Listens for SIGTERM and SIGINT (Ctrl-C), from the call on and for the life of the runtime. The first is a
    /// request, the second a hurry.
    pub(crate) fn on_signals(&self) -> io::Result<()> {
        let mut signals = Signals::listen()?;
        let shutdown = self.clone();
        tokio::spawn(async move {
            let name = signals.next().await;
            tracing::info!(
                signal = name,
                "stopping when the requests under way are answered; again: at once"
            );
            shutdown.request();
            let name = signals.next().await;
            tracing::warn!(signal = name, "stopping at once");
            shutdown.hurry();
        });
        Ok(())
    }
}

#[cfg(unix)]
struct Signals {
    terminate: tokio::signal::unix::Signal,
    interrupt: tokio::signal::unix::Signal,
}

#[cfg(unix)]
impl Signals {
    fn listen() -> io::Result<Self> {
        use tokio::signal::unix::{SignalKind, signal};
        Ok(Self { terminate: signal(SignalKind::terminate())?, interrupt: signal(SignalKind::interrupt())? })
    }

    async fn next(&mut self) -> &'static str {
        tokio::select! {
            _ = self.terminate.recv() => "SIGTERM",
            _ = self.interrupt.recv() => "SIGINT",
        }
    }
}

#[cfg(not(unix))]
struct Signals;

#[cfg(not(unix))]
impl Signals {
    fn listen() -> io::Result<Self> {
        Ok(Self)
    }

    async fn next(&mut self) -> &'static str {
        // Without it there is no Ctrl-C to wait for.
        if tokio::signal::ctrl_c().await.is_err() {
            std::future::pending::<()>().await;
        }
        "Ctrl-C"
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_hurry_is_a_request_and_is_not_taken_back() {
        let shutdown = Shutdown::new();
        shutdown.clone().hurry();
        shutdown.request();
        shutdown.requested().await;
        shutdown.hurried().await;
    }

    #[cfg(unix)]
    #[tokio::test]
    async fn sigterm_is_a_request_and_a_second_one_a_hurry() {
        let shutdown = Shutdown::new();
        shutdown.on_signals().unwrap();
        let me = rustix::process::getpid();
        rustix::process::kill_process(me, rustix::process::Signal::TERM).unwrap();
        shutdown.requested().await;
        let early = tokio::time::timeout(std::time::Duration::from_millis(50), shutdown.hurried()).await;
        assert!(early.is_err());
        rustix::process::kill_process(me, rustix::process::Signal::TERM).unwrap();
        shutdown.hurried().await;
    }
}
