//! The authority: the first path segment of every endpoint, which says whose directory is meant.
//!
//! Entra's rules: a tenant's GUID, any of its verified domains, or one of three aliases; all case-insensitive
//! (MSAL for JavaScript, Go and .NET lower-case the whole authority URL).

use std::fmt;

use crate::ids::TenantId;

/// Whose directory a request names, before it is known whether that directory exists.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Authority {
    /// `common`: work and school accounts of any tenant, and personal accounts.
    Common,
    /// `organizations`: work and school accounts of any tenant.
    Organizations,
    /// `consumers`: personal accounts.
    Consumers,
    /// A tenant's GUID.
    Tenant(TenantId),
    /// A domain name, lower-case.
    Domain(String),
}

/// The segment is neither an alias, nor a GUID, nor a well-formed domain name (AADSTS900023).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct MalformedAuthority;

impl Authority {
    /// Reads one path segment, already percent-decoded.
    ///
    /// ```
    /// # use vestibule_wire::authority::Authority;
    /// assert_eq!(Authority::parse("Common"), Ok(Authority::Common));
    /// assert_eq!(Authority::parse("Contoso.Test"), Ok(Authority::Domain("contoso.test".into())));
    /// assert!(Authority::parse("..").is_err());
    /// ```
    pub fn parse(segment: &str) -> Result<Self, MalformedAuthority> {
        // RFC 1035 §2.3.4: a domain name has at most 253 characters.
        if segment.is_empty() || segment.len() > 253 {
            return Err(MalformedAuthority);
        }
        if segment.eq_ignore_ascii_case("common") {
            return Ok(Self::Common);
        }
        if segment.eq_ignore_ascii_case("organizations") {
            return Ok(Self::Organizations);
        }
        if segment.eq_ignore_ascii_case("consumers") {
            return Ok(Self::Consumers);
        }
        if let Ok(tenant) = segment.parse() {
            return Ok(Self::Tenant(tenant));
        }
        if is_domain(segment) {
            return Ok(Self::Domain(segment.to_ascii_lowercase()));
        }
        Err(MalformedAuthority)
    }
}

impl fmt::Display for Authority {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Common => f.write_str("common"),
            Self::Organizations => f.write_str("organizations"),
            Self::Consumers => f.write_str("consumers"),
            Self::Tenant(id) => id.fmt(f),
            Self::Domain(name) => f.write_str(name),
        }
    }
}

/// RFC 1123 §2.1 host name with at least one dot: a verified domain always has one.
fn is_domain(text: &str) -> bool {
    text.contains('.')
        && text.split('.').all(|label| {
            (1..=63).contains(&label.len())
                && label.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-')
                && !label.starts_with('-')
                && !label.ends_with('-')
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn az_49_hostile_segments_are_malformed() {
        for segment in
            ["", ".", "..", "a..b", "contoso", "a/b.test", "a%2fb.test", "a\0.test", "-a.test", "ä.test"]
        {
            assert_eq!(Authority::parse(segment), Err(MalformedAuthority), "{segment:?}");
        }
        assert_eq!(Authority::parse(&"a.".repeat(200)), Err(MalformedAuthority));
    }

    #[test]
    fn az_49_a_tenant_is_the_same_in_any_case() {
        let lower = Authority::parse("9188040d-6c67-4c5b-b112-36a304b66dad");
        assert_eq!(lower, Ok(Authority::Tenant(TenantId::CONSUMERS)));
        assert_eq!(Authority::parse("9188040D-6C67-4C5B-B112-36A304B66DAD"), lower);
    }
}
