//! Resolves the names of other servers, and hands on only what may be reached. The connection is made to one of these
//! addresses: a name that is asked again and says something else then (DNS rebinding) gains nothing.

use std::net::SocketAddr;
use std::sync::Arc;

use reqwest::dns::{Addrs, Name, Resolve, Resolving};

use super::Reach;

/// The resolver of the operating system, behind the guard.
#[derive(Debug)]
pub(super) struct Guarded(pub(super) Arc<Reach>);

/// A name that has an address which must not be reached.
#[derive(Debug, thiserror::Error)]
#[error("the name has an address that must not be reached from here")]
pub(super) struct OutOfReach;

impl Resolve for Guarded {
    fn resolve(&self, name: Name) -> Resolving {
        let reach = Arc::clone(&self.0);
        Box::pin(async move {
            // The port is set by whoever connects.
            let found: Vec<SocketAddr> = tokio::net::lookup_host((name.as_str(), 0)).await?.collect();
            // All of them: a name with a public and a private address is a trick, not a server.
            if found.iter().all(|address| reach.covers(address.ip())) {
                Ok(Box::new(found.into_iter()) as Addrs)
            } else {
                Err(OutOfReach.into())
            }
        })
    }
}
