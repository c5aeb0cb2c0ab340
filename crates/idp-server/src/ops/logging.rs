//! The log, on standard error: for people when that is a terminal, as JSON lines otherwise.

use std::io::{IsTerminal, stderr};

use tracing_subscriber::EnvFilter;
use tracing_subscriber::fmt::SubscriberBuilder;

/// The environment variable that a `--log` option overrides.
const VARIABLE: &str = "RUST_LOG";
/// What PostgreSQL says in passing is not for the log.
const DEFAULT: &str = "info,tokio_postgres=warn";

/// The log cannot be set up.
#[derive(Debug, thiserror::Error)]
pub(crate) enum LoggingError {
    #[error("{filter:?} is no log filter: {source}. Examples: info, debug, info,idp_oauth=trace")]
    Filter { filter: String, source: tracing_subscriber::filter::ParseError },
    #[error("the log was set up before: {0}")]
    Taken(Box<dyn std::error::Error + Send + Sync>),
}

/// Starts the log, with `filter` (from `--log`), or what RUST_LOG says, or `info`. Once per process.
pub(crate) fn init(filter: Option<&str>) -> Result<(), LoggingError> {
    let filter = parse(filter.map(str::to_owned).or_else(|| std::env::var(VARIABLE).ok()))?;
    let builder = SubscriberBuilder::default().with_writer(stderr).with_env_filter(filter);
    let installed = if stderr().is_terminal() {
        builder.with_target(false).try_init()
    } else {
        builder.json().flatten_event(true).with_current_span(false).try_init()
    };
    installed.map_err(LoggingError::Taken)?;
    report_panics();
    Ok(())
}

fn parse(filter: Option<String>) -> Result<EnvFilter, LoggingError> {
    let filter = filter.filter(|filter| !filter.trim().is_empty()).unwrap_or_else(|| DEFAULT.to_owned());
    EnvFilter::builder().parse(&filter).map_err(|source| LoggingError::Filter { filter, source })
}

/// Panics go to the log with the place they come from. Their message does not: it may quote what a person typed, as
/// that of a badly cut string does.
fn report_panics() {
    std::panic::set_hook(Box::new(|panic| {
        let place = panic.location().map(ToString::to_string).unwrap_or_default();
        tracing::error!(place, "a panic, which is a bug: please report it");
    }));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn without_a_wish_it_is_info_and_of_the_database_only_what_is_wrong() {
        let default = "tokio_postgres=warn,info";
        assert_eq!(parse(None).unwrap().to_string(), default);
        assert_eq!(parse(Some(" ".to_owned())).unwrap().to_string(), default);
    }

    #[test]
    fn a_filter_that_is_none_is_refused_with_examples() {
        let refused = parse(Some("idp_oauth=loud".to_owned())).unwrap_err().to_string();
        assert!(refused.contains("Examples"), "{refused}");
    }
}
