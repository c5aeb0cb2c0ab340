//! The real clock and the real randomness: the only place where either is made.

use idp_domain::clock::Clock;
use idp_domain::randomness::Randomness;
use jiff::Timestamp;

/// The wall clock.
#[derive(Debug, Clone, Copy)]
pub(crate) struct SystemClock;

impl Clock for SystemClock {
    #[expect(clippy::disallowed_methods, reason = "this is where time comes in")]
    fn now(&self) -> Timestamp {
        Timestamp::now()
    }
}

/// The operating system's randomness.
#[derive(Debug, Clone, Copy)]
pub(crate) struct SystemRandomness;

impl Randomness for SystemRandomness {
    #[expect(clippy::disallowed_methods, reason = "this is where randomness comes in")]
    fn fill(&self, buffer: &mut [u8]) {
        if getrandom::fill(buffer).is_err() {
            // No kernel we run on fails here once it is up. Going on with a predictable secret is not an option.
            tracing::error!("the operating system gives no randomness");
            std::process::abort();
        }
    }
}
