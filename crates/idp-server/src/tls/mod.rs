//! TLS: which versions and certificate the server presents, and where that certificate comes from.

pub(crate) mod dev_ca;
pub(crate) mod files;
pub(crate) mod server_config;
mod validity;

use std::sync::Arc;

use rustls::crypto::CryptoProvider;

/// The one crypto engine. Named wherever it is needed, never taken from the process default: that panics when two
/// providers are linked in.
pub(crate) fn provider() -> Arc<CryptoProvider> {
    Arc::new(rustls::crypto::aws_lc_rs::default_provider())
}
