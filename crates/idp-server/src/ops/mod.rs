//! Operating the server: its log, its figures and its health, and how it is asked to stop.

pub(crate) mod endpoints;
pub(crate) mod hardening;
pub(crate) mod logging;
pub(crate) mod metrics;
pub(crate) mod readiness;
pub(crate) mod signals;
