//! User principal names: one canonical form, made here and nowhere else (LG-24).

use std::fmt;

/// A user principal name in its canonical form: lower-case ASCII, `local@domain`.
///
/// ```
/// # use idp_domain::directory::Upn;
/// assert_eq!(Upn::parse(" Alice@Contoso.Test ").unwrap().as_str(), "alice@contoso.test");
/// assert!(Upn::parse("alice@contoso").is_err());
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Upn(String);

/// The text is not a user principal name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a user name looks like name@domain.example, in ASCII letters, digits and ' . - _ ! # ^ ~ +")]
pub struct MalformedUpn;

impl Upn {
    /// Reads a name as a person types it: surrounding blanks and letter case do not matter.
    ///
    /// Entra's rules: `A–Z a–z 0–9 ' . - _ ! # ^ ~`, no dot before the `@`, at most 64 characters before it, 48 after
    /// it and 113 in all. `+` is taken too, since mail addresses have it. No other Unicode: no homoglyphs.
    pub fn parse(text: &str) -> Result<Self, MalformedUpn> {
        let text = text.trim_matches([' ', '\t']);
        if text.len() > 113 {
            return Err(MalformedUpn);
        }
        let (local, domain) = text.split_once('@').ok_or(MalformedUpn)?;
        let legal = |b: u8| b.is_ascii_alphanumeric() || b"'.-_!#^~+".contains(&b);
        let local_ok = (1..=64).contains(&local.len()) && local.bytes().all(legal) && !local.ends_with('.');
        let domain_ok = domain.len() <= 48
            && domain.contains('.')
            && domain.split('.').all(|label| {
                !label.is_empty()
                    && label.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-')
                    && !label.starts_with('-')
                    && !label.ends_with('-')
            });
        if local_ok && domain_ok { Ok(Self(text.to_ascii_lowercase())) } else { Err(MalformedUpn) }
    }

    /// The canonical text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The name that a guest has at home, which their name here is made of: `bob_fabrikam.test#ext#@contoso.test` is
    /// `bob@fabrikam.test`.
    pub fn at_home(&self) -> Option<String> {
        let (home, _) = self.0.split_once("#ext#@")?;
        let (local, domain) = home.rsplit_once('_')?;
        Some(format!("{local}@{domain}"))
    }

    /// What follows the `@`: the domain that decides the tenant.
    pub fn domain(&self) -> &str {
        self.0.split_once('@').map_or("", |(_, domain)| domain)
    }
}

impl fmt::Display for Upn {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lg_24_a_name_has_one_canonical_form() {
        for text in ["alice@contoso.test", "ALICE@CONTOSO.TEST", " Alice@contoso.test\t"] {
            assert_eq!(Upn::parse(text).unwrap().as_str(), "alice@contoso.test");
        }
        // Homoglyphs, zero-width characters, two signs, none.
        for text in [
            "аlice@contoso.test",
            "ali\u{200b}ce@contoso.test",
            "a@b@contoso.test",
            "alice",
            "@contoso.test",
            "alice.@contoso.test",
            "alice@",
            "a\0@contoso.test",
        ] {
            assert_eq!(Upn::parse(text), Err(MalformedUpn), "{text:?}");
        }
    }
}
