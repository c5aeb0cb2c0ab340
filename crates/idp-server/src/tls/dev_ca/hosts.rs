//! The hosts that a certificate is for, in the three shapes that X.509 has for them.

use std::net::IpAddr;

use rcgen::{CidrSubnet, GeneralSubtree, SanType};
use x509_parser::extensions::GeneralName;

use super::DevCaError;

/// What a certificate is for.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Host {
    Address(IpAddr),
    Name(String),
}

impl Host {
    /// As in a URL: an IPv6 address may be in brackets, an international name is in its ASCII form.
    pub(super) fn parse(host: &str) -> Self {
        let bare = host.strip_prefix('[').and_then(|host| host.strip_suffix(']')).unwrap_or(host);
        bare.parse().map_or_else(|_| Self::Name(host.to_ascii_lowercase()), Self::Address)
    }

    /// In a certificate.
    pub(super) fn subject_alt_name(&self) -> Result<SanType, DevCaError> {
        Ok(match self {
            Self::Name(name) => SanType::DnsName(
                name.as_str().try_into().map_err(|_| DevCaError::Host { host: name.clone() })?,
            ),
            Self::Address(address) => SanType::IpAddress(*address),
        })
    }

    /// In the constraints of a CA.
    pub(super) fn subtree(&self) -> GeneralSubtree {
        match self {
            Self::Name(name) => GeneralSubtree::DnsName(name.clone()),
            Self::Address(address) => {
                let bits = if address.is_ipv4() { 32 } else { 128 };
                GeneralSubtree::IpAddress(CidrSubnet::from_addr_prefix(*address, bits))
            }
        }
    }

    /// The host that a permitted subtree is about: the inverse of [`Self::subtree`].
    pub(super) fn permitted(name: &GeneralName<'_>) -> Option<Self> {
        match name {
            GeneralName::DNSName(name) => Some(Self::Name((*name).to_owned())),
            // RFC 5280 §4.2.1.10: the address, then the mask.
            GeneralName::IPAddress(bytes) => {
                let address = &bytes[..bytes.len() / 2];
                let v4 = <[u8; 4]>::try_from(address).map(IpAddr::from);
                let v6 = <[u8; 16]>::try_from(address).map(IpAddr::from);
                v4.or(v6).ok().map(Self::Address)
            }
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use std::net::{Ipv4Addr, Ipv6Addr};

    use super::*;

    #[test]
    fn hosts_are_read_as_in_a_url() {
        assert_eq!(Host::parse("[::1]"), Host::Address(Ipv6Addr::LOCALHOST.into()));
        assert_eq!(Host::parse("127.0.0.1"), Host::Address(Ipv4Addr::LOCALHOST.into()));
        assert_eq!(Host::parse("ID.contoso.test"), Host::Name("id.contoso.test".to_owned()));
    }
}
