//! The `Content-Security-Policy` of each page: what the hardened default says, and nothing wider.

use std::fmt;

use http::HeaderValue;

use super::{HttpAddress, Nonce};

/// A policy for one answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Csp(String);

impl Csp {
    /// For every page whose forms come back to us.
    ///
    /// A page whose form leads on to an application, however many redirects later, is made by [`Self::page_ending_at`].
    pub fn page(nonce: &Nonce) -> Self {
        Self::with_form_action(nonce, "'self'")
    }

    /// For a page whose conversation ends at an application: `source` is its origin, or its scheme with a colon.
    ///
    /// Chromium holds every redirect that follows a form to `form-action`, also those after a `303` to this origin.
    pub fn page_ending_at(nonce: &Nonce, source: &str) -> Self {
        let legal = source
            .bytes()
            .all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'.' | b'+' | b':' | b'/'));
        if legal { Self::with_form_action(nonce, &format!("'self' {source}")) } else { Self::page(nonce) }
    }

    /// For the page that posts an answer to `target`, which is the only place its form may go.
    pub fn form_post(nonce: &Nonce, target: &HttpAddress) -> Self {
        Self::with_form_action(nonce, target.origin())
    }

    /// For a page that frames these addresses, hidden, to tell applications something (UI-08).
    pub fn page_framing(nonce: &Nonce, framed: &[HttpAddress]) -> Self {
        let mut origins: Vec<_> = framed.iter().map(HttpAddress::origin).collect();
        origins.dedup();
        Self(format!("{}; frame-src {}", Self::page(nonce).0, origins.join(" ")))
    }

    fn with_form_action(nonce: &Nonce, form_action: &str) -> Self {
        Self(format!(
            "default-src 'none'; script-src 'nonce-{nonce}' 'strict-dynamic'; style-src 'self' 'nonce-{nonce}'; \
             img-src 'self' data:; font-src 'self'; connect-src 'self'; form-action {form_action}; \
             frame-ancestors 'none'; base-uri 'none'; require-trusted-types-for 'script'"
        ))
    }

    /// The policy as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The policy as a header value.
    pub fn to_header_value(&self) -> HeaderValue {
        // Every part is ASCII by construction; were it not, the page would get a policy that allows nothing.
        HeaderValue::from_str(&self.0)
            .unwrap_or(HeaderValue::from_static("default-src 'none'; frame-ancestors 'none'"))
    }
}

impl fmt::Display for Csp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NONCE: &str = "AAECAwQFBgcICQoLDA0ODw==";

    fn nonce() -> Nonce {
        Nonce::from_bytes(std::array::from_fn(|i| i as u8))
    }

    #[test]
    fn a_page_may_only_post_to_us() {
        assert_eq!(
            Csp::page(&nonce()).as_str(),
            format!(
                "default-src 'none'; script-src 'nonce-{NONCE}' 'strict-dynamic'; style-src 'self' 'nonce-{NONCE}'; \
                 img-src 'self' data:; font-src 'self'; connect-src 'self'; form-action 'self'; \
                 frame-ancestors 'none'; base-uri 'none'; require-trusted-types-for 'script'"
            )
        );
    }

    #[test]
    fn a_form_post_may_only_go_to_its_target() {
        let target = HttpAddress::parse("https://app.contoso.example/cb").unwrap();
        let policy = Csp::form_post(&nonce(), &target);
        assert!(policy.as_str().contains("; form-action https://app.contoso.example;"), "{policy}");
        assert!(!policy.as_str().contains("form-action 'self'"));
        assert_eq!(policy.to_header_value(), policy.as_str());
    }
}
