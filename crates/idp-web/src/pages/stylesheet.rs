//! The one stylesheet, and an address that changes when it does.

use std::sync::LazyLock;

/// The stylesheet of every page, as served.
pub const STYLESHEET: &str = include_str!("../../assets/vestibule.css");

/// Where [`STYLESHEET`] is served: a path that may be cached for ever.
pub fn stylesheet_path() -> &'static str {
    static PATH: LazyLock<String> =
        LazyLock::new(|| format!("/assets/vestibule-{:016x}.css", fingerprint(STYLESHEET.as_bytes())));
    &PATH
}

/// FNV-1a, 64 bits: tells two editions of our own file apart, and protects nothing.
const fn fingerprint(bytes: &[u8]) -> u64 {
    let mut hash = 0xcbf2_9ce4_8422_2325_u64;
    let mut i = 0;
    while i < bytes.len() {
        hash = (hash ^ bytes[i] as u64).wrapping_mul(0x0000_0100_0000_01b3);
        i += 1;
    }
    hash
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_fingerprint_is_fnv_1a() {
        assert_eq!(fingerprint(b""), 0xcbf2_9ce4_8422_2325);
        assert_eq!(fingerprint(b"a"), 0xaf63_dc4c_8601_ec8c);
        assert_eq!(fingerprint(b"foobar"), 0x8594_4171_f739_67e8);
    }
}
