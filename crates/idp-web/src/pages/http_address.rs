//! An address a page may send a browser to.

use http::Uri;

/// An absolute `http` or `https` address: never `javascript:`, never relative, never with a user name in it.
///
/// This says that the address is harmless as an `href` or `action`; that it is *registered* is for the caller to know.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HttpAddress {
    address: String,
    origin: String,
}

impl HttpAddress {
    /// The address, if it is one a browser and we read alike.
    pub fn parse(address: &str) -> Option<Self> {
        // What browsers repair and we would not: white space, control characters, backslashes.
        if address.chars().any(|c| c.is_whitespace() || c.is_control() || c == '\\') {
            return None;
        }
        let uri: Uri = address.parse().ok()?;
        let scheme = uri.scheme_str().filter(|scheme| matches!(*scheme, "http" | "https"))?;
        let authority = uri.authority().filter(|authority| !authority.as_str().contains('@'))?;
        if !is_source_expression(authority.as_str()) {
            return None;
        }
        let origin = format!("{scheme}://{authority}");
        Some(Self { address: address.to_owned(), origin })
    }

    /// The address, exactly as given.
    pub fn as_str(&self) -> &str {
        &self.address
    }

    /// Scheme, host and port, as a source expression for a policy.
    ///
    /// CSP3 §2.3.1 has no way to write an IPv6 host; such an address is held to its scheme alone.
    pub fn origin(&self) -> &str {
        match self.origin.split_once("://[") {
            Some(("https", _)) => "https:",
            Some(_) => "http:",
            None => &self.origin,
        }
    }
}

/// A host and port that can stand in a policy: nothing that separates directives, no wildcard.
fn is_source_expression(authority: &str) -> bool {
    !authority.is_empty()
        && authority
            .bytes()
            .all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'.' | b'_' | b':' | b'[' | b']'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_keeps_its_text_and_knows_its_origin() {
        let address = HttpAddress::parse("https://app.contoso.example:8443/signin?x=1#top").unwrap();
        assert_eq!(address.as_str(), "https://app.contoso.example:8443/signin?x=1#top");
        assert_eq!(address.origin(), "https://app.contoso.example:8443");
    }

    #[test]
    fn an_ipv6_host_is_held_to_its_scheme() {
        assert_eq!(HttpAddress::parse("http://[::1]:3000/cb").unwrap().origin(), "http:");
        assert_eq!(HttpAddress::parse("https://[::1]/cb").unwrap().origin(), "https:");
    }

    #[test]
    fn what_is_not_plainly_http_is_refused() {
        for address in [
            "javascript:alert(1)",
            "data:text/html,hi",
            "msauth://com.contoso/cb",
            "/relative",
            "//evil.example/",
            "https:/\\evil.example",
            "https://good.example@evil.example/",
            "https://good.example;script-src *",
            "https://good.example,evil.example/",
            "https://*.example/",
            " https://good.example/",
            "https://good.example/\n",
            "https:///nohost",
            "",
        ] {
            assert_eq!(HttpAddress::parse(address), None, "{address:?}");
        }
    }
}
