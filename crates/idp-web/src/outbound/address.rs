//! Which addresses may be reached: the public ones, and those that whoever runs the server allows.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use ipnet::IpNet;

/// What must not be reached, because only this machine or its network can (the special-purpose registries of IANA,
/// RFC 6890): this host, private networks, link-local addresses with the metadata services of clouds, documentation,
/// benchmarks, multicast, what is reserved.
const CLOSED_V4: [(Ipv4Addr, u8); 15] = [
    (Ipv4Addr::new(0, 0, 0, 0), 8),
    (Ipv4Addr::new(10, 0, 0, 0), 8),
    (Ipv4Addr::new(100, 64, 0, 0), 10),
    (Ipv4Addr::new(127, 0, 0, 0), 8),
    (Ipv4Addr::new(169, 254, 0, 0), 16),
    (Ipv4Addr::new(172, 16, 0, 0), 12),
    (Ipv4Addr::new(192, 0, 0, 0), 24),
    (Ipv4Addr::new(192, 0, 2, 0), 24),
    (Ipv4Addr::new(192, 88, 99, 0), 24),
    (Ipv4Addr::new(192, 168, 0, 0), 16),
    (Ipv4Addr::new(198, 18, 0, 0), 15),
    (Ipv4Addr::new(198, 51, 100, 0), 24),
    (Ipv4Addr::new(203, 0, 113, 0), 24),
    (Ipv4Addr::new(224, 0, 0, 0), 4),
    (Ipv4Addr::new(240, 0, 0, 0), 4),
];

/// Of IPv6 only the global unicast addresses are open at all; these are exceptions among them. 6to4 and Teredo have IPv4
/// addresses in them.
const CLOSED_V6: [(Ipv6Addr, u8); 4] = [
    (Ipv6Addr::new(0x2001, 0, 0, 0, 0, 0, 0, 0), 23),
    (Ipv6Addr::new(0x2001, 0xdb8, 0, 0, 0, 0, 0, 0), 32),
    (Ipv6Addr::new(0x2002, 0, 0, 0, 0, 0, 0, 0), 16),
    (Ipv6Addr::new(0x3fff, 0, 0, 0, 0, 0, 0, 0), 20),
];
const GLOBAL_UNICAST: (Ipv6Addr, u8) = (Ipv6Addr::new(0x2000, 0, 0, 0, 0, 0, 0, 0), 3);

/// Which addresses may be reached.
#[derive(Debug, Clone, Default)]
pub struct Reach {
    allowed: Vec<IpNet>,
    this_machine_without_tls: bool,
}

/// The text is neither an address nor a network.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("'{0}' is not a network, such as 10.0.0.0/8, or an address")]
pub struct NotANetwork(String);

impl Reach {
    /// The public addresses and these networks.
    pub fn and(networks: impl IntoIterator<Item = impl AsRef<str>>) -> Result<Self, NotANetwork> {
        let network = |text: &str| {
            let alone = || text.parse::<IpAddr>().map(IpNet::from);
            text.parse::<IpNet>().or_else(|_| alone()).map_err(|_| NotANetwork(text.to_owned()))
        };
        let allowed =
            networks.into_iter().map(|text| network(text.as_ref().trim())).collect::<Result<_, _>>()?;
        Ok(Self { allowed, this_machine_without_tls: false })
    }

    /// The public addresses and this machine's own, there without TLS too, for development.
    pub fn and_this_machine() -> Self {
        let own = [(IpAddr::from(Ipv4Addr::new(127, 0, 0, 0)), 8), (IpAddr::from(Ipv6Addr::LOCALHOST), 128)];
        let allowed = own.into_iter().map(|(ip, bits)| IpNet::new_assert(ip, bits)).collect();
        Self { allowed, this_machine_without_tls: true }
    }

    /// Whether something may be told to a program on this machine without TLS.
    pub(super) fn is_this_machine_without_tls(&self) -> bool {
        self.this_machine_without_tls
    }

    /// Whether an address may be reached.
    pub fn covers(&self, ip: IpAddr) -> bool {
        // `::ffff:127.0.0.1` is 127.0.0.1.
        let ip = ip.to_canonical();
        self.allowed.iter().any(|network| network.contains(&ip)) || is_public(ip)
    }
}

fn is_public(ip: IpAddr) -> bool {
    let within = |(start, bits): (IpAddr, u8)| IpNet::new_assert(start, bits).contains(&ip);
    match ip {
        IpAddr::V4(_) => !CLOSED_V4.iter().any(|(start, bits)| within((IpAddr::V4(*start), *bits))),
        IpAddr::V6(_) => {
            let closed = CLOSED_V6.iter().any(|(start, bits)| within((IpAddr::V6(*start), *bits)));
            within((IpAddr::V6(GLOBAL_UNICAST.0), GLOBAL_UNICAST.1)) && !closed
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn covers(reach: &Reach, ip: &str) -> bool {
        reach.covers(ip.parse().unwrap())
    }

    #[test]
    fn tp_15_only_public_addresses_are_reached() {
        let reach = Reach::default();
        for ip in
            ["1.1.1.1", "8.8.8.8", "100.63.255.255", "172.32.0.1", "198.20.0.1", "2606:4700::1111", "2a00::1"]
        {
            assert!(covers(&reach, ip), "{ip}");
        }
        for ip in [
            "0.0.0.0",
            "0.1.2.3",
            "10.0.0.1",
            "100.64.0.1",
            "127.0.0.1",
            "127.255.255.254",
            "169.254.169.254",
            "172.16.0.1",
            "172.31.255.255",
            "192.0.0.192",
            "192.0.2.1",
            "192.88.99.1",
            "192.168.1.1",
            "198.18.0.1",
            "198.19.255.255",
            "198.51.100.1",
            "203.0.113.1",
            "224.0.0.1",
            "239.255.255.255",
            "240.0.0.1",
            "255.255.255.255",
            "::",
            "::1",
            "::127.0.0.1",
            "::ffff:127.0.0.1",
            "::ffff:169.254.169.254",
            "64:ff9b::a9fe:a9fe",
            "64:ff9b:1::1",
            "100::1",
            "2001::1",
            "2001:20::1",
            "2001:db8::1",
            "2002:7f00:1::",
            "3fff::1",
            "fc00::1",
            "fd00:ec2::254",
            "fe80::1",
            "fec0::1",
            "ff02::1",
        ] {
            assert!(!covers(&reach, ip), "{ip}");
        }
        assert!(covers(&reach, "::ffff:8.8.8.8"));
    }

    #[test]
    fn tp_15_a_network_is_reached_when_it_is_allowed_and_its_neighbours_are_not() {
        let reach = Reach::and(["10.1.0.0/16", " 192.168.7.7", "fd00::/8"]).unwrap();
        for ip in ["10.1.2.3", "::ffff:10.1.2.3", "192.168.7.7", "fd12::1", "8.8.8.8"] {
            assert!(covers(&reach, ip), "{ip}");
        }
        for ip in ["10.2.0.1", "192.168.7.8", "127.0.0.1", "fc00::1"] {
            assert!(!covers(&reach, ip), "{ip}");
        }
        let here = Reach::and_this_machine();
        assert!(covers(&here, "127.0.0.1") && covers(&here, "::1") && !covers(&here, "10.0.0.1"));
        for text in ["10.0.0.0/33", "example.org", "", "10.0.0"] {
            assert_eq!(Reach::and([text]).unwrap_err(), NotANetwork(text.into()));
        }
    }
}
