//! The figures: where they are collected, and what those of the listening end mean.

use metrics::{Unit, describe_counter, describe_gauge};
pub(crate) use metrics_exporter_prometheus::PrometheusHandle;
use metrics_exporter_prometheus::{Matcher, PrometheusBuilder};

/// Upper bounds of the buckets for durations, in seconds: from a cached document to a person's patience.
const SECONDS: [f64; 12] = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 5.0];

/// The figures cannot be collected.
#[derive(Debug, thiserror::Error)]
pub(crate) enum MetricsError {
    #[error("the buckets of the histograms make no sense")]
    Buckets(#[from] metrics_exporter_prometheus::BuildError),
    #[error("another recorder collects the figures of this process already")]
    Taken,
}

/// Collects every figure of the process from now on. Names that end in `_seconds` become histograms. Once per process.
pub(crate) fn install() -> Result<PrometheusHandle, MetricsError> {
    let recorder = PrometheusBuilder::new()
        .set_buckets_for_metric(Matcher::Suffix("_seconds".to_owned()), &SECONDS)?
        .build_recorder();
    let handle = recorder.handle();
    metrics::set_global_recorder(recorder).map_err(|_| MetricsError::Taken)?;
    describe();
    Ok(handle)
}

fn describe() {
    describe_gauge!("vestibule_connections_open", "Connections open, those in their TLS handshake included");
    describe_counter!(
        "vestibule_connections_full_total",
        "Times a connection had to wait because the cap was reached"
    );
    describe_counter!("vestibule_connections_cut_total", "Connections closed on a peer that was too slow");
    describe_counter!(
        "vestibule_accept_errors_total",
        "Failures to accept a connection, such as no descriptors left"
    );
    describe_counter!("vestibule_tls_handshakes_failed_total", "TLS handshakes that failed or took too long");
    describe_counter!(
        "vestibule_panics_total",
        "Requests that panicked. Anything but 0 is a bug: see the log"
    );
    describe_counter!(
        "vestibule_requests_limited_total",
        "Requests refused unread because their address asked too often"
    );
    describe_counter!("vestibule_codes_issued_total", "Authorization codes issued");
    describe_counter!("vestibule_tokens_issued_total", "Successful answers of the token endpoint");
    describe_counter!("vestibule_tokens_refused_total", "Refusals of the token endpoint");
    describe_counter!("vestibule_sign_ins_total", "Sessions begun with a password");
    describe_counter!(
        "vestibule_sign_outs_told_total",
        "Applications told, by the back channel, of a sign-out"
    );
    describe_counter!(
        "vestibule_sign_outs_not_told_total",
        "Applications that were to be told so and were not"
    );
    describe_gauge!("vestibule_passwords_waiting", "Passwords being hashed, or waiting to be");
    describe_counter!("vestibule_passwords_refused_total", "Passwords not looked at because too many waited");
    describe_gauge!(
        "vestibule_tls_certificate_expires_at_seconds",
        Unit::Seconds,
        "When the certificate in use expires, in seconds since 1970"
    );
}
