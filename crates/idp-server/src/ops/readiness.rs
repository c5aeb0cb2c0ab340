//! Whether the server wants requests: what a load balancer asks, and not the same as being alive.

use std::sync::Arc;
use std::sync::atomic::{AtomicU8, Ordering};

/// The stages of a server's life, in order.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
pub(crate) enum Stage {
    Starting,
    Ready,
    Draining,
}

/// The stage the server is in. Clones share it.
#[derive(Debug, Clone, Default)]
pub(crate) struct Readiness(Arc<AtomicU8>);

impl Readiness {
    /// A server that is starting.
    pub(crate) fn new() -> Self {
        Self::default()
    }

    /// It answers. A server that drains already stays that way.
    pub(crate) fn ready(&self) {
        self.0.fetch_max(Stage::Ready as u8, Ordering::Relaxed);
    }

    /// It is about to stop: send nobody here.
    pub(crate) fn draining(&self) {
        self.0.fetch_max(Stage::Draining as u8, Ordering::Relaxed);
    }

    pub(crate) fn stage(&self) -> Stage {
        match self.0.load(Ordering::Relaxed) {
            0 => Stage::Starting,
            1 => Stage::Ready,
            _ => Stage::Draining,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn there_is_no_way_back() {
        let readiness = Readiness::new();
        assert_eq!(readiness.stage(), Stage::Starting);
        readiness.ready();
        assert_eq!(readiness.clone().stage(), Stage::Ready);
        readiness.draining();
        readiness.ready();
        assert_eq!(readiness.stage(), Stage::Draining);
    }
}
