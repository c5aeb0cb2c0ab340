//! Form bodies: bounded in size and time, UTF-8 only, of the one content type OAuth has.

use std::time::Duration;

use axum::body::Body;
use http::header::{CONTENT_ENCODING, CONTENT_TYPE};
use http::request::Parts;
use http_body_util::{BodyExt as _, LengthLimitError, Limited};
use vestibule_wire::aadsts::{Aadsts, Failure};
use vestibule_wire::form::Form;
use vestibule_wire::oauth::param;

/// The largest body that is read.
pub const MAX_BODY: usize = 64 * 1024;
/// How long a body may take to arrive (CD-20).
const PATIENCE: Duration = Duration::from_secs(10);

/// Why a body is not read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BodyRefusal {
    /// Not `application/x-www-form-urlencoded` in UTF-8.
    NotAForm,
    /// Longer than [`MAX_BODY`].
    TooLarge,
    /// Slower than ten seconds, or cut off.
    Incomplete,
    /// Broken escapes, invalid UTF-8, too many parameters.
    Malformed,
}

impl BodyRefusal {
    /// What the client may know. A body of another type has no parameters, so the first one is missing, as the service
    /// answers JSON bodies.
    pub fn failure(self) -> Failure {
        match self {
            Self::NotAForm => Aadsts::ParameterMissing.with([("name", param::GRANT_TYPE)]),
            Self::TooLarge | Self::Incomplete | Self::Malformed => Aadsts::RequestMalformed.bare(),
        }
    }
}

/// Reads a form body.
pub async fn read_form(parts: &Parts, body: Body) -> Result<Form, BodyRefusal> {
    if !is_form(parts) {
        return Err(BodyRefusal::NotAForm);
    }
    let reading = Limited::new(body, MAX_BODY).collect();
    let bytes = match tokio::time::timeout(PATIENCE, reading).await {
        Ok(Ok(collected)) => collected.to_bytes(),
        Ok(Err(cause)) if cause.is::<LengthLimitError>() => return Err(BodyRefusal::TooLarge),
        Ok(Err(_)) | Err(_) => return Err(BodyRefusal::Incomplete),
    };
    Form::parse(&bytes).map_err(|_| BodyRefusal::Malformed)
}

fn is_form(parts: &Parts) -> bool {
    // JW-41: nothing compressed.
    if parts.headers.contains_key(CONTENT_ENCODING) {
        return false;
    }
    let Some(value) = parts.headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok()) else {
        return false;
    };
    let mut pieces = value.split(';').map(str::trim);
    let named =
        pieces.next().is_some_and(|kind| kind.eq_ignore_ascii_case("application/x-www-form-urlencoded"));
    let utf8 = pieces.all(|parameter| match parameter.split_once('=') {
        Some((name, charset)) if name.eq_ignore_ascii_case("charset") => {
            charset.trim_matches('"').eq_ignore_ascii_case("utf-8")
        }
        _ => true,
    });
    named && utf8
}

#[cfg(test)]
mod tests {
    use super::*;

    fn accepts(content_type: &str) -> bool {
        let (parts, ()) =
            http::Request::builder().header(CONTENT_TYPE, content_type).body(()).unwrap().into_parts();
        is_form(&parts)
    }

    #[test]
    fn cd_19_only_utf_8_forms_are_read() {
        for good in [
            "application/x-www-form-urlencoded",
            "application/x-www-form-urlencoded;charset=utf-8",
            "Application/X-WWW-Form-Urlencoded; charset=\"UTF-8\"",
        ] {
            assert!(accepts(good), "{good}");
        }
        for bad in [
            "application/json",
            "multipart/form-data; boundary=x",
            "application/x-www-form-urlencoded; charset=utf-16",
            "text/plain",
            "",
        ] {
            assert!(!accepts(bad), "{bad}");
        }
    }
}
