//! How often an application is told, and when it counts as told (Back-Channel Logout §2.5, §2.8).

use std::time::Duration;

use http::StatusCode;
use vestibule_jose::SignError;

use crate::outbound::NotFetched;

/// How long to wait before the second try, and before the third, give or take half: applications that fail together are
/// not told together again.
const PAUSES: [Duration; 2] = [Duration::from_secs(1), Duration::from_secs(4)];

/// Why an application was not told.
#[derive(Debug, thiserror::Error)]
pub(super) enum NotTold {
    /// Too many are being told, or too many of this organisation.
    #[error("too many applications were being told already")]
    NoPlace,
    /// The server stopped before it was told.
    #[error("the server stopped first")]
    Stopped,
    /// The token could not be signed.
    #[error("{0}")]
    Unsigned(#[from] SignError),
    /// It could not be reached, or may not be.
    #[error("{0}")]
    NotReached(#[from] NotFetched),
    /// It answered, and not that it has signed the person out.
    #[error("the answer was {0}")]
    Refused(StatusCode),
}

impl NotTold {
    /// Whether another try could do better. What was understood and refused is not told again, nor is a redirect followed.
    fn may_pass(&self) -> bool {
        match self {
            Self::Refused(status) => {
                status.is_server_error()
                    || [StatusCode::REQUEST_TIMEOUT, StatusCode::TOO_MANY_REQUESTS].contains(status)
            }
            Self::NotReached(cause) => matches!(cause, NotFetched::TooSlow | NotFetched::NoAnswer(_)),
            Self::NoPlace | Self::Stopped | Self::Unsigned(_) => false,
        }
    }
}

/// Tries until it is told, three times at most. `jitter` is any number, a random one each time.
pub(super) async fn attempts<Attempt>(
    attempt: impl Fn() -> Attempt,
    jitter: impl Fn() -> u16,
) -> Result<(), NotTold>
where
    Attempt: Future<Output = Result<StatusCode, NotTold>>,
{
    let mut pauses = PAUSES.into_iter();
    loop {
        let cause = match attempt().await {
            // §2.8: 200, and 204 from frameworks that will have it so.
            Ok(StatusCode::OK | StatusCode::NO_CONTENT) => return Ok(()),
            Ok(status) => NotTold::Refused(status),
            Err(cause) => cause,
        };
        let Some(pause) = pauses.next().filter(|_| cause.may_pass()) else { return Err(cause) };
        tokio::time::sleep(pause / 2 + pause * u32::from(jitter()) / u32::from(u16::MAX)).await;
    }
}
